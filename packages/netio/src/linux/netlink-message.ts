/** What rtnetlink's messages have in common: header, attributes, errors (netlink(7), rtnetlink(7)). */

import { LITTLE } from "../byte-order.ts";

const MESSAGE_HEADER = 16;
export const ATTRIBUTE_HEADER = 4;
/** The two high bits of an attribute's type are flags. */
const ATTRIBUTE_TYPE = 0x3fff;

export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
const NLM_F_REQUEST = 1;
export const NLM_F_ACK = 0x4;
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_REPLACE = 0x100;
export const NLM_F_DUMP = 0x300;
export const NLM_F_CREATE = 0x400;

export interface MessageHeader {
  readonly type: number;
  readonly flags: number;
  /** The kernel's answer repeats it. */
  readonly sequence: number;
}

export interface NetlinkMessage extends MessageHeader {
  readonly body: DataView;
}

/** @param body of whole 4-byte units, with its attributes. */
export function encodeMessage({ type, flags, sequence }: MessageHeader, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(MESSAGE_HEADER + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, LITTLE);
  view.setUint16(4, type, LITTLE);
  view.setUint16(6, NLM_F_REQUEST | flags, LITTLE);
  view.setUint32(8, sequence, LITTLE);
  bytes.set(body, MESSAGE_HEADER);
  return bytes;
}

/**
 * The messages that the kernel has written into one piece.
 * @throws when a length in it cannot be.
 */
export function* readMessages(bytes: Uint8Array): Generator<NetlinkMessage> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + MESSAGE_HEADER <= bytes.length; ) {
    const length = view.getUint32(at, LITTLE);
    if (length < MESSAGE_HEADER || at + length > bytes.length) throw new Error(`rtnetlink: message of ${length} bytes`);
    yield {
      type: view.getUint16(at + 4, LITTLE),
      flags: view.getUint16(at + 6, LITTLE),
      sequence: view.getUint32(at + 8, LITTLE),
      body: new DataView(view.buffer, view.byteOffset + at + MESSAGE_HEADER, length - MESSAGE_HEADER),
    };
    at += (length + 3) & ~3;
  }
}

/** The negative errno in the body of an `NLMSG_ERROR`; 0 is an acknowledgement. */
export function errorOf(body: DataView): number {
  return body.getInt32(0, LITTLE);
}

/** Type → value. Of one type twice the last counts. */
export function readAttributes(view: DataView, from: number): Map<number, DataView> {
  const attributes = new Map<number, DataView>();
  for (let at = from; at + ATTRIBUTE_HEADER <= view.byteLength; ) {
    const length = view.getUint16(at, LITTLE);
    if (length < ATTRIBUTE_HEADER || at + length > view.byteLength) break;
    const value = new DataView(view.buffer, view.byteOffset + at + ATTRIBUTE_HEADER, length - ATTRIBUTE_HEADER);
    attributes.set(view.getUint16(at + 2, LITTLE) & ATTRIBUTE_TYPE, value);
    at += (length + 3) & ~3;
  }
  return attributes;
}
