/** What extensions see of DHCPv4. */
import { belongsTo } from "@kotare/core/allocate/allocate4";
import { latin1 } from "@kotare/core/base/bytes";
import { formatHex } from "@kotare/core/base/hex";
import { describeLease4 } from "@kotare/core/control/commands/lease4/lease4-arguments";
import { MessageType4, nameMessageType4 } from "@kotare/core/dhcp4/message-type4";
import { Message4, Option4 } from "@kotare/core/dhcp4/message4";
import { ShownChange } from "@kotare/core/extensions/lease-change";
import type { ShownQuery } from "@kotare/core/extensions/parameter-tools";
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import { lease4Csv } from "@kotare/core/leases/csv/lease4-csv";
import { expiryOf, LeaseState } from "@kotare/core/leases/model/lease";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import type { Shown } from "@kotare/core/server/packets/packet-path";
import type { Answer, LeaseChange } from "@kotare/extension";
import type { Done4, Path4, Reply4 } from "../path/outcome4.ts";
import type { ClassedPacket4, Query4 } from "../path/query4.ts";
import { findReplyOption4 } from "../reply/reply-encoder4.ts";

class ShownQuery4 implements ShownQuery<ClassedPacket4> {
  readonly family = 4;
  readonly subject: ClassedPacket4;
  readonly #subnetId: () => number | undefined;

  constructor(packet: ClassedPacket4, subnetId: () => number | undefined) {
    this.subject = packet;
    this.#subnetId = subnetId;
  }

  get type(): string {
    return nameMessageType4(this.subject.message.type);
  }

  get interface(): string {
    return this.subject.ingress.interface.name;
  }

  get relay(): string | undefined {
    const { giaddr } = this.subject.message;
    return giaddr === 0 ? undefined : formatIpv4(giaddr);
  }

  get source(): string {
    return formatIpv4(this.subject.ingress.source);
  }

  get label(): string {
    return latin1(this.subject.message.label);
  }

  get mac(): string {
    return formatHex(this.subject.message.chaddr);
  }

  get clientId(): Uint8Array | undefined {
    return this.option(Option4.clientIdentifier);
  }

  get elapsed(): number {
    const { secs } = this.subject.message;
    // Some clients write it with its bytes in the wrong order.
    return 1000 * (secs > 255 && secs % 256 === 0 ? secs / 256 : secs);
  }

  get classes(): ReadonlySet<string> {
    return this.subject.classes;
  }

  get subnetId(): number | undefined {
    return this.#subnetId();
  }

  option(code: number): Uint8Array | undefined {
    return this.subject.message.option(code);
  }
}

const NO_CLASSES: ReadonlySet<string> = new Set();
const WORDS = { describe: describeLease4, csv: lease4Csv };

export const shown4: Shown<Path4> = {
  message: (message, ingress, _, subnetId) => new ShownQuery4({ message, ingress, classes: NO_CLASSES }, subnetId),
  query: (query) => new ShownQuery4(query, () => query.places[0]?.subnet.id),
  answer: (answer, option) => ({ ...(answer.kind === "reply" ? showReply(answer) : showDone(answer)), option }),
  lease: describeLease4,
  changes(query, answer) {
    const { put, remove, reliesOn } = answer.changes;
    const changes: LeaseChange[] = [];
    if (remove !== undefined) changes.push(new ShownChange("remove", remove, undefined, WORDS));
    if (put !== undefined && put.state !== LeaseState.offered)
      changes.push(new ShownChange("put", put, beforeOf(query, answer), WORDS));
    if (reliesOn !== undefined) changes.push(new ShownChange("rely", reliesOn, undefined, WORDS));
    return changes;
  },
  over(_, answer) {
    const { put } = answer.changes;
    const current = answer.kind === "reply" ? answer.choice?.current : undefined;
    if (put === undefined || put.state === LeaseState.offered || current === undefined) return [];
    const isHeld = current.state === LeaseState.assigned || current.state === LeaseState.declined;
    return isHeld && expiryOf(current) <= put.cltt ? [current] : [];
  },
  option: (code, query, answer, { settings }) =>
    answer.kind === "reply" ? findReplyOption4(code, query, answer, settings) : undefined,
  sent(bytes) {
    const message = new Message4(bytes);
    return (code) => message.option(code);
  },
  replyTo: (query, bytes) => ({ ...query, message: new Message4(bytes) }),
  kept(query) {
    const { bytes, isLenient } = query.message;
    return { ...query, message: new Message4(bytes.slice(), isLenient) };
  },
  offered({ hwaddr, clientId }, answer, now) {
    if (answer.kind === "done" || answer.type !== MessageType4.DHCPOFFER || answer.choice === undefined)
      return undefined;
    const { current, place, address } = answer.choice;
    const own =
      current?.state !== LeaseState.offered &&
      current !== undefined &&
      belongsTo(current, hwaddr, clientId, place.subnet)
        ? current
        : undefined;
    return {
      isReserved: place.host?.address === address,
      isHeld: own?.state === LeaseState.assigned && expiryOf(own) > now,
      silence: own && now - own.cltt,
    };
  },
  edit: (answer, edits) => (answer.kind === "reply" ? Object.assign({}, answer, { edits }) : answer),
};

/** What the client had at the address that it is given, or that it gives up. */
function beforeOf({ hwaddr, clientId }: Query4, answer: Reply4 | Done4): Lease4 | undefined {
  if (answer.kind === "done") return answer.event === "in-use" ? undefined : answer.lease;
  const { choice, place } = answer;
  const current = choice?.current;
  if (current === undefined || place === undefined || current.state === LeaseState.offered) return undefined;
  return belongsTo(current, hwaddr, clientId, place.subnet) ? current : undefined;
}

function showReply({ type, yiaddr, place, name }: Reply4): Omit<Answer, "option"> {
  return {
    type: nameMessageType4(type),
    leases: yiaddr === 0 ? [] : [formatIpv4(yiaddr)],
    subnetId: place?.subnet.id,
    subnet: place?.subnet.text,
    hostname: name?.hostname ?? "",
  };
}

function showDone({ lease }: Done4): Omit<Answer, "option"> {
  const { address, subnetId, hostname } = lease;
  return { type: "", leases: [formatIpv4(address)], subnetId, subnet: undefined, hostname };
}
