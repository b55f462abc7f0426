/** Thousands of subnets say the same but for a few keys: what they say alike is taken through the schema once. */
import type { ZodType } from "zod";
import { takeAsAlike } from "../config/check/alike.ts";
import { deepFreeze } from "../config/load/load-config.ts";
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
    const said = describe(entry);
    const like = this.#known.get(said);
    return (like && parseAlike(entry, like)) ?? this.#parseAlone(entry, given, said);
  }

  #parseAlone(entry: Entry, given: (entry: Entry) => object, said: string): Entry | undefined {
    const { success, data } = this.#schema.safeParse(given(entry));
    if (!success) return undefined;
    const parsed = data as Entry;
    // All that others have of it is frozen, so that little of these has to be.
    if ("metadata" in parsed) this.#known.set(said, deepFreeze(parsed));
    return parsed;
  }
}

/** @returns `undefined` where what it has of its own is for the schema to refuse */
function parseAlike(entry: Entry, like: Entry): Entry | undefined {
  const { id, subnet, metadata } = entry;
  if (!isSubnetId(id) || typeof subnet !== "string" || metadata === undefined) return undefined;
  // Its keys are there, which spares another kind of object for each.
  const parsed: Record<string, unknown> = { ...like, id, subnet: compact(subnet), metadata };
  for (const { key, name, read } of POOLS) {
    const likes = like[key] as readonly Entry[] | undefined;
    if (likes === undefined || likes.length === 0) continue;
    const pools: Entry[] = [];
    for (let i = 0; i < likes.length; i++) {
      const text = (entry[key] as readonly Entry[])[i]![name];
      if (typeof text !== "string") return undefined;
      pools.push(Object.freeze({ ...likes[i], [name]: read(text) }));
    }
    parsed[key] = Object.freeze(pools);
  }
  deepFreeze(metadata);
  takeAsAlike(parsed, like);
  return Object.freeze(parsed);
}

function describe(entry: Entry): string {
  let text = describeAll(entry, OWN);
  for (const { key, own } of POOLS) {
    for (const pool of (entry[key] ?? []) as readonly Entry[]) text += `${key}\n${describeAll(pool, own)}`;
  }
  return text;
}

function describeAll(entry: Entry, own: ReadonlySet<string>): string {
  let text = "";
  for (const key in entry) if (!own.has(key)) text += `${key} ${JSON.stringify(entry[key])}\n`;
  return text;
}
