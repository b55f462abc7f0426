/** A configuration in pieces, so that taking it over from another thread never holds the main loop for long. */

/** Entries of the longest lists (subnets, reservations) in one piece: well under a millisecond to take over. */
const ENTRIES = 50;

export type ConfigPiece =
  /** Everything but long lists, which are empty here. */
  | { readonly kind: "frame"; readonly config: object }
  | { readonly kind: "entries"; readonly list: string; readonly entries: readonly unknown[] };

export function* splitConfig(config: object): Generator<ConfigPiece> {
  const lists = Object.entries(config).filter(
    (entry): entry is [string, readonly unknown[]] => Array.isArray(entry[1]) && entry[1].length > ENTRIES,
  );
  yield { kind: "frame", config: { ...config, ...Object.fromEntries(lists.map(([list]) => [list, []])) } };
  for (const [list, entries] of lists) {
    for (let at = 0; at < entries.length; at += ENTRIES) {
      yield { kind: "entries", list, entries: entries.slice(at, at + ENTRIES) };
    }
  }
}

/** Puts the pieces together again. `Config` is the type of what was split: pieces carry no types. */
export class ConfigJoiner<Config extends object> {
  #config: Config | undefined;

  add(piece: ConfigPiece): void {
    if (piece.kind === "frame") this.#config = piece.config as Config;
    else (this.#config as Record<string, unknown[]>)[piece.list]!.push(...piece.entries);
  }

  get config(): Config | undefined {
    return this.#config;
  }
}
