/** What clients of all kinds leave in our lease file is loaded by Kea, row for row, and by us when we start again. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import * as four from "../../src/oracle/dhcp4/client.ts";
import { LAN } from "../../src/oracle/dhcp4/lan.ts";
import { bind } from "../../src/oracle/dhcp4/play.ts";
import { type Speech4, stage4 } from "../../src/oracle/dhcp4/stage.ts";
import * as six from "../../src/oracle/dhcp6/client.ts";
import { LAN as LAN6 } from "../../src/oracle/dhcp6/lan.ts";
import { fqdn } from "../../src/oracle/dhcp6/names.ts";
import { bind as bind6 } from "../../src/oracle/dhcp6/play.ts";
import { type Speech6, stage6 } from "../../src/oracle/dhcp6/stage.ts";
import { Script } from "../../src/oracle/script.ts";
import type { Speech, Stage } from "../../src/oracle/speech.ts";
import { readRows } from "../../src/subject/lease-file.ts";
import { Server } from "../../src/subject/server.ts";

/** No updater is there: what names leave in the DNS stays owed. */
const CONFIG = {
  "dhcp-ddns": { "enable-updates": true },
  "ddns-qualifying-suffix": "example.org",
  "store-extended-info": true,
  "valid-lifetime": 7200,
  "decline-probation-period": 1,
  "interfaces-config": { interfaces: ["eth0"] },
  "expired-leases-processing": { "reclaim-timer-wait-time": 1 },
};

const NAMES = ["alice", "a,b", 'q"uote', "\xff\x80", "x\ny", "&#x2c", "\\u1234", "n".repeat(200), "."];
const DECLINED = 1;
const RECLAIMED = 2;

async function check<S extends Speech>(
  stage: Stage<S>,
  config: object,
  live: (script: Script<S>) => Promise<void>,
): Promise<void> {
  await using lab = new Lab();
  const { server: host, clients } = stage.plugIn(lab);
  const options = { family: stage.family, folder: join(lab.folder, "dhcp") };
  const start = (subject: "kea" | "kotare") =>
    Server.start(subject, host, { ...stage.config, ...CONFIG, ...config }, options);
  {
    await using server = await start("kotare");
    using voice = await stage.open(clients);
    await live(new Script(stage, voice, 0x10_0000));
    const states = () => new Set([...readRows(server.leaseFile)].map(({ state }) => state));
    await expect.poll(states, { timeout: 60_000 }).toEqual(new Set([0, DECLINED, RECLAIMED]));
    // What was declined has been reclaimed, too.
    const isLeft = () =>
      [...server.leases().values()].some(({ state, validLifetime }) => state === DECLINED && validLifetime > 0);
    await expect.poll(isLeft, { timeout: 60_000 }).toBe(false);
  }
  for (const subject of ["kea", "kotare"] as const) {
    await using server = await start(subject);
    const loaded = server.program.lines.filter((line) => line.includes("DHCPSRV_MEMFILE_LEASE"));
    expect(loaded.filter((line) => /ERROR|WARN/.test(line))).toEqual([]);
    expect(loaded.join()).toContain("DHCPSRV_MEMFILE_LEASE_FILE_LOAD");
  }
}

describe.skipIf(findProgram("kea-dhcp4") === undefined)("needs kea-dhcp4-server and kea-dhcp6-server", () => {
  test("DHCPv4", () =>
    check<Speech4>(stage4, { subnet4: [LAN] }, async (script) => {
      for (const [i, name] of NAMES.entries()) {
        const who = four.client(i, i % 2 === 0 ? undefined : Uint8Array.of(0, i));
        const { yiaddr } = await bind(script, who, { options: [[12, Buffer.from(name, "latin1")]] });
        if (i % 3 === 0) await script.tell("DECLINE", four.decline(who, yiaddr));
        if (i % 3 === 1) await script.tell("RELEASE", four.release(who, yiaddr), four.unicast(yiaddr));
      }
    }));

  test("DHCPv6", () =>
    check<Speech6>(stage6, { subnet6: [LAN6] }, async (script) => {
      for (const [i, name] of NAMES.entries()) {
        const who = six.client(i);
        const ias = [six.na(1), ...(i % 2 === 0 ? [six.pd(2)] : [])];
        const reply = await bind6(script, who, ias, { options: [fqdn(1, name)] });
        if (i % 3 === 0) await script.ask("DECLINE", six.decline(who, six.held(reply).slice(0, 1)));
        if (i % 3 === 1) await script.ask("RELEASE", six.release(who, six.held(reply)));
      }
    }));
});
