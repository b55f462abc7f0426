/** Clients of a pair that believe what they are told, and what must be true of it. */
import { parseIpv4 } from "@kotare/core/ip/ipv4";
import { buildMessage4, type Message4Fields, type OptionBytes } from "@kotare/testkit/build-message4";
import { hex, ip } from "@kotare/testkit/payloads";
import { type ReadMessage4, readMessage4 } from "@kotare/testkit/read-message4";
import { macOf } from "./test-client4.ts";
import type { TestPair4, Which } from "./test-pair4.ts";

export interface Utterance {
  /** From 1. */
  readonly client: number;
  /** Who has no address discovers, whatever this says; `reboot` is also for whoever remembers one. */
  readonly verb: "discover" | "renew" | "rebind" | "reboot" | "release" | "decline";
  /** Wanted by a client that has none. */
  readonly address: string;
  /** The server that does not hear it. */
  readonly unheardBy: Which | undefined;
  readonly secs: number;
}

interface Belief {
  readonly address: string;
  /** Milliseconds. */
  readonly until: number;
  readonly from: Which;
  /** Whether the other server has it, too. */
  isTold: boolean;
  /** The servers gave it to two clients while they could not hear each other, and the other one keeps it. */
  isLost: boolean;
  /** Since when the servers have worked beside each other without the other one having it. */
  missedSince: number | undefined;
}

/** What a server of a pair waits for its partner with. */
const TELLING: ReadonlySet<string> = new Set(["hot-standby", "load-balancing", "partner-in-maintenance"]);
/** Milliseconds: what was kept for a partner is on its way when the two work again. */
const GRACE = 20_000;
/** Milliseconds: times of leases are whole seconds, on clocks that differ. */
const ROUNDING = 3000;

export class PairClients4 {
  readonly #pair: TestPair4;
  readonly #beliefs = new Map<number, Belief>();
  /** What each client waits for. */
  readonly #open = new Map<number, { readonly xid: number; readonly sent: number; readonly secs: number }>();
  #xid = 0;
  /** The states of the servers when they were judged last. */
  #judged: readonly string[] = [];
  /** What was wrong with a reply. */
  #fault: unknown;

  constructor(pair: TestPair4) {
    this.#pair = pair;
    pair.onReply = (from, payload) => {
      // The server that sends it is not to be disturbed.
      try {
        this.#hear(from, readMessage4(payload));
      } catch (error) {
        this.#fault ??= error;
      }
    };
  }

  say({ client, verb, address: wanted, unheardBy, secs }: Utterance): void {
    const belief = this.#beliefs.get(client);
    const address = belief?.address ?? wanted;
    const from = belief?.from ?? 0;
    const server = this.#pair.machines[from].address;
    const all = [0, 1].filter((which) => which !== unheardBy) as Which[];
    const send = (to: readonly Which[], fields: Message4Fields, destination?: string) => {
      this.#send(client, to, { secs, ...fields }, destination);
    };
    const requested: OptionBytes = [50, ip(address)];
    const identifier: OptionBytes = [54, ip(server)];
    if (verb === "release" || verb === "decline") this.#beliefs.delete(client);
    if (verb === "reboot") send(all, { type: 3, options: [requested] });
    else if (belief === undefined) send(all, { type: 1, options: [requested] });
    else if (verb === "renew") send([from], { type: 3, ciaddr: address }, server);
    else if (verb === "rebind") send(all, { type: 3, ciaddr: address });
    else if (verb === "release") send([from], { type: 7, ciaddr: address, options: [identifier] }, server);
    else if (verb === "decline") send(all, { type: 4, options: [identifier, requested] });
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
    if (reply.type === "NAK") this.#beliefs.delete(client);
    if (reply.type === "OFFER") this.#take(client, reply, open.secs);
    if (reply.type === "ACK") this.#believe(client, from, reply.yiaddr, open.sent + reply.u32(51)! * 1000);
  }

  /** All hear it: the others' offers are turned down. */
  #take(client: number, offer: ReadMessage4, secs: number): void {
    // Who takes another address does not use its own any more.
    if (this.#beliefs.get(client)?.address !== offer.yiaddr) this.#beliefs.delete(client);
    const options: OptionBytes[] = [
      [54, offer.option(54)!],
      [50, ip(offer.yiaddr)],
    ];
    this.#send(client, [0, 1], { type: 3, secs, options });
  }

  #believe(client: number, from: Which, address: string, until: number): void {
    const now = this.#pair.time.now;
    for (const [other, belief] of this.#beliefs) {
      if (other === client || belief.address !== address || belief.until <= now || belief.isLost) continue;
      if (belief.from !== from && !belief.isTold) continue;
      throw new Error(`${now}: ${address} acknowledged to client ${client} while client ${other} has it`);
    }
    const belief = { address, until, from, isTold: false, isLost: false, missedSince: undefined };
    belief.isTold = this.#isHeld((1 - from) as Which, client, belief);
    const state = this.#pair.stateOf(from);
    if (!this.#isHeld(from, client, belief)) throw new Error(`${now}: ${address} acknowledged, not on disk`);
    // What was kept for the partner a moment ago is on its way.
    const hasKept = this.#judged[from] === "communication-recovery";
    if (TELLING.has(state) && !belief.isTold && !hasKept) {
      throw new Error(
        `${now}: ${address} acknowledged to client ${client} by server${from + 1} in ${state}, which alone has it`,
      );
    }
    this.#beliefs.set(client, belief);
  }

  #isHeld(which: Which, client: number, { address, until }: Belief): boolean {
    const holder = this.#pair.machines[which].holderOf(address);
    return holder?.mac === macOf(client) && holder.rest * 1000 >= until - this.#pair.time.now - ROUNDING;
  }

  /** Throws when a reply was wrong, or a server that works beside its partner does not have what clients believe. */
  judge(): void {
    if (this.#fault !== undefined) throw this.#fault;
    const { now } = this.#pair.time;
    this.#judged = [this.#pair.stateOf(0), this.#pair.stateOf(1)];
    const isWorking = [0, 1].every((which) => TELLING.has(this.#pair.stateOf(which as Which)));
    for (const [client, belief] of this.#beliefs) {
      const { until, from } = belief;
      if (until <= now) this.#beliefs.delete(client);
      else if (this.#isHeld((1 - from) as Which, client, belief)) belief.isTold = true;
      else if (!isWorking) belief.missedSince = undefined;
      else if (belief.missedSince === undefined) belief.missedSince = now;
      else if (!belief.isLost && belief.missedSince < now - GRACE) this.#miss(client, belief);
    }
  }

  #miss(client: number, belief: Belief): void {
    const { address, isTold } = belief;
    const holders = this.#pair.machines.map((machine) => machine.holderOf(address)?.mac ?? "nobody");
    const rival = [...this.#beliefs].find(([other, { address: same }]) => other !== client && same === address);
    belief.isLost = !isTold && rival !== undefined && holders.every((mac) => mac === macOf(rival[0]));
    if (belief.isLost) return;
    throw new Error(`client ${client} believes in ${address}, which the servers have for ${holders.join(" and ")}`);
  }

  /** Those that have an address. */
  get served(): readonly number[] {
    return [...this.#beliefs].filter(([, { isLost }]) => !isLost).map(([client]) => client);
  }
}
