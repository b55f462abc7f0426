/** Option types as a configuration declares them: by Kea's names. */
import { binary, empty, string, tuple } from "../wire/byte-types.ts";
import { fqdn } from "../wire/domain-name.ts";
import { list, type OptionType, record } from "../wire/option-type.ts";
import {
  boolean,
  int8,
  int16,
  int32,
  ipv4Address,
  ipv6Address,
  ipv6Prefix,
  psid,
  uint8,
  uint16,
  uint32,
} from "../wire/scalar-types.ts";

export interface TypeDeclaration {
  readonly type: string;
  readonly array?: boolean | undefined;
  /** Types of a record's fields, separated by commas. */
  readonly "record-types"?: string | undefined;
}

/** What is wrong with a declaration: the key that is to blame, and what to do. */
export interface DeclarationFault {
  readonly key: keyof TypeDeclaration;
  readonly message: string;
}

/** `internal` is Kea's word for payloads that only code can read. */
const TYPES: ReadonlyMap<string, OptionType<unknown>> = new Map<string, OptionType<unknown>>([
  ["binary", binary],
  ["boolean", boolean],
  ["empty", empty],
  ["fqdn", fqdn],
  ["internal", binary],
  ["ipv4-address", ipv4Address],
  ["ipv6-address", ipv6Address],
  ["ipv6-prefix", ipv6Prefix],
  ["psid", psid],
  ["string", string],
  ["int8", int8],
  ["int16", int16],
  ["int32", int32],
  ["uint8", uint8],
  ["uint16", uint16],
  ["uint32", uint32],
]);

const TUPLES: Readonly<Record<1 | 2, OptionType<unknown>>> = { 1: tuple(1), 2: tuple(2) };

function findType(name: string, lengthSize: 1 | 2): OptionType<unknown> | undefined {
  return name === "tuple" ? TUPLES[lengthSize] : TYPES.get(name);
}

const KNOWN = [...TYPES.keys(), "tuple"].join(", ");

/** They take all bytes that are left, or none, so nothing can follow them. */
const OPEN_ENDED: ReadonlySet<string> = new Set(["binary", "string", "empty", "internal"]);
const NEVER_IN_RECORDS: ReadonlySet<string> = new Set(["empty", "internal", "record"]);

/** @param lengthSize bytes of a tuple's length */
export function declareType(declaration: TypeDeclaration, lengthSize: 1 | 2): OptionType<unknown> | DeclarationFault {
  const { type: name, array = false } = declaration;
  const fields = (declaration["record-types"] ?? "")
    .split(",")
    .map((field) => field.trim())
    .filter((field) => field !== "");
  if (name === "record") return declareRecord(fields, array, lengthSize);
  const type = findType(name, lengthSize);
  if (type === undefined) return { key: "type", message: `unknown type "${name}": expected record, ${KNOWN}` };
  if (fields.length > 0) {
    return { key: "record-types", message: `record-types needs "type": "record" instead of "${name}"` };
  }
  if (!array) return type;
  if (OPEN_ENDED.has(name)) return { key: "array", message: `there are no arrays of ${name}: drop array` };
  return list(type);
}

/** In a record that is an array the last field repeats. */
function declareRecord(
  fields: readonly string[],
  array: boolean,
  lengthSize: 1 | 2,
): OptionType<unknown> | DeclarationFault {
  const fault = (message: string): DeclarationFault => ({ key: "record-types", message });
  if (fields.length < 2) return fault('a record needs at least two field types, e.g. "uint8, ipv4-address"');
  const types: OptionType<unknown>[] = [];
  for (const [i, field] of fields.entries()) {
    const last = i === fields.length - 1;
    if (NEVER_IN_RECORDS.has(field)) return fault(`a record cannot have a field of type ${field}`);
    const type = findType(field, lengthSize);
    if (type === undefined) return fault(`unknown field type "${field}": expected ${KNOWN}`);
    if (OPEN_ENDED.has(field) && !last) return fault(`${field} takes the rest of the payload: it must come last`);
    if (OPEN_ENDED.has(field) && array) return { key: "array", message: `${field} cannot repeat: drop array` };
    types.push(last && array ? list(type) : type);
  }
  return record(...types);
}
