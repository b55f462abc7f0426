/** Encrypted DNS resolvers (RFC 9463) in Kea's text form, for the options of both families. */
import { latin1 } from "../base/bytes.ts";
import { formatHex } from "../base/hex.ts";
import { formatLabels, parseLabels, readLabels, writeLabels } from "../wire/domain-name.ts";
import type { OptionType } from "../wire/option-type.ts";
import { Reader } from "../wire/reader.ts";
import { uint16 } from "../wire/scalar-types.ts";
import { escapeField, TextError, TextFields, textBytes } from "../wire/text-fields.ts";
import { Writer } from "../wire/writer.ts";

export interface EncryptedDnsResolver<Address> {
  /** Lower is better; clients ignore one with 0 (RFC 9463 §3.1.8). */
  readonly priority: number;
  /** Authentication domain name, in RFC 1035 text form. */
  readonly name: string;
  /** None: the client finds the addresses itself ("ADN only"). */
  readonly addresses: readonly Address[];
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

/**
 * A resolver up to the end of the payload (RFC 9463 §4.1; in §5.1 the same follows a length).
 * @param lengthSize bytes of the lengths of name and addresses
 * @param addressSize bytes of an address
 */
export function encryptedDnsResolver<Address>(
  lengthSize: 1 | 2,
  address: OptionType<Address>,
  addressSize: 4 | 16,
): OptionType<EncryptedDnsResolver<Address>> {
  const readLength = (reader: Reader, field: string): number =>
    lengthSize === 1 ? reader.u8(field) : reader.u16(field);
  const writeLength = (length: number, writer: Writer): Writer =>
    lengthSize === 1 ? writer.u8(length) : writer.u16(length);
  const maxAddresses = Math.floor((2 ** (8 * lengthSize) - 1) / addressSize);
  return {
    label: "internal",
    decode(reader) {
      const priority = reader.u16("priority");
      const nameLength = readLength(reader, "name length");
      const nameAt = reader.offset;
      const nameReader = new Reader(reader.bytes(nameLength, "name"), "resolver", nameAt);
      const name = formatLabels(readLabels(nameReader));
      nameReader.finish("name");
      const addresses: Address[] = [];
      const parameters = new Map<number, Uint8Array>();
      if (reader.remaining > 0) {
        const addressBytes = readLength(reader, "address length");
        // RFC 9463 §4.1, §5.1: at least one address, and whole ones.
        if (addressBytes === 0 || addressBytes % addressSize !== 0) {
          reader.fail("address length", `is ${addressBytes}, expected ${addressSize}, ${2 * addressSize}, …`);
        }
        for (let i = 0; i < addressBytes; i += addressSize) addresses.push(address.decode(reader));
        readParameters(reader, parameters);
      }
      return { priority, name, addresses, parameters };
    },
    encode({ priority, name, addresses, parameters }, writer) {
      const labels = new Writer();
      writeLabels(parseLabels(name), labels);
      writeLength(labels.length, writer.u16(priority)).bytes(labels.take());
      if (addresses.length === 0) return;
      writeLength(addressSize * addresses.length, writer);
      for (const one of addresses) address.encode(one, writer);
      for (const [key, value] of parameters) writer.u16(key).u16(value.length).bytes(value);
    },
    parse(fields) {
      const priority = uint16.parse(fields);
      const name = formatLabels(parseLabels(fields.next("the resolver's authentication domain name")));
      const addresses: Address[] = [];
      let parameters: ReadonlyMap<number, Uint8Array> = new Map();
      if (fields.remaining > 0) {
        for (const text of fields.next("addresses").split(/\s+/)) addresses.push(address.parse(new TextFields(text)));
        if (addresses.length > maxAddresses) {
          throw new TextError(`${addresses.length} addresses: a resolver has at most ${maxAddresses}`);
        }
      }
      if (fields.remaining > 0) parameters = parseParameters(fields.next("service parameters"));
      if (fields.remaining > 0)
        throw new TextError(`"${fields.next("")}" is too much: expected priority, name, addresses, parameters`);
      return { priority, name, addresses, parameters };
    },
    format({ priority, name, addresses, parameters }) {
      const fields = [String(priority), name];
      if (addresses.length > 0) fields.push(addresses.map((one) => address.format(one)).join(" "));
      if (parameters.size > 0) fields.push(formatParameters(parameters));
      return fields.map(escapeField).join(", ");
    },
    kea: {
      field({ priority, name, addresses, parameters }) {
        const nameLength = new Writer();
        writeLabels(parseLabels(name), nameLength);
        const fields = [`service_priority=${priority}, adn_length=${nameLength.length}, adn='${name}'`];
        if (addresses.length > 0) {
          const texts = addresses.map((one) => address.format(one)).join(" ");
          fields.push(`addr_length=${addressSize * addresses.length}, address(es): ${texts}`);
        }
        if (parameters.size > 0) fields.push(`svc_params='${formatParameters(parameters)}'`);
        return fields.join(", ");
      },
    },
  };
}

function readParameters(reader: Reader, parameters: Map<number, Uint8Array>): void {
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

/** Values whose text form reads them as numbers or lists must be such. */
function checkParameter(key: 1 | 3, value: Uint8Array, reader: Reader): void {
  const check = new Reader(value, "resolver", reader.offset - value.length);
  if (key === 3) check.u16("port");
  else while (check.remaining > 0) check.bytes(check.u8("alpn length"), "alpn identifier");
  check.finish("parameter");
}
