/**
 * Requests to the DNS updater and its confirmations as datagrams: two bytes of length, then JSON. Requests are Kea's, of
 * all versions, with one key more that Kea's updater ignores: `"confirm": NUMBER`. An updater that knows the key answers
 * the address the request came from with `{"confirmed":[NUMBER,…]}` when it has dealt with these requests: they are on
 * its disk, or refused for good, and sending them again is of no use. It also takes several requests in one datagram,
 * one behind the other, each with its length: whoever has had a confirmation may send them so.
 *
 * What is not confirmed in time is sent again, and may overtake what was sent after it. So a sender has no two requests
 * in flight that have a name or an address in common.
 */
import { readU16, writeU16 } from "../base/big-endian.ts";
import type { Seconds } from "../base/clock.ts";
import { DecodeError } from "../base/decode-error.ts";
import { formatIpv4, parseIpv4 } from "../ip/ipv4.ts";
import { formatIpv6, parseIpv6 } from "../ip/ipv6.ts";
import { formatLabels, parseLabels } from "../wire/domain-name.ts";
import { TextError } from "../wire/text-fields.ts";
import { DHCID_BYTES } from "./dhcid.ts";
import {
  CONFLICT_RESOLUTION_MODES,
  type ConflictResolutionMode,
  type NameChangeRequest,
} from "./name-change-request.ts";

const LENGTH_BYTES = 2;
/** 17 bytes each at most: a datagram that fits every link. */
const CONFIRMED_TOGETHER = 64;

const KINDS = ["add", "remove"] as const;

export function encodeRequest(request: NameChangeRequest, now: Seconds): Uint8Array {
  return encodeFrame(formatRequest(request, now));
}

/**
 * The JSON of a request.
 * @param now wall time; Kea 2.6 refuses requests that do not say when the lease ends, by which it means the records
 */
export function formatRequest(request: NameChangeRequest, now: Seconds): string {
  const { change, forward, reverse, fqdn, address, dhcid, ttl, conflictResolutionMode, confirm } = request;
  // As JSON.stringify would write it, which takes longer. Only the name may have something to escape.
  return (
    `{"change-type":${KINDS.indexOf(change)},"forward-change":${forward},"reverse-change":${reverse},` +
    `"fqdn":${JSON.stringify(fqdn)},"ip-address":"${address}","dhcid":"${dhcid.toUpperCase()}",` +
    `"lease-expires-on":"${formatExpiry(now + ttl)}","lease-length":${ttl},` +
    `"conflict-resolution-mode":"${conflictResolutionMode}"${confirm === undefined ? "" : `,"confirm":${confirm}`}}`
  );
}

/**
 * @param requests as `formatRequest` makes them
 * @param most bytes of a datagram that holds several
 * @returns as few datagrams as possible
 */
export function encodeRequests(requests: readonly string[], most: number): Uint8Array[] {
  const datagrams: Uint8Array[] = [];
  let first = 0;
  let size = 0;
  for (const [i, request] of requests.entries()) {
    const length = frameLength(request);
    if (size > 0 && size + length > most) {
      datagrams.push(encodeFrames(requests.slice(first, i), size));
      first = i;
      size = 0;
    }
    size += length;
  }
  if (size > 0) datagrams.push(encodeFrames(requests.slice(first), size));
  return datagrams;
}

/** @throws {DecodeError} when it is no request that can be carried out */
export function decodeRequest(datagram: Uint8Array): NameChangeRequest {
  return parseRequest(decodeFrame(datagram));
}

/**
 * @param text JSON
 * @throws {DecodeError} with offsets of the datagram that would hold it
 */
export function parseRequest(text: string): NameChangeRequest {
  const fields = parseFields(text);
  const change =
    KINDS[fields.integer("change-type")] ?? fields.fail("change-type", "is neither 0 (add) nor 1 (remove)");
  const forward = fields.boolean("forward-change");
  const reverse = fields.boolean("reverse-change");
  if (!forward && !reverse) fields.fail("forward-change", "and reverse-change are both false: nothing is asked for");
  return {
    change,
    forward,
    reverse,
    fqdn: readName(fields),
    address: readAddress(fields),
    dhcid: readDhcid(fields),
    ttl: fields.integer("lease-length", 0xffff_ffff),
    conflictResolutionMode: readMode(fields),
    confirm: fields.has("confirm") ? fields.integer("confirm") : undefined,
  };
}

/**
 * The requests in a datagram, each as one of its own.
 * @throws {DecodeError} when their lengths do not fill it
 */
export function splitRequests(datagram: Uint8Array): Uint8Array[] {
  const requests: Uint8Array[] = [];
  let at = 0;
  do {
    const left = datagram.length - at - LENGTH_BYTES;
    if (left < 0) throw new DecodeError("length", at, "is missing");
    const length = readU16(datagram, at);
    if (length > left) throw new DecodeError("length", at, `says ${length} bytes, and ${left} follow`);
    requests.push(datagram.subarray(at, at + LENGTH_BYTES + length));
    at += LENGTH_BYTES + length;
  } while (at < datagram.length);
  return requests;
}

export function encodeConfirmations(numbers: readonly number[]): Uint8Array[] {
  const datagrams: Uint8Array[] = [];
  for (let i = 0; i < numbers.length; i += CONFIRMED_TOGETHER) {
    datagrams.push(encodeFrame(JSON.stringify({ confirmed: numbers.slice(i, i + CONFIRMED_TOGETHER) })));
  }
  return datagrams;
}

