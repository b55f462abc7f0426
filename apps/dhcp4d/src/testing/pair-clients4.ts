/** Clients of a DHCPv4 pair that believe what they are told. */

import { parseIpv4 } from "@kotare/core/ip/ipv4";
import { Beliefs } from "@kotare/core/server/testing/pair/beliefs";
import type { Utterance } from "@kotare/core/server/testing/pair/pair-story";
import type { Which } from "@kotare/core/server/testing/pair/test-pair";
import { buildMessage4, type Message4Fields, type OptionBytes } from "@kotare/testkit/build-message4";
import { hex, ip } from "@kotare/testkit/payloads";
import { type ReadMessage4, readMessage4 } from "@kotare/testkit/read-message4";
import { macOf } from "./test-client4.ts";
import { ADDRESSES, type TestPair4 } from "./test-pair4.ts";

export class PairClients4 {
  readonly #pair: TestPair4;
  readonly #beliefs: Beliefs;
  /** What each client waits for. */
  readonly #open = new Map<number, { readonly xid: number; readonly sent: number; readonly secs: number }>();
  #xid = 0;
  /** What was wrong with a reply. */
  #fault: unknown;

  constructor(pair: TestPair4) {
    this.#pair = pair;
    this.#beliefs = new Beliefs(pair);
    pair.onReply = (from, payload) => {
      // The server that sends it is not to be disturbed.
      try {
        this.#hear(from, readMessage4(payload));
      } catch (error) {
        this.#fault ??= error;
      }
    };
  }

  say({ client, verb, wanted, unheardBy, secs }: Utterance): void {
    const belief = this.#beliefs.of(macOf(client));
    const address = belief?.place ?? `192.0.2.${10 + wanted}`;
    const from = belief?.from ?? 0;
    const server = ADDRESSES[from];
    const all = ([0, 1] as const).filter((which) => which !== unheardBy);
    const send = (to: readonly Which[], fields: Message4Fields, destination?: string) => {
      this.#send(client, to, { secs, ...fields }, destination);
    };
    const requested: OptionBytes = [50, ip(address)];
    const identifier: OptionBytes = [54, ip(server)];
    const awake = all.filter((which) => this.#pair.machines[which].process?.isFrozen !== true);
    if (verb === "release" || verb === "decline") this.#beliefs.forget(macOf(client));
    if (verb === "reboot") send(all, { type: 3, options: [requested] });
    else if (belief === undefined) send(all, { type: 1, options: [requested] });
    else if (verb === "renew") send([from], { type: 3, ciaddr: address }, server);
    else if (verb === "rebind") send(all, { type: 3, ciaddr: address });
    // What a server hears too late ends a lease that its client has anew: no server can know that.
    else if (verb === "release") {
      const to = awake.filter((which) => which === from);
      send(to, { type: 7, ciaddr: address, options: [identifier] }, server);
    } else if (verb === "decline") send(awake, { type: 4, options: [identifier, requested] });
    else send(all, { type: 1, options: [requested] });
  }

  #send(client: number, to: readonly Which[], fields: Message4Fields, destination = "255.255.255.255"): void {
    const xid = this.#xid++;
    this.#open.set(client, { xid, sent: this.#pair.time.now, secs: fields.secs ?? 0 });
    const chaddr = macOf(client);
    const name: OptionBytes = [12, Buffer.from(`c${client}`)];
    const options = [...(fields.options ?? []), ...(fields.type === 1 || fields.type === 3 ? [name] : [])];
    const payload = buildMessage4({ xid, chaddr, ...fields, options });
    const source = parseIpv4(fields.ciaddr ?? "0.0.0.0")!;
    const datagram = { payload, ifindex: 1, source, sourcePort: 68, mac: hex(chaddr) };
    for (const which of to) this.#pair.deliver(which, { ...datagram, destination: parseIpv4(destination)! });
  }

  #hear(from: Which, reply: ReadMessage4): void {
    const [client, open] = [...this.#open].find(([, { xid }]) => xid === reply.xid) ?? [];
    if (client === undefined || open === undefined) return;
    this.#open.delete(client);
    const who = macOf(client);
    if (reply.type === "NAK") this.#beliefs.forget(who);
    if (reply.type === "OFFER") this.#take(client, reply, open.secs);
    if (reply.type !== "ACK") return;
    this.#beliefs.add(who, { place: reply.yiaddr, until: open.sent + reply.u32(51)! * 1000, from });
  }

  /** All hear it: the others' offers are turned down. */
  #take(client: number, offer: ReadMessage4, secs: number): void {
    const who = macOf(client);
    // Who takes another address does not use its own any more.
    if (this.#beliefs.of(who)?.place !== offer.yiaddr) this.#beliefs.forget(who);
    const options: OptionBytes[] = [
      [54, offer.option(54)!],
      [50, ip(offer.yiaddr)],
    ];
    this.#send(client, [0, 1], { type: 3, secs, options });
  }

  /** Throws when a reply was wrong, or a server that works beside its partner does not have what clients believe. */
  judge(): void {
    if (this.#fault !== undefined) throw this.#fault;
    this.#beliefs.judge();
  }
}
