/** Option 162: encrypted DNS resolvers (RFC 9463 §5), in Kea's text form. */
import { latin1 } from "../../base/bytes.ts";
import { formatHex } from "../../base/hex.ts";
import { formatIpv4, type Ipv4 } from "../../ip/ipv4.ts";
import { formatLabels, parseLabels, readLabels, writeLabels } from "../../wire/domain-name.ts";
import { list, type OptionType } from "../../wire/option-type.ts";
import { Reader } from "../../wire/reader.ts";
import { ipv4Address, uint16 } from "../../wire/scalar-types.ts";
import { TextError, TextFields, textBytes } from "../../wire/text-fields.ts";
import { Writer } from "../../wire/writer.ts";

export interface EncryptedDnsResolver {
  /** Lower is better; clients ignore one with 0 (RFC 9463 §3.1.8). */
  readonly priority: number;
  /** Authentication domain name, in RFC 1035 text form. */
  readonly name: string;
  /** None: the client finds the addresses itself ("ADN only"). */
  readonly addresses: readonly Ipv4[];
  /** Service parameters in order of their keys, values as on the wire (RFC 9460 §2.2). */
  readonly parameters: ReadonlyMap<number, Uint8Array>;
}

/** The service parameters that RFC 9463 §3.1.5 lets a resolver have, with their text form. */
const PARAMETERS: readonly {
  key: number;
  name: string;
  parse(text: string): Uint8Array;
  format(value: Uint8Array): string;
}[] = [
  { key: 1, name: "alpn", parse: parseAlpn, format: formatAlpn },
  {
    key: 3,
    name: "port",
    parse: (text) => {
      const port = uint16.parse(new TextFields(text));
      return Uint8Array.of(port >> 8, port);
    },
    format: (value) => String(new Reader(value).u16("port")),
  },
  {
    key: 7,
    name: "dohpath",
    parse: (text) => {
      if (!/\{\?([^}]*,)?dns(,[^}]*)?\}/.test(text)) {
        throw new TextError(`dohpath "${text}" has no dns variable: expected e.g. /dns-query{?dns}`);
      }
      return textBytes(text);
    },
    format: (value) => latin1(value),
  },
];

function parseAlpn(text: string): Uint8Array {
  const writer = new Writer();
  for (const id of text.split(",")) {
    const bytes = textBytes(id.trim());
    if (bytes.length === 0 || bytes.length > 255)
      throw new TextError(`alpn "${text}" has an empty or over-long identifier`);
    writer.u8(bytes.length).bytes(bytes);
  }
  return writer.take();
}

function formatAlpn(value: Uint8Array): string {
  const reader = new Reader(value, "alpn");
  const ids: string[] = [];
  while (reader.remaining > 0) ids.push(latin1(reader.bytes(reader.u8("length"), "identifier")));
  return ids.join(",");
}

function parseParameters(text: string): ReadonlyMap<number, Uint8Array> {
  const parameters = new Map<number, Uint8Array>();
  for (const pair of text.split(/\s+/)) {
    const [, name, value] = /^([^=]+)=(.+)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined)
      throw new TextError(`"${pair}" is not a service parameter: expected key=value`);
    const parameter = PARAMETERS.find((known) => known.name === name || `key${known.key}` === name);
    if (parameter === undefined) {
      throw new TextError(
        `unknown service parameter "${name}": expected ${PARAMETERS.map((known) => known.name).join(", ")}`,
      );
    }
    if (parameters.has(parameter.key)) throw new TextError(`service parameter "${name}" is given twice`);
    parameters.set(parameter.key, parameter.parse(value));
  }
  const alpn = parameters.get(1);
  if (alpn !== undefined && /(^|,)h[23](,|$)/.test(formatAlpn(alpn)) && !parameters.has(7)) {
    throw new TextError("alpn names HTTP but dohpath is missing: add e.g. dohpath=/dns-query{?dns}");
  }
  return new Map([...parameters].sort(([a], [b]) => a - b));
}

function formatParameters(parameters: ReadonlyMap<number, Uint8Array>): string {
  return [...parameters]
    .map(([key, value]) => {
      const parameter = PARAMETERS.find((known) => known.key === key);
      return parameter === undefined
        ? `key${key}=0x${formatHex(value, "")}`
        : `${parameter.name}=${parameter.format(value)}`;
    })
    .join(" ");
}

