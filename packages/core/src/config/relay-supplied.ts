/** `relay-supplied-options`: codes, or names of options of a message. */
import type { OptionSpaces } from "../options/option-spaces.ts";

/** @returns the code; `undefined` when the text is neither a code from 1 to 65535 nor a name */
export function parseRelaySupplied(text: string, spaces: OptionSpaces): number | undefined {
  if (!/^\d+$/.test(text)) return spaces.byName("dhcp6", text)?.code;
  const code = Number(text);
  return code >= 1 && code <= 65535 ? code : undefined;
}
