/**
 * Routes to delegated prefixes, in the kernel for as long as their leases last (RFC 8987 §4.2; §4.3: over restarts, and
 * over times when the client cannot be reached). Works beside service, which never waits for it.
 */
import { promisify } from "node:util";
import type { Seconds } from "@kotare/core/base/clock";
import { Pace } from "@kotare/core/base/pace";
import { growingPauses } from "@kotare/core/base/retry";
import { atPace } from "@kotare/core/base/steps";
import { Timer } from "@kotare/core/base/timer";
import { type RoutedConfig, wantsPdRoutes } from "@kotare/core/config/pd-routes6";
import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";
import { expiryOf } from "@kotare/core/leases/model/lease";
import type { LeaseTarget } from "@kotare/core/leases/model/lease-store";
import type { LeaseStore6 } from "@kotare/core/leases/model/lease-store6";
import { type Lease6, LeaseType6 } from "@kotare/core/leases/model/lease6";
import type { Logger } from "@kotare/core/log/logger";
import type { Companion } from "@kotare/core/server/server-family";
import type { Interface } from "@kotare/netio/interfaces/interface";
import type { RouteChange, RouteMark } from "@kotare/netio/linux/route-message";
import { CHANGES_PER_CALL, RouteTable } from "@kotare/netio/linux/route-table";
import { routes6 } from "../report/messages6.ts";
import { type DueRoute, WantedRoutes } from "./wanted-routes6.ts";

/**
 * A protocol that neither iproute2 nor routing daemons use; and a metric behind that of routes made by hand (1024) and of
 * routing daemons: where somebody else has a route to the very prefix, theirs is taken and left alone.
 */
export const ROUTE_MARK: RouteMark = { protocol: 147, metric: 8987 };

const pause = promisify(setImmediate);

/** Interfaces change in bursts. */
const SETTLING_TIME = 1000;
/** Leases looked at between two chances for packets. */
const REPLAYED = 250;

export interface DelegatedRoutesParts {
  readonly store: LeaseStore6;
  /** Of the lease clock. */
  readonly now: () => Seconds;
  readonly log: Logger;
  readonly openTable?: () => KernelRoutes;
}

/** The part of `RouteTable` that is used. */
type KernelRoutes = Pick<RouteTable, "change" | "list" | typeof Symbol.dispose>;

/** To be told what becomes of the leases on disk: `LeaseStore6.watch`. */
export class DelegatedRoutes implements LeaseTarget<Lease6>, Companion<RoutedConfig, unknown> {
  readonly #parts: DelegatedRoutesParts;
  readonly #wanted = new WantedRoutes();
  readonly #pauses = growingPauses();
  #indices: ReadonlyMap<string, number> = new Map();
  #isOn: boolean | undefined;
  #kernel: KernelRoutes | undefined;
  /** Whether the kernel's routes have to be read and compared. */
  #isAuditDue = false;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #isStopped = false;
  /** Rounds in a row in which something was refused. */
  #failures = 0;

  constructor(parts: DelegatedRoutesParts) {
    this.#parts = parts;
  }

  /**
   * Goes through the leases when routes are asked for, and removes routes of ours that none of them asks for; at the start
   * also when routes are off. A scope that is switched off loses its routes as its leases are renewed; all go at once
   * when it was the last one.
   */
  configure(config: RoutedConfig): void {
    const isOn = wantsPdRoutes(config);
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    if (isOn) void this.#replay();
    else {
      this.#wanted.clear();
      this.#audit();
    }
  }

