/** What the payload of an option is: its bytes, its text and its value, and how types are put together. */
import type { Reader } from "./reader.ts";
import { TextError, type TextFields } from "./text-fields.ts";
import type { Writer } from "./writer.ts";

/** What a line of Kea's log about an option begins with. */
export interface KeaHead {
  readonly code: number;
  /** Bytes of the payload, as Kea would write it. */
  readonly length: number;
  /** `type=057, len=002:` in DHCPv4, with five digits in DHCPv6. */
  readonly usual: string;
}

/** What is special in the line that Kea's log has about an option of a type. */
export interface KeaLine<T> {
  /** The value as a field; default: `1500 (uint16)`. */
  field?(value: T): string;
  /** The line; default: the usual head, and the field. */
  line?(value: T, head: KeaHead): string;
  /** The line of a list of such values; default: the usual head, and a field for each. */
  listLine?(values: readonly T[], head: KeaHead): string;
}

export interface OptionType<T> {
  /** Kea's name of the type, as in the table of the manual: `uint16`, `ipv4-address[]`. */
  readonly label: string;
  /** @throws {DecodeError} when the bytes are not such a value */
  decode(reader: Reader): T;
  encode(value: T, writer: Writer): void;
  /** @throws {TextError} when the text is not such a value */
  parse(fields: TextFields): T;
  /** Text that `parse` reads back. */
  format(value: T): string;
  /** Expressions see it: `option[…].text` is that line. */
  readonly kea?: KeaLine<T>;
}

export type ValueOf<Type> = Type extends OptionType<infer T> ? T : never;

export function keaField<T>({ label, format, kea }: OptionType<T>, value: T): string {
  return kea?.field?.(value) ?? `${format(value)} (${label})`;
}

export function usualHead(code: number, length: number, digits: 3 | 5): string {
  const [type, len] = [code, length].map((number) => String(number).padStart(digits, "0"));
  return `type=${type}, len=${len}:`;
}

/** One or more values up to the end of the payload. The element must take at least one byte. */
export function list<T>(element: OptionType<T>): OptionType<readonly T[]> {
  return {
    label: `${element.label}[]`,
    decode(reader) {
      const values = [element.decode(reader)];
      while (reader.remaining > 0) values.push(element.decode(reader));
      return values;
    },
    encode(values, writer) {
      for (const value of values) element.encode(value, writer);
    },
    parse(fields) {
      const values = [element.parse(fields)];
      while (fields.remaining > 0) values.push(element.parse(fields));
      return values;
    },
    format: (values) => values.map((value) => element.format(value)).join(", "),
    kea: {
      field: (values) => values.map((value) => keaField(element, value)).join(" "),
      ...(element.kea?.listLine && { line: element.kea.listLine }),
    },
  };
}

/** Fields one after the other. Only the last may be as long as it likes: a list, `string` or `binary`. */
export function record<const Fields extends readonly OptionType<unknown>[]>(
  ...fields: Fields
): OptionType<{ readonly [I in keyof Fields]: ValueOf<Fields[I]> }> {
  type Values = { readonly [I in keyof Fields]: ValueOf<Fields[I]> };
  const types: readonly OptionType<unknown>[] = fields;
  return {
    label: `record (${types.map((type) => type.label).join(", ")})`,
    decode: (reader) => types.map((type) => type.decode(reader)) as unknown as Values,
    encode(values, writer) {
      for (const [i, type] of types.entries()) type.encode(values[i], writer);
    },
    parse(text) {
      return types.map((type, i) => {
        if (text.remaining === 0) {
          throw new TextError(`field ${i + 1} of ${types.length} is missing: expected ${type.label}`);
        }
        return type.parse(text);
      }) as unknown as Values;
    },
    format: (values) => types.map((type, i) => type.format(values[i])).join(", "),
    kea: { field: (values) => types.map((type, i) => keaField(type, values[i])).join(" ") },
  };
}
