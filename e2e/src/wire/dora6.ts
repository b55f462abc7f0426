/** A client of DHCPv6 that insists: it sends again until it has an address and a prefix, as every client does. */
import { hex } from "@kotare/testkit/payloads";
import { formatIpv6, linkLocal } from "./ipv6-text.ts";
import type { Option } from "./message4.ts";
import { decodeOptions6, encodeMessage6, type Message6, MessageType6 } from "./message6.ts";
import type { Probe6 } from "./probe6.ts";

const RETRY = 250;
const CLIENT_PORT = 546;
const CLIENT_ID = 1;
const SERVER_ID = 2;
const IA_NA = 3;
const IA_ADDRESS = 5;
const ELAPSED: Option = [8, Uint8Array.of(0, 0)];
const IA_PD = 25;
const IA_PREFIX = 26;
/** IAID 1; the server says how long, and what. */
const WISH = hex("00000001 00000000 00000000");
/** Of an association, and of an address or a prefix in front of the address. */
const [ASSOCIATION, LIFETIMES] = [12, 8];

let lastXid = 0;

export interface Given6 {
  /** The address, and the prefix as it stands in a lease file. */
  readonly leases: readonly string[];
  /** The DUID in hex. */
  readonly server: string;
  readonly reply: Message6;
}

/** From where clients ask. @property mac of the host itself, which tells servers that ask for it where they are */
interface Place {
  readonly probe: Probe6;
  readonly mac: string;
}

/**
 * SOLICIT, ADVERTISE, REQUEST, REPLY.
 * @param client the hardware address in its DUID
 * @param retry milliseconds until it sends again
 * @throws Error when that takes longer than `timeout` milliseconds
 */
export async function getServed6(place: Place, client: string, timeout = 60_000, retry = RETRY): Promise<Given6> {
  const time = { until: performance.now() + timeout, retry };
  const advertise = await insist(place, client, { type: MessageType6.SOLICIT, options: WISHES }, time);
  const reply = await insist(place, client, { type: MessageType6.REQUEST, options: keptOf(advertise) }, time);
  const [, server] = reply.options.find(([code]) => code === SERVER_ID)!;
  return { leases: leasesIn(reply), server: Buffer.from(server).toString("hex"), reply };
}

/** RELEASE of all that a reply gives. Resolves when the server has answered. */
export async function giveBack6(place: Place, client: string, { reply }: Given6): Promise<void> {
  const time = { until: performance.now() + 60_000, retry: RETRY };
  await insist(place, client, { type: MessageType6.RELEASE, options: keptOf(reply) }, time);
}

/** What a client says again of what a server has told it. */
function keptOf({ options }: Message6): readonly Option[] {
  return options.filter(([code]) => code === SERVER_ID || code === IA_NA || code === IA_PD);
}

const WISHES: readonly Option[] = [
  [IA_NA, WISH],
  [IA_PD, WISH],
];

async function insist(
  { probe, mac }: Place,
  client: string,
  { type, options }: { readonly type: number; readonly options: readonly Option[] },
  { until, retry }: { readonly until: number; readonly retry: number },
): Promise<Message6> {
  const expected = type === MessageType6.SOLICIT ? MessageType6.ADVERTISE : MessageType6.REPLY;
  const duid: Option = [CLIENT_ID, hex(`00030001${client}`)];
  // RFC 8415 §16.1: one transaction, however often it is sent: on a busy machine each answer may come after the next attempt.
  const xid = ++lastXid & 0xff_ffff;
  const payload = encodeMessage6({ relays: [], type, xid, options: [duid, ELAPSED, ...options] });
  while (performance.now() < until) {
    probe.send(payload, { sourceMac: mac, source: linkLocal(mac), sourcePort: CLIENT_PORT });
    // Answers to others may stand before ours.
    for (const patience = performance.now() + retry; performance.now() < patience; ) {
      const answer = await probe.next(patience - performance.now());
      if (answer?.message.xid === xid && answer.message.type === expected) return answer.message;
    }
  }
  throw new Error(`${client} got no answer to message ${type}`);
}

function leasesIn({ options }: Message6): readonly string[] {
  return options.flatMap(([code, value]) => {
    if (code !== IA_NA && code !== IA_PD) return [];
    return decodeOptions6(value.subarray(ASSOCIATION)).flatMap(([inner, lease]) => {
      if (inner === IA_ADDRESS) return formatIpv6(lease.subarray(0, 16));
      if (inner !== IA_PREFIX) return [];
      const length = lease[LIFETIMES]!;
      return `${formatIpv6(lease.subarray(LIFETIMES + 1, LIFETIMES + 17))}/${length}`;
    });
  });
}
