/** The options of a scope with those of all wider scopes under them: what a client there may be sent. */
import type { CompiledOption, OptionSet } from "../../options/compile.ts";

export interface EffectiveOption {
  readonly code: number;
  readonly payload: Uint8Array;
}

/** What the families do differently when configured options go into a reply. */
export interface OptionWire {
  /** Codes sent whether the client asks for them or not. */
  readonly sentUnasked: ReadonlySet<number>;
  /** Codes that only the exchange itself gives: configured values of them are not sent. */
  readonly computed: readonly number[];
  /** The codes in the client's list of wishes, from its payload. */
  readRequested(payload: Uint8Array): Iterable<number>;
  encode(options: readonly EffectiveOption[]): Uint8Array;
}

/** How many different lists of wishes are remembered; a client may invent as many as it likes. */
const REMEMBERED_LISTS = 64;

export class EffectiveOptions {
  readonly #byCode: ReadonlyMap<number, Uint8Array>;
  /** An option may stand there once a vendor: the keys of a code. */
  readonly #keysOf = new Map<number, readonly number[]>();
  /** Codes sent to everybody, ascending. */
  readonly #unasked: readonly number[];
  readonly #selections = new Map<string, Selection>();
  readonly #wire: OptionWire;
  /** Vendors' sub-options by enterprise number. */
  readonly vendors: ReadonlyMap<number, MergedOptions>;

  constructor({ byCode, always }: MergedOptions, vendors: ReadonlyMap<number, MergedOptions>, wire: OptionWire) {
    this.#byCode = byCode;
    this.#wire = wire;
    const unasked = [...byCode.keys()].filter((key) => always.has(key) || wire.sentUnasked.has(codeOf(key)));
    this.#unasked = [...new Set(unasked.map(codeOf))].sort((a, b) => a - b);
    for (const key of byCode.keys()) this.#keysOf.set(codeOf(key), [...(this.#keysOf.get(codeOf(key)) ?? []), key]);
    this.vendors = vendors;
  }

  get(code: number): Uint8Array | undefined {
    return this.#byCode.get(code);
  }

  /**
   * What a client with this list of wishes (options 55 and 6) gets: in the order it asks, then what all get.
   * @param requested one character a byte; empty for no wishes
   */
  select(requested: string): Selection {
    const remembered = this.#selections.get(requested);
    if (remembered !== undefined) return remembered;
    const wishes = this.#wire.readRequested(Buffer.from(requested, "latin1"));
    const codes = new Set([...wishes, ...this.#unasked]);
    for (const code of this.#wire.computed) codes.delete(code);
    const options: EffectiveOption[] = [];
    for (const code of codes) {
      for (const key of this.#keysOf.get(code) ?? []) options.push({ code, payload: this.#byCode.get(key)! });
    }
    const selection = { options, wire: this.#wire.encode(options) };
    if (this.#selections.size < REMEMBERED_LISTS) this.#selections.set(requested, selection);
    return selection;
  }
}

/** The code in an `instanceKey`. */
function codeOf(key: number): number {
  return key % 0x1_0000;
}

export interface Selection {
  /** The most wanted first. */
  readonly options: readonly EffectiveOption[];
  /** The same, encoded in the family's order. */
  readonly wire: Uint8Array;
}

/**
 * Lays scopes over each other, the nearest first: the nearest value of an option counts, `always-send` counts wherever
 * it stands, and `never-send` anywhere removes the option.
 */
export function mergeOptions(scopes: readonly OptionSet[], wire: OptionWire): EffectiveOptions {
  const merged = mergeMaps(scopes.map(({ options }) => options));
  const enterprises = new Set(scopes.flatMap(({ vendorOptions }) => [...vendorOptions.keys()]));
  const vendors = new Map<number, MergedOptions>();
  for (const enterprise of enterprises) {
    vendors.set(enterprise, mergeMaps(scopes.map(({ vendorOptions }) => vendorOptions.get(enterprise) ?? new Map())));
  }
  return new EffectiveOptions(merged, vendors, wire);
}

/** What is left when scopes lie over each other. */
export interface MergedOptions {
  readonly byCode: ReadonlyMap<number, Uint8Array>;
  readonly always: ReadonlySet<number>;
}

function mergeMaps(scopes: readonly ReadonlyMap<number, CompiledOption>[]): MergedOptions {
  const nearest = new Map<number, Uint8Array | undefined>();
  const always = new Set<number>();
  const never = new Set<number>();
  for (const scope of scopes) {
    for (const [code, option] of scope) {
      if (!nearest.has(code)) nearest.set(code, option.data);
      if (option.always) always.add(code);
      if (option.never) never.add(code);
    }
  }
  const byCode = new Map<number, Uint8Array>();
  for (const [code, data] of nearest) if (data !== undefined && !never.has(code)) byCode.set(code, data);
  return { byCode, always };
}
