/** What extensions see of DHCPv6: of a message the client's own, without what relays have put around it. */
import { equalBytes, latin1 } from "@kotare/core/base/bytes";
import { formatHex } from "@kotare/core/base/hex";
import { describeLease6 } from "@kotare/core/control/commands/lease6/lease6-arguments";
import { nameMessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { ShownChange } from "@kotare/core/extensions/lease-change";
import type { ShownQuery } from "@kotare/core/extensions/parameter-tools";
import { formatIpv6Key, type Ipv6Key } from "@kotare/core/ip/ipv6-key";
import { lease6Csv } from "@kotare/core/leases/csv/lease6-csv";
import { expiryOf, LeaseState } from "@kotare/core/leases/model/lease";
import type { Lease6 } from "@kotare/core/leases/model/lease6";
import type { Shown } from "@kotare/core/server/packets/packet-path";
import type { Lease, LeaseChange } from "@kotare/extension";
import { findClientMac, type MacFinder } from "../path/client-mac6.ts";
import type { Path6, Reply6 } from "../path/outcome6.ts";
import type { ClassedPacket6 } from "../path/query6.ts";
import { findReplyOption6 } from "../reply/reply-encoder6.ts";

class ShownQuery6 implements ShownQuery<ClassedPacket6> {
  readonly family = 6;
  readonly subject: ClassedPacket6;
  readonly #macFinders: readonly MacFinder[];
  readonly #subnetId: () => number | undefined;

  constructor(packet: ClassedPacket6, macFinders: readonly MacFinder[], subnetId: () => number | undefined) {
    this.subject = packet;
    this.#macFinders = macFinders;
    this.#subnetId = subnetId;
  }

  get type(): string {
    return nameMessageType6(this.subject.message.type);
  }

  get interface(): string {
    return this.subject.ingress.interface.name;
  }

  get relay(): string | undefined {
    const { message, ingress } = this.subject;
    return message.isRelayed ? formatIpv6Key(ingress.source) : undefined;
  }

  get source(): string {
    return formatIpv6Key(this.subject.ingress.source);
  }

  get label(): string {
    return latin1(this.subject.message.label);
  }

  get mac(): string {
    const { message, ingress } = this.subject;
    const mac = findClientMac(message, ingress, this.#macFinders);
    return mac === undefined ? "" : formatHex(mac.address);
  }

  get clientId(): Uint8Array | undefined {
    return this.subject.message.clientId;
  }

  get elapsed(): number {
    return 10 * (this.subject.message.elapsedTime ?? 0);
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
const WORDS = { describe: showLease, csv: lease6Csv };

export const shown6: Shown<Path6> = {
  message: (message, ingress, { settings }, subnetId) =>
    new ShownQuery6({ message, ingress, classes: NO_CLASSES }, settings.macFinders, subnetId),
  query: (query, { settings }) => new ShownQuery6(query, settings.macFinders, () => query.places[0]?.subnet.id),
  option: findReplyOption6,
  sent(bytes) {
    const message = new Message6(bytes);
    return (code) => message.option(code);
  },
  answer({ type, place, name, ias, registered }, option) {
    const given = ias.flatMap((ia) => ia.leases.filter(({ valid }) => valid > 0));
    const leases = registered === undefined ? given : [registered];
    return {
      type: nameMessageType6(type),
      leases: leases.map(({ address, length }) => formatLease(address, length)),
      subnetId: place === "global" ? undefined : place?.subnet.id,
      subnet: place === "global" ? undefined : place?.subnet.text,
      hostname: name?.hostname ?? "",
      option,
    };
  },
  lease: showLease,
  changes({ duid }, answer) {
    const { put, remove, reliesOn } = answer.changes;
    const show = (kind: LeaseChange["kind"], lease: Lease6, before?: Lease6) =>
      new ShownChange(kind, lease, before, WORDS);
    const kept = put.filter(({ state }) => state !== LeaseState.offered);
    return [
      ...remove.map((lease) => show("remove", lease)),
      ...kept.map((lease) => {
        const before = currentAt(lease, answer);
        const isOwn = answer.registered !== undefined || (before !== undefined && equalBytes(before.duid, duid));
        return show("put", lease, isOwn ? before : undefined);
      }),
      ...reliesOn.map((lease) => show("rely", lease)),
    ];
  },
  over(_, answer) {
    if (answer.gaveUp !== undefined) return [];
    return answer.changes.put.flatMap((lease) => {
      const current = lease.state === LeaseState.offered ? undefined : currentAt(lease, answer);
      if (current === undefined || current.state === LeaseState.reclaimed) return [];
      return expiryOf(current) <= lease.cltt ? [current] : [];
    });
  },
  replyTo: (query, bytes) => ({ ...query, message: new Message6(bytes) }),
  kept(query) {
    const { bytes, isLenient } = query.message;
    return { ...query, message: new Message6(bytes.slice(), isLenient) };
  },
  edit: (reply, edits) => Object.assign({}, reply, { edits }),
};

function formatLease(address: Ipv6Key, length: number): string {
  const text = formatIpv6Key(address);
  return length === 128 ? text : `${text}/${length}`;
}

function showLease(lease: Lease6): Lease {
  return { hwtype: lease.hwtype, "hwaddr-source": lease.hwaddrSource, ...describeLease6(lease) };
}

/** What was there before, offers left out. */
function currentAt({ address, prefixLength, type }: Lease6, { ias, gaveUp, registered }: Reply6): Lease6 | undefined {
  if (registered !== undefined) return registered.former;
  if (gaveUp !== undefined) return gaveUp.find((lease) => lease.address === address && lease.type === type);
  const given = ias.flatMap((ia) => ia.given);
  const found = given.find((each) => each.address === address && each.length === prefixLength)?.current;
  return found?.state === LeaseState.offered ? undefined : found;
}
