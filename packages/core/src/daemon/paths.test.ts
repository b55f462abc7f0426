import { freebsd } from "@kotare/netio/systems/freebsd";
import { linux } from "@kotare/netio/systems/linux";
import { expect, it } from "vitest";
import { daemonPaths, resolvePath, usualConfig } from "./paths.ts";

it("a daemon's files are where Kea has them", () => {
  expect(daemonPaths({}, linux)).toEqual({
    data: "/var/lib/kea",
    pid: "/run/kea",
    log: "/var/log/kea",
    controlSocket: "/run/kea",
    extensions: "/usr/lib/kotare/extensions",
    scripts: "/usr/share/kea/scripts",
    legalLog: "/var/log/kea",
    manual: "/usr/share/kotare/manual",
  });
});

it("on other systems a daemon's files are where ports have them", () => {
  expect(daemonPaths({}, freebsd)).toMatchObject({ data: "/var/db/kea", pid: "/var/run/kea", log: "/var/log/kea" });
});

it("Kea's environment variables move them, unless they are empty", () => {
  const moved = daemonPaths({
    KEA_DHCP_DATA_DIR: "/d",
    KEA_PIDFILE_DIR: "/p",
    KEA_LOG_FILE_DIR: "",
    KEA_CONTROL_SOCKET_DIR: "/s",
    KEA_HOOKS_PATH: "/h",
    KEA_HOOK_SCRIPTS_PATH: "/r",
    KEA_LEGAL_LOG_DIR: "/l",
    KOTARE_MANUAL_DIR: "/m",
  });
  expect(moved).toEqual({
    data: "/d",
    pid: "/p",
    log: "/var/log/kea",
    controlSocket: "/s",
    extensions: "/h",
    scripts: "/r",
    legalLog: "/l",
    manual: "/m",
  });
});

it("commands that name no configuration mean Kea's, or what a package says", () => {
  expect(usualConfig("kea-dhcp4", {})).toBe("/etc/kea/kea-dhcp4.conf");
  expect(usualConfig("kea-dhcp4", { KOTARE_CONFIG: "/etc/kotare/dhcp4d.conf" })).toBe("/etc/kotare/dhcp4d.conf");
});

it.each([
  ["leases.csv", "/var/lib/kea/leases.csv"],
  ["sub/leases.csv", "/var/lib/kea/sub/leases.csv"],
  ["/srv/leases.csv", "/srv/leases.csv"],
])("the path %s of a configuration means %s", (path, meant) => {
  expect(resolvePath("/var/lib/kea", path)).toBe(meant);
});
