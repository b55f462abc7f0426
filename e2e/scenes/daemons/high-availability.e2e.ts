/** Two servers of which one goes on when the other is gone: what they have told each other, and how they find back. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runLoad } from "../../src/bench/perfdhcp.ts";
import { certify } from "../../src/lab/certify.ts";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { sendCommand } from "../../src/subject/command.ts";
import { inState, type PairMode, pairConfig } from "../../src/subject/pair.ts";
import { type Family, findDaemon, Server, type Subject } from "../../src/subject/server.ts";
import { getServed } from "../../src/wire/dora.ts";
import { type Message4, optionOf } from "../../src/wire/message4.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const MAC = (number: number) => `02:00:00:00:0d:0${number}`;

interface Pair {
  readonly clients: Host;
  readonly primary: Server;
  /** The standby, or the secondary. */
  readonly other: Server;
  /** Theirs are in it, by their names. */
  readonly folder: string;
  /** Starts one of them anew, after its end. */
  start(name: "server1" | "server2"): Promise<Server>;
}

type Subjects = readonly [primary: Subject, other: Subject];

async function inPair(
  subjects: Subjects,
  play: (pair: Pair) => Promise<void>,
  {
    mode = "hot-standby",
    family = 4,
    overTls = false,
  }: { readonly mode?: PairMode; readonly family?: Family; readonly overTls?: boolean } = {},
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
  if (overTls) certify(clients, lab.folder, "authority", "server1", "server2");
  const start = (name: "server1" | "server2") => {
    const at = name === "server1" ? 0 : 1;
    const files = {
      "trust-anchor": join(lab.folder, "authority.pem"),
      "cert-file": join(lab.folder, `${name}.pem`),
      "key-file": join(lab.folder, `${name}.key`),
    };
    const socket = { "socket-type": "unix", "socket-name": join(lab.folder, name, "socket") };
    const config = overTls
      ? { ...pairConfig(subjects[at]!, name, mode, family, files), "control-socket": socket }
      : pairConfig(subjects[at]!, name, mode, family, mode === "passive-backup" ? { "wait-backup-ack": true } : {});
    return Server.start(subjects[at]!, hosts[at]!, config, { folder: join(lab.folder, name), family });
  };
  const [primary, other] = await Promise.all([start("server1"), start("server2")]);
  await Promise.all([inState(primary, mode), inState(other, mode === "passive-backup" ? "backup" : mode)]);
  await play({ clients, primary, other, start, folder: lab.folder });
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

const lifetimeOf = (ack: Message4) => Buffer.from(optionOf(ack, 51)!).readUInt32BE();

test.concurrent.each([["kea", "kotare"] as const].filter(areHere))(
  "%s and %s, over TLS: a reload does not disturb the pair; the clients move for maintenance, and back",
  (...pair) =>
    inPair(
      pair,
      async ({ clients, primary, other: standby, folder }) => {
        using probe = await Probe4.open(clients, "eth0");
        const { yiaddr } = await getServed(probe, MAC(1));
        const config = JSON.parse(readFileSync(standby.configFile, "utf8")).Dhcp4;
        const from = standby.program.lines.length;
        await standby.reload({ ...config, "valid-lifetime": 4001 });
        const tell = async (command: string) => JSON.parse(await sendCommand(join(folder, "server2/socket"), command));
        expect(await tell("ha-maintenance-start")).toMatchObject({ result: 0 });
        await inState(primary, "in-maintenance");
        const served = await getServed(probe, MAC(1));
        expect([served.yiaddr, lifetimeOf(served)]).toEqual([yiaddr, 4001]);
        expect(await tell("ha-maintenance-cancel")).toMatchObject({ result: 0 });
        await inState(primary, "hot-standby", "in-maintenance");
        await inState(standby, "hot-standby", "partner-in-maintenance");
        const again = await getServed(probe, MAC(1));
        expect(lifetimeOf(again)).toBe(4000);
        const states = standby.program.lines.slice(from).flatMap((line) => / to (\S+) state/.exec(line)?.[1] ?? []);
        expect(states).toEqual(["PARTNER-IN-MAINTENANCE", "HOT-STANDBY"]);
      },
      { overTls: true },
    ),
);

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

const withKea = [
  ["kotare", "kea"],
  ["kea", "kotare"],
] as const;

test.concurrent.each(withKea.filter(areHere))(
  "%s and %s as its backup: it has the lease before the client",
  (...pair) =>
    inPair(
      pair,
      async ({ clients, other: backup }) => {
        using probe = await Probe4.open(clients, "eth0");
        const { yiaddr } = await getServed(probe, MAC(1));
        expect(addresses(backup)).toEqual([yiaddr]);
      },
      { mode: "passive-backup" },
    ),
);

test.concurrent.each([["kotare", "kotare"] as const, ...withKea])(
  "DHCPv6, %s and %s: addresses and prefixes stand at both",
  (...pair) =>
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
