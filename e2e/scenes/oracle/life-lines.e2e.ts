/** What a daemon says of its life in the log: the lines that monitoring looks for have Kea 3.0's ids, and begin as Kea's. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Lab } from "../../src/lab/lab.ts";
import { sendCommand } from "../../src/subject/command.ts";
import { type Family, findDaemon, Server, type Subject } from "../../src/subject/server.ts";

/** Of each life: a start, a command, a reload, one that fails, the end. */
const LOOKED_FOR = [
  ...["STARTING", "STARTED", "CONFIG_COMPLETE", "DYNAMIC_RECONFIGURATION", "DYNAMIC_RECONFIGURATION_SUCCESS"],
  ...["CONFIG_LOAD_FAIL", "DYNAMIC_RECONFIGURATION_FAIL", "SHUTDOWN"],
].map((id) => `DHCPn_${id}`);
const OF_COMMANDS = ["COMMAND_RECEIVED", "COMMAND_ACCEPTOR_START", "HTTP_COMMAND_MGR_SERVICE_STARTED"];

/** Kea has more to say of its own inside: commands that it gives itself, a socket that it opens twice. */
function saidOf(lines: readonly string[], folder: string): Map<string, string> {
  const said = new Map<string, string>();
  for (const line of lines) {
    const [, severity, logger, id, text] =
      /(INFO|ERROR|FATAL) +\[kea-dhcp[46]\.([a-z0-9]+)\S*\] (\w+) (.*)/.exec(line) ?? [];
    if (id === undefined || ["config-set", "config-reload", "shutdown"].some((each) => text!.includes(`'${each}'`)))
      continue;
    const words = text!.replaceAll(folder, "").replace(/^.* server version \d\S*( \(\w+\))?/, "server version");
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
  const config = {
    "control-sockets": [
      { "socket-type": "unix", "socket-name": socket },
      { "socket-type": "http", "socket-port": 8001, authentication: { type: "basic", clients: [{ user: "a" }] } },
    ],
    [`subnet${family}`]: [{ id: 1, subnet }],
  };
  const { program, ...server } = await Server.start(subject, host, config, { family, folder });
  await program.waitFor(/HTTP_COMMAND_MGR_SERVICE_STARTED/);
  await sendCommand(socket, "version-get");
  program.signal("SIGHUP");
  await program.waitFor(/DYNAMIC_RECONFIGURATION_SUCCESS/);
  writeFileSync(server.configFile, "{");
  program.signal("SIGHUP");
  await program.waitFor(/DYNAMIC_RECONFIGURATION_FAIL/);
  await program.stop();
  return saidOf(program.lines, lab.folder);
}

describe.skipIf(findDaemon("kea3", 4) === undefined)("needs Kea 3", () => {
  test.each([4, 6] as const)("DHCPv%i", async (family) => {
    const [theirs, ours] = await Promise.all([live("kea3", family), live("kotare", family)]);
    for (const id of [...LOOKED_FOR, ...OF_COMMANDS]) {
      expect(theirs.get(id), id).toBeDefined();
      expect(ours.get(id), id).toContain(theirs.get(id));
    }
  });
});