/** @throws {DecodeError} when it is no confirmation */
export function decodeConfirmation(datagram: Uint8Array): readonly number[] {
  return parseFields(decodeFrame(datagram)).integers("confirmed");
}

function encodeFrame(json: string): Uint8Array {
  return encodeFrames([json], frameLength(json));
}

function frameLength(json: string): number {
  return LENGTH_BYTES + Buffer.byteLength(json);
}

/** @param size bytes of all together */
function encodeFrames(jsons: readonly string[], size: number): Uint8Array {
  const frames = Buffer.allocUnsafe(size);
  let at = 0;
  for (const json of jsons) {
    const length = frames.write(json, at + LENGTH_BYTES);
    writeU16(frames, at, length);
    at += LENGTH_BYTES + length;
  }
  return frames;
}

function decodeFrame(datagram: Uint8Array): string {
  if (datagram.length < LENGTH_BYTES) throw new DecodeError("length", 0, "is missing");
  const length = readU16(datagram, 0);
  const rest = datagram.length - LENGTH_BYTES;
  if (length !== rest) throw new DecodeError("length", 0, `says ${length} bytes, and ${rest} follow`);
  return Buffer.from(datagram.buffer, datagram.byteOffset + LENGTH_BYTES, length).toString("utf8");
}

function parseFields(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DecodeError("JSON", LENGTH_BYTES, error instanceof Error ? error.message : String(error));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new DecodeError("JSON", LENGTH_BYTES, "is no map");
  }
  return new Fields(value as Readonly<Record<string, unknown>>, text);
}

/** The map in a datagram, read with checks. */
class Fields {
  readonly #map: Readonly<Record<string, unknown>>;
  readonly #text: string;

  constructor(map: Readonly<Record<string, unknown>>, text: string) {
    this.#map = map;
    this.#text = text;
  }

  fail(key: string, what: string): never {
    throw new DecodeError(key, LENGTH_BYTES + Math.max(0, this.#text.indexOf(`"${key}"`)), what);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#map, key);
  }

  integer(key: string, most = Number.MAX_SAFE_INTEGER): number {
    const value = this.#get(key);
    return isInteger(value, most) ? value : this.fail(key, `${show(value)} is no whole number from 0 to ${most}`);
  }

  integers(key: string): readonly number[] {
    const value = this.#get(key);
    if (!Array.isArray(value)) return this.fail(key, `${show(value)} is no list`);
    return value.map((entry: unknown) =>
      isInteger(entry, Number.MAX_SAFE_INTEGER) ? entry : this.fail(key, `has ${show(entry)}, which is no number`),
    );
  }

  boolean(key: string): boolean {
    const value = this.#get(key);
    return typeof value === "boolean" ? value : this.fail(key, `${show(value)} is neither true nor false`);
  }

  string(key: string): string {
    const value = this.#get(key);
    return typeof value === "string" ? value : this.fail(key, `${show(value)} is no text`);
  }

  #get(key: string): unknown {
    return this.has(key) ? this.#map[key] : this.fail(key, "is missing");
  }
}

function isInteger(value: unknown, most: number): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;
}

/** A value as JSON, cut to a length that fits a line. */
function show(value: unknown): string {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "a map";
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

function readName(fields: Fields): string {
  const text = fields.string("fqdn");
  try {
    const labels = parseLabels(text);
    return labels.length === 0 ? fields.fail("fqdn", "is the root") : formatLabels(labels);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    return fields.fail("fqdn", error.message);
  }
}

function readAddress(fields: Fields): string {
  const text = fields.string("ip-address");
  const v4 = parseIpv4(text);
  if (v4 !== undefined) return formatIpv4(v4);
  const v6 = parseIpv6(text);
  return v6 === undefined ? fields.fail("ip-address", `${show(text)} is no IP address`) : formatIpv6(v6);
}

function readDhcid(fields: Fields): string {
  const text = fields.string("dhcid");
  if (!/^(?:[0-9A-Fa-f]{2})*$/.test(text)) fields.fail("dhcid", `${show(text)} is not pairs of hexadecimal digits`);
  const length = text.length / 2;
  return length === DHCID_BYTES
    ? text.toLowerCase()
    : fields.fail("dhcid", `has ${length} bytes, and RFC 4701 makes ${DHCID_BYTES}`);
}

/** Kea before 2.5 knew a choice of two only; before 2.1 not even that. */
function readMode(fields: Fields): ConflictResolutionMode {
  if (fields.has("conflict-resolution-mode")) {
    const text = fields.string("conflict-resolution-mode");
    const mode = CONFLICT_RESOLUTION_MODES.find((each) => each === text);
    return mode ?? fields.fail("conflict-resolution-mode", `${show(text)} is no such mode`);
  }
  if (!fields.has("use-conflict-resolution")) return "check-with-dhcid";
  return fields.boolean("use-conflict-resolution") ? "check-with-dhcid" : "no-check-with-dhcid";
}

/** `YYYYMMDDHHMMSS`, UTC. */
function formatExpiry(time: Seconds): string {
  const second = Math.floor(time);
  if (second !== lastExpiry.second) {
    lastExpiry = { second, text: new Date(second * 1000).toISOString().replace(/\.\d+Z$|[-:T]/g, "") };
  }
  return lastExpiry.text;
}

/** Requests that come together mostly name the same second. */
let lastExpiry = { second: 0, text: "19700101000000" };
