/** How the commands of a family are given a lease, or told which one is meant. */
import type { z } from "zod";
import type { Answer } from "../../answer.ts";
import type { Json } from "../../kea-json.ts";
import type { AnyLease } from "./lease-context.ts";

/** A lease that is there. */
export interface WhichLease<L, Batch, Which extends z.ZodObject> {
  readonly family: 4 | 6;
  readonly arguments: Which;
  /** Which leases are meant where the client is nobody, by whose name the store tells none; else `undefined`. */
  nobodys(which: z.output<Which>): ((lease: L) => boolean) | undefined;
  /**
   * @param nobodys the leases that `nobodys` means
   * @returns the lease, `undefined` where there is none, or why it is not clear which one is meant
   */
  find(which: z.output<Which>, batch: Batch, nobodys?: readonly L[]): L | undefined | Answer;
  /** How answers name one that is not there. */
  describe(which: z.output<Which>): { readonly [key: string]: Json };
  readonly examples: { readonly byAddress: Json; readonly byClient: Json };
}

/** A lease that is to be there. */
export interface WholeLease<L extends AnyLease, Batch, Context, Given extends z.ZodObject> {
  readonly family: 4 | 6;
  readonly arguments: Given;
  /** @returns the lease, or why there can be none */
  make(given: z.output<Given>, context: Context): L | Answer;
  /** What is at its address now. */
  current(lease: L, batch: Batch): L | undefined;
  /** @param spared addresses of leases that are about to go @returns why it cannot be there whatever is at its address */
  obstacle(lease: L, batch: Batch, spared?: ReadonlySet<L["address"]>): Answer | undefined;
  /** Why it may not take the place of the one that is there. */
  clash?(lease: L, current: L): Answer | undefined;
  /** @returns why a lease that is not made of arguments cannot be in the subnet that it names */
  misplaced(lease: L, context: Context): Answer | undefined;
  /** What tells its place from those of others. */
  key(lease: L): string | number;
  /** `address 192.0.2.17`. */
  name(lease: L): string;
  formatAddress(lease: L): string;
  readonly example: { readonly [key: string]: Json };
}
