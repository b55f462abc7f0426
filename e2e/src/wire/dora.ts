/** A client that insists: it sends again until it is served, as every client does. */
import { ip } from "@kotare/testkit/payloads";
import { type Message4, type Option, optionOf, typeOf } from "./message4.ts";
import type { Probe4 } from "./probe4.ts";

const RETRY = 250;
const OFFER = 2;
const ACK = 5;

async function insist(
  probe: Probe4,
  mac: string,
  options: readonly Option[],
  expected: number,
  until: number,
  retry = RETRY,
): Promise<Message4> {
  // RFC 2131 §4.1: one transaction, however often it is sent: on a busy machine each answer may come after the next attempt.
  const xid = probe.newXid();
  while (performance.now() < until) {
    probe.send({ mac, options, xid });
    // Answers to others may stand before ours.
    for (const patience = performance.now() + retry; performance.now() < patience; ) {
      const answer = await probe.next(patience - performance.now());
      if (answer?.message.xid === xid && typeOf(answer.message) === expected) return answer.message;
    }
  }
  throw new Error(`${mac} got no ${expected === ACK ? "ACK" : "OFFER"}`);
}

/**
 * DISCOVER, OFFER, REQUEST, ACK.
 * @param retry milliseconds until it sends again
 * @returns the ACK
 * @throws Error when that takes longer than `timeout` milliseconds
 */
export async function getServed(probe: Probe4, mac: string, timeout = 60_000, retry = RETRY): Promise<Message4> {
  const until = performance.now() + timeout;
  const offer = await insist(probe, mac, [[53, Uint8Array.of(1)]], OFFER, until, retry);
  return acceptOffer(probe, mac, offer, until - performance.now(), retry);
}

/** RELEASE, which nobody answers. @param ack the one that it has its address by */
export function giveBack(probe: Probe4, mac: string, { yiaddr, options }: Message4): void {
  const own: Option[] = [
    [53, Uint8Array.of(7)],
    [54, optionOf({ options }, 54)!],
  ];
  probe.send({ mac, ciaddr: yiaddr, options: own }, { source: yiaddr });
}

/** @param more options of the DISCOVER */
export function getOffer(
  probe: Probe4,
  mac: string,
  timeout = 60_000,
  more: readonly Option[] = [],
): Promise<Message4> {
  return insist(probe, mac, [[53, Uint8Array.of(1)], ...more], OFFER, performance.now() + timeout);
}

export function acceptOffer(
  probe: Probe4,
  mac: string,
  offer: Message4,
  timeout = 60_000,
  retry = RETRY,
): Promise<Message4> {
  const own: Option[] = [
    [53, Uint8Array.of(3)],
    [50, ip(offer.yiaddr)],
    [54, optionOf(offer, 54) ?? new Uint8Array(4)],
  ];
  return insist(probe, mac, own, ACK, performance.now() + timeout, retry);
}
