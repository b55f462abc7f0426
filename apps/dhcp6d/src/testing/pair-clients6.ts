/** Clients of a DHCPv6 pair, each with an address and a prefix, that believe what they are told. */
import { formatHex, parseHex } from "@kotare/core/base/hex";
import type { IdentityAssociation } from "@kotare/core/dhcp6/identity-association";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";
import { Beliefs } from "@kotare/core/server/testing/pair/beliefs";
import type { Utterance } from "@kotare/core/server/testing/pair/pair-story";
import type { Which } from "@kotare/core/server/testing/pair/test-pair";
import { buildMessage6, na, option, type Part6, pd } from "./test-client6.ts";
import { DUIDS, type TestPair6 } from "./test-pair6.ts";

const ADDRESS_IAID = 1;
const PREFIX_IAID = 2;
/** In which units clients tell how long they have asked: hundredths of a second. */
const ELAPSED_UNITS = 100;

const duidOf = (client: number) => `00:02:00:00:00:09:00:${client.toString(16).padStart(2, "0")}`;
const addressOf = (number: number) => `2001:db8::1${number}/128`;
const prefixOf = (number: number) => `2001:db8:8000:${number}00::/56`;

interface Open {
  readonly xid: number;
  readonly sent: number;
  readonly secs: number;
}

export class PairClients6 {
  readonly #pair: TestPair6;
  readonly #beliefs: Beliefs;
  /** What each client waits for. */
  readonly #open = new Map<number, Open>();
  #xid = 0;
  /** What was wrong with a reply. */
  #fault: unknown;

  constructor(pair: TestPair6) {
    this.#pair = pair;
    this.#beliefs = new Beliefs(pair);
    pair.onReply = (from, payload) => {
      // The server that sends it is not to be disturbed.
      try {
        this.#hear(from, new Message6(payload));
      } catch (error) {
        this.#fault ??= error;
      }
    };
  }

  say({ client, verb, wanted, unheardBy, secs }: Utterance): void {
    const [address, prefix] = [ADDRESS_IAID, PREFIX_IAID].map((iaid) => this.#beliefs.of(whoIs(client, iaid)));
    const from = (address ?? prefix)?.from ?? 0;
    const all = ([0, 1] as const).filter((which) => which !== unheardBy);
    const awake = all.filter((which) => this.#pair.machines[which].process?.isFrozen !== true);
    const send = (to: readonly Which[], type: number, ...parts: readonly Part6[]) =>
      this.#send(client, secs, to, type, ...parts);
    const server = option(Option6.serverId, DUIDS[from]);
    const held = [
      ...(address === undefined ? [] : [na(ADDRESS_IAID, bare(address.place))]),
      ...(prefix === undefined ? [] : [pd(PREFIX_IAID, prefix.place)]),
    ];
    if (held.length === 0 || verb === "discover") {
      send(all, MessageType6.SOLICIT, na(ADDRESS_IAID, bare(addressOf(wanted))), pd(PREFIX_IAID, prefixOf(wanted)));
    } else if (verb === "renew") send(all, MessageType6.RENEW, server, ...held);
    else if (verb === "rebind") send(all, MessageType6.REBIND, ...held);
    else if (verb === "reboot") send(all, MessageType6.REBIND, na(ADDRESS_IAID), pd(PREFIX_IAID));
    // What a server hears too late ends a lease that its client has anew: no server can know that.
    else if (verb === "release") {
      this.#forget(client, ADDRESS_IAID, PREFIX_IAID);
      send(awake, MessageType6.RELEASE, server, ...held);
    } else if (address !== undefined) {
      this.#forget(client, ADDRESS_IAID);
      send(awake, MessageType6.DECLINE, server, na(ADDRESS_IAID, bare(address.place)));
    }
  }

  #send(client: number, secs: number, to: readonly Which[], type: number, ...parts: readonly Part6[]): void {
    const xid = this.#xid++;
    this.#open.set(client, { xid, sent: this.#pair.time.now, secs });
    const elapsed = option(Option6.elapsedTime, (secs * ELAPSED_UNITS).toString(16).padStart(4, "0"));
    const packet = buildMessage6(type, [option(Option6.clientId, duidOf(client)), elapsed, ...parts], [], xid);
    for (const which of to) this.#pair.deliver(which, packet);
  }

  #hear(from: Which, reply: Message6): void {
    const [client, open] = [...this.#open].find(([, { xid }]) => xid === reply.transactionId) ?? [];
    if (client === undefined || open === undefined) return;
    this.#open.delete(client);
    if (reply.type === MessageType6.ADVERTISE) this.#take(client, from, reply.ias, open);
    if (reply.type === MessageType6.REPLY) for (const ia of reply.ias) this.#believe(client, from, ia, open);
  }

  #take(client: number, from: Which, ias: readonly IdentityAssociation[], { secs }: Open): void {
    const wanted = ias.flatMap((ia) => {
      const [place] = placesOf(ia);
      if (place === undefined) return [];
      // Who takes another one does not use its own any more.
      if (this.#beliefs.of(whoIs(client, ia.iaid))?.place !== place) this.#forget(client, ia.iaid);
      return [ia.code === Option6.iaNa ? na(ia.iaid, bare(place)) : pd(ia.iaid, place)];
    });
    if (wanted.length === 0) return;
    this.#send(client, secs, [0, 1], MessageType6.REQUEST, option(Option6.serverId, DUIDS[from]), ...wanted);
  }

  #believe(client: number, from: Which, ia: IdentityAssociation, { sent }: Open): void {
    const who = whoIs(client, ia.iaid);
    for (const [i, { valid }] of ia.leases.entries()) {
      const place = placesOf(ia)[i]!;
      if (valid > 0) this.#beliefs.add(who, { place, until: sent + valid * 1000, from });
      else if (this.#beliefs.of(who)?.place === place) this.#beliefs.forget(who);
    }
    // The server does not know of it: the client asks for another one.
    if (ia.leases.length === 0) this.#beliefs.forget(who);
  }

  #forget(client: number, ...iaids: readonly number[]): void {
    for (const iaid of iaids) this.#beliefs.forget(whoIs(client, iaid));
  }

  /** Throws when a reply was wrong, or a server that works beside its partner does not have what clients believe. */
  judge(): void {
    if (this.#fault !== undefined) throw this.#fault;
    this.#beliefs.judge();
  }
}

function whoIs(client: number, iaid: number): string {
  return `${formatHex(parseHex(duidOf(client))!)} ${iaid}`;
}

function placesOf({ code, leases }: IdentityAssociation): readonly string[] {
  return leases.map(({ address, length }) => `${formatIpv6Key(address)}/${code === Option6.iaNa ? 128 : length}`);
}

/** As an IA_NA has it. */
function bare(place: string): string {
  return place.replace("/128", "");
}
