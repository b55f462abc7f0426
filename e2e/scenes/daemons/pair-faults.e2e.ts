/** Pairs to whose servers and network bad things happen: clients keep their addresses, and the two find back by themselves. */
import { expect, test, vi } from "vitest";
import { inPair, type Pair } from "../../src/subject/in-pair.ts";
import { inState } from "../../src/subject/pair.ts";
import { findDaemon, type Server } from "../../src/subject/server.ts";
import { getServed } from "../../src/wire/dora.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const MAC = (number: number) => `02:00:00:00:0e:0${number}`;
const OURS = ["kotare", "kotare"] as const;

const addresses = (server: Server) => [...server.leases().keys()].toSorted();

/** Both know what each of the clients has. */
async function bothHave({ primary, other }: Pick<Pair, "primary" | "other">, given: readonly string[]): Promise<void> {
  for (const server of [primary, other]) {
    await vi.waitFor(() => expect(addresses(server)).toEqual(expect.arrayContaining([...given])), 60_000);
  }
}

test.concurrent.each(["primary", "other"] as const)(
  "the %s is frozen: its clients are served when it has said nothing for as long as it may, and it finds back",
  (frozen) =>
    inPair(OURS, async (pair) => {
      const awake = frozen === "primary" ? pair.other : pair.primary;
      using probe = await Probe4.open(pair.clients, "eth0");
      const { yiaddr } = await getServed(probe, MAC(1));
      pair[frozen].program.signal("SIGSTOP");
      expect((await getServed(probe, MAC(1))).yiaddr).toBe(yiaddr);
      const { yiaddr: second } = await getServed(probe, MAC(2));
      await inState(awake, "partner-down", "hot-standby");
      pair[frozen].program.signal("SIGCONT");
      await inState(awake, "hot-standby", "partner-down");
      await bothHave(pair, [yiaddr, second]);
      expect((await getServed(probe, MAC(1))).yiaddr).toBe(yiaddr);
    }),
);

// docs/high-availability.md: what happens when the link between them is cut, and many leases are given meanwhile?
test.concurrent("packets from one to the other are lost, for a while: what each has given alone stands at both then", () =>
  inPair(OURS, async (pair) => {
    using probe = await Probe4.open(pair.clients, "eth0");
    const { yiaddr } = await getServed(probe, MAC(1));
    pair.hosts[0].ip("route", "add", "blackhole", "10.0.0.2/32");
    await Promise.all([inState(pair.primary, "partner-down"), inState(pair.other, "partner-down")]);
    expect((await getServed(probe, MAC(1))).yiaddr).toBe(yiaddr);
    const { yiaddr: second } = await getServed(probe, MAC(2));
    pair.hosts[0].ip("route", "delete", "blackhole", "10.0.0.2/32");
    await Promise.all([
      inState(pair.primary, "hot-standby", "(?:PARTNER-DOWN|READY)"),
      inState(pair.other, "hot-standby", "(?:PARTNER-DOWN|READY)"),
    ]);
    await bothHave(pair, [yiaddr, second]);
  }));

/** Milliseconds that a client may be unserved: the longest silence of a partner, a heartbeat, and a busy machine. */
const MOST_UNSERVED = 10_000;

test.concurrent.each((["kea", "kea3"] as const).filter((kea) => findDaemon(kea, 4) !== undefined))(
  "a pair of %s's becomes a pair of ours, one server after the other: each client keeps its address all the time",
  (kea) =>
    inPair([kea, kea], async ({ clients, primary, other, start }) => {
      using probe = await Probe4.open(clients, "eth0");
      const given = new Map<string, string>();
      const serveAll = async () => {
        for (let number = 1; number <= 4; number++) {
          const mac = MAC(number);
          const { yiaddr } = await getServed(probe, mac, MOST_UNSERVED);
          expect(yiaddr).toBe(given.get(mac) ?? yiaddr);
          given.set(mac, yiaddr);
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
      await bothHave({ primary: first, other: standby }, [...given.values()]);
    }),
);
