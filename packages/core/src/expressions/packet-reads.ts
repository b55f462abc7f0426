/** The parts of a packet that expressions speak of: fields, options, relays and vendors. */
import type { OptionDefinition } from "../options/option.ts";
import { type VendorData, vendorSpace } from "../options/vendor-space.ts";
import { type Condition, type Expression, NO_BYTES, type Subject } from "./expression.ts";
import { textOf } from "./kea-text.ts";
import { parseLateOption } from "./late-options.ts";
import { bytesOf, findSubOption, findTuple, type OptionRead, readInside, readOption } from "./options-read.ts";
import type { ParsePart, PartParser } from "./part-parser.ts";
import { u32Bytes } from "./scanner.ts";
import { compute } from "./values.ts";

/** Relays that a packet may have come through: Kea's bounds of `relay6[…]`. */
const MIN_RELAY = -32;
const MAX_RELAY = 31;
const UINT32 = 0xffff_ffff;

function holds<S>(evaluate: (subject: S) => boolean): Condition<S> {
  return { kind: "condition", evaluate };
}

/** `pkt.iface`. */
const parseField: ParsePart = (parser, token) => {
  const { cursor, language } = parser;
  const { fields, protocol } = language.family;
  cursor.expect(".");
  const name = cursor.take();
  const field = fields.get(`${token.text}.${name.text}`);
  if (field !== undefined) return compute(field);
  const known = [...fields.keys()].filter((key) => key.startsWith(`${token.text}.`));
  if (known.length === 0) return cursor.reject(token, `there is no ${token.text} in ${protocol}`);
  return cursor.reject(name, `"${name.text}" is no field: expected ${known.join(", ")}`);
};

/** `[code]`, as a number or by name. */
function parseCode<S extends Subject>(
  { cursor, language }: PartParser<S>,
  space: string | undefined,
): { readonly code: number; readonly definition: OptionDefinition | undefined } {
  const { spaces, family } = language;
  cursor.expect("[");
  const { token } = cursor;
  let code: number;
  if (token.kind === "name" && space !== undefined) {
    const named = spaces.byName(space, token.text);
    if (named === undefined) return cursor.reject(token, `space "${space}" has no option "${token.text}"`);
    cursor.take();
    code = named.code;
  } else {
    code = cursor.integer("option code", 0, 2 ** (8 * family.options.size) - 1);
  }
  cursor.expect("]");
  return { code, definition: space === undefined ? undefined : spaces.byCode(space, code) };
}

/** `.hex`, `.text`, `.exists`, or `.option[…]` with one of these again: options may hold options to any depth. */
function parseLook<S extends Subject>(parser: PartParser<S>, outermost: OptionRead<S>): Expression<S> {
  const { cursor, language } = parser;
  let option = outermost;
  for (;;) {
    cursor.expect(".");
    if (cursor.skip("hex")) return compute(bytesOf(option));
    if (cursor.skip("text")) return compute(textOf(option, language.spaces));
    const { read } = option;
    if (cursor.skip("exists")) return holds((subject) => read(subject) !== undefined);
    if (!cursor.skip("option")) return cursor.fail("expected hex, text, exists or option");
    const inner = parseCode(parser, option.definition?.encapsulates);
    option = readOption(readInside(option, inner.code, language.family.options), inner.code, inner.definition);
  }
}

const parseOption: ParsePart = (parser) => {
  const { family } = parser.language;
  const { code, definition } = parseCode(parser, family.options.space);
  const look = (as: OptionDefinition | undefined) =>
    parseLook(
      parser,
      readOption((subject) => family.option(subject, code), code, as),
    );
  return family.options.isDefinedByClasses(code) ? parseLateOption(parser, code, definition, look) : look(definition);
};

/** `relay4[…]`: a sub-option of what the relay says. */
const parseRelay4: ParsePart = (parser, token) => {
  const { family, spaces } = parser.language;
  const { relayAgent, options, protocol } = family;
  if (relayAgent === undefined) return parser.cursor.reject(token, `there is no relay4 in ${protocol}`);
  const { encapsulates } = spaces.byCode(options.space, relayAgent) ?? {};
  const { code, definition } = parseCode(parser, encapsulates);
  return parseLook(
    parser,
    readOption(
      (subject) => {
        const payload = family.option(subject, relayAgent);
        return payload && findSubOption(payload, code, options.size);
      },
      code,
      definition,
    ),
  );
};

