/** Thousands of subnets say the same but for a few keys: what they say alike is taken through the schema once. */
import type { ZodType } from "zod";
import { compact } from "../config/schema/field.ts";
import { isSubnetId } from "../config/schema/scopes.ts";

type Entry = Readonly<Record<string, unknown>>;

/** Keys that each subnet has values of its own for; what it says beside them does not depend on these. */
const OWN: ReadonlySet<string> = new Set(["id", "subnet", "shared-network-name", "pools", "pd-pools", "metadata"]);

interface Pools {
  readonly key: string;
  /** The one key that each of them has a value of its own for. */
  readonly name: string;
  readonly own: ReadonlySet<string>;
  /** What the schema makes of it. */
  read(text: string): string;
}

const POOLS: readonly Pools[] = [
  { key: "pools", name: "pool", own: new Set(["pool"]), read: compact },
  { key: "pd-pools", name: "prefix", own: new Set(["prefix"]), read: (text) => text },
];

export class AlikeParser {
  readonly #schema: ZodType;
  /** What came of the first that said it, by what it said. */
  readonly #known = new Map<string, Entry>();

  constructor(schema: ZodType) {
    this.#schema = schema;
  }

  /** @param given what of it is meant for the schema @returns `undefined` where the subnet does not hold */
  parse(entry: Entry, given: (entry: Entry) => object = (each) => each): Entry | undefined {
    return this.#parseAlike(entry) ?? this.#parseAlone(entry, given);
  }

  /** @returns `undefined` where nothing like it has been parsed */
  #parseAlike(entry: Entry): Entry | undefined {
    const like = this.#known.get(describe("", entry, OWN));
    if (like === undefined || entry["metadata"] === undefined) return undefined;
    const { id, subnet, metadata } = entry;
    if (!isSubnetId(id) || typeof subnet !== "string") return undefined;
    // Its keys are there, which spares another kind of object for each.
    const parsed: Record<string, unknown> = { ...like, id, subnet: compact(subnet), metadata };
    for (const kind of POOLS) {
      if (like[kind.key] === undefined) continue;
      const pools = this.#parsePools(kind, entry);
      if (pools === undefined) return undefined;
      parsed[kind.key] = pools;
    }
    return parsed;
  }

  #parsePools({ key, name, own, read }: Pools, entry: Entry): readonly Entry[] | undefined {
    const parsed: Entry[] = [];
    for (const pool of (entry[key] ?? []) as readonly Entry[]) {
      const like = this.#known.get(describe(key, pool, own));
      const text = pool[name];
      if (like === undefined || typeof text !== "string") return undefined;
      parsed.push({ ...like, [name]: read(text) });
    }
    return parsed;
  }

  #parseAlone(entry: Entry, given: (entry: Entry) => object): Entry | undefined {
    const { success, data } = this.#schema.safeParse(given(entry));
    if (!success) return undefined;
    const parsed = data as Entry;
    if (!("metadata" in parsed)) return parsed;
    this.#known.set(describe("", entry, OWN), parsed);
    for (const { key, own } of POOLS) {
      const pools = parsed[key] as readonly Entry[];
      ((entry[key] ?? []) as readonly Entry[]).forEach((pool, i) => {
        this.#known.set(describe(key, pool, own), pools[i]!);
      });
    }
    return parsed;
  }
}

function describe(kind: string, entry: Entry, own: ReadonlySet<string>): string {
  let text = kind;
  for (const key in entry) if (!own.has(key)) text += `${key} ${JSON.stringify(entry[key])}\n`;
  return text;
}
