import { FaultInjector } from "@kotare/core/base/testing/fault-injector";
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import { MemoryDatabase4 } from "@kotare/core/leases/testing/memory-database4";
import type { MemoryDatagram } from "@kotare/netio/testing/memory-transport";
import { checkHistories, HISTORIES_TIME, type HistoryWorld, PatientClients } from "@kotare/testkit/history";
import { type ReadMessage4, readMessage4 } from "@kotare/testkit/read-message4";
import fc from "fast-check";
import { expect, it } from "vitest";
import { macOf, TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";
import type { TestServer4Options } from "../testing/test-server4-options.ts";

/** Few addresses and more clients than addresses, so that they get into each other's way. */
const ADDRESSES = ["192.0.2.10", "192.0.2.11", "192.0.2.12", "192.0.2.13"];
const CLIENTS = 6;
/** Clients from here on have the network card of the one before and a client identifier of their own. */
const SHARED_CARD = 4;

const subnet = { id: 7, subnet: "192.0.2.0/24" };
/** What a reload may bring: other pools, another subnet id, other lifetimes, a reservation. */
const configs: Dhcp4Text[] = [
  { "valid-lifetime": 100, subnet4: [{ ...subnet, pools: [{ pool: "192.0.2.10-192.0.2.12" }] }] },
  { "valid-lifetime": 40, authoritative: true, subnet4: [{ ...subnet, pools: [{ pool: "192.0.2.11-192.0.2.13" }] }] },
  { "valid-lifetime": 100, subnet4: [{ ...subnet, id: 8, pools: [{ pool: "192.0.2.10-192.0.2.12" }] }] },
  {
    "valid-lifetime": 60,
    subnet4: [
      {
        ...subnet,
        pools: [{ pool: "192.0.2.10-192.0.2.12" }],
        reservations: [
          { "hw-address": macOf(1), "ip-address": "192.0.2.10" },
          { "hw-address": macOf(2), "ip-address": "192.0.2.13" },
        ],
      },
    ],
  },
];

type Verb = "discover" | "select" | "renew" | "reboot" | "release" | "decline" | "again";
const ASKS: ReadonlySet<Verb> = new Set(["select", "renew", "reboot"]);

interface Utterance {
  readonly client: number;
  readonly verb: Verb;
  /** Which address it is about; beyond the list: the one that the client holds. */
  readonly address: number;
}

const utterance: fc.Arbitrary<Utterance> = fc.record({
  client: fc.integer({ min: 1, max: CLIENTS }),
  verb: fc.constantFrom<Verb>("discover", "select", "select", "renew", "reboot", "release", "decline", "again"),
  address: fc.integer({ min: 0, max: ADDRESSES.length + 2 }),
});

interface Belief {
  readonly address: string;
  readonly until: number;
}

type Around = Pick<TestServer4Options, "database" | "faults" | "keepsHostsElsewhere">;

/** Several clients that believe what the server tells them, and what must be true of it. */
class World implements HistoryWorld<Utterance> {
  readonly server: TestServer4;
  readonly #clients: readonly TestClient4[];
  readonly #beliefs = new Map<number, Belief>();
  readonly #lastMessages = new Map<number, MemoryDatagram>();
  /** Of each transaction whose answer is open: whose it is, and when it was sent. */
  readonly #open = new Map<number, { readonly client: number; readonly sent: number }>();

  readonly faults: FaultInjector | undefined;
  readonly #patience: PatientClients | undefined;

  private constructor(server: TestServer4, { faults, database }: Around) {
    this.server = server;
    this.faults = faults;
    this.#patience = database && new PatientClients();
    this.#clients = Array.from({ length: CLIENTS }, (_, i) => {
      const number = i + 1;
      if (number < SHARED_CARD) return new TestClient4(server, number);
      return new TestClient4(server, SHARED_CARD, { clientId: Uint8Array.of(0, 1, number) });
    });
    server.transport.onSent = ({ payload }) => this.#hear(readMessage4(payload));
  }

  static async create(settings: Dhcp4Text, around: Around): Promise<World> {
    let turn = 0;
    const random = () => (turn++ * 0.618) % 1;
    const world = new World(await TestServer4.start({ ...settings, ...configs[0] }, { random, ...around }), around);
    world.#settings = settings;
    return world;
  }

  #settings: Dhcp4Text = {};

  serve(utterances: readonly Utterance[]): Promise<unknown> {
    const serve = (said: readonly Utterance[]) => this.server.serve(...said.map((each) => this.#utter(each)));
    return this.#patience?.serve(utterances, serve) ?? serve(utterances);
  }

  reload(config: number): void {
    this.server.reconfigure({ ...this.#settings, ...configs[config] });
  }

  #utter({ client: number, verb, address: choice }: Utterance): MemoryDatagram {
    const client = this.#clients[number - 1]!;
    const address = ADDRESSES[choice] ?? this.#beliefs.get(number)?.address ?? ADDRESSES[0]!;
    // Who asks for another address does not use its own any more, whatever comes of it.
    if (this.#patience !== undefined && ASKS.has(verb) && this.#beliefs.get(number)?.address !== address) {
      this.#beliefs.delete(number);
    }
    const message = this.#say(client, number, verb, address);
    this.#lastMessages.set(number, message);
    const { xid } = readMessage4(message.payload);
    if (!this.#open.has(xid)) this.#open.set(xid, { client: number, sent: this.server.clock.wall() });
    return message;
  }

  #say(client: TestClient4, number: number, verb: Verb, address: string): MemoryDatagram {
    switch (verb) {
      case "discover":
        return client.discoverMessage({ options: [[50, address.split(".").map(Number)]] });
      case "select":
        return client.selectMessage(address);
      case "renew":
        return client.renewMessage(address);
      case "reboot":
        return client.message(3, {}, [[50, address.split(".").map(Number)]]);
      case "release":
        this.#giveUp(number);
        return client.releaseMessage(address);
      case "decline":
        this.#giveUp(number);
        return client.declineMessage(address);
      case "again": {
        const last = this.#lastMessages.get(number);
        if (last === undefined) return client.discoverMessage();
        const { type } = readMessage4(last.payload);
        if (type === "RELEASE" || type === "DECLINE") this.#giveUp(number);
        return last;
      }
    }
  }

  /** After RELEASE and DECLINE a client has no address, and takes none from an answer that is still on its way. */
  #giveUp(number: number): void {
    this.#beliefs.delete(number);
    for (const [xid, { client }] of this.#open) if (client === number) this.#open.delete(xid);
  }

  #hear(reply: ReadMessage4): void {
    const transaction = this.#open.get(reply.xid);
    if (transaction === undefined) return;
    const { client: number, sent } = transaction;
    this.#open.delete(reply.xid);
    if (reply.type === "NAK") this.#beliefs.delete(number);
    if (reply.type !== "ACK") return;
    const address = reply.yiaddr;
    const until = sent + reply.u32(51)!;
    const now = this.server.clock.wall();
    // An answer that comes when its lease is over tells the client nothing: it counts from when it asked.
    if (until <= now) return;
    for (const [other, belief] of this.#beliefs) {
      if (other !== number && belief.address === address && belief.until > now) {
        throw new Error(`${address} acknowledged to client ${number} while client ${other} has it`);
      }
    }
    const { mac } = this.#clients[number - 1]!;
    if (!this.#isDurable(address, mac, until)) throw new Error(`${address} acknowledged to ${mac}, not on disk`);
    this.#beliefs.set(number, { address, until });
  }

  /** Whether a crash now would leave a row that gives the address to the network card at least so long. */
  #isDurable(address: string, mac: string, until: number): boolean {
    return this.server
      .durableText()
      .split("\n")
      .map((row) => row.split(","))
      .some((row) => row[0] === address && row[1] === mac && Number(row[4]) >= until && row[9] === "0");
  }

  judge(): void {
    const bugs = this.server.drops().filter((reason) => reason.startsWith("bug"));
    expect(bugs.filter((line) => this.faults === undefined || !line.includes("injected fault"))).toEqual([]);
    const now = this.server.clock.wall();
    for (const [number, { address, until }] of this.#beliefs) {
      if (until <= now) continue;
      const { mac } = this.#clients[number - 1]!;
      if (!this.#isDurable(address, mac, until)) throw new Error(`the lease of ${address} for ${mac} is lost`);
    }
    const [gauges, recounted] = this.server.gauges();
    expect(gauges).toEqual(recounted);
    const held = this.server.store.page(-1, 100).map((lease) => formatIpv4(lease.address));
    expect(new Set(held).size).toBe(held.length);
  }
}

const CACHING = { "cache-threshold": 0.5 };
const nothing = () => ({});
/** Reservations are in a host database, which answers late. */
const elsewhere = () => ({ keepsHostsElsewhere: true });
const database = () => ({ database: new MemoryDatabase4() });
const faults = () => ({ faults: new FaultInjector() });

it.each<[string, Dhcp4Text, () => Around]>([
  ["with nothing special", {}, nothing],
  ["with lease cache", CACHING, nothing],
  ["with offers in the lease file", { "offer-lifetime": 20 }, nothing],
  ["with the random allocator", { allocator: "random" }, nothing],
  ["with faults of ours", CACHING, faults],
  ["with a database", {}, database],
  ["with a host database", {}, elsewhere],
  ["with a host database and a database", {}, () => ({ ...database(), ...elsewhere() })],
  ["with lease cache and a database", CACHING, database],
  ["with faults of ours and a database", CACHING, () => ({ ...database(), ...faults() })],
])(
  "no two clients hold one address, every acknowledged lease is on disk, and statistics are true, whatever happens: %s",
  (_, settings, around) => checkHistories(utterance, configs.length, () => World.create(settings, around())),
  HISTORIES_TIME,
);
