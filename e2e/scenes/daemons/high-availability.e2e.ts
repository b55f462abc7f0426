/** Two servers of which one goes on when the other is gone: what they have told each other, and how they find back. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { inState, pairConfig } from "../../src/subject/pair.ts";
import { findDaemon, Server, type Subject } from "../../src/subject/server.ts";
import { getServed } from "../../src/wire/dora.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const MAC = (number: number) => `02:00:00:00:0d:0${number}`;

interface Pair {
  readonly probe: Probe4;
  readonly primary: Server;
  readonly standby: Server;
  /** Starts one of them anew, after its end. */
  start(name: "server1" | "server2"): Promise<Server>;
}

async function inPair(subjects: readonly [Subject, Subject], play: (pair: Pair) => Promise<void>): Promise<void> {
  await using lab = new Lab();
  const lan = lab.network();
  const clients = lab.host("clients");
  clients.attach(lan, "eth0", "10.0.0.9/24");
  const hosts = [1, 2].map((number): Host => {
    const host = lab.host(`server${number}`);
    host.attach(lan, "eth0", `10.0.0.${number}/24`);
    return host;
  });
  const start = (name: "server1" | "server2") => {
    const at = name === "server1" ? 0 : 1;
    const config = pairConfig(subjects[at]!, name, "hot-standby");
    return Server.start(subjects[at]!, hosts[at]!, config, { folder: join(lab.folder, name) });
  };
  const [primary, standby] = await Promise.all([start("server1"), start("server2")]);
  await Promise.all([primary, standby].map((server) => inState(server!, "hot-standby")));
  using probe = await Probe4.open(clients, "eth0");
  await play({ probe, primary: primary!, standby: standby!, start });
}

const addresses = (server: Server) => [...server.leases().keys()];

/** Primary and standby. */
const kinds: readonly (readonly [Subject, Subject])[] = [
  ["kotare", "kotare"],
  ["kotare", "kea"],
  ["kea", "kotare"],
  ["kotare", "kea3"],
  ["kea3", "kotare"],
];
const pairs = kinds.filter((pair) => pair.every((subject) => findDaemon(subject, 4) !== undefined));

// They wait for each other's clocks most of the time.
test.concurrent.each(pairs)(
  "%s and %s: what one has given stands at the other, which goes on when the one is gone; each gets what it missed",
  (...pair) =>
    inPair(pair, async ({ probe, primary, standby, start }) => {
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
  inPair(["kotare", "kotare"], async ({ probe, primary, standby, start }) => {
    standby.program.signal("SIGKILL");
    const { yiaddr } = await getServed(probe, MAC(1), 5000);
    await inState(primary, "partner-down");
    const again = await start("server2");
    await Promise.all([inState(again, "hot-standby"), inState(primary, "hot-standby", "partner-down")]);
    expect(addresses(again)).toEqual([yiaddr]);
  }));
