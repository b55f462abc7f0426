/** What an extension describes its parameters with: expressions, options, and the daemon's zod. */
import type { ZodType, z } from "zod";
import type { Query } from "./exchange.ts";

/** An expression of Kea's language, compiled: gives no bytes where it fails on a query. */
export type Expression = (query: Query) => Uint8Array;

/** One that is true or false: it is false where it fails on a query. */
export type Condition = (query: Query) => boolean;

/** The options of the family, with those of the configuration. */
export interface OptionNames {
  /** @returns `undefined` where that means no option */
  codeOf(option: {
    readonly code?: number | undefined;
    readonly name?: string | undefined;
    readonly space?: string | undefined;
  }): number | undefined;
  /** @param text as in `option-data` @param space of sub-options @returns `undefined` where it is no value of the option */
  encode(code: number, text: string, space?: string): Uint8Array | undefined;
  /**
   * How an option carries sub-options of a space. Options of vendors, 125 and 17, carry those of `vendor-<number>`; others those
   * of the space that they are defined with, unless another one is named.
   * @returns `undefined` where that is no space
   */
  containerOf(code: number, space?: string): SubOptionContainer | undefined;
}

export interface SubOptionContainer {
  readonly space: string;
  /** @returns `undefined` where the option is another vendor's @throws where the payload is broken */
  decode(payload: Uint8Array): readonly SubOption[] | undefined;
  /** @param before the payload that it takes the place of: what it has of other vendors stays */
  encode(options: readonly SubOption[], before: Uint8Array | undefined): Uint8Array;
}

export interface SubOption {
  readonly code: number;
  /** What is behind its header. */
  readonly data: Uint8Array;
}

export interface ConfiguredSubnet {
  readonly id: number;
  /** As it is configured: `192.0.2.0/24`. */
  readonly subnet: string;
  /** The name of its shared network; `undefined` where it is in none. */
  readonly network: string | undefined;
}

/** What parameters are described with. */
export interface ParameterTools {
  /** The daemon's own zod. */
  readonly z: typeof z;
  readonly family: 4 | 6;
  /** For texts that are expressions, such as `template-test` has. */
  readonly expression: ZodType<Expression>;
  /** For texts that are conditions, such as `test` has. */
  readonly condition: ZodType<Condition>;
  readonly options: OptionNames;
  /** All subnets of the configuration. */
  subnets(): Iterable<ConfiguredSubnet>;
}
