import { describe, expect, it } from "vitest";
import { type Arguments, type Program, parseArguments } from "./arguments.ts";

const program: Program = {
  name: "dhcp4d",
  summary: "DHCPv4 server",
  version: "1.2.3",
  exampleConfig: "/etc/kea/kea-dhcp4.conf",
  callExample: "$0 call version-get",
  ports: true,
};
const parse = (line: string, of: Program = program) => parseArguments(line === "" ? [] : line.split(" "), of);
const serve = {
  kind: "serve",
  config: "a.conf",
  verbose: false,
  strict: false,
  insecure: false,
  exitOnFatal: false,
  port: undefined,
  clientPort: undefined,
} as const;

describe("the command line", () => {
  it.each<[string, Arguments]>([
    ["-c a.conf", serve],
    ["--config a.conf", serve],
    ["--config=a.conf", serve],
    ["-c/etc/a.conf", { ...serve, config: "/etc/a.conf" }],
    ["-d -c a.conf", { ...serve, verbose: true }],
    ["-S -c a.conf", { ...serve, strict: true }],
    ["--strict -c a.conf", { ...serve, strict: true }],
    ["-X -c a.conf", { ...serve, insecure: true }],
    ["-F -c a.conf", { ...serve, exitOnFatal: true }],
    ["-R -c a.conf", serve],
    ["-dc a.conf", { ...serve, verbose: true }],
    ["-c a.conf -p 1067 -P 1068", { ...serve, port: 1067, clientPort: 1068 }],
    ["-c a.conf -p1067", { ...serve, port: 1067 }],
    ["-t a.conf", { kind: "check", config: "a.conf", deep: false, verbose: false }],
    ["-d -T a.conf", { kind: "check", config: "a.conf", deep: true, verbose: true }],
    ["-v", { kind: "exit", code: 0, text: "1.2.3\n" }],
    ["-V", { kind: "report", of: "version" }],
    ["-W", { kind: "report", of: "build" }],
    // A file may be called as it likes.
    ["-c 007", { ...serve, config: "007" }],
  ])("%s", (line, expected) => {
    expect(parse(line)).toEqual(expected);
  });

  it.each([
    ["", "no configuration file is given: -c FILE"],
    ["-d", "no configuration file is given: -c FILE"],
    ["-x -c a.conf", "Unknown argument: x"],
    ["--confg a.conf", "Unknown argument: confg"],
    ["-c", "Not enough arguments following: c"],
    ["-c a.conf more", "Unknown argument: more"],
    ["-c a.conf -c b.conf", "--config is given twice"],
    ["-c a.conf -p 0", "a port is a number from 1 to 65535"],
    ["-c a.conf -p 65536", "a port is a number from 1 to 65535"],
    ["-c a.conf -P dhcp", "a port is a number from 1 to 65535"],
  ])("refuses '%s' with exit code 1 and says why", (line, why) => {
    const parsed = parse(line);
    expect(parsed).toMatchObject({ kind: "exit", code: 1 });
    expect(parsed).toHaveProperty("text", expect.stringContaining(`dhcp4d: ${why}`));
  });

  it.each(["-p 67", "-P 68", "-R"])("has %s in DHCP servers only", (flag) => {
    expect(parse(`-c a.conf ${flag}`, { ...program, ports: false })).toMatchObject({ kind: "exit", code: 1 });
  });

  it("explains every flag, with examples, and exits with 0", () => {
    const help = parse("--help", { ...program, databases: true });
    expect(help).toMatchObject({ kind: "exit", code: 0 });
    for (const part of [
      "-c, --config",
      "-t, --test",
      "-T, --test-deep",
      "-S, --strict",
      "-F, --exit-on-fatal",
      "-R, --repair",
      "-d, --debug",
      "-v, --version",
      "-V",
      "-W",
      "-p, --port",
      "-P, --client-port",
      "dhcp4d -t /etc/kea/kea-dhcp4.conf",
      "or: dhcp4d -t FILE",
      "or: dhcp4d explain [OPTIONS]",
      "HUP",
      "KEA_PIDFILE_DIR",
    ]) {
      expect(help).toHaveProperty("text", expect.stringContaining(part));
    }
    expect(help).toHaveProperty("text", expect.not.stringContaining("$0"));
  });
});
