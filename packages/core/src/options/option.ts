/** What an option is: its place in a space of codes, its name, its type. */
import type { OptionType } from "../wire/option-type.ts";
import { Reader } from "../wire/reader.ts";

export interface OptionDefinition<T = unknown> {
  readonly code: number;
  /** Kea's name, as configurations spell it. */
  readonly name: string;
  /** `dhcp4` and `dhcp6` have the options of messages; all others are spaces of sub-options. */
  readonly space: string;
  /** Where it is specified; `""` for an option that the operator defined. */
  readonly rfc: string;
  readonly type: OptionType<T>;
  /** The space whose sub-options follow the value in the payload. */
  readonly encapsulates?: string;
  /** Sent when configured, even if the client did not ask for it. */
  readonly always?: true;
}

/** Makes definitions for a space. */
export function optionsOf(space: string) {
  return <T>(
    code: number,
    name: string,
    rfc: string,
    type: OptionType<T>,
    traits: Pick<OptionDefinition, "encapsulates" | "always"> = {},
  ): OptionDefinition<T> => ({ code, name, space, rfc, type, ...traits });
}

/**
 * The value of a payload. What follows the value is an error, unless the option encapsulates sub-options.
 * @param offset of `payload` in the message, for errors
 * @throws {DecodeError}
 */
export function decodeOption<T>(definition: OptionDefinition<T>, payload: Uint8Array, offset = 0): T {
  const reader = new Reader(payload, `option ${definition.code}`, offset);
  const value = definition.type.decode(reader);
  if (definition.encapsulates === undefined) reader.finish(definition.name);
  return value;
}
