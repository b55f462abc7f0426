import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { LeaseDatabase } from "../../config/schema/databases.ts";
import { type ConfinedConfig, controlPaths, findStrayPaths, servicePaths } from "./confine-paths.ts";

const paths = {
  data: "/data",
  pid: "/run/d",
  log: "/log",
  controlSocket: "/run/d",
  extensions: "/extensions",
  scripts: "/scripts",
  legalLog: "/legal",
  manual: "/manual",
};

const config = (socket: string | undefined, output = "stdout", leases?: string): ConfinedConfig => ({
  "control-sockets": socket === undefined ? [] : [{ "socket-type": "unix", "socket-name": socket }],
  loggers: [
    {
      name: "kea-dhcp4",
      severity: "INFO",
      debuglevel: 0,
      "output-options": [{ output, flush: true, maxsize: 0, maxver: 1, pattern: "" }],
    },
  ],
  "lease-database": LeaseDatabase.parse({ type: "memfile", ...(leases !== undefined && { name: leases }) }),
});

it("a relative path of a control socket means the run directory", () => {
  expect(controlPaths(config("ctrl"), paths)).toEqual(["/run/d/ctrl"]);
  expect(controlPaths(config("/tmp/ctrl"), paths)).toEqual(["/tmp/ctrl"]);
});

it("the sockets of the host's daemons are where the packages have them, unless the configuration says otherwise", () => {
  const socketIn = (name: string) => {
    const text = readFileSync(join(import.meta.dirname, "../../../../../deploy/conf", name), "utf8");
    return `/run/d/${/"socket-name": "(.*?)"/.exec(text)?.[1]}`;
  };
  const [dhcp4, dhcp6, d2] = ["dhcp4d.conf", "dhcp6d.conf", "d2d.conf"].map(socketIn);
  expect(servicePaths(config("ctrl"), paths)).toEqual({ dhcp4, dhcp6, d2 });
  const services = { dhcp4: "/tmp/four", dhcp6: "six" };
  const named = { ...config("ctrl"), "user-context": { kotare: { services } } };
  expect(servicePaths(named, paths)).toEqual({ dhcp4: "/tmp/four", dhcp6: "/run/d/six", d2 });
});

describe("a path that comes with a command", () => {
  const stray = (next: ConfinedConfig) => findStrayPaths(next, config("/home/op/ctrl", "/home/op/log"), paths);

  it.each([
    ["a socket in the run directory", config("/run/d/ctrl")],
    ["a relative socket", config("ctrl")],
    ["what is in force already", config("/home/op/ctrl", "/home/op/log")],
    ["a log in its directory", config("ctrl", "/log/dhcp.log")],
    ["syslog", config("ctrl", "syslog:local0")],
    ["leases in their directory", config("ctrl", "stdout", "/data/leases.csv")],
    ["no socket", config(undefined)],
    ["data in their directory", { ...config("ctrl"), "data-directory": "/data" }],
    ["data below it", { ...config("ctrl"), "data-directory": "dhcp6" }],
  ])("may be %s", (_, next) => {
    expect(stray(next)).toEqual([]);
  });

  const hook = (library: string, parameters: object): ConfinedConfig => ({
    ...config("ctrl"),
    "hooks-libraries": [{ library, parameters: { ...parameters } }],
  });

  it.each([
    ["/x/libdhcp_run_script.so", { name: "a.sh" }],
    ["libdhcp_run_script.so", { name: "/scripts/a.sh" }],
    ["libdhcp_legal_log.so", { path: "/legal", prerotate: "/scripts/b.sh" }],
    ["libdhcp_legal_log.so", { path: "sub" }],
    ["libdhcp_flex_id.so", { name: "/etc/shadow" }],
  ])("%s may have %j", (library, parameters) => {
    expect(stray(hook(library, parameters))).toEqual([]);
  });

  it.each([
    ["/x/libdhcp_run_script.so", { name: "/bin/sh" }, "libdhcp_run_script.so: name: /bin/sh is not inside /scripts"],
    ["libdhcp_legal_log.so", { path: "/etc" }, "libdhcp_legal_log.so: path: /etc is not inside /legal"],
    ["libdhcp_legal_log.so", { postrotate: "../x" }, "libdhcp_legal_log.so: postrotate: /x is not inside /scripts"],
  ])("%s may not have %j", (library, parameters, what) => {
    expect(stray(hook(library, parameters))).toEqual([`${what}; name it in the configuration file`]);
  });

  it.each([
    ["/tmp/ctrl", "stdout", undefined, "control-sockets: /tmp/ctrl is not inside /run/d"],
    ["../ctrl", "stdout", undefined, "control-sockets: /run/ctrl is not inside /run/d"],
    ["/run/dd/ctrl", "stdout", undefined, "control-sockets: /run/dd/ctrl is not inside /run/d"],
    ["/run/d/../x", "stdout", undefined, "control-sockets: /run/d/../x is not inside /run/d"],
    ["ctrl", "/etc/cron.d/x", undefined, "loggers: /etc/cron.d/x is not inside /log"],
    ["ctrl", "stdout", "/etc/shadow", "lease-database: /etc/shadow is not inside /data"],
  ])("may not be %s, %s, %s", (socket, output, leases, what) => {
    expect(stray(config(socket, output, leases))).toEqual([`${what}; name it in the configuration file`]);
  });

  it("may not be behind a link that leads elsewhere, whether there is anything or not", () => {
    const data = mkdtempSync(join(tmpdir(), "confined-"));
    const elsewhere = mkdtempSync(join(tmpdir(), "elsewhere-"));
    onTestFinished(() => {
      for (const folder of [data, elsewhere]) rmSync(folder, { recursive: true });
    });
    symlinkSync(elsewhere, join(data, "folder"));
    symlinkSync(join(elsewhere, "none.csv"), join(data, "dangling.csv"));
    symlinkSync("loop.csv", join(data, "loop.csv"));
    symlinkSync(data, join(elsewhere, "back"));
    const strayOf = (name: string, at: string) =>
      findStrayPaths(config("ctrl", "stdout", join(at, name)), config("ctrl"), { ...paths, data: at });
    for (const name of ["folder/leases.csv", "dangling.csv"]) expect(strayOf(name, data)).toHaveLength(1);
    for (const name of ["leases.csv", "folder/back/leases.csv", "loop.csv"]) expect(strayOf(name, data)).toEqual([]);
    // The directory itself may be behind one.
    expect(strayOf("leases.csv", join(elsewhere, "back"))).toEqual([]);
  });

  it("may not be a data-directory elsewhere, nor leases that are so by it", () => {
    const elsewhere = { ...config("ctrl", "stdout", "leases.csv"), "data-directory": "/etc" };
    expect(stray(elsewhere)).toEqual([
      expect.stringContaining("data-directory: /etc is not inside /data"),
      expect.stringContaining("lease-database: /etc/leases.csv is not inside /data"),
    ]);
  });
});
