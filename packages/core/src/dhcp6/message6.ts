/** A received DHCPv6 message (RFC 8415 §8): header fields and an index of its options, and the relays it came through. */
import { DecodeError, unlessBroken } from "../base/decode-error.ts";
import { TextSlab } from "../ip/text-slab.ts";
import { isDuidLength, isNobodysDuid, MAX_DUID, MIN_DUID } from "./duid.ts";
import { decodeIa, decodeIaLease, type IaLease, type IdentityAssociation } from "./identity-association.ts";
import { OptionIndex6 } from "./option-index6.ts";
import { Option6 } from "./option6.ts";
import { isRelayType, MAX_RELAYS, Relay6 } from "./relay6.ts";

/** Type and transaction id. */
export const MESSAGE_HEADER = 4;

/** What stands between the parts of a label. */
const Label = {
  duid: Buffer.from("duid=["),
  noInfo: Buffer.from("no info"),
  tid: Buffer.from("], tid=0x"),
};
/** More bytes than a label takes without its DUID. */
const FIXED_LABEL = 32;
const labels = new TextSlab();

export class Message6 extends OptionIndex6 {
  /** Of the client's or server's own message, not of the relays' around it. */
  readonly type: number;
  /** 24 bits. */
  readonly transactionId: number;
  /** From the one nearest to the server to the one nearest to the client; none when the message came directly. */
  readonly relays: readonly Relay6[];
  /** Where the message stands in the packet. */
  readonly start: number;
  readonly isLenient: boolean;
  #clientId: Uint8Array | undefined;
  #ias: readonly IdentityAssociation[] | undefined;
  #label: Uint8Array | undefined;

  /**
   * @param isLenient Kea's `lenient-option-parsing`
   * @throws {DecodeError} when a header or the framing of options is broken, or relays are nested wrongly or too deep
   */
  constructor(bytes: Uint8Array, isLenient = false) {
    const relays = unwrapRelays(bytes);
    const carrier = relays.at(-1);
    const start = carrier?.messageStart ?? 0;
    const end = carrier?.messageEnd ?? bytes.length;
    if (end - start < MESSAGE_HEADER) {
      throw new DecodeError("header", start, `needs ${MESSAGE_HEADER} bytes, has ${end - start}`);
    }
    super(bytes, start + MESSAGE_HEADER, end, "");
    this.isLenient = isLenient;
    this.relays = relays;
    this.start = start;
    this.type = bytes[start]!;
    this.transactionId = (bytes[start + 1]! << 16) | (bytes[start + 2]! << 8) | bytes[start + 3]!;
  }

  /**
   * Reads an option that a client can be served without: where it is broken and we are asked to bear that, it is
   * absent.
   */
  leniently<T>(read: () => T): T | undefined {
    return this.isLenient ? unlessBroken(read) : read();
  }

  /** How the client is named in the log, as in Kea, also when its DUID is none: made once, for every line. */
  get label(): Uint8Array {
    this.#label ??= this.#makeLabel();
    return this.#label;
  }

  #makeLabel(): Uint8Array {
    const duid = this.option(Option6.clientId);
    const { transactionId } = this;
    const line = labels.begin(FIXED_LABEL + 3 * (duid?.length ?? 0));
    line.copy(Label.duid);
    if (duid === undefined) line.copy(Label.noInfo);
    else line.colonHex(duid);
    line.copy(Label.tid);
    line.octet(transactionId >> 16);
    line.octet((transactionId >> 8) & 255);
    line.octet(transactionId & 255);
    return labels.end();
  }

  get isRelayed(): boolean {
    return this.relays.length > 0;
  }

  /** The client's DUID, a view that is made once. @throws {DecodeError} when its length is none that a DUID can have, or it is nobody's */
  get clientId(): Uint8Array | undefined {
    this.#clientId ??= this.#checkClientId();
    return this.#clientId;
  }

  #checkClientId(): Uint8Array | undefined {
    const duid = this.#duid(Option6.clientId);
    if (duid !== undefined && isNobodysDuid(duid)) {
      this.fail(Option6.clientId, this.offsetOf(Option6.clientId), "is the DUID that stands for nobody");
    }
    return duid;
  }

  /** The DUID of the server that the message is for, or from. @throws {DecodeError} */
  get serverId(): Uint8Array | undefined {
    return this.#duid(Option6.serverId);
  }

  /** Hundredths of a second since the client began (RFC 8415 §21.9). @throws {DecodeError} */
  get elapsedTime(): number | undefined {
    return this.u16(Option6.elapsedTime);
  }

  get wantsRapidCommit(): boolean {
    return this.hasOption(Option6.rapidCommit);
  }

  /** All IA_NA and IA_PD, in order. Decoded once. @throws {DecodeError} */
  get ias(): readonly IdentityAssociation[] {
    this.#ias ??= this.#decodeIas();
    return this.#ias;
  }

  /** All addresses outside of associations, in order (RFC 9686 §4.2). @throws {DecodeError} */
  get addresses(): readonly IaLease[] {
    const addresses: IaLease[] = [];
    this.eachOption((code, at, length) => {
      if (code === Option6.iaAddress) addresses.push(decodeIaLease(this.bytes, Option6.iaNa, at, at + length));
    });
    return addresses;
  }

  #decodeIas(): readonly IdentityAssociation[] {
    let ias: IdentityAssociation[] | undefined;
    this.eachOption((code, at, length) => {
      if (code !== Option6.iaNa && code !== Option6.iaPd) return;
      const ia = decodeIa(this.bytes, code, at, length);
      // Most have one: an array that grows has room for sixteen more.
      if (ias === undefined) ias = [ia];
      else ias.push(ia);
    });
    return ias ?? NO_IAS;
  }

  #duid(code: number): Uint8Array | undefined {
    const duid = this.option(code);
    if (duid !== undefined && !isDuidLength(duid.length)) {
      this.fail(code, this.offsetOf(code), `is a DUID of ${duid.length} bytes, expected ${MIN_DUID} to ${MAX_DUID}`);
    }
    return duid;
  }
}

function unwrapRelays(bytes: Uint8Array): readonly Relay6[] {
  if (bytes.length === 0) throw new DecodeError("header", 0, `needs ${MESSAGE_HEADER} bytes, has 0`);
  const outermost = bytes[0]!;
  if (!isRelayType(outermost)) return NO_RELAYS;
  const relays: Relay6[] = [];
  let start = 0;
  let end = bytes.length;
  while (start < end && isRelayType(bytes[start]!)) {
    if (bytes[start] !== outermost) {
      throw new DecodeError(`relay ${relays.length} type`, start, `is ${bytes[start]} inside ${outermost}`);
    }
    if (relays.length === MAX_RELAYS) {
      throw new DecodeError(`relay ${relays.length}`, start, `is one too many: at most ${MAX_RELAYS} may be nested`);
    }
    const relay = new Relay6(bytes, start, end, relays.length);
    relays.push(relay);
    start = relay.messageStart;
    end = relay.messageEnd;
  }
  return relays;
}

const NO_RELAYS: readonly Relay6[] = [];
const NO_IAS: readonly IdentityAssociation[] = [];
