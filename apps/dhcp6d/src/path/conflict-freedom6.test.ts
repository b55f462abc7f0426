import { FaultInjector } from "@kotare/core/base/testing/fault-injector";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { StatusCode6 } from "@kotare/core/dhcp6/status-code6";
import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";
import { MemoryDatabase6 } from "@kotare/core/leases/testing/memory-database6";
import { checkHistories, HISTORIES_TIME, type HistoryWorld, PatientClients } from "@kotare/testkit/history";
import fc from "fast-check";
import { expect, it } from "vitest";
import { buildMessage6, na, option, type Part6, pd, serverId } from "../testing/test-client6.ts";
import { type Dhcp6Text, TestServer6 } from "../testing/test-server6.ts";
import type { TestServer6Options } from "../testing/test-server6-options.ts";

/** Few addresses and prefixes, and more who want them, so that they get into each other's way. */
const ADDRESSES = ["2001:db8::10", "2001:db8::11", "2001:db8::12", "2001:db8::13"];
const PREFIXES = ["2001:db8:8000::/56", "2001:db8:8000:100::/56", "2001:db8:8000:200::/56"];
const CLIENTS = 4;

/** The associations that every client has; each message is about some of them. */
const ASSOCIATIONS = [
  { kind: "na", iaid: 1 },
  { kind: "na", iaid: 2 },
  { kind: "pd", iaid: 1 },
] as const;

