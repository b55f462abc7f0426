/** Option 90 of RFC 3118 §2: protocol, algorithm, replay detection method, a number that grows, and what depends on these. */

export const AuthProtocol = { token: 0, delayed: 1 } as const;
/** Of delayed authentication. */
const HMAC_MD5 = 1;
/** The only method of replay detection: the number is greater each time. */
const MONOTONIC = 0;

const HEADER = 11;
const MAC_LENGTH = 16;
const SIGNED_LENGTH = HEADER + 4 + MAC_LENGTH;
/** From the payload's beginning. */
export const MAC_AT = SIGNED_LENGTH - MAC_LENGTH;

export type AuthOption4 =
  | { readonly protocol: typeof AuthProtocol.token; readonly replay: bigint; readonly token: Uint8Array }
  | {
      readonly protocol: typeof AuthProtocol.delayed;
      readonly replay: bigint;
      /** `undefined` in a DISCOVER or INFORM, which only ask for it. */
      readonly signature: { readonly id: number; readonly mac: Uint8Array } | undefined;
    };

/** @returns `undefined` for what is none of the two protocols, or is broken */
export function readAuthOption(payload: Uint8Array): AuthOption4 | undefined {
  if (payload.length < HEADER) return undefined;
  const view = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  const [protocol, algorithm, method] = view;
  const replay = view.readBigUInt64BE(3);
  if (method !== MONOTONIC) return undefined;
  if (protocol === AuthProtocol.token && algorithm === 0) return { protocol, replay, token: payload.subarray(HEADER) };
  if (protocol !== AuthProtocol.delayed || algorithm !== HMAC_MD5) return undefined;
  if (payload.length === HEADER) return { protocol, replay, signature: undefined };
  if (payload.length !== SIGNED_LENGTH) return undefined;
  return { protocol, replay, signature: { id: view.readUInt32BE(HEADER), mac: payload.subarray(MAC_AT) } };
}

export function tokenOption(token: Uint8Array, replay: bigint): Uint8Array {
  return Buffer.concat([header(AuthProtocol.token, 0, replay), token]);
}

/** With zeros where the MAC is to be. */
export function unsignedOption(id: number, replay: bigint): Uint8Array {
  const rest = Buffer.alloc(SIGNED_LENGTH - HEADER);
  rest.writeUInt32BE(id);
  return Buffer.concat([header(AuthProtocol.delayed, HMAC_MD5, replay), rest]);
}

function header(protocol: number, algorithm: number, replay: bigint): Buffer {
  const bytes = Buffer.alloc(HEADER);
  bytes.set([protocol, algorithm, MONOTONIC]);
  bytes.writeBigUInt64BE(replay, 3);
  return bytes;
}
