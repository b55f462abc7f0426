/** dhcp-load proves itself: at one server, and at the same time, it counts and measures what perfdhcp does. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { runBoth, type Verdicts } from "../../src/load/both.ts";
import type { Verdict } from "../../src/load/perfdhcp.ts";
import { type Family, Server } from "../../src/subject/server.ts";

const FAMILIES = {
  4: {
    server: "10.0.0.1",
    lengths: 8,
    hosts: ["10.0.0.2", "10.0.0.3"],
    subnet: { id: 1, subnet: "10.0.0.0/8", pools: [{ pool: "10.1.0.0/16" }] },
    octet: "pkt4.mac,5,1",
  },
  6: {
    server: "2001:db8::1",
    lengths: 48,
    hosts: ["2001:db8::2", "2001:db8::3"],
    subnet: { id: 1, subnet: "2001:db8::/48", interface: "eth0", pools: [{ pool: "2001:db8:0:1::/64" }] },
    octet: "option[1].hex,9,1",
  },
} as const;

const PACE = { rate: 300, seconds: 2, clients: 64 };
/** One client in so many is never answered. */
const SILENT = 8;
/** Milliseconds in which the server is stopped, and runs: half of all messages wait, half of that time on average. */
const PULSE = 40;
/** How far apart they may be: shares of the messages, as perfdhcp chooses clients at random, and of the mean delay. */
const MOST_LOSS = 0.06;
const MOST_DELAY = { share: 0.4, milliseconds: 8 };
/** On a busy machine one of both has to wait for its turn, and takes that for the server's delay. */
const MOST_TRIES = 8;

function agree(ours: Verdict, theirs: Verdict): boolean {
  const loss = Math.abs(ours.answered / ours.sent - theirs.answered / theirs.sent);
  const most = Math.max(MOST_DELAY.milliseconds, MOST_DELAY.share * theirs.delay);
  return loss <= MOST_LOSS && Math.abs(ours.delay - theirs.delay) <= most;
}

/** Stops and continues the server again and again. */
function pulse(server: Server): Disposable {
  let stops = false;
  const timer = setInterval(() => {
    stops = !stops;
    server.program.signal(stops ? "SIGSTOP" : "SIGCONT");
  }, PULSE);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      server.program.signal("SIGCONT");
    },
  };
}

describe.skipIf(findProgram("perfdhcp") === undefined)("needs kea-admin", () => {
  test.concurrent.each([4, 6] as const)("DHCPv%i: loss and delay agree with perfdhcp's", async (family: Family) => {
    const { server: address, lengths, hosts, subnet, octet } = FAMILIES[family];
    await using lab = new Lab();
    const lan = lab.network();
    const host = lab.host("server", { ipv6: family === 6 });
    host.attach(lan, "eth0", `${address}/${lengths}`);
    const [perfdhcp, load] = ["perfdhcp", "load"].map((name, i) => {
      const made = lab.host(name, { ipv6: family === 6 });
      made.attach(lan, "eth0", `${hosts[i]}/${lengths}`);
      return made;
    });
    const silent = Array.from(
      { length: PACE.clients / SILENT },
      (_, i) => `substring(${octet}) == 0x${(i * SILENT).toString(16).padStart(2, "0")}`,
    );
    const config = {
      [`subnet${family}`]: [subnet],
      "client-classes": [{ name: "DROP", test: silent.join(" or ") }],
    };
    const folder = join(lab.folder, "server");
    await using server = await Server.start("kea", host, config, { family, folder });
    using _pulse = pulse(server);
    const generators = { family, server: address, perfdhcp: perfdhcp!, load: load! };
    const all: Verdicts[] = [];
    for (let areOne = false; !areOne && all.length < MOST_TRIES; ) {
      const said = await runBoth(generators, PACE);
      all.push(said);
      areOne = said.load.every((ours, i) => agree(ours, said.perfdhcp[i]!));
      // Exactly, unless the machine was so busy that the server lost more.
      expect(said.load[0]!.answered).toBeLessThanOrEqual((said.load[0]!.sent * (SILENT - 1)) / SILENT);
    }
    const [first, second] = all.at(-1)!.load;
    expect(second!.sent).toBe(first!.answered);
    expect(all.length, JSON.stringify(all)).toBeLessThan(MOST_TRIES);
  });
});
