/** What the options of DHCPv4 and those of DHCPv6 do differently. */
import type { Writer } from "../wire/writer.ts";
import type { OptionDefinition } from "./option.ts";
import type { VendorData } from "./vendor-space.ts";

export interface SubOption {
  readonly code: number;
  readonly data: Uint8Array;
}

export interface OptionFamily {
  /** The space of the options of a message. */
  readonly space: "dhcp4" | "dhcp6";
  /** Bytes of codes and of lengths, those of tuples included. */
  readonly size: 1 | 2;
  /** Names that Kea has for a vendor's space beside `vendor-<number>`. */
  readonly aliases: Readonly<Record<string, string>>;
  /** First and last code that an option of a message can have. */
  readonly codes: readonly [first: number, last: number];
  /** The standard options, those of standard spaces of sub-options included. */
  readonly definitions: readonly OptionDefinition[];
  /** Standard options that an operator may define anew. */
  readonly redefinable: readonly OptionDefinition[];
  /** Whether classes may define a message's option for their members. */
  isDefinedByClasses(code: number): boolean;
  /** The option of vendor classes, which has the shape of `vendorOptions4`. */
  readonly vendorClasses: OptionDefinition;
  readonly vendorOptions: OptionDefinition<readonly VendorData[]>;
  /** Whether each vendor has an option of its own, instead of a part of the one option. */
  readonly isVendorAlone: boolean;
  /** The longest payload in bytes; DHCPv4 has no limit, since it splits what is too long (RFC 3396). */
  readonly maxPayload: number;
  /**
   * Sub-options up to the end of `payload`, in order.
   * @param context what the payload belongs to, for errors
   * @throws {DecodeError} when a length leads beyond the end
   */
  decodeSubOptions(payload: Uint8Array, context: string): readonly SubOption[];
  writeSubOption(subOption: SubOption, writer: Writer): void;
}

const PROTOCOLS = { dhcp4: "DHCPv4", dhcp6: "DHCPv6" } as const;

/** The space that a configuration's `space` or `encapsulate` means; that of a message's options when it says none. */
export function spaceOf(name: string | undefined, family: OptionFamily): string {
  const space = name ?? family.space;
  return Object.hasOwn(family.aliases, space) ? family.aliases[space]! : space;
}

/** What is wrong with a space for options of a family; `undefined` when nothing is. */
export function checkFamily(space: string, family: OptionFamily): string | undefined {
  if (space === family.space || (space !== "dhcp4" && space !== "dhcp6")) return undefined;
  return `space "${space}" belongs to the ${PROTOCOLS[space]} server`;
}

/** First and last code of a space. */
export function codesOf(space: string, family: OptionFamily): readonly [first: number, last: number] {
  return space === family.space ? family.codes : [0, 2 ** (8 * family.size) - 1];
}
