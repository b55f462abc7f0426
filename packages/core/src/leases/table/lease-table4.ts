/** IPv4 leases in memory: by address, by hardware address, by client id. */
import type { Seconds } from "../../base/clock.ts";
import type { Ipv4 } from "../../ip/ipv4.ts";
import { LeaseState } from "../model/lease.ts";
import type { LeaseLimit } from "../model/lease-limit.ts";
import type { LeaseView4, PoolCursor4, PoolRange4 } from "../model/lease-store4.ts";
import type { Lease4 } from "../model/lease4.ts";
import type { Sought } from "../model/sought.ts";
import { AddressSet4, NO_ADDRESS } from "../rows/address-set4.ts";
import { ClientIndex } from "../rows/client-index.ts";
import { hashAddress } from "../rows/keyed-hash.ts";
import { Field } from "../rows/lease-rows.ts";
import { Field4, ROW4 } from "../rows/lease-rows4.ts";
import { SlotIndex } from "../rows/slot-index.ts";
import { Availability } from "./availability.ts";
import { LeasePool4 } from "./lease-pool4.ts";
import { LeaseTable, MOST_PASSED } from "./lease-table.ts";

export class LeaseTable4 extends LeaseTable<Lease4, LeasePool4> implements LeaseView4 {
  readonly #byAddress: SlotIndex<Ipv4>;
  readonly #byHwaddr: ClientIndex;
  readonly #byClientId: ClientIndex;
  /** Every address in the table, and of those the ones that a full pool may still give. */
  readonly #leased = new AddressSet4();
  readonly #given: readonly AddressSet4[] = Object.values(Availability).map(() => new AddressSet4());

  constructor(now: Seconds) {
    super(now, ROW4, { first: (lease) => lease.hwaddr, second: (lease) => lease.clientId });
    const rows = this.rows;
    this.#byAddress = new SlotIndex((slot, address) => rows.get(slot, Field4.address) === address);
    this.#byHwaddr = new ClientIndex(rows, Field4.hwaddrLinks, (slot, key) => this.bytesOf(slot).hasFirst(key));
    this.#byClientId = new ClientIndex(rows, Field4.clientIdLinks, (slot, key) => this.bytesOf(slot).hasSecond(key));
  }

  byAddress(address: Ipv4): Lease4 | undefined {
    return this.leaseAt(this.#find(address));
  }

  byHwaddr(hwaddr: Uint8Array): readonly Lease4[] {
    return this.leasesOf(this.#byHwaddr, hwaddr);
  }

  byClientId(clientId: Uint8Array): readonly Lease4[] {
    return this.leasesOf(this.#byClientId, clientId);
  }

  remove(address: Ipv4): void {
    this.release(this.#find(address));
  }

  /** Costs the same however many leases there are. The table keeps nothing about a pool, so none has to be closed. */
  openPool(range: PoolRange4): PoolCursor4 {
    return new LeasePool4(range, this.#leased, this.#given);
  }

  available(pool: PoolCursor4, now: Seconds, start?: number): Ipv4 | undefined {
    return this.search(pool as LeasePool4, now, start);
  }

  candidates(pool: PoolCursor4, now: Seconds, start?: number): Generator<Ipv4, undefined> {
    return this.searchOn(pool as LeasePool4, now, start);
  }

  held(pools: readonly PoolCursor4[], _: LeaseLimit, now: Seconds): number {
    return this.heldIn(pools as readonly LeasePool4[], now);
  }

  /** As `LeaseStore4.page`. */
  page(after: number, limit: number, sought?: Sought): readonly Lease4[] {
    const page: Lease4[] = [];
    let passed = 0;
    for (let address = this.#leased.next(after + 1); address !== NO_ADDRESS && page.length < limit; ) {
      const slot = this.#find(address);
      if (passed < MOST_PASSED && !this.mayHave(slot, sought)) passed++;
      else if (this.states.stateOf(slot) !== LeaseState.offered) page.push(this.readLease(slot));
      address = this.#leased.next(address + 1);
    }
    return page;
  }

  protected override find(lease: Lease4): number {
    return this.#find(lease.address);
  }

  protected override slotAt(_: LeasePool4, address: Ipv4): number {
    return this.#find(address);
  }

  protected override enter(slot: number, { address }: Lease4): void {
    this.rows.set(slot, Field4.address, address);
    this.#byAddress.add(slot, hashAddress(address));
    this.#leased.add(address);
  }

  protected override leave(slot: number): void {
    const address = this.rows.get(slot, Field4.address);
    this.#byAddress.remove(slot, hashAddress(address));
    this.#leased.delete(address);
  }

  protected override isInPlace(): boolean {
    return true;
  }

  protected override enterClients(slot: number, lease: Lease4): void {
    this.#byHwaddr.add(slot, lease.hwaddr);
    if (lease.clientId !== undefined) this.#byClientId.add(slot, lease.clientId);
  }

  protected override leaveClients(slot: number): void {
    const bytes = this.bytesOf(slot);
    const hwaddr = bytes.first();
    const clientId = bytes.second();
    this.#byHwaddr.remove(slot, hwaddr);
    if (clientId !== undefined) this.#byClientId.remove(slot, clientId);
  }

  protected override writeFields(): void {
    // The address is all that it has.
  }

  protected override readLease(slot: number): Lease4 {
    const rows = this.rows;
    const bytes = this.bytesOf(slot);
    return {
      address: rows.get(slot, Field4.address),
      hwaddr: bytes.first(),
      clientId: bytes.second(),
      validLifetime: rows.get(slot, Field.validLifetime),
      cltt: this.states.clttOf(slot),
      subnetId: rows.get(slot, Field.subnetId),
      poolId: rows.get(slot, Field.poolId),
      state: this.states.stateOf(slot),
      fqdnFwd: this.states.hasFqdnFwd(slot),
      fqdnRev: this.states.hasFqdnRev(slot),
      hostname: bytes.hostname(),
      userContext: bytes.userContext(),
    };
  }

  protected override typeOf(): undefined {
    // Addresses are all there is.
  }

  protected override changeAvailability(slot: number, before: Availability, after: Availability): void {
    const address = this.rows.get(slot, Field4.address);
    if (before !== Availability.held) this.#given[before]!.delete(address);
    if (after !== Availability.held) this.#given[after]!.add(address);
  }

  #find(address: Ipv4): number {
    return this.#byAddress.find(address, hashAddress(address));
  }
}
