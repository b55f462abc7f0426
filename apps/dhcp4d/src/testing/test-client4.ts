/** A DHCPv4 client for tests, whose methods are the messages of RFC 2131 §4.4. */

import { parseIpv4 } from "@kotare/core/ip/ipv4";
import type { MemoryDatagram } from "@kotare/netio/testing/memory-transport";
import { buildMessage4, type Message4Fields, type OptionBytes } from "@kotare/testkit/build-message4";
import { hex, ip } from "@kotare/testkit/payloads";
import type { TestReply4, TestServer4 } from "./test-server4.ts";

/** What a test adds to a message or changes in it, and how the message comes in. */
export interface Query4Change extends Message4Fields {
  readonly ifindex?: number;
  /** Addresses of the IP header. */
  readonly source?: string;
  readonly sourcePort?: number;
  readonly destination?: string;
  /** Source MAC address of the frame; the client's own unless given, `""` where the transport does not know it. */
  readonly mac?: string;
  /** Appended to those that the message has by itself. */
  readonly options?: readonly OptionBytes[];
}

export interface Client4Options {
  readonly clientId?: Uint8Array;
  /** In every message. */
  readonly always?: Query4Change;
}

const SERVER = "192.0.2.1";

/** `02:00:00:00:00:01` for 1. */
export function macOf(number: number): string {
  return `02:00:00:00:${hexByte(number >> 8)}:${hexByte(number & 255)}`;
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, "0");
}

export class TestClient4 {
  readonly mac: string;
  readonly #server: TestServer4;
  readonly #clientId: Uint8Array | undefined;
  readonly #always: Query4Change;

  /** @param number whose MAC address is `macOf(number)` */
  constructor(server: TestServer4, number: number, { clientId, always = {} }: Client4Options = {}) {
    this.mac = macOf(number);
    this.#server = server;
    this.#clientId = clientId;
    this.#always = always;
  }

  /** The datagram, for tests that put several into one batch. @param type `undefined` for BOOTP */
  message(type: number | undefined, change: Query4Change, options: readonly OptionBytes[] = []): MemoryDatagram {
    const fields = { ...this.#always, ...change };
    const clientId: OptionBytes[] = this.#clientId === undefined ? [] : [[61, this.#clientId]];
    const payload = buildMessage4({
      ...(type === undefined ? {} : { type }),
      xid: this.#server.nextXid(),
      chaddr: this.mac,
      ...fields,
      options: [...clientId, ...options, ...(this.#always.options ?? []), ...(change.options ?? [])],
    });
    const isRelayed = fields.giaddr !== undefined;
    const mac = fields.mac ?? this.mac;
    return {
      payload,
      ifindex: fields.ifindex ?? 1,
      source: parseIpv4(fields.source ?? fields.giaddr ?? fields.ciaddr ?? "0.0.0.0")!,
      sourcePort: fields.sourcePort ?? (isRelayed ? 67 : 68),
      destination: parseIpv4(fields.destination ?? (isRelayed ? SERVER : "255.255.255.255"))!,
      ...(mac === "" ? {} : { mac: hex(mac) }),
    };
  }

  discoverMessage(change: Query4Change = {}): MemoryDatagram {
    return this.message(1, change);
  }

  /** SELECTING: the client takes an offer (RFC 2131 §4.3.2). */
  selectMessage(address: string, change: Query4Change = {}, server = SERVER): MemoryDatagram {
    return this.message(3, change, [
      [54, ip(server)],
      [50, ip(address)],
    ]);
  }

  renewMessage(address: string, change: Query4Change = {}): MemoryDatagram {
    return this.message(3, { ciaddr: address, destination: SERVER, ...change });
  }

  releaseMessage(address: string, change: Query4Change = {}): MemoryDatagram {
    return this.message(7, { ciaddr: address, destination: SERVER, ...change }, [[54, ip(SERVER)]]);
  }

  declineMessage(address: string, change: Query4Change = {}): MemoryDatagram {
    return this.message(4, change, [
      [54, ip(SERVER)],
      [50, ip(address)],
    ]);
  }

  /** @throws Error when there is more than one answer */
  async send(datagram: MemoryDatagram): Promise<TestReply4 | undefined> {
    const replies = await this.#server.serve(datagram);
    if (replies.length > 1) throw new Error("more than one answer to one message");
    return replies[0];
  }

  discover(change: Query4Change = {}): Promise<TestReply4 | undefined> {
    return this.send(this.discoverMessage(change));
  }

  select(address: string, change: Query4Change = {}, server = SERVER): Promise<TestReply4 | undefined> {
    return this.send(this.selectMessage(address, change, server));
  }

  /** INIT-REBOOT: a client that remembers its address asks whether it still holds. */
  reboot(address: string, change: Query4Change = {}): Promise<TestReply4 | undefined> {
    return this.send(this.message(3, change, [[50, ip(address)]]));
  }

  /** RENEWING: unicast to the server. */
  renew(address: string, change: Query4Change = {}): Promise<TestReply4 | undefined> {
    return this.send(this.renewMessage(address, change));
  }

  /** REBINDING: broadcast to any server. */
  rebind(address: string, change: Query4Change = {}): Promise<TestReply4 | undefined> {
    return this.send(this.message(3, { ciaddr: address, ...change }));
  }

  release(address: string, change: Query4Change = {}): Promise<TestReply4 | undefined> {
    return this.send(this.releaseMessage(address, change));
  }

  decline(address: string, change: Query4Change = {}): Promise<TestReply4 | undefined> {
    return this.send(this.declineMessage(address, change));
  }

  inform(change: Query4Change = {}): Promise<TestReply4 | undefined> {
    return this.send(this.message(8, change));
  }

  /** DISCOVER and the REQUEST that takes the offer. @throws Error when either gets no proper answer */
  async bind(change: Query4Change = {}): Promise<TestReply4> {
    const offer = await this.discover(change);
    if (offer?.type !== "OFFER") throw new Error(`DISCOVER was answered with ${offer?.type}`);
    const ack = await this.select(offer.yiaddr, change, offer.ips(54));
    if (ack?.type !== "ACK") throw new Error(`REQUEST was answered with ${ack?.type}`);
    return ack;
  }
}