  put(lease: Lease6): void {
    if (this.#isOn !== true) return;
    this.#wanted.put(lease);
    this.#wake();
  }

  discard(lease: Lease6): void {
    this.#wanted.discard(lease);
    this.#wake();
  }

  /** The host's interfaces have changed: with one that went down the kernel has dropped its routes. */
  update(present: ReadonlyMap<number, Interface>): void {
    this.#indices = new Map([...present.values()].map(({ name, index }) => [name, index]));
    if (this.#wanted.count > 0) this.#auditIn(SETTLING_TIME);
  }

  /** The routes stay: the clients keep their prefixes meanwhile. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.stop();
    await this.#running;
    this.#kernel?.[Symbol.dispose]();
    this.#kernel = undefined;
  }

  async #replay(): Promise<void> {
    const { store, now } = this.#parts;
    const wanted = this.#wanted;
    const pace = new Pace();
    let page = await store.page(LeaseType6.prefix, undefined, REPLAYED);
    while (page.length > 0) {
      const time = now();
      for (const lease of page) if (expiryOf(lease) > time) wanted.put(lease);
      await pace.rest();
      if (this.#isOn !== true || this.#isStopped) return;
      page = await store.page(LeaseType6.prefix, page.at(-1)?.address, REPLAYED);
    }
    this.#parts.log.log(routes6.DHCP6_PD_ROUTES_REPLAYED, { count: wanted.count });
    this.#audit();
  }

  #auditIn(wait: number): void {
    this.#timer?.stop();
    this.#timer = Timer.after(wait, () => this.#audit()).unref();
  }

  #audit(): void {
    this.#isAuditDue = true;
    this.#wake();
  }

  #wake(): void {
    if (this.#isStopped || this.#running !== undefined) return;
    if (!this.#isAuditDue && this.#wanted.isSettled) return;
    // Not before the replies that wait for the same commit have left; and what comes together is told together.
    this.#running = pause()
      .then(() => this.#round())
      .finally(() => {
        this.#running = undefined;
        this.#wake();
      });
  }

  /** Tells the kernel everything that is due. */
  async #round(): Promise<void> {
    const isAudit = this.#isAuditDue;
    this.#isAuditDue = false;
    const refused: string[] = [];
    try {
      this.#kernel ??= this.#open();
      const kernel = this.#kernel;
      if (isAudit) {
        await atPace(this.#wanted.compare(await kernel.list(), (name) => this.#indices.get(name)));
      }
      while (!this.#wanted.isSettled && !this.#isStopped) {
        refused.push(...(await this.#tell(kernel, this.#wanted.take(CHANGES_PER_CALL))));
      }
    } catch (error) {
      this.#kernel?.[Symbol.dispose]();
      this.#kernel = undefined;
      this.#wanted.settle();
      refused.push((error as Error).message);
    }
    this.#settle(refused, isAudit);
  }

  #open(): KernelRoutes {
    return this.#parts.openTable?.() ?? new RouteTable(ROUTE_MARK);
  }

  /** @returns what could not be done, in words */
  async #tell(kernel: KernelRoutes, due: readonly DueRoute[]): Promise<string[]> {
    const refused: string[] = [];
    const told: DueRoute[] = [];
    const changes: RouteChange[] = [];
    for (const route of due) {
      const change = this.#changeFor(route);
      if (change === undefined) refused.push(`${describe(route)}: there is no such interface`);
      else {
        told.push(route);
        changes.push(change);
      }
    }
    const errors = await kernel.change(changes);
    for (const [i, route] of told.entries()) {
      const error = errors[i];
      if (error !== undefined) refused.push(`${describe(route)}: ${error.message}`);
      else this.#reportDone(route);
    }
    return refused;
  }

  #changeFor({ address, length, hop }: DueRoute): RouteChange | undefined {
    if (hop === undefined) return { address, length, gateway: undefined };
    const ifindex = this.#indices.get(hop.dev);
    return ifindex === undefined ? undefined : { address, length, gateway: hop.via, ifindex };
  }

  #reportDone(route: DueRoute): void {
    const { log } = this.#parts;
    const message = route.hop === undefined ? routes6.DHCP6_PD_ROUTE_REMOVED : routes6.DHCP6_PD_ROUTE_SET;
    if (log.isEnabled(message)) log.log(message, { route: describe(route) });
  }

  /** What was refused is found again by an audit, at growing pauses; only these are logged, as one line each. */
  #settle(refused: readonly string[], isAudit: boolean): void {
    const { log } = this.#parts;
    const [example] = refused;
    if (example !== undefined) {
      // Between two audits each renewal may be refused anew.
      if (!isAudit && this.#failures > 0) return;
      this.#failures += 1;
      log.log(routes6.DHCP6_PD_ROUTES_REFUSED, { count: refused.length, example });
      this.#auditIn(this.#pauses(this.#failures) ?? 0);
    } else if (isAudit && this.#failures > 0) {
      this.#failures = 0;
      log.log(routes6.DHCP6_PD_ROUTES_COMPLETE, { count: this.#wanted.count });
    }
  }
}

function describe({ address, length, hop }: DueRoute): string {
  const way = hop === undefined ? "" : ` via ${formatIpv6Key(hop.via)} dev ${hop.dev}`;
  return `${formatIpv6Key(address)}/${length}${way}`;
}
