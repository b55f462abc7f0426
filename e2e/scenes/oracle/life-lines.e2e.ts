/** What a daemon says of its life in the log: the lines that monitoring looks for have Kea 3.0's ids, and begin as Kea's. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Lab } from "../../src/lab/lab.ts";
import type { Program } from "../../src/lab/program.ts";
import { sendCommand } from "../../src/subject/command.ts";
import { findKea } from "../../src/subject/kea.ts";
import { type Family, findDaemon, privateFolders, Server, type Subject } from "../../src/subject/server.ts";
import { top } from "../../src/top.ts";

/** Of each life: a start, a command, a reload, one that fails, the end. */
const LOOKED_FOR = [
  ...["STARTING", "STARTED", "CONFIG_COMPLETE", "DYNAMIC_RECONFIGURATION", "DYNAMIC_RECONFIGURATION_SUCCESS"],
  ...["CONFIG_LOAD_FAIL", "DYNAMIC_RECONFIGURATION_FAIL", "SHUTDOWN"],
].map((id) => `DHCPn_${id}`);
/** Of the updater's life, which has no line for a reload that went well. */
const OF_UPDATER = ["DCTL_STARTING", "DHCP_DDNS_STARTED", "DCTL_CONFIG_COMPLETE", "DCTL_CFG_FILE_RELOAD_SIGNAL_RECVD"];
const OF_ITS_END = ["DCTL_CFG_FILE_RELOAD_ERROR", "DCTL_SHUTDOWN"];
const OF_COMMANDS = ["COMMAND_RECEIVED", "COMMAND_ACCEPTOR_START", "HTTP_COMMAND_MGR_SERVICE_STARTED"];

/** Kea has more to say of its own inside: commands that it gives itself, a socket that it opens twice. */
function saidOf(lines: readonly string[], folder: string): Map<string, string> {
  const said = new Map<string, string>();
  for (const line of lines) {
    const [, severity, logger, id, text] =
      /(INFO|ERROR|FATAL) +\[kea-dhcp(?:[46]|-ddns)\.([a-z0-9]+)\S*\] (\w+) (.*)/.exec(line) ?? [];
    if (id === undefined || ["config-set", "config-reload", "shutdown"].some((each) => text!.includes(`'${each}'`)))
      continue;
    const words = text!
      .replaceAll(folder, "")
      .replace(/, pid: .*/, "")
      .replace(/^.* server version \d\S*( \(\w+\))?/, "server version");
    said.set(id.replace(/^DHCP[46]/, "DHCPn"), `${severity} ${logger} ${words.replace(/, reason: .*/, "")}`);
  }
  return said;
}

async function live(subject: Subject, family: Family): Promise<Map<string, string>> {
  await using lab = new Lab();
  const host = lab.host("server", { ipv6: true });
  host.attach(lab.network(), "eth0", family === 4 ? "192.0.2.1/24" : "2001:db8:1::1/64");
  const folder = join(lab.folder, "server");
  const socket = join(folder, "socket");
  const subnet = family === 4 ? "192.0.2.0/24" : "2001:db8:1::/64";
  const config = { "control-sockets": socketsAt(socket), [`subnet${family}`]: [{ id: 1, subnet }] };
  const { program, configFile } = await Server.start(subject, host, config, { family, folder });
  await liveOn(program, configFile, socket, /DYNAMIC_RECONFIGURATION_SUCCESS/, /DYNAMIC_RECONFIGURATION_FAIL/);
  return saidOf(program.lines, lab.folder);
}

async function liveAsUpdater(subject: "kea3" | "kotare"): Promise<Map<string, string>> {
  await using lab = new Lab();
  const folder = join(lab.folder, "updater");
  const [file, socket] = [join(folder, "d2.json"), join(folder, "socket")];
  const loggers = [{ name: "kea-dhcp-ddns", severity: "INFO", "output-options": [{ output: "stdout", flush: true }] }];
  mkdirSync(folder, { mode: 0o750 });
  writeFileSync(file, JSON.stringify({ DhcpDdns: { "control-sockets": socketsAt(socket), loggers } }));
  const daemon = subject === "kotare" ? join(top, "apps/d2d/bin/d2d") : findKea(subject, "kea-dhcp-ddns")!;
  const program = lab.host("updater").start([daemon, "-c", file], { env: privateFolders(folder), cwd: folder });
  await program.waitFor(/DHCP_DDNS_STARTED/);
  await liveOn(program, file, socket, /DCTL_CONFIG_COMPLETE/, /DCTL_CFG_FILE_RELOAD_ERROR/);
  return saidOf(program.lines, lab.folder);
}

function socketsAt(socket: string): readonly object[] {
  return [
    { "socket-type": "unix", "socket-name": socket },
    { "socket-type": "http", "socket-port": 8001, authentication: { type: "basic", clients: [{ user: "a" }] } },
  ];
}

/** From its start to its end. */
async function liveOn(program: Program, file: string, socket: string, done: RegExp, failed: RegExp): Promise<void> {
  await program.waitFor(/HTTP_COMMAND_MGR_SERVICE_STARTED/);
  await sendCommand(socket, "version-get");
  const from = program.lines.length;
  program.signal("SIGHUP");
  await program.waitFor(done, { from });
  writeFileSync(file, "{");
  program.signal("SIGHUP");
  await program.waitFor(failed);
  await program.stop();
}

describe.skipIf(findDaemon("kea3", 4) === undefined).concurrent("needs Kea 3", () => {
  test.each([4, 6] as const)("DHCPv%i", async (family) => {
    const [theirs, ours] = await Promise.all([live("kea3", family), live("kotare", family)]);
    for (const id of [...LOOKED_FOR, ...OF_COMMANDS]) {
      expect(theirs.get(id), id).toBeDefined();
      expect(ours.get(id), id).toContain(theirs.get(id));
    }
  });

  test("the updater", async () => {
    const [theirs, ours] = await Promise.all([liveAsUpdater("kea3"), liveAsUpdater("kotare")]);
    for (const id of [...OF_UPDATER, ...OF_ITS_END, ...OF_COMMANDS]) {
      expect(theirs.get(id), id).toBeDefined();
      // What is behind is each one's own: of what it listens to, and of the fault.
      expect(ours.get(id), id).toContain(theirs.get(id)!.split(/[:,]/)[0]);
    }
  });
});
