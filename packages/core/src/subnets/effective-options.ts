/** The options of a scope with those of all wider scopes under them: what a client there may be sent. */
import { latin1 } from "../base/bytes.ts";
import { Option4 } from "../dhcp4/message4.ts";
import { dhcp4Options } from "../dhcp4/options/index.ts";
import type { CompiledOption, OptionSet } from "../options/compile.ts";
import type { OptionDefinition } from "../options/option.ts";
import { Writer } from "../wire/writer.ts";

export interface EffectiveOption {
  readonly code: number;
  readonly payload: Uint8Array;
}

/** Kea sends these whether the client asks for them or not: routers, DNS servers, domain name. */
const SENT_UNASKED: ReadonlySet<number> = new Set(
  Object.values(dhcp4Options).flatMap(({ code, always }: Pick<OptionDefinition, "code" | "always">) =>
    always ? [code] : [],
  ),
);

/** Computed for each reply; a configured value must not stand beside them. */
const COMPUTED: readonly number[] = [
  Option4.subnetMask,
  Option4.leaseTime,
  Option4.messageType,
  Option4.serverIdentifier,
  Option4.renewalTime,
  Option4.rebindingTime,
  Option4.clientIdentifier,
  Option4.clientFqdn,
  Option4.relayAgentInformation,
];

/** How many different parameter request lists are remembered; a client may invent as many as it likes. */
const REMEMBERED_LISTS = 64;

export class EffectiveOptions {
  readonly #byCode: ReadonlyMap<number, Uint8Array>;
  /** Codes sent to everybody, ascending. */
  readonly #unasked: readonly number[];
  readonly #selections = new Map<string, Selection>();

  /** Sub-options of option 125 by enterprise number. */
  readonly vendors: ReadonlyMap<number, MergedOptions>;

  constructor({ byCode, always }: MergedOptions, vendors: ReadonlyMap<number, MergedOptions>) {
    this.#byCode = byCode;
    this.#unasked = [...byCode.keys()]
      .filter((code) => always.has(code) || SENT_UNASKED.has(code))
      .sort((a, b) => a - b);
    this.vendors = vendors;
  }

  get(code: number): Uint8Array | undefined {
    return this.#byCode.get(code);
  }

  /** What a client with this parameter request list (option 55) gets: in the order it asks, then what all get. */
  select(requested: Uint8Array | undefined): Selection {
    const key = requested === undefined ? "" : latin1(requested);
    const remembered = this.#selections.get(key);
    if (remembered !== undefined) return remembered;
    const codes = new Set([...(requested ?? []), ...this.#unasked]);
    for (const code of COMPUTED) codes.delete(code);
    const options: EffectiveOption[] = [];
    for (const code of codes) {
      const payload = this.#byCode.get(code);
      if (payload !== undefined) options.push({ code, payload });
    }
    const selection = { options, wire: encodeOptions(options) };
    if (this.#selections.size < REMEMBERED_LISTS) this.#selections.set(key, selection);
    return selection;
  }
}

export interface Selection {
  readonly options: readonly EffectiveOption[];
  /** The same, encoded. */
  readonly wire: Uint8Array;
}

/** Code, length, payload; a payload of more than 255 bytes in several pieces (RFC 3396 §5). */
export function encodeOptions(options: readonly EffectiveOption[]): Uint8Array {
  const writer = new Writer();
  for (const { code, payload } of options) {
    let at = 0;
    do {
      const piece = payload.subarray(at, at + 255);
      writer.u8(code).u8(piece.length).bytes(piece);
      at += 255;
    } while (at < payload.length);
  }
  return writer.take();
}

/**
 * Lays scopes over each other, the nearest first: the nearest value of an option counts, `always-send` counts wherever
 * it stands, and `never-send` anywhere removes the option.
 */
export function mergeOptions(scopes: readonly OptionSet[]): EffectiveOptions {
  const merged = mergeMaps(scopes.map(({ options }) => options));
  const enterprises = new Set(scopes.flatMap(({ vendorOptions }) => [...vendorOptions.keys()]));
  const vendors = new Map<number, MergedOptions>();
  for (const enterprise of enterprises) {
    vendors.set(enterprise, mergeMaps(scopes.map(({ vendorOptions }) => vendorOptions.get(enterprise) ?? new Map())));
  }
  return new EffectiveOptions(merged, vendors);
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
