/**
 * Pairs to whose servers and network bad things happen: clients keep their addresses, and the two find back by themselves.
 *
 * What pairs of Kea are known to suffer from is tried here, and in these places:
 * - the standby dies, and the primary's clients wait for it: "a standby that is gone" in high-availability.e2e.ts
 * - ResourceBusy, and ten rejected clients end the pair: outbox.test.ts ("busy with the lease"), relationships.test.ts
 * - ended by clocks, and again after each restart: "whose clock is" below, and state-machine.test.ts
 * - nobody takes over in a quiet network, or late from a silent host: "is frozen" below
 * - leases that overflow the queue for a partner reach it never: pair4.test.ts and pair6.test.ts, `delayed`
 * - the second try is answered from the lease cache: the same, `cached`, and outbox.test.ts ("is relied on")
 * - nobody is served while leases are fetched: the same, and the row pair-sync of the benchmark
 * - wrong names and urls give no clear error, and names in urls none: high-availability.test.ts of the extensions
 * - both end leases and tell the DNS: pair-names4.test.ts, and "with names in BIND" below
 */
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { NameServer } from "../../src/dns/name-server.ts";
import { DnsUpdater } from "../../src/dns/updater.ts";
import { type Network, run } from "../../src/lab/lab.ts";
import { hasOtherClocks } from "../../src/lab/other-clock.ts";
import { findProgram } from "../../src/lab/program.ts";
import { SlowLink } from "../../src/lab/slow-link.ts";
import { inPair, type Pair, type Subjects } from "../../src/subject/in-pair.ts";
import { isHeld } from "../../src/subject/lease-file.ts";
import { inState } from "../../src/subject/pair.ts";
import { type Family, findDaemon, type Server } from "../../src/subject/server.ts";
import { isThorough } from "../../src/subject/thorough.ts";
import { openInsistent } from "../../src/wire/insistent.ts";

const MAC = (number: number) => `02:00:00:00:0e:0${number}`;
const OURS = ["kotare", "kotare"] as const;
const FAMILIES: readonly Family[] = isThorough ? [4, 6] : [4];

/** Primary and standby. */
const kinds: readonly Subjects[] = [OURS, ["kotare", "kea"], ["kea", "kotare"], ["kotare", "kea3"], ["kea3", "kotare"]];
const PAIRINGS = kinds
  .filter((pair) => pair.every((subject) => findDaemon(subject, 4) !== undefined))
  .flatMap(([one, two]) => FAMILIES.map((family) => [one, two, family] as const));
const SOME = isThorough ? PAIRINGS : PAIRINGS.slice(0, 1);

const addresses = (server: Server) => [...server.leases().keys()].toSorted();

const isOurs = (...pair: Subjects) => pair.every((subject) => subject === "kotare");

/** Both know what each of the clients has. */
async function bothHave({ primary, other }: Pick<Pair, "primary" | "other">, given: readonly string[]): Promise<void> {
  for (const server of [primary, other]) {
    await vi.waitFor(() => expect(addresses(server)).toEqual(expect.arrayContaining([...given])), 60_000);
  }
}

test.concurrent.each(
  SOME.flatMap((pairing) => (["primary", "other"] as const).map((which) => [...pairing, which] as const)),
)(
  "%s and %s, DHCPv%i: the %s is frozen: its clients are served when it has said nothing for as long as it may, and it finds back",
  (one, two, family, frozen) =>
    inPair(
      [one, two],
      async (pair) => {
        const awake = frozen === "primary" ? pair.other : pair.primary;
        using asking = await openInsistent(pair.clients, family);
        const { leases } = await asking.serve(MAC(1));
        pair[frozen].program.signal("SIGSTOP");
        expect((await asking.serve(MAC(1))).leases).toEqual(leases);
        const { leases: second } = await asking.serve(MAC(2));
        await inState(awake, "partner-down", "hot-standby");
        pair[frozen].program.signal("SIGCONT");
        await inState(awake, "hot-standby", "partner-down");
        await bothHave(pair, [...leases, ...second]);
        expect((await asking.serve(MAC(1))).leases).toEqual(leases);
      },
      { family },
    ),
);

