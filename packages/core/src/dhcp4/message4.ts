/** A received DHCPv4 message (RFC 2131 §2): fixed fields over the packet's own bytes, and an index of its options. */

import { readU16, readU32 } from "../base/big-endian.ts";
import { latin1 } from "../base/bytes.ts";
import { DecodeError } from "../base/decode-error.ts";
import type { Ipv4 } from "../ip/ipv4.ts";
import { TextSlab } from "../ip/text-slab.ts";

export const BOOTREQUEST = 1;
export const BOOTREPLY = 2;
export const MAGIC_COOKIE = 0x6382_5363;
/** RFC 2131 §2: the B bit of `flags`. */
export const BROADCAST_FLAG = 0x8000;

/** Where the fields stand; the options begin behind the magic cookie. */
export const Field4 = {
  op: 0,
  htype: 1,
  hlen: 2,
  hops: 3,
  xid: 4,
  secs: 8,
  flags: 10,
  ciaddr: 12,
  yiaddr: 16,
  siaddr: 20,
  giaddr: 24,
  chaddr: 28,
  sname: 44,
  file: 108,
  cookie: 236,
  options: 240,
} as const;

/** The codes that the server itself reads or writes; everything else is data (see `options/`). */
export const Option4 = {
  pad: 0,
  subnetMask: 1,
  hostName: 12,
  requestedAddress: 50,
  leaseTime: 51,
  overload: 52,
  messageType: 53,
  serverIdentifier: 54,
  parameterRequestList: 55,
  message: 56,
  maxMessageSize: 57,
  renewalTime: 58,
  rebindingTime: 59,
  vendorClass: 60,
  clientIdentifier: 61,
  clientFqdn: 81,
  relayAgentInformation: 82,
  authentication: 90,
  clientLastTransactionTime: 91,
  associatedIp: 92,
  v6OnlyPreferred: 108,
  subnetSelection: 118,
  vendorClasses: 124,
  vendorOptions: 125,
  forcerenewNonceCapable: 145,
  statusCode: 151,
  baseTime: 152,
  startTimeOfState: 153,
  queryStartTime: 154,
  queryEndTime: 155,
  dhcpState: 156,
  dataSource: 157,
  vpn: 221,
  end: 255,
} as const;

const SPACE = 0x20;
/** What stands between the parts of a label. */
const Label = {
  hwtype: Buffer.from("[hwtype="),
  cid: Buffer.from("], cid=["),
  noInfo: Buffer.from("no info"),
  tid: Buffer.from("], tid=0x"),
};
/** More bytes than a label takes without its client identifier. */
const FIXED_LABEL = 96;
const labels = new TextSlab();

/** RFC 951 §3: what BOOTP clients have there that know no options at all. */
const NO_COOKIE = 0;

export class Message4 {
  readonly bytes: Uint8Array;
  readonly isLenient: boolean;
  readonly op: number;
  readonly htype: number;
  readonly hlen: number;
  readonly hops: number;
  readonly xid: number;
  readonly secs: number;
  readonly flags: number;
  readonly ciaddr: Ipv4;
  readonly giaddr: Ipv4;
  /** Option 53, 0 when absent: a BOOTP message. */
  readonly type: number;
  /** Option occurrences in order, three numbers each: code, offset of the payload, length. */
  readonly #index: number[];
  #label: Uint8Array | undefined;

  /**
   * @param isLenient Kea's `lenient-option-parsing`: broken options count as absent instead of costing the packet
   * @throws DecodeError when the fixed fields are broken, or options that say how to read the others
   */
  constructor(bytes: Uint8Array, isLenient = false) {
    this.isLenient = isLenient;
    if (bytes.length < Field4.options) {
      throw new DecodeError("message", bytes.length, `needs at least ${Field4.options} bytes, has ${bytes.length}`);
    }
    const cookie = readU32(bytes, Field4.cookie);
    if (cookie !== MAGIC_COOKIE && cookie !== NO_COOKIE) {
      throw new DecodeError("magic cookie", Field4.cookie, "is not 99.130.83.99 (a BOOTP message without options?)");
    }
    this.bytes = bytes;
    this.op = bytes[Field4.op]!;
    this.htype = bytes[Field4.htype]!;
    this.hlen = bytes[Field4.hlen]!;
    if (this.hlen > 16) throw new DecodeError("hlen", Field4.hlen, `is ${this.hlen}, chaddr has room for 16`);
    this.hops = bytes[Field4.hops]!;
    this.xid = readU32(bytes, Field4.xid);
    this.secs = readU16(bytes, Field4.secs);
    this.flags = readU16(bytes, Field4.flags);
    this.ciaddr = readU32(bytes, Field4.ciaddr);
    this.giaddr = readU32(bytes, Field4.giaddr);
    this.#index = [];
    if (cookie === MAGIC_COOKIE) this.#indexOptions(Field4.options, bytes.length);
    const overload = this.u8(Option4.overload) ?? 0;
    // RFC 2131 §4.1: `file` is read before `sname`.
    if ((overload & 1) !== 0) this.#indexOptions(Field4.file, Field4.cookie);
    if ((overload & 2) !== 0) this.#indexOptions(Field4.sname, Field4.file);
    this.type = this.u8(Option4.messageType) ?? 0;
  }