const resolver: OptionType<EncryptedDnsResolver> = {
  label: "resolver",
  decode(outer) {
    const length = outer.u16("resolver length");
    const start = outer.offset;
    const reader = new Reader(outer.bytes(length, "resolver"), "resolver", start);
    const priority = reader.u16("priority");
    const nameLength = reader.u8("name length");
    const nameAt = reader.offset;
    const nameReader = new Reader(reader.bytes(nameLength, "name"), "resolver", nameAt);
    const name = formatLabels(readLabels(nameReader));
    nameReader.finish("name");
    const addresses: Ipv4[] = [];
    const parameters = new Map<number, Uint8Array>();
    if (reader.remaining > 0) {
      const addressBytes = reader.u8("address length");
      // RFC 9463 §5.1: at least one address, and whole ones.
      if (addressBytes === 0 || addressBytes % 4 !== 0)
        reader.fail("address length", `is ${addressBytes}, expected 4, 8, …`);
      for (let i = 0; i < addressBytes; i += 4) addresses.push(reader.u32("address"));
      let last = -1;
      while (reader.remaining > 0) {
        const key = reader.u16("parameter key");
        if (key <= last) reader.fail("parameter key", `${key} after ${last}, expected ascending order`);
        last = key;
        const value = reader.bytes(reader.u16("parameter length"), "parameter");
        if (key === 1 || key === 3) checkParameter(key, value, reader);
        parameters.set(key, value);
      }
    }
    return { priority, name, addresses, parameters };
  },
  encode({ priority, name, addresses, parameters }, writer) {
    const labels = new Writer();
    writeLabels(parseLabels(name), labels);
    const body = new Writer().u16(priority).u8(labels.length).bytes(labels.take());
    if (addresses.length > 0) {
      body.u8(4 * addresses.length);
      for (const address of addresses) body.u32(address);
      for (const [key, value] of parameters) body.u16(key).u16(value.length).bytes(value);
    }
    writer.u16(body.length).bytes(body.take());
  },
  parse(fields) {
    const priority = uint16.parse(fields);
    const name = formatLabels(parseLabels(fields.next("the resolver's authentication domain name")));
    const addresses: Ipv4[] = [];
    let parameters: ReadonlyMap<number, Uint8Array> = new Map();
    if (fields.remaining > 0) {
      for (const address of fields.next("addresses").split(/\s+/))
        addresses.push(ipv4Address.parse(new TextFields(address)));
      if (addresses.length > 63) throw new TextError(`${addresses.length} addresses: a resolver has at most 63`);
    }
    if (fields.remaining > 0) parameters = parseParameters(fields.next("service parameters"));
    if (fields.remaining > 0)
      throw new TextError(`"${fields.next("")}" is too much: expected priority, name, addresses, parameters`);
    return { priority, name, addresses, parameters };
  },
  format({ priority, name, addresses, parameters }) {
    const fields = [String(priority), name];
    if (addresses.length > 0) fields.push(addresses.map(formatIpv4).join(" "));
    if (parameters.size > 0) fields.push(formatParameters(parameters));
    return fields.map((field) => field.replaceAll(/[\\,|]/g, "\\$&")).join(", ");
  },
};

/** Values whose text form reads them as numbers or lists must be such. */
function checkParameter(key: 1 | 3, value: Uint8Array, reader: Reader): void {
  const check = new Reader(value, "resolver", reader.offset - value.length);
  if (key === 3) check.u16("port");
  else while (check.remaining > 0) check.bytes(check.u8("alpn length"), "alpn identifier");
  check.finish("parameter");
}

/** Resolvers in text are separated by `|`, which `\|` puts into a field. */
export const encryptedDns: OptionType<readonly EncryptedDnsResolver[]> = {
  ...list(resolver),
  label: "internal",
  parse(fields) {
    const texts = fields.whole().match(/([^\\|]|\\.|\\$)+/gs) ?? [];
    if (texts.length === 0) throw new TextError("a resolver is missing: expected priority, name");
    return texts.map((text) => resolver.parse(new TextFields(text.replaceAll("\\|", "|"))));
  },
  format: (values) => values.map((value) => resolver.format(value)).join(" | "),
};
