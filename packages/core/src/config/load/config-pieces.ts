/** A configuration in pieces, so that taking it over from another thread never holds the main loop for long. */

import type { Pointer } from "../fault.ts";
import { entryAt } from "./cuts.ts";

/** A longer list comes in pieces of its own, wherever it is. */
const LONG = 50;

/** Maps and lists in one piece, if its entries are no larger: well under a millisecond to take over. */
const OBJECTS = 200;

export type ConfigPiece =
  /** Everything but long lists, which are empty here. */
  | { readonly kind: "frame"; readonly config: object }
  /** More of a long list; those inside its entries are empty here, too. */
  | { readonly kind: "entries"; readonly list: Pointer; readonly entries: readonly unknown[] };

export function* splitConfig(config: object): Generator<ConfigPiece> {
  const cutter = new Cutter();
  yield { kind: "frame", config: cutter.cutMap(config, []) };
  // Which grows meanwhile.
  for (const { pointer, entries } of cutter.lists) {
    for (let at = 0; at < entries.length; ) {
      const piece: unknown[] = [];
      for (const end = cutter.objects + OBJECTS; at < entries.length && cutter.objects < end; at++)
        piece.push(cutter.cut(entries[at], [...pointer, at]));
      yield { kind: "entries", list: pointer, entries: piece };
    }
  }
}

class Cutter {
  /** Long lists, those that lie around others before these. */
  readonly lists: { readonly pointer: Pointer; readonly entries: readonly unknown[] }[] = [];
  /** How many maps and lists have been gone through. */
  objects = 0;

  cut(value: unknown, pointer: Pointer): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (!Array.isArray(value)) return this.cutMap(value, pointer);
    this.objects++;
    if (value.length <= LONG) return value.map((each, i) => this.cut(each, [...pointer, i]));
    this.lists.push({ pointer, entries: value });
    return [];
  }

  cutMap(map: object, pointer: Pointer): object {
    this.objects++;
    return Object.fromEntries(Object.entries(map).map(([key, each]) => [key, this.cut(each, [...pointer, key])]));
  }
}

/** Puts the pieces together again. `Config` is the type of what was split: pieces carry no types. */
export class ConfigJoiner<Config extends object> {
  #config: Config | undefined;

  add(piece: ConfigPiece): void {
    if (piece.kind === "frame") this.#config = piece.config as Config;
    else (entryAt(this.#config, piece.list) as unknown[]).push(...piece.entries);
  }

  get config(): Config | undefined {
    return this.#config;
  }
}
