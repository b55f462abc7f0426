/** Which routes the leases ask for, and where the kernel's may differ. Looks at leases and routes only: does nothing. */
import type { Ipv6Key } from "@kotare/core/ip/ipv6-key";
import { LeaseState } from "@kotare/core/leases/model/lease";
import type { LeaseTarget } from "@kotare/core/leases/model/lease-store";
import { type Lease6, LeaseType6 } from "@kotare/core/leases/model/lease6";
import { type NextHop, nextHopOf } from "@kotare/core/leases/user-context/next-hop6";
import type { Prefix6, Route6 } from "@kotare/netio/linux/route-message";

/** A prefix to set or to remove, and the way to it; none for one to remove. */
export interface DueRoute extends Prefix6 {
  readonly hop: NextHop | undefined;
}

/** Routes in one step of a comparison. */
const COMPARED = 1000;

type WantedRoute = Prefix6 & { readonly hop: NextHop };

export class WantedRoutes implements LeaseTarget<Lease6> {
  /** By the first address, which no two leases have in common. */
  readonly #wanted = new Map<Ipv6Key, WantedRoute>();
  /**
   * By address and length. What happens twice to a prefix before the kernel is told is done once, so this grows no larger
   * than the number of leases however slow the kernel is.
   */
  readonly #due = new Map<string, Prefix6>();

  get count(): number {
    return this.#wanted.size;
  }

  get isSettled(): boolean {
    return this.#due.size === 0;
  }

  /** Each lease given or renewed makes its route due again, whatever has become of it in the kernel meanwhile. */
  put({ type, state, address, prefixLength: length, userContext }: Lease6): void {
    if (type !== LeaseType6.prefix) return;
    const hop = state === LeaseState.assigned ? nextHopOf(userContext) : undefined;
    const before = this.#wanted.get(address);
    if (hop === undefined || (before !== undefined && before.length !== length)) this.#drop(address);
    if (hop === undefined) return;
    this.#wanted.set(address, { address, length, hop });
    this.#makeDue({ address, length });
  }

  discard({ type, address }: Lease6): void {
    if (type === LeaseType6.prefix) this.#drop(address);
  }

  /** Wants nothing any more; what the kernel has a comparison finds. */
  clear(): void {
    this.#wanted.clear();
    this.#due.clear();
  }

  /** Up to `limit` of the prefixes at which the kernel may differ; they count as told. */
  take(limit: number): readonly DueRoute[] {
    const taken: DueRoute[] = [];
    for (const [key, { address, length }] of this.#due) {
      if (taken.length === limit) break;
      this.#due.delete(key);
      const wanted = this.#wanted.get(address);
      taken.push({ address, length, hop: wanted?.length === length ? wanted.hop : undefined });
    }
    return taken;
  }

  /** Forgets what is due: only before a comparison, which finds it again. */
  settle(): void {
    this.#due.clear();
  }

  /**
   * Makes due what differs from the routes that the kernel has of ours, in steps of less than a millisecond. What leases
   * ask for meanwhile is due anyway.
   * @param indexOf the interface of a name
   */
  *compare(present: readonly Route6[], indexOf: (name: string) => number | undefined): Generator<void> {
    const same = new Set<Ipv6Key>();
    let compared = 0;
    for (const route of present) {
      const wanted = this.#wanted.get(route.address);
      if (wanted !== undefined && isSame(wanted, route, indexOf)) same.add(route.address);
      else this.#makeDue(route);
      if (++compared % COMPARED === 0) yield;
    }
    for (const wanted of this.#wanted.values()) {
      if (!same.has(wanted.address)) this.#makeDue(wanted);
      if (++compared % COMPARED === 0) yield;
    }
  }

  #drop(address: Ipv6Key): void {
    const before = this.#wanted.get(address);
    if (before === undefined) return;
    this.#wanted.delete(address);
    this.#makeDue(before);
  }

  #makeDue({ address, length }: Prefix6): void {
    this.#due.set(`${address}${String.fromCharCode(length)}`, { address, length });
  }
}

function isSame({ length, hop }: WantedRoute, route: Route6, indexOf: (name: string) => number | undefined): boolean {
  return length === route.length && hop.via === route.gateway && indexOf(hop.dev) === route.ifindex;
}
