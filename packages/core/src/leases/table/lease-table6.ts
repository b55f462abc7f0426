/** IPv6 leases in memory: by type and address, by DUID, in the order of the addresses. */
import type { Seconds } from "../../base/clock.ts";
import { type Ipv6Key, isInPrefix, maskIpv6Key, UNSPECIFIED } from "../../ip/ipv6-key.ts";
import { dividePrefix, indexIn } from "../../ip/ipv6-range.ts";
import { LeaseState } from "../model/lease.ts";
import type { LeaseLimit } from "../model/lease-limit.ts";
import type { LeaseView6, PoolCursor6, PoolRange6 } from "../model/lease-store6.ts";
import { type HwaddrSource, type Lease6, LeaseType6 } from "../model/lease6.ts";
import type { Sought } from "../model/sought.ts";
import { ClientIndex } from "../rows/client-index.ts";
import { hashWords } from "../rows/keyed-hash.ts";
import { Field, NO_SLOT } from "../rows/lease-rows.ts";
import { Field6, ROW6, readAddress, writeWords } from "../rows/lease-rows6.ts";
import { SlotIndex } from "../rows/slot-index.ts";
import type { Availability } from "./availability.ts";
import { LeaseOrder6 } from "./lease-order6.ts";
import { LeasePool6 } from "./lease-pool6.ts";
import { LeaseTable, MOST_PASSED } from "./lease-table.ts";

/** Stands for an address where the length of a prefix stands: a delegated /128 is something else. */
const ADDRESS = 0xff;
const LOOKS = 64;
const NONE: ReadonlySet<Ipv6Key> = new Set();

function kindOf(type: LeaseType6, prefixLength: number): number {
  return type === LeaseType6.address ? ADDRESS : prefixLength;
}

export class LeaseTable6 extends LeaseTable<Lease6, LeasePool6> implements LeaseView6 {
  readonly keepsRegistered = true;
  readonly #byAddress: SlotIndex<Uint32Array>;
  readonly #byDuid: ClientIndex;
  /** By kind: few of the 130 that there can be. */
  readonly #orders = new Map<number, LeaseOrder6>();
  /** The address that is looked for, and behind it the type of lease; and their hash. */
  readonly #key = new Uint32Array(5);
  #hash = 0;
  /** What `#key` was made of: a packet asks for the same lease several times. */
  #address: Ipv6Key | undefined;

