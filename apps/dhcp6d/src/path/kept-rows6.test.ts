import { nameSuccession } from "@kotare/core/ddns/name-succession";
import { namedFamily6 } from "@kotare/core/ddns/named-family6";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { lease6Csv } from "@kotare/core/leases/csv/lease6-csv";
import { lease6Table } from "@kotare/core/leases/database/sql-columns";
import { MemoryDatabase6 } from "@kotare/core/leases/testing/memory-database6";
import { RowProof } from "@kotare/core/leases/testing/row-proof";
import { checkHistories, HISTORIES_TIME, type HistoryWorld } from "@kotare/testkit/history";
import fc from "fast-check";
import { expect, it } from "vitest";
import { buildMessage6, na, option, type Part6, pd, serverId } from "../testing/test-client6.ts";
import { type Dhcp6Text, TestServer6 } from "../testing/test-server6.ts";
import type { TestServer6Options } from "../testing/test-server6-options.ts";

const ADDRESSES = ["2001:db8::10", "2001:db8::11", "2001:db8::12"];
const PREFIXES = ["2001:db8:8000::/56", "2001:db8:8000:100::/56"];
/** Without a hardware address, with one, with one that is too long for a lease, and the shortest that there is. */
const DUIDS = ["000200000009000a", "00030001020000000001", `00030001${"02".repeat(120)}`, "000102"];
const subnet = {
  id: 7,
  subnet: "2001:db8::/64",
  pools: [{ pool: "2001:db8::10-2001:db8::12" }],
  "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 55, "delegated-len": 56 }],
};
const named = {
  "dhcp-ddns": { "enable-updates": true },
  "ddns-qualifying-suffix": "example.org.",
  "store-extended-info": true,
  "valid-lifetime": 60,
  "decline-probation-period": 20,
};
const configs: Dhcp6Text[] = [
  { ...named, subnet6: [subnet] },
  { ...named, "mac-sources": ["duid"], subnet6: [subnet] },
  { ...named, "dhcp-ddns": { "enable-updates": false }, subnet6: [{ ...subnet, id: 8 }] },
];

const types = {
  request: MessageType6.REQUEST,
  renew: MessageType6.RENEW,
  release: MessageType6.RELEASE,
  decline: MessageType6.DECLINE,
} as const;

type Utterance =
  | {
      readonly verb: keyof typeof types;
      readonly duid: string;
      readonly address: string;
      readonly prefix: string;
      readonly label: Uint8Array;
      readonly isRelayed: boolean;
    }
  | { readonly verb: "command"; readonly name: string; readonly given: object }
  | { readonly verb: "pay"; readonly isPaid: boolean }
  /** All leases are over, and upkeep comes by. */
  | { readonly verb: "expire" };

const address = fc.constantFrom(...ADDRESSES);

const utterance: fc.Arbitrary<Utterance> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      verb: fc.constantFrom<keyof typeof types>("request", "request", "renew", "release", "decline"),
      duid: fc.constantFrom(...DUIDS),
      address,
      prefix: fc.constantFrom(...PREFIXES),
      label: fc.oneof(fc.constantFrom("alice", "bob").map(Buffer.from), fc.uint8Array({ maxLength: 63 })),
      isRelayed: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      verb: fc.constant("command" as const),
      name: fc.constantFrom("lease6-add", "lease6-update", "lease6-del"),
      given: fc.record(
        {
          "ip-address": address,
          duid: fc.constantFrom("00:01:02", "00:00:00"),
          iaid: fc.nat(2),
          "hw-address": fc.constantFrom("02:00:00:00:00:01", ""),
          hostname: fc.string(),
          "fqdn-fwd": fc.boolean(),
          state: fc.nat(2),
          "user-context": fc.dictionary(fc.string(), fc.jsonValue()),
        },
        { requiredKeys: ["ip-address", "duid", "iaid"] },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant("pay" as const), isPaid: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant("expire" as const) }) },
);

/** Clients and commands of all kinds, names that leases leave in the DNS, and a look at each row that comes of it. */
class World implements HistoryWorld<Utterance> {
  readonly server: TestServer6;
  readonly #proof = new RowProof(lease6Csv, lease6Table);
  #isPaid = false;
  #xid = 1;

  private constructor(server: TestServer6) {
    this.server = server;
    const { served: store, clock } = server;
    const now = () => Math.floor(clock.wall());
    store.succeed(nameSuccession(namedFamily6(store), now, () => this.#isPaid));
    store.watch(this.#proof);
  }

  static async create(options: TestServer6Options): Promise<World> {
    return new World(await TestServer6.start(configs[0]!, options));
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
    const { verb, duid, label, isRelayed } = utterance;
    const parts: Part6[] = [option(1, duid), serverId, na(1, utterance.address), pd(1, utterance.prefix)];
    if (label.length > 0) parts.push(option(39, `01${Buffer.from([label.length, ...label]).toString("hex")}`));
    const relays = isRelayed ? [{ link: "2001:db8::1", options: [option(18, "0a2c26ff")] }] : [];
    return this.server.serveBatch([buildMessage6(types[verb], parts, relays, this.#xid++)]);
  }

  reload(config: number): void {
    this.server.reconfigure(configs[config]!);
  }

  judge(): void {
    expect(this.#proof.faults).toEqual([]);
  }
}

it.each<[string, () => TestServer6Options]>([
  ["the lease file", () => ({})],
  ["a database", () => ({ database: new MemoryDatabase6() })],
])(
  "every row that is written can be read, by us and by Kea, whatever happens: %s",
  (_, options) => checkHistories(utterance, configs.length, () => World.create(options())),
  HISTORIES_TIME,
);