/** `relay6[nest].option[…]`, `.peeraddr`, `.linkaddr`. */
const parseRelay6: ParsePart = (parser, token) => {
  const { cursor } = parser;
  const { relay, protocol, options } = parser.language.family;
  if (relay === undefined) return cursor.reject(token, `there is no relay6 in ${protocol}`);
  cursor.expect("[");
  const nest = cursor.integer("number of a relay", MIN_RELAY, MAX_RELAY);
  cursor.expect("]");
  cursor.expect(".");
  if (cursor.skip("peeraddr")) return compute((subject) => relay(subject, nest)?.peeraddr ?? NO_BYTES);
  if (cursor.skip("linkaddr")) return compute((subject) => relay(subject, nest)?.linkaddr ?? NO_BYTES);
  if (!cursor.skip("option")) return cursor.fail("expected option, peeraddr or linkaddr");
  const { code, definition } = parseCode(parser, options.space);
  return parseLook(
    parser,
    readOption((subject) => relay(subject, nest)?.option(code), code, definition),
  );
};

/** `[enterprise number]`; `*` and 0 stand for any, which comes out as 0. */
function parseEnterprise<S extends Subject>({ cursor }: PartParser<S>): number {
  cursor.expect("[");
  const enterprise = cursor.skip("*") ? 0 : cursor.integer("enterprise number", 0, UINT32);
  cursor.expect("]");
  return enterprise;
}

type Vendors<S> = (subject: S) => readonly VendorData[];

/**
 * `.enterprise`, `[enterprise].exists`, or what `parseOne` takes behind `[enterprise].`. Every vendor's part of the
 * packet is looked at.
 */
function parseVendor<S extends Subject>(
  parser: PartParser<S>,
  { code }: OptionDefinition,
  parseOne: (vendors: Vendors<S>, enterprise: number) => Expression<S>,
): Expression<S> {
  const { cursor, language } = parser;
  const all: Vendors<S> = (subject) => language.family.vendors(subject, code);
  if (cursor.skip(".")) {
    cursor.expect("enterprise");
    return compute((subject) => {
      const [first] = all(subject);
      return first === undefined ? NO_BYTES : u32Bytes(first.enterprise);
    });
  }
  const enterprise = parseEnterprise(parser);
  const vendors: Vendors<S> =
    enterprise === 0 ? all : (subject) => all(subject).filter((vendor) => vendor.enterprise === enterprise);
  cursor.expect(".");
  if (cursor.skip("exists")) return holds((subject) => vendors(subject).length > 0);
  return parseOne(vendors, enterprise);
}

/** `vendor[enterprise].option[code]` and so on. */
const parseVendorOptions: ParsePart = (parser) => {
  const { options } = parser.language.family;
  return parseVendor(parser, options.vendorOptions, (vendors, enterprise) => {
    parser.cursor.expect("option");
    const { code, definition } = parseCode(parser, vendorSpace(enterprise));
    return parseLook(
      parser,
      readOption(
        (subject) => firstOf(vendors(subject), ({ data }) => findSubOption(data, code, options.size)),
        code,
        definition,
      ),
    );
  });
};

/** `vendor-class[enterprise].data[index]`; `.data` is the first. */
const parseVendorClass: ParsePart = (parser) => {
  const { cursor, language } = parser;
  const { size, vendorClasses } = language.family.options;
  return parseVendor(parser, vendorClasses, (vendors) => {
    cursor.expect("data");
    let index = 0;
    if (cursor.skip("[")) {
      index = cursor.integer("index", 0, UINT32);
      cursor.expect("]");
    }
    return compute((subject) => firstOf(vendors(subject), ({ data }) => findTuple(data, index, size)) ?? NO_BYTES);
  });
};

function firstOf(
  vendors: readonly VendorData[],
  find: (vendor: VendorData) => Uint8Array | undefined,
): Uint8Array | undefined {
  for (const vendor of vendors) {
    const found = find(vendor);
    if (found !== undefined) return found;
  }
  return undefined;
}

export const packetReads: ReadonlyMap<string, ParsePart> = new Map<string, ParsePart>([
  ["pkt", parseField],
  ["pkt4", parseField],
  ["pkt6", parseField],
  ["option", parseOption],
  ["relay4", parseRelay4],
  ["relay6", parseRelay6],
  ["vendor", parseVendorOptions],
  ["vendor-class", parseVendorClass],
]);
