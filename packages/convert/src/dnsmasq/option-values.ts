/** Values of dnsmasq's options as the bytes that it sends. */
import { parseIpv4 } from "@kotare/core/ip/ipv4";
import { parseNumber } from "../translate/address-ranges.ts";

export interface OptionValue {
  /** dnsmasq looks for texts everywhere, for octets at the beginning, and for the others at multiples of their length. */
  readonly kind: "octets" | "number" | "addresses" | "text";
  readonly bytes: Buffer;
}

/** As dnsmasq takes the value of an option that has no type. */
export function readValue(parts: readonly string[]): OptionValue {
  const text = parts.join(",");
  const [, number, unit] = /^(\d+)([bsi]?)$/.exec(text) ?? [];
  if (number !== undefined) return { kind: "number", bytes: numberBytes(Number(number), unit) };
  if (/^[0-9a-f]{1,2}(:[0-9a-f]{1,2})+$/i.test(text)) return { kind: "octets", bytes: octetBytes(text.split(":")) };
  const addresses = parts.map(addressBytes);
  if (addresses.every((each) => each !== undefined)) return { kind: "addresses", bytes: Buffer.concat(addresses) };
  return { kind: "text", bytes: Buffer.from(parts.map(unquoted).join(","), "latin1") };
}

export function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, "$1");
}

/** Behind commas, but for those in quotes. */
export function splitParts(value: string): string[] {
  return value.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((part) => part.trim());
}

const WIDTHS = { b: 1, s: 2, i: 4 } as const;

function numberBytes(number: number, unit: string | undefined): Buffer {
  const least = number > 0xffff ? 4 : number > 0xff ? 2 : 1;
  const width = WIDTHS[unit as keyof typeof WIDTHS] ?? least;
  return Buffer.from([24, 16, 8, 0].slice(-width).map((bits) => (number >>> bits) & 255));
}

function octetBytes(octets: readonly string[]): Buffer {
  return Buffer.from(octets.map((octet) => Number.parseInt(octet, 16)));
}

/** A network is its length and the octets that matter, as in RFC 3442. */
function addressBytes(part: string): Buffer | undefined {
  const [address = "", length] = part.replace(/^\[(.*)\]$/, "$1").split("/");
  const number = parseIpv4(address);
  if (number === undefined) return length === undefined ? address6Bytes(address) : undefined;
  const octets = numberBytes(number, "i");
  if (length === undefined) return octets;
  return Buffer.from([Number(length), ...octets.subarray(0, Math.ceil(Number(length) / 8))]);
}

function address6Bytes(address: string): Buffer | undefined {
  const number = address.includes(":") ? parseNumber(address, 6) : undefined;
  return number === undefined ? undefined : Buffer.from(number.toString(16).padStart(32, "0"), "hex");
}

/** RFC 5908 §4: the servers' addresses, those of groups, and names. */
export function ntpServerBytes(parts: readonly string[]): Buffer {
  const suboptions = parts.map((part) => {
    const address = addressBytes(part);
    if (address === undefined) return [3, nameBytes(part)] as const;
    return [address[0] === 0xff ? 2 : 1, address] as const;
  });
  return Buffer.concat(suboptions.flatMap(([code, bytes]) => [Buffer.from([0, code, 0, bytes.length]), bytes]));
}

function nameBytes(name: string): Buffer {
  const labels = name.split(".").filter((label) => label !== "");
  const pieces = labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, "latin1")]);
  return Buffer.concat([...pieces, Buffer.of(0)]);
}
