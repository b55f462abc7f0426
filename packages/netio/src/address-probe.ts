/** Asks whether anybody has an IPv4 address: by ARP where it is on a link of ours, as clients do (RFC 5227), else by ICMP. */

import { closeSync, readSync } from "node:fs";
import { type ArpLink, openArpLink } from "./arp-link.ts";
import { writeU32 } from "./big-endian.ts";
import { encodeArpProbe, readArpReply } from "./frames/arp.ts";
import { readEchoed, writeEchoRequest } from "./frames/icmp4.ts";
import type { Interface, InterfaceWatch } from "./interfaces/interface.ts";
import { watchInterfaces } from "./interfaces/interfaces.ts";
import { native, OUTGOING } from "./native.ts";
import { Poller } from "./poller.ts";
import { checkResult, systemErrorCode } from "./system-error.ts";

/** Somebody has the address, or nobody is there to be asked. */
export type ProbeAnswer = "in-use" | "unreachable";

interface AskedLink {
  readonly arp: ArpLink;
  readonly poller: Poller;
}

/** Source and destination stand before what is sent. */
const ADDRESSES = 8;
const ECHO_SIZE = 8;
const ETHERNET = 1;
/** More than an "unreachable" has that we can use. */
const ROOM = 256;

export class AddressProbe implements Disposable {
  readonly #onAnswer: (address: number, answer: ProbeAnswer) => void;
  readonly #id = Math.floor(Math.random() * 0x1_0000);
  readonly #icmp: number;
  readonly #icmpPoller: Poller;
  /** By interface, opened where one is first asked. */
  readonly #asked = new Map<number, AskedLink>();
  readonly #interfaces: InterfaceWatch;
  readonly #room = new Uint8Array(ROOM);
  #sequence = 0;

  /**
   * @param onAnswer told of every answer, also to what was asked long ago
   * @throws EPERM without CAP_NET_RAW
   */
  constructor(onAnswer: (address: number, answer: ProbeAnswer) => void) {
    this.#onAnswer = onAnswer;
    this.#icmp = checkResult("socket(IPPROTO_ICMP)", native.openIcmp());
    this.#icmpPoller = listen(
      this.#icmp,
      () => this.#readIcmp(),
      (packet) => this.#takeEcho(packet),
    );
    this.#interfaces = watchInterfaces(() => this.#closeGone());
  }

  /** Sends a request. @returns why the address cannot be asked; `undefined` where an answer may come */
  ask(address: number): string | undefined {
    // The kernel would look for whom an echo is for, and its table of neighbours has no room for thousands who are not there.
    if (this.#askLinks(address)) return undefined;
    const sent = this.#sendEcho(address);
    return sent < 0 ? systemErrorCode(sent) : undefined;
  }

  #sendEcho(address: number): number {
    const bytes = new Uint8Array(ADDRESSES + ECHO_SIZE);
    writeU32(bytes, ADDRESSES / 2, address);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    writeEchoRequest(bytes, ADDRESSES, this.#id, this.#sequence);
    const row = new Int32Array(OUTGOING.stride);
    row[OUTGOING.offset] = ADDRESSES;
    row[OUTGOING.length] = ECHO_SIZE;
    return native.sendUdp(this.#icmp, ADDRESSES / 2, bytes, row, 0, 1);
  }

  #takeEcho(packet: Uint8Array): void {
    const echoed = readEchoed(packet);
    if (echoed?.id !== this.#id) return;
    this.#onAnswer(echoed.address, echoed.kind === "reply" ? "in-use" : "unreachable");
  }

  /** @returns whether it is on one */
  #askLinks(address: number): boolean {
    let isOnLink = false;
    for (const link of this.#interfaces.interfaces.values()) {
      if (link.type !== ETHERNET || !link.running || !isOnLinkOf(link, address)) continue;
      try {
        this.#arpOn(link).write(encodeArpProbe(address, link.mac));
        isOnLink = true;
      } catch {
        // The interface has just gone, or its queue is full: the echo tells.
      }
    }
    return isOnLink;
  }

  #arpOn(link: Interface): ArpLink {
    const open = this.#asked.get(link.index);
    if (open !== undefined) return open.arp;
    const arp = openArpLink(link);
    const poller = listen(
      arp.fd,
      () => arp.read(),
      (frame) => {
        const address = readArpReply(frame);
        if (address !== undefined) this.#onAnswer(address, "in-use");
      },
    );
    this.#asked.set(link.index, { arp, poller });
    return arp;
  }

  #readIcmp(): Uint8Array | undefined {
    try {
      return this.#room.subarray(0, readSync(this.#icmp, this.#room));
    } catch {
      // Nothing waits.
      return undefined;
    }
  }

  #closeGone(): void {
    for (const ifindex of this.#asked.keys()) if (!this.#interfaces.interfaces.has(ifindex)) this.#close(ifindex);
  }

  #close(ifindex: number): void {
    const { arp, poller } = this.#asked.get(ifindex)!;
    poller[Symbol.dispose]();
    arp[Symbol.dispose]();
    this.#asked.delete(ifindex);
  }

  [Symbol.dispose](): void {
    this.#interfaces[Symbol.dispose]();
    for (const ifindex of [...this.#asked.keys()]) this.#close(ifindex);
    this.#icmpPoller[Symbol.dispose]();
    closeSync(this.#icmp);
  }
}

/** Takes all that there is whenever there is something. */
function listen(fd: number, read: () => Uint8Array | undefined, take: (bytes: Uint8Array) => void): Poller {
  const poller = new Poller(fd, () => {
    for (let bytes = read(); bytes !== undefined; bytes = read()) take(bytes);
  });
  poller.resume();
  return poller;
}

function isOnLinkOf({ ipv4 }: Interface, address: number): boolean {
  return ipv4.some((own) => {
    const mask = own.prefixLength === 0 ? 0 : -1 << (32 - own.prefixLength);
    return own.address !== address && ((own.address ^ address) & mask) === 0;
  });
}
