/** One UPDATE to one server: encoded, signed, sent, and its answer checked. */
import { randomInt } from "node:crypto";
import type { Milliseconds, Seconds } from "@kotare/core/base/clock";
import { DecodeError } from "@kotare/core/base/decode-error";
import { exchange, type Heard } from "../dns/exchange.ts";
import { decodeResponse } from "../dns/response.ts";
import { encodeUpdate, type UpdateRecord } from "../dns/update-message.ts";
import { type Signed, signMessage, verifyResponse } from "../tsig/tsig.ts";
import type { DnsServer } from "../zones/zones.ts";

export interface UpdateContent {
  readonly zone: string;
  readonly prerequisites: readonly UpdateRecord[];
  readonly updates: readonly UpdateRecord[];
}

export type Answered =
  | { readonly kind: "rcode"; readonly rcode: number }
  /** The server will not take what we sign, or said nothing that can be believed. */
  | { readonly kind: "refused" | "silent"; readonly why: string };

export interface SendOptions {
  readonly timeout: Milliseconds;
  /** Wall time. */
  readonly now: () => Seconds;
  readonly onIgnored: (why: string) => void;
}

/** Never throws. */
export async function sendUpdate(server: DnsServer, content: UpdateContent, options: SendOptions): Promise<Answered> {
  const { key } = server;
  const id = randomInt(0x10000);
  let plain: Uint8Array;
  let signed: Signed | undefined;
  try {
    plain = encodeUpdate({ id, ...content });
    signed = key === undefined ? undefined : signMessage(plain, key, options.now());
  } catch (error) {
    // What is queued has been checked: this would be a fault of ours, and must not make the zone's lane deaf.
    return { kind: "refused", why: `the update cannot be made: ${(error as Error).message}` };
  }
  const hear = (bytes: Uint8Array): Heard<Answered> => {
    const ignored = (why: string): Heard<Answered> => {
      options.onIgnored(why);
      return { kind: "ignored", why };
    };
    try {
      const response = decodeResponse(bytes);
      if (response.id !== id) return ignored("it has the id of another message");
      if (response.isTruncated) return { kind: "truncated" };
      if (key !== undefined && signed !== undefined) {
        const verdict = verifyResponse(bytes, response, signed.mac, key, options.now());
        if (verdict.kind === "unproven") return ignored(verdict.why);
        if (verdict.kind === "refused") return { kind: "accepted", value: verdict };
      }
      return { kind: "accepted", value: { kind: "rcode", rcode: response.rcode } };
    } catch (error) {
      if (error instanceof DecodeError) return ignored(error.message);
      throw error;
    }
  };
  const exchanged = await exchange(server, signed?.message ?? plain, options.timeout, hear);
  return exchanged.kind === "answered" ? exchanged.value : exchanged;
}
