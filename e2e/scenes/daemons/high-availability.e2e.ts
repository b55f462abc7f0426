/** Two servers of which one goes on when the other is gone: what they have told each other, and how they find back. */
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runLoad } from "../../src/bench/perfdhcp.ts";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { inState, type PairMode, pairConfig } from "../../src/subject/pair.ts";
import { type Family, findDaemon, Server, type Subject } from "../../src/subject/server.ts";
import { getServed } from "../../src/wire/dora.ts";
import { optionOf } from "../../src/wire/message4.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const MAC = (number: number) => `02:00:00:00:0d:0${number}`;

interface Pair {
  readonly clients: Host;
  readonly primary: Server;
  /** The standby, or the secondary. */
  readonly other: Server;
  /** Starts one of them anew, after its end. */
  start(name: "server1" | "server2"): Promise<Server>;
}

type Subjects = readonly [primary: Subject, other: Subject];

async function inPair(
  subjects: Subjects,
  play: (pair: Pair) => Promise<void>,
  { mode = "hot-standby", family = 4 }: { readonly mode?: PairMode; readonly family?: Family } = {},
): Promise<void> {
  await using lab = new Lab();
  const lan = lab.network();
  const ipv6 = family === 6;
  const clients = lab.host("clients", { ipv6 });
  clients.attach(lan, "eth0", ipv6 ? undefined : "10.0.0.9/24");
  const hosts = [1, 2].map((number): Host => {
    const host = lab.host(`server${number}`, { ipv6 });
    host.attach(lan, "eth0", `10.0.0.${number}/24`);
    return host;
  });
  const start = (name: "server1" | "server2") => {
    const at = name === "server1" ? 0 : 1;
    const config = pairConfig(subjects[at]!, name, mode, family);
    return Server.start(subjects[at]!, hosts[at]!, config, { folder: join(lab.folder, name), family });
  };
  const [primary, other] = await Promise.all([start("server1"), start("server2")]);
  await Promise.all([inState(primary, mode), inState(other, mode)]);
  await play({ clients, primary, other, start });
}

const addresses = (server: Server) => [...server.leases().keys()].toSorted();

/** Primary and standby. */
const kinds: readonly Subjects[] = [
  ["kotare", "kotare"],
  ["kotare", "kea"],
  ["kea", "kotare"],
  ["kotare", "kea3"],
  ["kea3", "kotare"],
];
const areHere = (pair: Subjects) => pair.every((subject) => findDaemon(subject, 4) !== undefined);
const pairs = kinds.filter(areHere);

// They wait for each other's clocks most of the time.
test.concurrent.each(pairs)(
  "%s and %s: what one has given stands at the other, which goes on when the one is gone; each gets what it missed",
  (...pair) =>
    inPair(pair, async ({ clients, primary, other: standby, start }) => {
      using probe = await Probe4.open(clients, "eth0");
      const { yiaddr } = await getServed(probe, MAC(1));
      expect(addresses(standby)).toEqual([yiaddr]);
      primary.program.signal("SIGKILL");
      await inState(standby, "partner-down");
      expect((await getServed(probe, MAC(1))).yiaddr).toBe(yiaddr);
      const { yiaddr: later } = await getServed(probe, MAC(2));
      const again = await start("server1");
      await Promise.all([inState(again, "hot-standby"), inState(standby, "hot-standby", "partner-down")]);
      expect(addresses(again)).toEqual(expect.arrayContaining([yiaddr, later]));
      expect((await getServed(probe, MAC(2))).yiaddr).toBe(later);
      expect(standby.leases().get(later)?.state).toBe(0);
    }),
);

test.concurrent("a standby that is gone costs the primary's clients nothing", () =>
  inPair(["kotare", "kotare"], async ({ clients, primary, other: standby, start }) => {
    using probe = await Probe4.open(clients, "eth0");
    standby.program.signal("SIGKILL");
    const { yiaddr } = await getServed(probe, MAC(1), 5000);
    await inState(primary, "partner-down");
    const again = await start("server2");
    await Promise.all([inState(again, "hot-standby"), inState(primary, "hot-standby", "partner-down")]);
    expect(addresses(again)).toEqual([yiaddr]);
  }));

/** Hardware addresses of clients that are the secondary's, and the primary's, by Kea's hash. */
const DIVIDED = ["02:00:00:00:00:01", "02:00:00:00:00:02", "02:00:00:00:00:0d"];

test.concurrent.each([["kotare", "kea"] as const].filter(areHere))(
  "load balancing, %s and %s: each client has one server, and one pool",
  (...pair) =>
    inPair(
      pair,
      async ({ clients, primary, other }) => {
        using probe = await Probe4.open(clients, "eth0");
        const given: string[] = [];
        const servers = new Map<string, string>();
        for (const mac of DIVIDED) {
          const ack = await getServed(probe, mac);
          given.push(ack.yiaddr);
          servers.set(mac, [...optionOf(ack, 54)!].join("."));
        }
        expect([...servers.values()]).toEqual(["10.0.0.2", "10.0.0.2", "10.0.0.1"]);
        expect(given).toEqual(["10.0.0.150", "10.0.0.151", "10.0.0.100"]);
        for (const server of [primary, other]) {
          await vi.waitFor(() => expect(addresses(server)).toEqual(given.toSorted()), 60_000);
        }
      },
      { mode: "load-balancing" },
    ),
);

test.concurrent.each([
  ["kotare", "kotare"],
  ["kotare", "kea"],
  ["kea", "kotare"],
] as const)("DHCPv6, %s and %s: addresses and prefixes stand at both", (...pair) =>
  inPair(
    pair,
    async ({ clients, primary, other }) => {
      const crowd = { asks: "", suffix: "", arguments: ["-6", "-l", "eth0", "-e", "address-and-prefix", "all"] };
      const { completed } = await runLoad(clients, { rate: 20, seconds: 60, exchanges: 20, clients: 20, crowd });
      expect(completed).toBe(20);
      expect(addresses(primary)).toHaveLength(40);
      expect(addresses(other)).toEqual(addresses(primary));
    },
    { family: 6 },
  ),
);