// docs/high-availability.md: what happens when the link between them is cut, and many leases are given meanwhile?
test.concurrent.each(SOME)(
  "%s and %s, DHCPv%i: packets from one to the other are lost, for a while: what each has given alone stands at both then",
  (one, two, family) =>
    inPair(
      [one, two],
      async (pair) => {
        using asking = await openInsistent(pair.clients, family);
        const { leases } = await asking.serve(MAC(1));
        pair.hosts[0].ip("route", "add", "blackhole", "10.0.0.2/32");
        await Promise.all([inState(pair.primary, "partner-down"), inState(pair.other, "partner-down")]);
        expect((await asking.serve(MAC(1))).leases).toEqual(leases);
        const { leases: second } = await asking.serve(MAC(2));
        pair.hosts[0].ip("route", "delete", "blackhole", "10.0.0.2/32");
        await Promise.all([
          inState(pair.primary, "hot-standby", "(?:PARTNER-DOWN|READY)"),
          inState(pair.other, "hot-standby", "(?:PARTNER-DOWN|READY)"),
        ]);
        await bothHave(pair, [...leases, ...second]);
      },
      { family },
    ),
);

// docs/high-availability.md: what happens when the clocks differ?
test
  .skipIf(!hasOtherClocks)
  .concurrent.each(
    (isThorough ? PAIRINGS : PAIRINGS.slice(0, 2)).map(
      ([one, two, family]) => [one, two, isOurs(one, two) ? 120 : 30, family] as const,
    ),
  )(
  "%s and %s, whose clock is %i s ahead: a lease of DHCPv%i keeps the rest of its time, and the pair goes on",
  (...given) => {
    const [one, two, ahead, family] = given;
    return inPair(
      [one, two],
      async ({ clients, primary, other: standby }) => {
        using asking = await openInsistent(clients, family);
        const { leases } = await asking.serve(MAC(1));
        for (const lease of leases) {
          const [here, there] = [primary, standby].map((server) => server.leases().get(lease)!.expire);
          // A Kea takes times as they are.
          const apart = isOurs(one, two) ? ahead : 0;
          expect(Math.abs(there! - here! - apart)).toBeLessThan(3);
        }
        primary.program.signal("SIGKILL");
        await inState(standby, "partner-down");
        expect((await asking.serve(MAC(1))).leases).toEqual(leases);
        for (const { program } of [primary, standby]) expect(program.output).not.toContain("TERMINATED");
      },
      { ahead, family },
    );
  },
);

test
  .skipIf(!hasOtherClocks)
  .concurrent.each((isThorough ? PAIRINGS : PAIRINGS.slice(1, 2)).filter(([one, two]) => !isOurs(one, two)))(
  "%s and %s, whose clock is 120 s ahead, end the pair: so does the one that is ours, and the primary's clients of DHCPv%i are served",
  (one, two, family) =>
    inPair(
      [one, two],
      async ({ clients, primary, other }) => {
        using asking = await openInsistent(clients, family);
        await asking.serve(MAC(1));
        const { program } = one === "kotare" ? primary : other;
        expect(program.output).toContain("HA_HIGH_CLOCK_SKEW_CAUSED_TERMINATION");
      },
      { ahead: 120, reached: "terminated", family },
    ),
);

/** Milliseconds that a client may be unserved: the longest silence of a partner, a heartbeat, and a busy machine. */
const MOST_UNSERVED = 10_000;

/** Where the first one reaches the second one, and back: slow ways. */
const WAYS = { server1: "10.0.0.251", server2: "10.0.0.252" } as const;

async function openWays({ bridge }: Network): Promise<Disposable> {
  const open = (from: keyof typeof WAYS, end: string) => {
    run("ip", "address", "add", `${WAYS[from]}/24`, "dev", bridge);
    return SlowLink.start({ host: WAYS[from], port: 8000 }, { host: end, port: 8000 }, { late: 200, lost: 5 });
  };
  const links = [await open("server1", "10.0.0.2"), await open("server2", "10.0.0.1")];
  return {
    [Symbol.dispose]() {
      for (const link of links) link[Symbol.dispose]();
    },
  };
}

