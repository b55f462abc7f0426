/** Options that find no room in a reply: in `file` and `sname`, where these are unused, and what is left out (RFC 2131 §4.1). */
import { Field4, Option4 } from "@kotare/core/dhcp4/message4";
import type { EffectiveOption } from "@kotare/core/subnets/options/effective-options";
import { encodeOptions4 } from "@kotare/core/subnets/options/option-wire4";
import { FILE_SIZE, SNAME_SIZE } from "./fixed-fields4.ts";

/** Bytes of the option that says which fields have options in them. */
const OVERLOAD_OPTION = 3;

/** Where options may go. */
interface Area {
  readonly options: EffectiveOption[];
  /** Bytes that are left. */
  room: number;
}

/**
 * Writes into the unused ones of the fields `file` and `sname` of the reply at `buffer[start…]`. What finds no room there
 * either is left out, the least wanted first: the client listed its wishes in order.
 * @param room bytes for `plain`; may be below zero
 * @returns what goes among the options, and the codes of what is left out; `undefined` when there is room for nothing at all
 */
export function overloadOptions(
  buffer: Uint8Array,
  start: number,
  room: number,
  options: readonly EffectiveOption[],
): { readonly plain: Uint8Array; readonly leftOut: readonly number[] } | undefined {
  const plain: Area = { room: room - OVERLOAD_OPTION, options: [] };
  if (plain.room < 0) return undefined;
  const file = { at: start + Field4.file, bit: 1, room: FILE_SIZE - 1, options: [] };
  const sname = { at: start + Field4.sname, bit: 2, room: SNAME_SIZE - 1, options: [] };
  const overloaded = [file, sname].filter((area) => buffer[area.at] === 0);
  const leftOut: number[] = [];
  for (const option of options) {
    const { length } = encodeOptions4([option]);
    const area: Area | undefined = [plain, ...overloaded].find((each) => length <= each.room);
    if (area === undefined) {
      leftOut.push(option.code);
      continue;
    }
    area.options.push(option);
    area.room -= length;
  }
  let used = 0;
  for (const area of overloaded.filter((each) => each.options.length > 0)) {
    const wire = encodeOptions4(area.options);
    buffer.set(wire, area.at);
    buffer[area.at + wire.length] = Option4.end;
    used |= area.bit;
  }
  if (used !== 0) plain.options.push({ code: Option4.overload, payload: Uint8Array.of(used) });
  return { plain: encodeOptions4(plain.options), leftOut };
}