  #indexOptions(start: number, end: number): void {
    const bytes = this.bytes;
    let at = start;
    while (at < end) {
      const code = bytes[at]!;
      if (code === Option4.pad) {
        at += 1;
        continue;
      }
      if (code === Option4.end) return;
      const length = at + 1 < end ? bytes[at + 1]! : end;
      // As Kea: an option that is cut short costs itself and what would follow, not the client's service.
      if (at + 2 + length > end) return;
      this.#index.push(code, at + 2, length);
      at += 2 + length;
    }
  }

  /** How the client is named in the log, as in Kea: made once, for every line about the message. */
  get label(): Uint8Array {
    this.#label ??= this.#makeLabel();
    return this.#label;
  }

  #makeLabel(): Uint8Array {
    const clientId = this.option(Option4.clientIdentifier);
    const line = labels.begin(FIXED_LABEL + 3 * (clientId?.length ?? 0));
    line.copy(Label.hwtype);
    line.decimal(this.htype);
    line.byte(SPACE);
    line.colonHex(this.bytes, Field4.chaddr, Field4.chaddr + this.hlen);
    line.copy(Label.cid);
    if (clientId === undefined) line.copy(Label.noInfo);
    else line.colonHex(clientId);
    line.copy(Label.tid);
    line.hex32(this.xid);
    return labels.end();
  }

  /** The client's hardware address: a view of `chaddr`. */
  get chaddr(): Uint8Array {
    return this.bytes.subarray(Field4.chaddr, Field4.chaddr + this.hlen);
  }

  get isBroadcast(): boolean {
    return (this.flags & BROADCAST_FLAG) !== 0;
  }

  get isRelayed(): boolean {
    return this.giaddr !== 0;
  }

  hasOption(code: number): boolean {
    return this.offsetOf(code) >= 0;
  }

  /** Offset of the payload of the first occurrence; -1 when the option is absent. */
  offsetOf(code: number): number {
    const at = this.#find(code);
    return at < 0 ? -1 : this.#index[at + 1]!;
  }

  /** An option's payload; several occurrences are one option (RFC 3396 §7). A view where it is in one piece. */
  option(code: number): Uint8Array | undefined {
    const at = this.#find(code);
    if (at < 0) return undefined;
    const index = this.#index;
    const start = index[at + 1]!;
    return this.#isWhole(at) ? this.bytes.subarray(start, start + index[at + 2]!) : this.#joined(at);
  }

  /** The same as a string with one character a byte: a key for `Map`. */
  optionKey(code: number): string | undefined {
    const at = this.#find(code);
    if (at < 0) return undefined;
    const index = this.#index;
    const start = index[at + 1]!;
    return this.#isWhole(at) ? latin1(this.bytes, start, start + index[at + 2]!) : latin1(this.#joined(at));
  }

  /** Where in the index the first occurrence is; -1 when the option is absent. */
  #find(code: number): number {
    const index = this.#index;
    for (let i = 0; i < index.length; i += 3) if (index[i] === code) return i;
    return -1;
  }

  /** Whether the occurrence at `first` is the only one. */
  #isWhole(first: number): boolean {
    const index = this.#index;
    const code = index[first]!;
    for (let i = first + 3; i < index.length; i += 3) if (index[i] === code) return false;
    return true;
  }

  #joined(first: number): Uint8Array {
    const index = this.#index;
    const code = index[first]!;
    let length = 0;
    for (let i = first; i < index.length; i += 3) if (index[i] === code) length += index[i + 2]!;
    const whole = new Uint8Array(length);
    let at = 0;
    for (let i = first; i < index.length; i += 3) {
      if (index[i] !== code) continue;
      const start = index[i + 1]!;
      whole.set(this.bytes.subarray(start, start + index[i + 2]!), at);
      at += index[i + 2]!;
    }
    return whole;
  }

  /** The codes present, in order, repeated ones once. */
  optionCodes(): number[] {
    const codes = new Set<number>();
    for (let i = 0; i < this.#index.length; i += 3) codes.add(this.#index[i]!);
    return [...codes];
  }

  /** An option that is one byte. @throws DecodeError when it is shorter */
  u8(code: number): number | undefined {
    return this.#fixed(code, 1, readU8);
  }

  u16(code: number): number | undefined {
    return this.#fixed(code, 2, readU16);
  }

  u32(code: number): number | undefined {
    return this.#fixed(code, 4, readU32);
  }

  #fixed(code: number, length: number, read: (bytes: Uint8Array, at: number) => number): number | undefined {
    const index = this.#index;
    for (let i = 0; i < index.length; i += 3) {
      if (index[i] !== code) continue;
      if (index[i + 2]! >= length) return read(this.bytes, index[i + 1]!);
      const whole = this.option(code)!;
      if (whole.length >= length) return read(whole, 0);
      if (this.isLenient) return undefined;
      throw new DecodeError(`option ${code}`, index[i + 1]!, `has ${whole.length} bytes instead of ${length}`);
    }
    return undefined;
  }

  /** Text of an option, with trailing NULs stripped as RFC 2132 §2 asks. */
  text(code: number): string | undefined {
    const bytes = this.option(code);
    if (bytes === undefined) return undefined;
    let end = bytes.length;
    while (end > 0 && bytes[end - 1] === 0) end -= 1;
    return latin1(bytes.subarray(0, end));
  }
}

function readU8(bytes: Uint8Array, at: number): number {
  return bytes[at]!;
}