// Not beside others: the ways have addresses on the lab's own side of the network.
test.each(isThorough ? PAIRINGS : PAIRINGS.slice(0, 2))(
  "%s and %s, DHCPv%i: the way between them is slow, and loses: clients wait for that, and no longer; nobody takes over",
  (one, two, family) =>
    inPair(
      [one, two],
      async ({ clients, primary, other: standby }) => {
        const from = [primary, standby].map(({ program }) => program.lines.length);
        using asking = await openInsistent(clients, family);
        for (let number = 1; number <= 4; number++) {
          const asked = performance.now();
          // A client on a slow network waits longer than most.
          await asking.serve(MAC(number), MOST_UNSERVED, MOST_UNSERVED);
          const waited = performance.now() - asked;
          expect(waited).toBeGreaterThan(400);
          expect(waited).toBeLessThan(4000);
        }
        expect(addresses(standby)).toEqual(addresses(primary));
        for (const [i, { program }] of [primary, standby].entries()) {
          expect(program.lines.slice(from[i]).join("\n")).not.toMatch(/transitions from/);
        }
      },
      { ways: WAYS, before: openWays, family },
    ),
);

/** Pools that are full with three clients, and leases that are over soon. */
const BRIEF = {
  4: { subnet4: [{ id: 1, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.100 - 10.0.0.102" }] }] },
  6: {
    "preferred-lifetime": 15,
    subnet6: [
      {
        id: 1,
        subnet: "2001:db8::/64",
        interface: "eth0",
        pools: [{ pool: "2001:db8::1:0 - 2001:db8::1:2" }],
        "pd-pools": [
          { prefix: "2001:db8:8000::", "prefix-len": 55, "delegated-len": 56 },
          { prefix: "2001:db8:9000::", "prefix-len": 56, "delegated-len": 56 },
        ],
      },
    ],
  },
} as const;

/** Who holds which address. */
const holders = (server: Server) =>
  [...server.leases().values()]
    .filter((row) => isHeld(row) && !row.address.includes("/"))
    .map(({ address, hwaddr, clientId }) => `${address} ${clientId || hwaddr}`)
    .toSorted();

test.concurrent.each(
  (isThorough ? PAIRINGS : []).flatMap((pairing) =>
    (["primary", "other"] as const).map((which) => [...pairing, which] as const),
  ),
)(
  "%s and %s, DHCPv%i: the %s comes back when all leases that it knows are over, and were given to others",
  (one, two, family, which) =>
    inPair(
      [one, two],
      async (pair) => {
        const isPrimary = which === "primary";
        const [gone, stays] = isPrimary ? [pair.primary, pair.other] : [pair.other, pair.primary];
        using asking = await openInsistent(pair.clients, family);
        const first = await asking.serve(MAC(1));
        for (const number of [2, 3]) await asking.serve(MAC(number));
        await vi.waitFor(() => expect(holders(gone)).toEqual(holders(stays)), 60_000);
        // One is killed, and one is stopped.
        gone.program.signal(isPrimary ? "SIGKILL" : "SIGTERM");
        await inState(stays, "partner-down", "hot-standby");
        expect((await asking.serve(MAC(1))).leases).toEqual(first.leases);
        await asking.serve(MAC(3));
        await asking.giveBack(MAC(3));
        // One of them gets what was given back, the other one what the second client has had, when its time is over.
        for (const number of [4, 5]) {
          const leasesOf = async () => (await asking.serve(MAC(number), 2000).catch(() => ({ leases: [] }))).leases;
          do expect((await asking.serve(MAC(1))).leases).toEqual(first.leases);
          while ((await leasesOf()).length < first.leases.length);
        }
        const back = await pair.start(isPrimary ? "server1" : "server2");
        await Promise.all([inState(back, "hot-standby"), inState(stays, "hot-standby", "partner-down")]);
        const given = [];
        for (const number of [1, 4, 5]) given.push((await asking.serve(MAC(number))).leases);
        expect(given[0]).toEqual(first.leases);
        const held = holders(stays);
        expect(held.map((each) => each.slice(-2))).toEqual(expect.arrayContaining(["01", "04", "05"]));
        await vi.waitFor(() => expect(holders(back)).toEqual(held), 60_000);
        stays.program.signal("SIGKILL");
        await inState(back, "partner-down", "hot-standby");
        for (const [i, number] of [1, 4, 5].entries()) {
          expect((await asking.serve(MAC(number))).leases).toEqual(given[i]);
        }
      },
      { family, extra: { ...BRIEF[family], "valid-lifetime": 20 } },
    ),
);

const FORWARD = "example.org";
const REVERSE = { 4: "10.in-addr.arpa", 6: "8.b.d.0.1.0.0.2.ip6.arpa" } as const;
/** Where the DNS is: on the lab's own side of the network. */
const DNS = "10.0.0.250";
/** Names are made of addresses. */
const NAMED = {
  "dhcp-ddns": { "enable-updates": true },
  "ddns-qualifying-suffix": FORWARD,
  "ddns-replace-client-name": "always",
  "ddns-generated-prefix": "h",
  // Kea has the name of what was given back removed when it looks for what is over.
  "expired-leases-processing": { "reclaim-timer-wait-time": 1 },
};

const named = test.skipIf(findProgram("named") === undefined);
// Not beside each other: the DNS has one address.
(isThorough ? named : named.concurrent).each(SOME)(
  "%s and %s, DHCPv%i, with names in BIND: one of the two tells its d2d, and who goes on tells what becomes of the client",
  (one, two, family) =>
    inPair(
      [one, two],
      async ({ lab, lan, clients, hosts, primary, other: standby, start }) => {
        run("ip", "address", "add", `${DNS}/24`, "dev", lan.bridge);
        const zones = [FORWARD, REVERSE[family]];
        await using dns = await NameServer.start({ folder: join(lab.folder, "dns"), zones, address: DNS });
        const updaters = await Promise.all(
          hosts.map((host, i) =>
            DnsUpdater.start({
              folder: join(lab.folder, `d2-${i}`),
              forward: [FORWARD],
              reverse: [REVERSE[family]],
              servers: [dns],
              start: (command, env) => host.start(command, { env }),
            }),
          ),
        );
        using asking = await openInsistent(clients, family);
        /** @returns the address of a client, which it has its name by */
        const serve = async (number: number) => {
          const { leases } = await asking.serve(MAC(number));
          return leases.find((lease) => !lease.includes("/"))!;
        };
        /** That the zones have the names of these addresses, and no others. */
        const areNamed = (...those: readonly string[]) =>
          vi.waitFor(async () => {
            const names = (await dns.records(FORWARD)).filter((record) => / A{1,4} /.test(record));
            const expected = those.map((address) => `h-${address.replaceAll(/[.:]/g, "-")}.${FORWARD}. ${address}`);
            expect(names.map((record) => record.replace(/ \d+ A{1,4} /, " "))).toEqual(expected.toSorted());
            for (const address of those) expect(dns.askReverse(address)).toHaveLength(1);
          }, 60_000);
        const first = await serve(1);
        await areNamed(first);
        primary.program.signal("SIGKILL");
        expect(await serve(1)).toBe(first);
        const second = await serve(2);
        await areNamed(first, second);
        await asking.giveBack(MAC(1));
        await areNamed(second);
        const back = await start("server1");
        await Promise.all([inState(back, "hot-standby"), inState(standby, "hot-standby", "partner-down")]);
        await serve(2);
        await asking.giveBack(MAC(2));
        await areNamed();
        if (!isOurs(one, two)) return;
        // The primary's d2d has run all the time.
        await vi.waitFor(() => {
          const removed = updaters.map(({ program }) => program.output.split("_REMOVE_SUCCEEDED").length - 1);
          expect(removed).toEqual([1, 1]);
        }, 60_000);
      },
      { family, extra: NAMED },
    ),
);

test.concurrent.each(
  FAMILIES.flatMap((family) =>
    (isThorough ? (["kea", "kea3"] as const) : (["kea3"] as const)).map((kea) => [kea, family] as const),
  ).filter(([kea]) => findDaemon(kea, 4) !== undefined),
)(
  "a pair of %s's becomes a pair of ours, one server after the other: each client of DHCPv%i keeps its address all the time",
  (kea, family) =>
    inPair(
      [kea, kea],
      async ({ clients, primary, other, start }) => {
        using asking = await openInsistent(clients, family);
        const given = new Map<string, readonly string[]>();
        const serveAll = async () => {
          for (let number = 1; number <= 4; number++) {
            const mac = MAC(number);
            const { leases } = await asking.serve(mac, MOST_UNSERVED);
            expect(leases).toEqual(given.get(mac) ?? leases);
            given.set(mac, leases);
          }
        };
        await serveAll();
        await other.program.stop();
        await serveAll();
        const standby = await start("server2", "kotare");
        await inState(standby, "hot-standby");
        await serveAll();
        await primary.program.stop();
        await serveAll();
        const first = await start("server1", "kotare");
        await Promise.all([inState(first, "hot-standby"), inState(standby, "hot-standby", "partner-down")]);
        await serveAll();
        await bothHave({ primary: first, other: standby }, [...given.values()].flat());
      },
      { family },
    ),
);
