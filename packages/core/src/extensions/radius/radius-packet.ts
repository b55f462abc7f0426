/** RADIUS packets on the wire (RFC 2865 §3, RFC 2866 §3), and what proves who sent them (RFC 2865 §3, RFC 3579 §3.2). */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

export const RadiusCode = {
  accessRequest: 1,
  accessAccept: 2,
  accessReject: 3,
  accountingRequest: 4,
  accountingResponse: 5,
} as const;

/** What is behind the header of an attribute: at most 253 bytes. */
export interface RadiusAttribute {
  readonly type: number;
  readonly value: Uint8Array;
}

export interface RadiusResponse {
  readonly code: number;
  /** In their order. */
  readonly attributes: readonly RadiusAttribute[];
}

/** What a response is checked against. */
export interface SentRequest {
  readonly bytes: Uint8Array;
  readonly secret: Uint8Array;
}

const HEADER = 20;
const AUTHENTICATOR_AT = 4;
const AUTHENTICATOR = 16;
const USER_PASSWORD = 2;
const MESSAGE_AUTHENTICATOR = 80;
/** RFC 2865 §3. */
const LONGEST = 4096;
export const LONGEST_VALUE = 253;

/**
 * A Message-Authenticator stands first: an answer that somebody else makes of it is then worth nothing (CVE-2024-3596).
 * @param random 16 bytes that nobody can guess
 * @throws RangeError when it is too long
 */
export function encodeAccessRequest(
  identifier: number,
  random: Uint8Array,
  attributes: readonly RadiusAttribute[],
  secret: Uint8Array,
  isProved: boolean,
): Uint8Array {
  const hidden = attributes.map((attribute) =>
    attribute.type === USER_PASSWORD
      ? { ...attribute, value: hidePassword(attribute.value, secret, random) }
      : attribute,
  );
  const proof = isProved ? [{ type: MESSAGE_AUTHENTICATOR, value: new Uint8Array(AUTHENTICATOR) }] : [];
  const bytes = assemble(RadiusCode.accessRequest, identifier, [...proof, ...hidden]);
  bytes.set(random, AUTHENTICATOR_AT);
  if (isProved) bytes.set(createHmac("md5", secret).update(bytes).digest(), HEADER + 2);
  return bytes;
}

/** @throws RangeError when it is too long */
export function encodeAccountingRequest(
  identifier: number,
  attributes: readonly RadiusAttribute[],
  secret: Uint8Array,
): Uint8Array {
  const bytes = assemble(RadiusCode.accountingRequest, identifier, attributes);
  bytes.set(createHash("md5").update(bytes).update(secret).digest(), AUTHENTICATOR_AT);
  return bytes;
}

/**
 * @param codes those that may answer the request
 * @param isProved whether it has to have a Message-Authenticator
 * @returns why it is no answer to the request, in words
 */
export function decodeResponse(
  bytes: Uint8Array,
  request: SentRequest,
  codes: readonly number[],
  isProved: boolean,
): RadiusResponse | string {
  const length = bytes.length < HEADER ? 0 : (bytes[2]! << 8) | bytes[3]!;
  if (length < HEADER || length > bytes.length || length > LONGEST) return "its length is wrong";
  if (bytes[1] !== request.bytes[1]) return "it answers another request";
  // What is behind the length is padding (RFC 2865 §3).
  const packet = bytes.subarray(0, length);
  const asked = request.bytes.subarray(AUTHENTICATOR_AT, HEADER);
  const proven = Uint8Array.from(packet);
  proven.set(asked, AUTHENTICATOR_AT);
  const digest = createHash("md5").update(proven).update(request.secret).digest();
  if (!timingSafeEqual(digest, packet.subarray(AUTHENTICATOR_AT, HEADER))) return "its authenticator is wrong";
  const attributes = readAttributes(packet);
  if (attributes === undefined) return "an attribute is broken";
  const proof = attributes.find(({ type }) => type === MESSAGE_AUTHENTICATOR)?.value;
  if (proof === undefined && isProved) return "it has no Message-Authenticator";
  if (proof !== undefined) {
    if (proof.length !== AUTHENTICATOR) return "its Message-Authenticator is broken";
    proven.fill(0, proof.byteOffset - packet.byteOffset, proof.byteOffset - packet.byteOffset + AUTHENTICATOR);
    const expected = createHmac("md5", request.secret).update(proven).digest();
    if (!timingSafeEqual(expected, proof)) return "its Message-Authenticator is wrong";
  }
  const code = packet[0]!;
  return codes.includes(code) ? { code, attributes } : `it has code ${code}`;
}

/** @returns `undefined` where one is broken */
export function readAttributes(packet: Uint8Array): readonly RadiusAttribute[] | undefined {
  const attributes: RadiusAttribute[] = [];
  for (let at = HEADER; at < packet.length; ) {
    const length = packet[at + 1] ?? 0;
    if (length < 2 || at + length > packet.length) return undefined;
    attributes.push({ type: packet[at]!, value: packet.subarray(at + 2, at + length) });
    at += length;
  }
  return attributes;
}

function assemble(code: number, identifier: number, attributes: readonly RadiusAttribute[]): Uint8Array {
  const length = attributes.reduce((sum, { value }) => sum + 2 + value.length, HEADER);
  if (length > LONGEST) throw new RangeError(`a RADIUS packet of ${length} bytes is too long`);
  const bytes = new Uint8Array(length);
  bytes.set([code, identifier, length >> 8, length & 0xff]);
  let at = HEADER;
  for (const { type, value } of attributes) {
    if (value.length > LONGEST_VALUE) throw new RangeError(`RADIUS attribute ${type} is too long`);
    bytes.set([type, 2 + value.length], at);
    bytes.set(value, at + 2);
    at += 2 + value.length;
  }
  return bytes;
}

/** RFC 2865 §5.2. */
function hidePassword(password: Uint8Array, secret: Uint8Array, random: Uint8Array): Uint8Array {
  const hidden = new Uint8Array(Math.max(AUTHENTICATOR, Math.ceil(password.length / AUTHENTICATOR) * AUTHENTICATOR));
  hidden.set(password);
  let before = random;
  for (let at = 0; at < hidden.length; at += AUTHENTICATOR) {
    const mask = createHash("md5").update(secret).update(before).digest();
    for (let i = 0; i < AUTHENTICATOR; i++) hidden[at + i]! ^= mask[i]!;
    before = hidden.subarray(at, at + AUTHENTICATOR);
  }
  return hidden;
}
