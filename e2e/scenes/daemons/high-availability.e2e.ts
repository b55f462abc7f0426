/** Two servers of which one goes on when the other is gone: what they have told each other, and how they find back. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { family4 } from "../../src/bench/family4.ts";
import { family6 } from "../../src/bench/family6.ts";
import { firstOf, writeLeases } from "../../src/bench/lease-files.ts";
import { Client6, LAN } from "../../src/clients/client6.ts";
import { drivers6 } from "../../src/clients/drivers6.ts";
import { Lab, run } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { PATIENT, runLoad } from "../../src/load/load.ts";
import { scriptOf } from "../../src/manual/machine-commands.ts";
import { sendCommand } from "../../src/subject/command.ts";
import { inPair, type Subjects } from "../../src/subject/in-pair.ts";
import { isHeld } from "../../src/subject/lease-file.ts";
import { inState, pairConfig } from "../../src/subject/pair.ts";
import { type Family, findDaemon, ourDaemon, Server } from "../../src/subject/server.ts";
import { isThorough, shareOf } from "../../src/subject/thorough.ts";
import { getServed, giveBack } from "../../src/wire/dora.ts";
import { openInsistent } from "../../src/wire/insistent.ts";
import { type Message4, optionOf } from "../../src/wire/message4.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const MAC = (number: number) => `02:00:00:00:0d:0${number}`;

/** Gives commands of the manual to a server. */
function give(script: string, folder: string, name: string): void {
  run("sh", "-c", script.replace("dhcp4d call", `${ourDaemon(4)} call -s ${join(folder, name, "socket")}`));
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
/** Pairs of Kea 3 are played by `pair-faults`, too. */
const pairs = kinds.filter(areHere).slice(0, isThorough ? kinds.length : 4);

// They wait for each other's clocks most of the time.
test.concurrent.each(pairs)(
  "%s and %s: what one has given stands at the other, which goes on when the one is gone; each gets what it missed",
  (...pair) =>
    inPair(pair, async ({ clients, primary, other: standby, start }) => {
      using probe = await Probe4.open(clients, "eth0");
      const { yiaddr } = await getServed(probe, MAC(1));
      expect(addresses(standby)).toEqual([yiaddr]);
      const short = await getServed(probe, MAC(3));
      giveBack(probe, MAC(3), short);
      // Each make has its own way of telling that.
      const isHeldThere = () => [standby.leases().get(short.yiaddr)].some((row) => row !== undefined && isHeld(row));
      await vi.waitFor(() => expect(isHeldThere()).toBe(false), 60_000);
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

// docs/high-availability.md: what happens when the standby dies?
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

// Beside the others Kea was now and then too late for one of these steps.
test.each([["kea", "kotare"] as const].filter(areHere))(
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
        give(scriptOf("high-availability.md", "Maintenance"), folder, "server2");
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
        give(scriptOf("high-availability.md", "A pair in ten minutes"), folder, "server2");
      },
      { overTls: true },
    ),
);

const FAMILIES: readonly Family[] = [4, 6];
/** Pairs of a family, with the server that something becomes of. Too many for each time. */
const all = (isThorough ? pairs : []).flatMap(([one, two]) =>
  FAMILIES.flatMap((family) => (["server1", "server2"] as const).map((server) => [one, two, family, server] as const)),
);

const nextBeat = ({ program }: Server) => program.waitFor(/'ha-heartbeat'/, { from: program.lines.length });

test.concurrent.each(all)(
  "%s and %s, DHCPv%i, over TLS: while %s is maintained the other one serves all, until it is back",
  (one, two, family, away) =>
    inPair(
      [one, two],
      async ({ clients, primary, other, folder, start }) => {
        const [gone, stays] = away === "server1" ? [primary, other] : [other, primary];
        const tell = async (command: string) => {
          const answer = await sendCommand(join(folder, away === "server1" ? "server2" : "server1", "socket"), command);
          if (JSON.parse(answer).result !== 0) throw new Error(`${command}: ${answer}`);
        };
        using asking = await openInsistent(clients, family);
        const first = await asking.serve(MAC(1));
        await tell("ha-maintenance-start");
        await inState(gone, "in-maintenance");
        const moved = await asking.serve(MAC(1));
        expect(moved.leases).toEqual(first.leases);
        expect(moved.server === first.server).toBe(stays === primary);
        do {
          await tell("ha-maintenance-cancel");
          await Promise.all([
            inState(gone, "hot-standby", "in-maintenance"),
            inState(stays, "hot-standby", "partner-in-maintenance"),
          ]);
          if ((away === "server1" ? two : one) === "kotare") break;
          // A Kea goes by what it has heard before until it has asked again: back into maintenance, when it is done with a client.
          for (let beat = 1; beat <= 2; beat++) await nextBeat(gone);
        } while (stays.program.lines.findLast((line) => line.includes("transitions"))!.includes("to PARTNER-IN"));
        expect(await asking.serve(MAC(1))).toEqual(first);
        await tell("ha-maintenance-start");
        await gone.program.stop();
        await inState(stays, "partner-down", "partner-in-maintenance");
        const second = await asking.serve(MAC(2));
        const back = await start(away);
        await Promise.all([inState(back, "hot-standby"), inState(stays, "hot-standby", "partner-down")]);
        expect(addresses(back)).toEqual(expect.arrayContaining([...first.leases, ...second.leases]));
        expect(await asking.serve(MAC(1))).toEqual(first);
      },
      { overTls: true, family },
    ),
);

const MANY = 100_000;

// Not beside others: it takes a machine of its own.
test.each(all)(
  "%s and %s, DHCPv%i: %s begins with 100,000 leases, and the other one with none: both have all, and serve",
  (one, two, family, full) => {
    const bench = family === 4 ? family4 : family6;
    const { large } = bench;
    return inPair(
      [one, two],
      async ({ clients, primary, other }) => {
        expect([primary, other].map((server) => server.leases().size)).toEqual([MANY, MANY]);
        using asking = await openInsistent(clients, family);
        const { leases } = await asking.serve(MAC(1));
        expect(addresses(other)).toEqual(expect.arrayContaining([...leases]));
      },
      {
        family,
        // Nobody takes over while the other one reads its file: a Kea that does fetches nothing then.
        overTls: true,
        extra: { [`subnet${family}`]: [large.subnet] },
        before: async (_, folder) => {
          writeLeases(join(folder, full), bench, large.subnet.id, firstOf(large, MANY));
          return undefined;
        },
      },
    );
  },
);

const answerWith = (body: string, length = body.length) =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${body}`;
const NONSENSE = [
  "SSH-2.0-OpenSSH_9.2\r\n",
  "\0".repeat(1000),
  answerWith("hello"),
  answerWith('[ { "result": 0 } ]', 5000),
  answerWith('{ "result": 0 }'),
  answerWith("[]"),
  answerWith("[".repeat(200_000)),
  answerWith('[ { "result": 0, "arguments": { "state": "hot-swap", "scopes": [ "server1" ] } } ]'),
  answerWith('[ { "result": 0, "arguments": { "state": [ "ready" ], "unsent-update-count": {} } } ]'),
];
const HA = ["heartbeat", "reset", "continue", "scopes", "sync", "maintenance-start", "maintenance-notify"];
const WAY = "10.0.0.249";

// Not beside others: the partner has an address on the lab's own side of the network.
test.each(isThorough ? FAMILIES : [])(
  "DHCPv%i: a partner that answers nonsense, and a stranger who speaks as a partner does, harm nobody",
  async (family) => {
    await using lab = new Lab();
    const [lan, ipv6] = [lab.network(), family === 6];
    const [host, clients] = [lab.host("server2", { ipv6 }), lab.host("clients", { ipv6 })];
    host.attach(lan, "eth0", "10.0.0.2/24");
    clients.attach(lan, "eth0", ipv6 ? undefined : "10.0.0.9/24");
    run("ip", "address", "add", `${WAY}/24`, "dev", lan.bridge);
    let answers = 0;
    const partner = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", () => socket.end(NONSENSE[answers++ % NONSENSE.length]!));
    });
    await once(partner.listen(8000, WAY), "listening");
    const clientsOf = [{ user: "me", password: "p" }];
    const control = { "socket-type": "http", "socket-address": "10.0.0.2", "socket-port": 8001 };
    await using server = await Server.start(
      "kotare",
      host,
      {
        ...pairConfig("kotare", "server2", "hot-standby", family, {}, WAY),
        "control-sockets": [{ ...control, authentication: { type: "basic", clients: clientsOf } }],
      },
      { folder: join(lab.folder, "server2"), family },
    );
    await inState(server, "partner-down");
    using asking = await openInsistent(clients, family);
    const first = await asking.serve(MAC(1));
    const ask = async (command: string, login: string) => {
      const headers = { "Content-Type": "application/json", Authorization: `Basic ${btoa(login)}` };
      const given = { command, arguments: { "server-name": "server1", scopes: [], cancel: false } };
      return (await fetch("http://10.0.0.2:8000/", { method: "POST", headers, body: JSON.stringify(given) })).status;
    };
    const commands = [...HA.map((name) => `ha-${name}`), `lease${family}-update`, `lease${family}-del`];
    for (const command of commands) expect(await ask(command, "partner:guess")).toBe(401);
    expect(await ask("config-set", "partner:secret")).toBe(403);
    const headers = { Authorization: `Basic ${btoa("me:p")}` };
    const metrics = await (await fetch("http://10.0.0.2:8001/metrics", { headers })).text();
    expect(metrics).toContain(`\nkotare_failed_logins_total ${commands.length}\n`);
    await vi.waitFor(() => expect(answers).toBeGreaterThan(2 * NONSENSE.length), 60_000);
    expect(await asking.serve(MAC(1))).toEqual(first);
    partner.close();
  },
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
const withKea3 = [
  ["kotare", "kea3"],
  ["kea3", "kotare"],
] as const;
const pairs6 = [["kotare", "kotare"] as const, ...withKea, ...(isThorough ? withKea3 : [])].filter(areHere);

test.concurrent.each(isThorough ? pairs6 : [])(
  "load balancing in DHCPv6, %s and %s: each client has one server, and its pools; the other serves it when that is gone",
  (...pair) =>
    inPair(
      pair,
      async ({ clients, primary, other }) => {
        using asking = await openInsistent(clients, 6);
        const [one, two] = [await asking.serve(DIVIDED[0]!), await asking.serve(DIVIDED[1]!)];
        expect(one.leases.join(" ")).toMatch(/^2001:db8::1:\S+ 2001:db8:8\S+$/);
        expect(two.leases.join(" ")).toMatch(/^2001:db8::2:\S+ 2001:db8:c\S+$/);
        expect(one.server).not.toBe(two.server);
        const given = [...one.leases, ...two.leases].toSorted();
        for (const server of [primary, other]) {
          await vi.waitFor(() => expect(addresses(server)).toEqual(given), 60_000);
        }
        primary.program.signal("SIGKILL");
        await inState(other, "partner-down");
        expect(await asking.serve(DIVIDED[0]!)).toEqual({ leases: one.leases, server: two.server });
      },
      { mode: "load-balancing", family: 6 },
    ),
);

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

test.concurrent.each(pairs6)("DHCPv6, %s and %s: addresses and prefixes stand at both", (...pair) =>
  inPair(
    pair,
    async ({ clients, primary, other }) => {
      const crowd = { asks: "", suffix: "", arguments: ["-6", "-i", "eth0", "--ask", "both"] };
      const load = { rate: 20, seconds: 60, exchanges: 20, clients: 20, crowd, more: PATIENT };
      const { completed } = await runLoad(clients, load);
      expect(completed).toBe(20);
      expect(addresses(primary)).toHaveLength(40);
      expect(addresses(other)).toEqual(addresses(primary));
    },
    { family: 6 },
  ),
);

/** So that a client does not wait long until it turns to any server. */
const SHORT = { "preferred-lifetime": 90, "valid-lifetime": 100, "renew-timer": 3, "rebind-timer": 9 };

test
  .skipIf(findProgram("dhclient") === undefined)
  .concurrent.each(shareOf([["kotare", "kotare"] as const, ...withKea], 0, 3))(
  "DHCPv6, %s and %s: dhclient keeps its address and its prefix when the server that gave them is gone",
  (...pair) =>
    inPair(
      pair,
      async ({ lab, lan, primary, other: standby, start }) => {
        const host = lab.host("client", { ipv6: true });
        host.attach(lab.network(), LAN);
        host.attach(lan, "eth0", undefined, MAC(6));
        const wish = { addresses: 1, prefix: true };
        await using client = new Client6(drivers6.dhclient, lab, host, "eth0", `00:03:00:01:${MAC(6)}`, wish);
        await client.served();
        const had = [...client.addresses, ...client.prefixes];
        const endsAt = (server: Server) => had.map((each) => server.leases().get(each)?.expire ?? 0);
        for (const server of [primary, standby]) {
          await vi.waitFor(() => expect(addresses(server)).toEqual(had.toSorted()), 60_000);
        }
        primary.program.signal("SIGKILL");
        await inState(standby, "partner-down");
        const before = endsAt(standby);
        await client.until("rebinding", () => endsAt(standby).every((end, i) => end > before[i]!));
        expect([...client.addresses, ...client.prefixes]).toEqual(had);
        const again = await start("server1");
        await Promise.all([inState(again, "hot-standby"), inState(standby, "hot-standby", "partner-down")]);
        expect(addresses(again)).toEqual(had.toSorted());
      },
      { family: 6, extra: SHORT },
    ),
);
