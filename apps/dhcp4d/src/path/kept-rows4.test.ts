import { nameSuccession } from "@kotare/core/ddns/name-succession";
import { namedFamily4 } from "@kotare/core/ddns/named-family4";
import { lease4Csv } from "@kotare/core/leases/csv/lease4-csv";
import { lease4Table } from "@kotare/core/leases/database/sql-columns";
import { MemoryDatabase4 } from "@kotare/core/leases/testing/memory-database4";
import { RowProof } from "@kotare/core/leases/testing/row-proof";
import { checkHistories, HISTORIES_TIME, type HistoryWorld } from "@kotare/testkit/history";
import fc from "fast-check";
import { expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";
import type { TestServer4Options } from "../testing/test-server4-options.ts";

const ADDRESSES = ["192.0.2.10", "192.0.2.11", "192.0.2.12"];
const subnet = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.12" }] };
const named = {
  "dhcp-ddns": { "enable-updates": true },
  "ddns-qualifying-suffix": "example.org.",
  "store-extended-info": true,
  "valid-lifetime": 60,
  "decline-probation-period": 20,
};
const configs: Dhcp4Text[] = [
  { ...named, subnet4: [subnet] },
  { ...named, "match-client-id": false, subnet4: [subnet] },
  { ...named, "dhcp-ddns": { "enable-updates": false }, subnet4: [{ ...subnet, id: 8 }] },
];

type Bytes = Uint8Array;
const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });

type Utterance =
  | {
      readonly verb: "select" | "renew" | "release" | "decline";
      readonly client: number;
      readonly address: string;
      readonly name: Bytes | undefined;
      readonly circuit: Bytes;
    }
  | { readonly verb: "command"; readonly name: string; readonly given: object }
  | { readonly verb: "pay"; readonly isPaid: boolean }
  /** All leases are over, and upkeep comes by. */
  | { readonly verb: "expire" };

const address = fc.constantFrom(...ADDRESSES);
const name = fc.oneof(fc.constant(undefined), fc.constantFrom("alice", "bob").map(Buffer.from), bytes(1, 40));

const utterance: fc.Arbitrary<Utterance> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      verb: fc.constantFrom(
        "select" as const,
        "select" as const,
        "renew" as const,
        "release" as const,
        "decline" as const,
      ),
      client: fc.integer({ min: 0, max: 3 }),
      address,
      name,
      circuit: bytes(0, 20),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      verb: fc.constant("command" as const),
      name: fc.constantFrom("lease4-add", "lease4-update", "lease4-del"),
      given: fc.record(
        {
          "ip-address": address,
          "hw-address": fc.constantFrom("02:00:00:00:00:01", ""),
          "client-id": fc.constantFrom("01:02", "01"),
          hostname: fc.string(),
          "fqdn-fwd": fc.boolean(),
          state: fc.nat(2),
          "user-context": fc.dictionary(fc.string(), fc.jsonValue()),
        },
        { requiredKeys: ["ip-address", "hw-address"] },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("pay" as const), isPaid: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant("expire" as const) }) },
);

/** Clients and commands of all kinds, names that leases leave in the DNS, and a look at each row that comes of it. */
class World implements HistoryWorld<Utterance> {
  readonly server: TestServer4;
  readonly #proof = new RowProof(lease4Csv, lease4Table);
  readonly #clients: readonly TestClient4[];
  #isPaid = false;

  private constructor(server: TestServer4) {
    this.server = server;
    const { served: store, clock } = server;
    store.succeed(
      nameSuccession(
        namedFamily4(store),
        () => Math.floor(clock.wall()),
        () => this.#isPaid,
      ),
    );
    store.watch(this.#proof);
    this.#clients = [
      new TestClient4(server, 1),
      new TestClient4(server, 1, { clientId: Uint8Array.of(0, 1) }),
      new TestClient4(server, 2, { clientId: Uint8Array.of(255, 0, 0, 0, 1, 0, 3, 0, 1, 2, 3) }),
      new TestClient4(server, 3, { clientId: Uint8Array.of(0, 9), always: { chaddr: "" } }),
    ];
  }

  static async create(options: TestServer4Options): Promise<World> {
    return new World(await TestServer4.start(configs[0]!, options));
  }

  serve(utterances: readonly Utterance[]): Promise<unknown> {
    return Promise.all(utterances.map((each) => this.#do(each)));
  }

  #do(utterance: Utterance): Promise<unknown> | undefined {
    if (utterance.verb === "command") return this.server.ask(utterance.name, utterance.given);
    if (utterance.verb === "expire") {
      this.server.clock.advance(61);
      return this.server.upkeep().reclaim();
    }
    if (utterance.verb === "pay") {
      this.#isPaid = utterance.isPaid;
      return undefined;
    }
    const { verb, circuit, name: label } = utterance;
    const client = this.#clients[utterance.client]!;
    const agent: [number, Bytes][] = circuit.length === 0 ? [] : [[82, Uint8Array.of(1, circuit.length, ...circuit)]];
    const change = { options: [...agent, ...(label === undefined ? [] : ([[12, label]] as [number, Bytes][]))] };
    return this.server.serve(client[`${verb}Message`](utterance.address, change));
  }

  reload(config: number): void {
    this.server.reconfigure(configs[config]!);
  }

  judge(): void {
    expect(this.#proof.faults).toEqual([]);
  }
}

it.each<[string, () => TestServer4Options]>([
  ["the lease file", () => ({})],
  ["a database", () => ({ database: new MemoryDatabase4() })],
])(
  "every row that is written can be read, by us and by Kea, whatever happens: %s",
  (_, options) => checkHistories(utterance, configs.length, () => World.create(options())),
  HISTORIES_TIME,
);
