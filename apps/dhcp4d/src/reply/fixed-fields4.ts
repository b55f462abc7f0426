/** The fixed fields of a reply (RFC 2131 §4.3.1, table 3). */
import { writeU16, writeU32 } from "@kotare/core/base/big-endian";
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { BOOTREPLY, BROADCAST_FLAG, Field4, MAGIC_COOKIE } from "@kotare/core/dhcp4/message4";
import type { Reply4 } from "../path/outcome4.ts";
import type { Query4 } from "../path/query4.ts";

export const SNAME_SIZE = Field4.file - Field4.sname;
export const FILE_SIZE = Field4.cookie - Field4.file;

const { DHCPACK, DHCPLEASEUNASSIGNED, DHCPLEASEUNKNOWN, DHCPLEASEACTIVE } = MessageType4;
/** Leases do not say of which type their hardware addresses are. */
const ETHERNET = 1;
/** To who asks for leases, and to nobody behind it. */
const LEASE_ANSWERS: ReadonlySet<number> = new Set([DHCPLEASEUNASSIGNED, DHCPLEASEUNKNOWN, DHCPLEASEACTIVE]);

/** At `buffer[start…]`, magic cookie included. */
export function writeFixedFields(query: Query4, reply: Reply4, buffer: Uint8Array, start: number): void {
  const { message } = query;
  buffer.fill(0, start, start + Field4.options);
  buffer[start + Field4.op] = BOOTREPLY;
  buffer[start + Field4.htype] = reply.about === undefined ? message.htype : ETHERNET;
  buffer[start + Field4.hlen] = reply.about?.hwaddr.length ?? message.hlen;
  const isRelayed = !isDirectInform(query);
  const isLeaseAnswer = LEASE_ANSWERS.has(reply.type);
  if (isRelayed && !isLeaseAnswer) buffer[start + Field4.hops] = message.hops;
  writeU32(buffer, start + Field4.xid, message.xid);
  // Where the requester is a relay, a broadcast would be for all behind it, of whom one may have named it.
  if (!isLeaseAnswer) {
    writeU16(buffer, start + Field4.flags, message.flags | (needsBroadcast(query, reply) ? BROADCAST_FLAG : 0));
  }
  if (reply.type === DHCPACK || isLeaseAnswer)
    writeU32(buffer, start + Field4.ciaddr, reply.about?.address ?? message.ciaddr);
  writeU32(buffer, start + Field4.yiaddr, reply.yiaddr);
  if (isRelayed) writeU32(buffer, start + Field4.giaddr, message.giaddr);
  buffer.set(reply.about?.hwaddr ?? query.hwaddr, start + Field4.chaddr);
  writeU32(buffer, start + Field4.cookie, MAGIC_COOKIE);
  if (reply.place === undefined) return;
  const { host, subnet } = reply.place;
  const { values } = query.profile;
  const { nextServer, serverHostname, bootFileName } = subnet.parameters;
  writeU32(buffer, start + Field4.siaddr, host?.nextServer ?? values.nextServer ?? nextServer);
  writeText(buffer, start + Field4.sname, host?.serverHostname ?? values.serverHostname ?? serverHostname, SNAME_SIZE);
  writeText(buffer, start + Field4.file, host?.bootFileName ?? values.bootFileName ?? bootFileName, FILE_SIZE);
}

/** RFC 2131 §4.3.5: an INFORM with an address of its own is answered past the relay. */
export function isDirectInform({ message }: Query4): boolean {
  return message.type === MessageType4.DHCPINFORM && message.ciaddr !== 0;
}

/** RFC 2131 §4.3.2: a NAK that goes through a relay must be broadcast to the client; so must an answer to nobody. */
function needsBroadcast({ message }: Query4, reply: Reply4): boolean {
  if (message.giaddr === 0) return false;
  return reply.type === MessageType4.DHCPNAK || (message.type === MessageType4.DHCPINFORM && message.ciaddr === 0);
}

function writeText(buffer: Uint8Array, at: number, text: string, size: number): void {
  for (let i = 0; i < text.length && i < size; i++) buffer[at + i] = text.charCodeAt(i);
}
