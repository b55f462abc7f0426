import { expect, it } from "vitest";
import { type HostIdentifier, HostIndex } from "../model/host-index.ts";
import type { HostIdentifierType4 } from "../model/host4.ts";
import { BatchHosts, type HostSource } from "./batch-hosts.ts";
import type { HostQuestion, HostRecord } from "./host-database.ts";
import { hostRules4 } from "./host-database4.ts";
import { OfferedHosts } from "./offered-hosts.ts";

const SUBNET = 1;

interface Named {
  readonly identifierType: HostIdentifierType4;
  readonly identifier: Uint8Array;
  readonly name: string;
}

/** A database that has these reservations, and when it was asked. */
function database(log: string[], called: string, ...hosts: readonly Named[]) {
  const source: HostSource<HostIdentifierType4, Named, number> = {
    database: {
      revision: 0,
      async load(questions: readonly HostQuestion<HostIdentifierType4, number>[]) {
        log.push(`${called} is asked for ${questions.flatMap(({ identifiers }) => identifiers).length}`);
        await Promise.resolve();
        log.push(`${called} answers`);
        return hosts.map((reservation, id): HostRecord => ({ id, subnetId: SUBNET, origin: "", reservation }));
      },
      reservedAmong: async () => [],
    },
    read: (record) => record.reservation as Named,
  };
  return source;
}

const host = (identifierType: HostIdentifierType4, key: string, name: string): Named => ({
  identifierType,
  identifier: Buffer.from(key, "latin1"),
  name,
});

/** What becomes of a client with these identifiers. */
async function find(
  sources: readonly HostSource<HostIdentifierType4, Named, number>[],
  identifiers: readonly HostIdentifier<HostIdentifierType4>[],
) {
  const rules = { ...hostRules4, keysOf: () => [] };
  const batch = new BatchHosts<HostIdentifierType4, Named, number, number>(rules, sources, new OfferedHosts());
  const lookUp = () => batch.in(SUBNET, new HostIndex<HostIdentifierType4, Named, number>()).find(identifiers)?.name;
  batch.begin(true, 0);
  expect(lookUp()).toBeUndefined();
  await batch.load();
  const { missed } = batch;
  const found = lookUp();
  expect(batch.missed).toBe(missed);
  return found;
}

const CLIENT = [
  { type: "hw-address", key: "mac" },
  { type: "client-id", key: "id" },
] as const;

it("databases are asked at the same time, and the first one that has a client counts", async () => {
  const log: string[] = [];
  const sources = [
    database(log, "a", host("client-id", "other", "of another client")),
    database(log, "b", host("client-id", "id", "second")),
    database(log, "c", host("client-id", "id", "third")),
  ];
  expect(await find(sources, CLIENT)).toBe("second");
  expect(log.slice(0, 3)).toEqual(["a is asked for 2", "b is asked for 2", "c is asked for 2"]);
  expect(log).toHaveLength(6);
});

it("the order of identifiers counts before that of databases, as in Kea", async () => {
  const sources = [
    database([], "a", host("client-id", "id", "by the second identifier")),
    database([], "b", host("hw-address", "mac", "by the first one")),
  ];
  expect(await find(sources, CLIENT)).toBe("by the first one");
});

it("a client with a hundred identifiers costs one trip", async () => {
  const log: string[] = [];
  const identifiers = Array.from({ length: 100 }, (_, i) => ({ type: "circuit-id", key: `port ${i}` }) as const);
  expect(await find([database(log, "a", host("circuit-id", "port 99", "last"))], identifiers)).toBe("last");
  expect(log).toEqual(["a is asked for 100", "a answers"]);
});

it("packets that look for an address at several places have the next ones asked about together, each once", async () => {
  const asked: number[][] = [];
  const source: HostSource<HostIdentifierType4, Named, number> = {
    database: {
      revision: 0,
      load: async (questions) =>
        questions.flatMap(({ addresses }) =>
          addresses.map(
            (id): HostRecord => ({ id, subnetId: SUBNET, origin: "", reservation: host("flex-id", `${id}`, "") }),
          ),
        ),
      async reservedAmong(_, addresses) {
        asked.push([addresses.length, new Set(addresses).size]);
        return addresses;
      },
    },
    read: (record) => record.reservation as Named,
  };
  const rules = { ...hostRules4, keysOf: ({ identifier }: Named) => [Number(Buffer.from(identifier).toString())] };
  const batch = new BatchHosts<HostIdentifierType4, Named, number, number>(rules, [source], new OfferedHosts());
  const configured = new HostIndex<HostIdentifierType4, Named, number>();
  const look = (first: number) => {
    const candidates = () => Array.from({ length: 30_000 }, (_, i) => first + i);
    batch.begin(true, 0);
    return batch.in(SUBNET, configured).firstFree(candidates, (address) => address, undefined);
  };
  // The second begins within what the first is after, the third elsewhere.
  for (let round = 0; round < 4; round++) {
    for (const place of [1, 5, 100_000]) look(place);
    await batch.load();
  }
  expect(asked).toEqual([
    // After 12 and after 8 reserved ones 32 times as many.
    [384 + 256, 640],
    // No question is longer than texts may be.
    [16_384, 16_384],
    [4736, 4736],
    [16_384, 16_384],
    [16_384, 16_384],
  ]);
});
