/**
 * The secrets by which clients know messages of ours: each is derived from one secret of the server's, so nothing has to be
 * kept for a client, and what a client has cannot be told from chance.
 */
import { createHmac } from "node:crypto";
import { latin1 } from "../base/bytes.ts";

/** RFC 8415 §20.4.2, RFC 6704 §3.1.2: 128 bits. */
const LENGTH = 16;
const ID_LENGTH = 4;

export class ClientSecrets {
  /** Tells the secrets of this server from those of others: hexadecimal digits. */
  readonly id: string;
  readonly #secret: Uint8Array;

  constructor(secret: Uint8Array) {
    this.#secret = secret;
    this.id = Buffer.from(this.#derive("id", "")).subarray(0, ID_LENGTH).toString("hex");
  }

  /** @param client what the client is known by */
  of(client: Uint8Array): Uint8Array {
    return this.#derive("client", latin1(client)).subarray(0, LENGTH);
  }

  #derive(purpose: string, text: string): Uint8Array {
    return createHmac("sha256", this.#secret).update(`${purpose}\0${text}`, "latin1").digest();
  }
}

/** HMAC-MD5 (RFC 2104): the one algorithm of RFC 3118, RFC 6704 and RFC 8415 §20.4. */
export function hmacMd5(key: Uint8Array, message: Uint8Array): Uint8Array {
  return createHmac("md5", key).update(message).digest();
}