  constructor(now: Seconds) {
    super(now, ROW6, { first: (lease) => lease.duid, second: (lease) => lease.hwaddr });
    const rows = this.rows;
    this.#byAddress = new SlotIndex(
      (slot, key) =>
        rows.get(slot, Field6.address + 3) === key[3] &&
        rows.get(slot, Field6.address + 2) === key[2] &&
        rows.get(slot, Field6.address + 1) === key[1] &&
        rows.get(slot, Field6.address) === key[0] &&
        this.typeOf(slot) === key[4],
    );
    this.#byDuid = new ClientIndex(rows, Field6.duidLinks, (slot, key) => this.bytesOf(slot).hasFirst(key));
  }

  byAddress(type: LeaseType6, address: Ipv6Key): Lease6 | undefined {
    return this.leaseAt(this.#find(type, address));
  }

  byDuid(duid: Uint8Array): readonly Lease6[] {
    return this.leasesOf(this.#byDuid, duid);
  }

  remove(type: LeaseType6, address: Ipv6Key): void {
    this.release(this.#find(type, address));
  }

  /** Costs the same however many leases there are. The table keeps nothing about a pool, so none has to be closed. */
  openPool(range: PoolRange6): PoolCursor6 {
    const { length } = range.range;
    const order = this.#orderOf(kindOf(range.type, length));
    if (range.type === LeaseType6.address) return new LeasePool6(range, order);
    return new LeasePool6(range, order, (address) => this.#crossed(address, length, NONE));
  }

  /** As `LeaseView6.isCrossed`. */
  isCrossed(prefix: Ipv6Key, length: number, spared: ReadonlySet<Ipv6Key> = NONE): boolean {
    return this.#crossed(prefix, length, spared) > 0;
  }

  available(cursor: PoolCursor6, now: Seconds, start?: number): Ipv6Key | undefined {
    const pool = cursor as LeasePool6;
    const member = this.search(pool, now, start);
    return member === undefined ? undefined : pool.addressOf(member);
  }

  *candidates(cursor: PoolCursor6, now: Seconds, start?: number): Generator<Ipv6Key, undefined> {
    const pool = cursor as LeasePool6;
    for (const member of this.searchOn(pool, now, start)) yield pool.addressOf(member);
    return undefined;
  }

  held(pools: readonly PoolCursor6[], _: LeaseLimit, now: Seconds): number {
    return this.heldIn(pools as readonly LeasePool6[], now);
  }

  /** As `LeaseStore6.page`. */
  page(type: LeaseType6, after: Ipv6Key | undefined, limit: number, sought?: Sought): readonly Lease6[] {
    const leases = [...this.#orders]
      .filter(([kind]) => (kind === ADDRESS) === (type === LeaseType6.address))
      .flatMap(([, order]) => this.#pageOf(order, after, limit, sought));
    return leases.sort((a, b) => (a.address < b.address ? -1 : 1)).slice(0, limit);
  }

  protected override find(lease: Lease6): number {
    return this.#find(lease.type, lease.address);
  }

  protected override slotAt(pool: LeasePool6, member: number): number {
    return this.#find(pool.range.type, pool.addressOf(member));
  }

  /** `find` has left key and hash behind. */
  protected override enter(slot: number, lease: Lease6): void {
    for (let i = 0; i < 4; i++) this.rows.set(slot, Field6.address + i, this.#key[i]!);
    this.#byAddress.add(slot, this.#hash);
    this.#orderOf(kindOf(lease.type, lease.prefixLength)).add(slot);
  }

  protected override leave(slot: number): void {
    for (let i = 0; i < 4; i++) this.#key[i] = this.rows.get(slot, Field6.address + i);
    this.#address = undefined;
    this.#byAddress.remove(slot, hashWords(this.#key, this.typeOf(slot)));
    this.#orderOf(this.#kindOf(slot)).remove(slot);
  }

  /** With another length it is another prefix, and stands in another order. */
  protected override isInPlace(slot: number, lease: Lease6): boolean {
    return this.#kindOf(slot) === kindOf(lease.type, lease.prefixLength);
  }

  protected override enterClients(slot: number, lease: Lease6): void {
    this.#byDuid.add(slot, lease.duid);
  }

  protected override leaveClients(slot: number): void {
    this.#byDuid.remove(slot, this.bytesOf(slot).first());
  }

  protected override writeFields(slot: number, lease: Lease6): void {
    this.rows.set(slot, Field6.preferredLifetime, lease.preferredLifetime);
    this.rows.set(slot, Field6.iaid, lease.iaid);
    const kind = kindOf(lease.type, lease.prefixLength);
    this.rows.set(slot, Field6.kinds, (kind << 24) | (lease.hwaddrSource << 16) | lease.hwtype);
  }

  protected override readLease(slot: number): Lease6 {
    const rows = this.rows;
    const bytes = this.bytesOf(slot);
    const kinds = rows.get(slot, Field6.kinds);
    const kind = kinds >>> 24;
    return {
      type: kind === ADDRESS ? LeaseType6.address : LeaseType6.prefix,
      address: readAddress(rows, slot),
      prefixLength: kind === ADDRESS ? 128 : kind,
      duid: bytes.first(),
      iaid: rows.get(slot, Field6.iaid),
      preferredLifetime: rows.get(slot, Field6.preferredLifetime),
      validLifetime: rows.get(slot, Field.validLifetime),
      cltt: this.states.clttOf(slot),
      subnetId: rows.get(slot, Field.subnetId),
      poolId: rows.get(slot, Field.poolId),
      state: this.states.stateOf(slot),
      fqdnFwd: this.states.hasFqdnFwd(slot),
      fqdnRev: this.states.hasFqdnRev(slot),
      hostname: bytes.hostname(),
      hwaddr: bytes.second()!,
      hwtype: kinds & 0xffff,
      hwaddrSource: ((kinds >>> 16) & 0xff) as HwaddrSource,
      userContext: bytes.userContext(),
    };
  }

  protected override changeAvailability(slot: number, before: Availability, after: Availability): void {
    this.#orderOf(this.#kindOf(slot)).changeAvailability(slot, before, after);
  }

  #find(type: LeaseType6, address: Ipv6Key): number {
    if (address !== this.#address || type !== this.#key[4]) {
      writeWords(address, this.#key);
      this.#key[4] = type;
      this.#hash = hashWords(this.#key, type);
      this.#address = address;
    }
    return this.#byAddress.find(this.#key, this.#hash);
  }

  #pageOf(order: LeaseOrder6, after: Ipv6Key | undefined, limit: number, sought: Sought | undefined): Lease6[] {
    const leases: Lease6[] = [];
    let passed = 0;
    for (const slot of order.from(after ?? UNSPECIFIED)) {
      if (leases.length >= limit) break;
      if (passed < MOST_PASSED && !this.mayHave(slot, sought)) {
        passed++;
        continue;
      }
      const lease = this.readLease(slot);
      if (lease.state !== LeaseState.offered && lease.address !== after) leases.push(lease);
    }
    return leases;
  }

  /**
   * How many prefixes of `length`, this one the first, are in or around a prefix of another length that is in use.
   * Only after a change of the configuration are there any.
   */
  #crossed(prefix: Ipv6Key, length: number, spared: ReadonlySet<Ipv6Key>): number {
    for (const [kind, order] of this.#orders) {
      if (order.isEmpty || kind === ADDRESS || kind === length) continue;
      if (kind > length) {
        if (this.#isUsedInside(order, prefix, length, spared)) return 1;
        continue;
      }
      const wider = maskIpv6Key(prefix, kind);
      if (spared.has(wider)) continue;
      const slot = this.#find(LeaseType6.prefix, wider);
      if (slot === NO_SLOT || this.#kindOf(slot) !== kind || !this.states.isInUse(slot)) continue;
      const around = dividePrefix(prefix, kind, length);
      return around.size - (indexIn(around, prefix) ?? 0);
    }
    return 0;
  }

  /** Of very many leases in a prefix nobody looks at all. */
  #isUsedInside(order: LeaseOrder6, prefix: Ipv6Key, length: number, spared: ReadonlySet<Ipv6Key>): boolean {
    let looks = 0;
    for (const slot of order.from(prefix)) {
      const address = readAddress(this.rows, slot);
      if (!isInPrefix(address, prefix, length)) return false;
      if ((this.states.isInUse(slot) && !spared.has(address)) || ++looks === LOOKS) return true;
    }
    return false;
  }

  #kindOf(slot: number): number {
    return this.rows.get(slot, Field6.kinds) >>> 24;
  }

  protected override typeOf(slot: number): LeaseType6 {
    return this.#kindOf(slot) === ADDRESS ? LeaseType6.address : LeaseType6.prefix;
  }

  #orderOf(kind: number): LeaseOrder6 {
    let order = this.#orders.get(kind);
    if (order === undefined) {
      order = new LeaseOrder6(this.rows, kind === ADDRESS ? 128 : kind);
      this.#orders.set(kind, order);
    }
    return order;
  }
}
