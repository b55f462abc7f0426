/** What an operator and a service manager see of dhcp4d's life: who keeps it from starting, and what it says in the journal. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Host, Lab } from "./src/lab/lab.ts";
import type { Program } from "./src/lab/program.ts";
import { ourDaemon, privateFolders } from "./src/subject/server.ts";

/** A host with eth0, and a folder. */
async function stage(play: (host: Host, folder: string) => Promise<void>): Promise<void> {
  await using lab = new Lab();
  const host = lab.host("server");
  host.attach(lab.network(), "eth0", "10.0.0.1/16");
  const folder = join(lab.folder, "server");
  mkdirSync(folder, { mode: 0o750 });
  await play(host, folder);
}

function start(host: Host, folder: string, file: string, inner: object, under: readonly string[] = []): Program {
  const config = { "interfaces-config": { interfaces: ["eth0"] }, ...inner };
  writeFileSync(join(folder, file), JSON.stringify({ Dhcp4: config }));
  return host.start([...under, ourDaemon(4), "-c", file], { env: privateFolders(folder), cwd: folder });
}

test("a second daemon says who has the pid file, or the lease file, without a trace, and ends with 75", () =>
  stage(async (host, folder) => {
    const first = start(host, folder, "a.conf", {});
    await first.waitFor(/DHCP4_STARTED/);
    const { pid } = first;
    const second = start(host, folder, "a.conf", {});
    expect(await second.exited).toEqual({ code: 75, signal: null });
    expect(second.lines.at(-1)).toContain(
      `DHCP4_ALREADY_RUNNING kea-dhcp4 already running? PID: ${pid} exists, PID file: ${folder}/a.kea-dhcp4.pid`,
    );
    const third = start(host, folder, "b.conf", {});
    expect(await third.exited).toEqual({ code: 75, signal: null });
    expect(third.lines.at(-1)).toContain(
      `in use by another daemon (process ${pid} holds ${folder}/kea-leases4.csv.lock): stop that one`,
    );
    expect([...second.lines, ...third.lines].join("\n")).not.toMatch(/ at .*:\d+:\d+/);
    await first.stop();
  }));

test("in the journal lines have a priority and no time of their own", () =>
  stage(async (host, folder) => {
    // systemd.exec(5): what systemd puts there where standard output is the journal's.
    const journal = 'exec 3>&1; JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/3); export JOURNAL_STREAM; exec "$@"';
    const program = start(host, folder, "a.conf", { "valid-lifetime": 0 }, ["sh", "-c", journal, "sh"]);
    await program.waitFor(/DHCP4_STARTED/);
    expect(program.lines[0]).toMatch(/^<6>INFO {2}\[kea-dhcp4\.dhcp4\.0\] DHCP4_STARTING /);
    expect(program.lines.filter((line) => !/^<[2-7]>[A-Z]+ +\[/.test(line))).toEqual([]);
    await program.stop();
  }));
