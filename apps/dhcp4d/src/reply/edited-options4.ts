/** Options of a reply as extensions want them. */
import type { EffectiveOption, Selection } from "@kotare/core/subnets/options/effective-options";
import { encodeOptions4 } from "@kotare/core/subnets/options/option-wire4";
import type { OptionEdit } from "@kotare/extension";

/**
 * The message type, and what a relay gets back, stay as they are.
 * @param own what the exchange itself gives, encoded
 * @param selection what is configured
 * @returns both, after the edits
 */
export function editOptions4(
  edits: readonly OptionEdit[] | undefined,
  own: Uint8Array,
  selection: Selection,
): readonly [own: Uint8Array, selection: Selection] {
  if (edits === undefined) return [own, selection];
  const options = new Map<number, EffectiveOption>();
  for (const option of selection.options) options.set(option.code, option);
  let exchange = own;
  for (const edit of edits) {
    const { kind, code } = edit;
    const without = leaveOut(exchange, code);
    if (kind === "add" && (options.has(code) || without.length < exchange.length)) continue;
    exchange = without;
    if (kind === "remove") options.delete(code);
    else options.set(code, { code, payload: edit.data });
  }
  const edited = [...options.values()];
  return [exchange, { options: edited, wire: encodeOptions4(edited) }];
}

/** @returns the same where it is not among them */
function leaveOut(encoded: Uint8Array, code: number): Uint8Array {
  if (!hasCode(encoded, code)) return encoded;
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < encoded.length; ) {
    const end = at + 2 + encoded[at + 1]!;
    if (encoded[at] !== code) pieces.push(encoded.subarray(at, end));
    at = end;
  }
  return Buffer.concat(pieces);
}

function hasCode(encoded: Uint8Array, code: number): boolean {
  for (let at = 0; at < encoded.length; at += 2 + encoded[at + 1]!) if (encoded[at] === code) return true;
  return false;
}