const subnet = {
  id: 7,
  subnet: "2001:db8::/64",
  pools: [{ pool: "2001:db8::10-2001:db8::12" }],
  "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 55, "delegated-len": 56 }],
};
const duidOf = (client: number) => `00:02:00:00:00:09:00:0${client}`;
/** What a reload may bring: other pools, other lengths of prefixes, another subnet id, other lifetimes, reservations. */
const configs: Dhcp6Text[] = [
  { "valid-lifetime": 100, subnet6: [subnet] },
  { "valid-lifetime": 40, subnet6: [{ ...subnet, pools: [{ pool: "2001:db8::11-2001:db8::13" }] }] },
  {
    "valid-lifetime": 100,
    subnet6: [{ ...subnet, id: 8, "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 54, "delegated-len": 56 }] }],
  },
  {
    "valid-lifetime": 60,
    subnet6: [{ ...subnet, "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 55, "delegated-len": 57 }] }],
  },
  {
    "valid-lifetime": 60,
    subnet6: [
      {
        ...subnet,
        reservations: [
          { duid: duidOf(1), "ip-addresses": ["2001:db8::10", "2001:db8::13"] },
          { duid: duidOf(2), prefixes: ["2001:db8:8000::/56"] },
        ],
      },
    ],
  },
];

const verbs = {
  solicit: MessageType6.SOLICIT,
  rapid: MessageType6.SOLICIT,
  request: MessageType6.REQUEST,
  renew: MessageType6.RENEW,
  rebind: MessageType6.REBIND,
  release: MessageType6.RELEASE,
  decline: MessageType6.DECLINE,
} as const;
type Verb = keyof typeof verbs;

interface Utterance {
  readonly client: number;
  readonly verb: Verb | "again";
  /** Which associations it is about, as bits. */
  readonly about: number;
  /** Which lease it names; beyond the list: those that the client holds. */
  readonly lease: number;
}

const utterance: fc.Arbitrary<Utterance> = fc.record({
  client: fc.integer({ min: 1, max: CLIENTS }),
  verb: fc.constantFrom<Utterance["verb"]>(...(Object.keys(verbs) as Verb[]), "request", "request", "again"),
  about: fc.integer({ min: 1, max: 2 ** ASSOCIATIONS.length - 1 }),
  lease: fc.integer({ min: 0, max: ADDRESSES.length + 2 }),
});

/** What a client believes to hold, by association and address: `1 na 2 2001:db8::10/128`. */
type Beliefs = Map<string, Belief>;
interface Belief {
  readonly client: number;
  /** `na 2`. */
  readonly association: string;
  readonly lease: string;
  readonly until: number;
}

/** Several clients that believe what the server tells them, and what must be true of it. */
class World implements HistoryWorld<Utterance> {
  readonly server: TestServer6;
  readonly #settings: Dhcp6Text;
  readonly #beliefs: Beliefs = new Map();
  readonly #lastMessages = new Map<
    number,
    { readonly packet: Uint8Array; readonly xid: number; readonly verb: Verb }
  >();
  /** Of each transaction whose answer is open: whose it is, when it was sent, and what was given up since. */
  readonly #open = new Map<number, { readonly client: number; readonly sent: number; readonly givenUp: Set<string> }>();
  #xid = 1;

  readonly faults: FaultInjector | undefined;
  readonly #patience: PatientClients | undefined;

  private constructor(server: TestServer6, settings: Dhcp6Text, { faults, database }: TestServer6Options) {
    this.server = server;
    this.faults = faults;
    this.#patience = database && new PatientClients();
    this.#settings = settings;
    server.transport.onSent = ({ payload }) => this.#hear(new Message6(payload));
  }

  static async create(settings: Dhcp6Text, around: TestServer6Options): Promise<World> {
    return new World(await TestServer6.start({ ...settings, ...configs[0] }, around), settings, around);
  }

  serve(utterances: readonly Utterance[]): Promise<unknown> {
    const { server } = this;
    server.random = (server.random + 0.618) % 1;
    const serve = (said: readonly Utterance[]) => server.serveBatch(said.map((each) => this.#utter(each)));
    return this.#patience?.serve(utterances, serve) ?? serve(utterances);
  }

  reload(config: number): void {
    this.server.reconfigure({ ...this.#settings, ...configs[config] });
  }

  #utter({ client, verb, about, lease }: Utterance): Uint8Array {
    const last = this.#lastMessages.get(client);
    if (verb === "again" && last !== undefined) {
      if (last.verb === "release" || last.verb === "decline") this.#giveUp(client, 7);
      this.#listen(client, last.xid);
      return last.packet;
    }
    const said = verb === "again" ? "solicit" : verb;
    const xid = this.#xid++;
    const packet = this.#say(client, said, about, lease, xid);
    this.#listen(client, xid);
    this.#lastMessages.set(client, { packet, xid, verb: said });
    return packet;
  }

  #listen(client: number, xid: number): void {
    if (!this.#open.has(xid)) this.#open.set(xid, { client, sent: this.server.clock.wall(), givenUp: new Set() });
  }

  #say(client: number, verb: Verb, about: number, choice: number, xid: number): Uint8Array {
    const parts: Part6[] = [option(Option6.clientId, duidOf(client))];
    const type = verbs[verb];
    if (type !== MessageType6.SOLICIT && type !== MessageType6.REBIND) parts.push(serverId);
    if (verb === "rapid") parts.push(option(Option6.rapidCommit));
    for (const [i, { kind, iaid }] of ASSOCIATIONS.entries()) {
      if ((about & (1 << i)) === 0) continue;
      const known = kind === "na" ? ADDRESSES[choice] : PREFIXES[choice];
      const held = [...this.#beliefs.values()].filter(
        (belief) => belief.client === client && belief.association === `${kind} ${iaid}`,
      );
      const named = known === undefined ? held.map(({ lease }) => lease.replace("/128", "")) : [known];
      parts.push(kind === "na" ? na(iaid, ...named) : pd(iaid, ...named));
    }
    if (verb === "release" || verb === "decline") this.#giveUp(client, about);
    return buildMessage6(type, parts, [], xid);
  }

  /** After RELEASE and DECLINE a client has nothing in these associations, and takes nothing from answers on their way. */
  #giveUp(client: number, about: number): void {
    for (const [i, { kind, iaid }] of ASSOCIATIONS.entries()) {
      if ((about & (1 << i)) === 0) continue;
      this.#forget(client, `${kind} ${iaid}`);
      for (const open of this.#open.values()) if (open.client === client) open.givenUp.add(`${kind} ${iaid}`);
    }
  }

  #hear(reply: Message6): void {
    const transaction = this.#open.get(reply.transactionId);
    if (transaction === undefined || reply.type !== MessageType6.REPLY) return;
    const { client, sent, givenUp } = transaction;
    this.#open.delete(reply.transactionId);
    for (const { code, iaid, leases, status } of reply.ias) {
      const association = `${code === Option6.iaNa ? "na" : "pd"} ${iaid}`;
      if (status?.code === StatusCode6.NoBinding) this.#forget(client, association);
      if (givenUp.has(association)) continue;
      for (const { address, length, valid } of leases) {
        const lease = `${formatIpv6Key(address)}/${length}`;
        this.#beliefs.delete(`${client} ${association} ${lease}`);
        if (valid > 0) this.#believe({ client, association, lease, until: sent + valid });
      }
    }
  }

  #forget(client: number, association: string): void {
    for (const [key, belief] of this.#beliefs) {
      if (belief.client === client && belief.association === association) this.#beliefs.delete(key);
    }
  }

  #believe(belief: Belief): void {
    const now = this.server.clock.wall();
    // An answer that comes when its lease is over tells the client nothing: it counts from when it asked.
    if (belief.until <= now) return;
    for (const other of this.#beliefs.values()) {
      if (other.until > now && overlap(other.lease, belief.lease)) {
        throw new Error(`${format(belief)} while ${format(other)} has ${other.lease}`);
      }
    }
    if (!this.#isDurable(belief)) throw new Error(`${format(belief)}, not on disk`);
    this.#beliefs.set(`${belief.client} ${belief.association} ${belief.lease}`, belief);
  }

  /** Whether a crash now would leave a row that gives the lease to the association at least so long. */
  #isDurable({ client, association, lease, until }: Belief): boolean {
    const [kind, iaid] = association.split(" ");
    const [address, length] = lease.split("/");
    return this.server
      .durableText()
      .split("\n")
      .map((row) => row.split(","))
      .some(
        (row) =>
          row[0] === address &&
          row[1] === duidOf(client) &&
          Number(row[3]) >= until &&
          row[6] === (kind === "na" ? "0" : "2") &&
          row[7] === iaid &&
          row[8] === length &&
          row[13] === "0",
      );
  }

  judge(): void {
    const bugs = this.server.drops.filter((reason) => reason.startsWith("bug"));
    expect(bugs.filter((line) => this.faults === undefined || !line.includes("injected fault"))).toEqual([]);
    const [gauges, recounted] = this.server.gauges();
    expect(gauges).toEqual(recounted);
    const now = this.server.clock.wall();
    for (const belief of this.#beliefs.values()) {
      if (belief.until > now && !this.#isDurable(belief)) throw new Error(`${format(belief)}: lost`);
    }
  }
}

const format = ({ client, association, lease }: Belief) =>
  `${lease} acknowledged to ${association} of client ${client}`;

/** Whether two leases share addresses; all prefixes here are in one /54, which the fourth word tells apart. */
function overlap(a: string, b: string): boolean {
  const [one, other] = [spanOf(a), spanOf(b)];
  if (one.isPrefix !== other.isPrefix) return false;
  return one.first <= other.last && other.first <= one.last;
}

function spanOf(lease: string): { readonly isPrefix: boolean; readonly first: number; readonly last: number } {
  const [address, length] = lease.split("/");
  const isPrefix = length !== "128";
  const first = Number.parseInt((isPrefix ? address!.split(":")[3] : address!.split(":").at(-1)) || "0", 16);
  return { isPrefix, first, last: isPrefix ? first + 2 ** (64 - Number(length)) - 1 : first };
}

const CACHING = { "cache-threshold": 0.5 };
const nothing = () => ({});
/** Reservations are in a host database, which answers late. */
const elsewhere = () => ({ keepsHostsElsewhere: true });
const database = () => ({ database: new MemoryDatabase6() });
const faults = () => ({ faults: new FaultInjector() });

it.each<[string, Dhcp6Text, () => TestServer6Options]>([
  ["with nothing special", {}, nothing],
  ["with lease cache", CACHING, nothing],
  ["with the random allocators", { allocator: "random", "pd-allocator": "random" }, nothing],
  ["with faults of ours", CACHING, faults],
  ["with a database", {}, database],
  ["with a host database", {}, elsewhere],
  ["with a host database and a database", {}, () => ({ ...database(), ...elsewhere() })],
  ["with lease cache and a database", CACHING, database],
  ["with faults of ours and a database", CACHING, () => ({ ...database(), ...faults() })],
])(
  "no two associations hold one lease, every acknowledged one is on disk, and statistics are true, whatever happens: %s",
  (_, settings, around) => checkHistories(utterance, configs.length, () => World.create(settings, around())),
  HISTORIES_TIME,
);
