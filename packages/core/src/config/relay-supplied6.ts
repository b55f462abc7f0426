/** `relay-supplied-options`: codes, or names of options of a message. */
import type { OptionSpaces } from "../options/option-spaces.ts";

/** @returns the code; `undefined` when the text is neither a code from 1 to 65535 nor a name */
export function parseRelaySupplied(text: string, spaces: OptionSpaces): number | undefined {
  if (!/^\d+$/.test(text)) return spaces.byName("dhcp6", text)?.code;
  const code = Number(text);
  return code >= 1 && code <= 65535 ? code : undefined;
}

/** The option that relays may always add (RFC 6440): the domain of ERP. */
const ALWAYS = 65;

/** The codes of all that relays may add, in order. */
export function listRelaySupplied(texts: readonly string[], spaces: OptionSpaces | undefined): readonly number[] {
  const codes = texts.flatMap((text) => (spaces && parseRelaySupplied(text, spaces)) ?? []);
  return [...new Set([ALWAYS, ...codes])].sort((a, b) => a - b);
}
