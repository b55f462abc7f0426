/** The families as tests see them: clients, and the addresses or prefixes of one range, are numbers. Tests only. */
import type { Clock, Seconds } from "../../base/clock.ts";
import { type Ipv6Key, parseIpv6Key } from "../../ip/ipv6-key.ts";
import { createIpv6Range, type Ipv6Range, indexIn, memberAt } from "../../ip/ipv6-range.ts";
import type { Disk } from "../../storage/disk.ts";
import type { LeaseCsv } from "../csv/lease-csv.ts";
import { lease4Csv } from "../csv/lease4-csv.ts";
import { lease6Csv } from "../csv/lease6-csv.ts";
import type { Report } from "../file/lease-file-event.ts";
import type { SubnetCheck } from "../file/lease-sink.ts";
import { Memfile4 } from "../file/memfile4.ts";
import { Memfile6 } from "../file/memfile6.ts";
import { INFINITE_LIFETIME, type Lease, LeaseState } from "../model/lease.ts";
import type { LeaseLimit } from "../model/lease-limit.ts";
import type { Found, LeaseBatch, LeaseStore } from "../model/lease-store.ts";
import type { LeaseStore4, LeaseView4, PoolCursor4 } from "../model/lease-store4.ts";
import type { LeaseStore6, LeaseView6, PoolCursor6 } from "../model/lease-store6.ts";
import type { Lease4 } from "../model/lease4.ts";
import { HwaddrSource, type Lease6, LeaseType6 } from "../model/lease6.ts";
import type { Sought } from "../model/sought.ts";
import type { LeaseTable } from "../table/lease-table.ts";
import { LeaseTable4 } from "../table/lease-table4.ts";
import { LeaseTable6 } from "../table/lease-table6.ts";

/** What is asked of a table and of a batch, by numbers. */
export interface TestView<L> {
  get(member: number): L | undefined;
  /** What a client holds, once by each of its identifiers. */
  heldBy(client: number): readonly (readonly L[])[];
  /** @param pool what `openPool` gave */
  available(pool: unknown, now: Seconds, start?: number): number | undefined;
  leaveBehind(pool: unknown, member: number): void;
  /** As `LeaseView4.held` of one pool. */
  held(pool: unknown, counted: LeaseLimit, now: Seconds): number;
  remove(member: number): void;
}

/** What is asked of a table and of a store. */
export interface TestLeases<L> {
  openPool(first: number, last: number, excluded?: readonly number[]): unknown;
  /** @param after member; -1 for all */
  page(after: number, limit: number, sought?: Sought): Found<L>;
}

export interface TestFileOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly report: Report;
  readonly lfcInterval?: Seconds;
  readonly maxRowErrors?: number;
  /** Of members. */
  readonly subnetCheck?: SubnetCheck<number>;
  readonly disk?: Disk;
  readonly rewriteStep?: number;
}

export type TestFile<L extends Lease, View, Leases> = LeaseStore<L, LeaseBatch<L> & View> &
  Leases & {
    readonly newest: Seconds;
    readonly count: number;
    compact(): Promise<void>;
    lookForFile(): Promise<void>;
  };

/**
 * @typeParam View both a table and a batch of the family
 * @typeParam Leases both a table and a store
 */
export interface TestFamily<L extends Lease, View, Leases> {
  readonly name: string;
  readonly csv: LeaseCsv<L>;
  /** How many columns every file has. */
  readonly oldestColumns: number;
  /** The lease at a member; of client number `client`, of nobody where that is -1. */
  lease(member: number, change?: Partial<Lease>, client?: number): L;
  memberOf(lease: L): number;
  /** What a client is known by, in the order of `TestView.heldBy`. */
  identifiersOf(lease: L): readonly Uint8Array[];
  /** Leases whose fields are at their bounds, ascending. */
  readonly extremes: readonly L[];
  view(view: View): TestView<L>;
  leases(leases: Leases): TestLeases<L>;
  createTable(now: Seconds): LeaseTable<L, never> & View & Leases;
  openFile(options: TestFileOptions): Promise<TestFile<L, View, Leases>>;
}

const BASE: Lease = {
  validLifetime: 3600,
  cltt: 1_800_000_000,
  subnetId: 7,
  poolId: 0,
  state: LeaseState.assigned,
  fqdnFwd: false,
  fqdnRev: false,
  hostname: "",
  userContext: "",
};

const HIGHEST: Partial<Lease> = {
  subnetId: 0xffff_ffff,
  poolId: 0xffff_ffff,
  fqdnFwd: true,
  fqdnRev: true,
  hostname: "xn--gre-6ka8k.example.org",
  userContext: '{ "comment": "a, b & c" }',
};

const FILE_DEFAULTS = { lfcInterval: 0, maxRowErrors: 0 };
const NO_CHECK: SubnetCheck<unknown> = { mode: "none", subnetIdOf: () => undefined };

function numbered(client: number, ...before: number[]): Uint8Array {
  return client < 0 ? new Uint8Array(0) : Uint8Array.of(...before, client >>> 24, client >>> 16, client >>> 8, client);
}

/** 10.0.255.0: the members lie on both sides of the border between two /16s. */
const FIRST4 = 0x0a00_ff00;

function lease4(member: number, change: Partial<Lease4> = {}, client = member): Lease4 {
  return {
    ...BASE,
    address: FIRST4 + member,
    hwaddr: numbered(client, 2, 0),
    clientId: client < 0 ? undefined : numbered(client, 1, 2, 0),
    ...change,
  };
}

export const family4: TestFamily<Lease4, LeaseView4 & { remove(address: number): void }, PoolsAndPages4> = {
  name: "IPv4",
  csv: lease4Csv,
  oldestColumns: 9,
  lease: lease4,
  memberOf: ({ address }) => address - FIRST4,
  identifiersOf: ({ hwaddr, clientId }) => [hwaddr, clientId ?? new Uint8Array(0)],
  extremes: [
    lease4(0, { ...HIGHEST, address: 0, validLifetime: 1 }),
    lease4(1, { clientId: undefined, validLifetime: INFINITE_LIFETIME }),
    lease4(2, { hwaddr: new Uint8Array(0), clientId: new Uint8Array(255).fill(7) }),
    lease4(3, { hwaddr: new Uint8Array(20).fill(7), state: LeaseState.reclaimed }),
    lease4(4, { state: LeaseState.declined }, -1),
    lease4(5, { ...HIGHEST, address: 0xffff_ffff }),
  ],
  view: (view) => ({
    get: (member) => view.byAddress(FIRST4 + member),
    heldBy: (client) => [view.byHwaddr(numbered(client, 2, 0)), view.byClientId(numbered(client, 1, 2, 0))],
    available(pool, now, start) {
      const address = view.available(pool as PoolCursor4, now, start);
      return address === undefined ? undefined : address - FIRST4;
    },
    held: (pool, counted, now) => view.held([pool as PoolCursor4], counted, now),
    leaveBehind: (pool, member) => (pool as PoolCursor4).leaveBehind(FIRST4 + member),
    remove: (member) => view.remove(FIRST4 + member),
  }),
  leases: (leases) => ({
    openPool: (first, last, excluded = []) =>
      leases.openPool({
        first: FIRST4 + first,
        last: FIRST4 + last,
        excluded: excluded.map((member) => FIRST4 + member),
      }),
    page: (after, limit, sought) => leases.page(after < 0 ? -1 : FIRST4 + after, limit, sought),
  }),
  createTable: (now) => new LeaseTable4(now),
  openFile({ subnetCheck = NO_CHECK, ...options }) {
    const { mode, subnetIdOf } = subnetCheck;
    const check = { mode, subnetIdOf: (address: number) => subnetIdOf(address - FIRST4) };
    return Memfile4.open({ ...FILE_DEFAULTS, ...options, subnetCheck: check });
  },
};

type PoolsAndPages4 = Pick<LeaseStore4, "openPool" | "page">;
type PoolsAndPages6 = Pick<LeaseStore6, "openPool" | "page">;
type View6 = LeaseView6 & { remove(type: LeaseType6, address: Ipv6Key): void };

/** Leases of one type in a range. */
function createFamily6(name: string, type: LeaseType6, range: Ipv6Range): TestFamily<Lease6, View6, PoolsAndPages6> {
  const at = (member: number) => memberAt(range, member);
  const memberOf = (address: Ipv6Key) => indexIn(range, address)!;
  const lease = (member: number, change: Partial<Lease6> = {}, client = member): Lease6 => ({
    ...BASE,
    type,
    address: at(member),
    prefixLength: range.length,
    duid: numbered(client, 0, 2),
    iaid: 1000 + client,
    preferredLifetime: 1800,
    hwaddr: new Uint8Array(0),
    hwtype: 0,
    hwaddrSource: HwaddrSource.unknown,
    ...change,
  });
  return {
    name,
    csv: lease6Csv,
    oldestColumns: 12,
    lease,
    memberOf: ({ address }) => memberOf(address),
    identifiersOf: ({ duid }) => [duid],
    extremes: [
      lease(0, { ...HIGHEST, validLifetime: 1, iaid: 0xffff_ffff, duid: new Uint8Array(130).fill(7) }),
      lease(1, {
        duid: Uint8Array.of(0, 0, 1),
        validLifetime: INFINITE_LIFETIME,
        preferredLifetime: INFINITE_LIFETIME,
      }),
      lease(2, { hwaddr: new Uint8Array(20).fill(7), hwtype: 0xffff, hwaddrSource: HwaddrSource.docsisModem }),
      lease(3, { hwaddr: Uint8Array.of(1), hwtype: 1, state: LeaseState.reclaimed, preferredLifetime: 0, iaid: 0 }),
      lease(4, { state: LeaseState.declined }, -1),
    ],
    view: (view) => ({
      get: (member) => view.byAddress(type, at(member)),
      heldBy: (client) => [view.byDuid(numbered(client, 0, 2))],
      available(pool, now, start) {
        const address = view.available(pool as PoolCursor6, now, start);
        return address === undefined ? undefined : memberOf(address);
      },
      held: (pool, counted, now) => view.held([pool as PoolCursor6], counted, now),
      leaveBehind: (pool, member) => (pool as PoolCursor6).leaveBehind(at(member)),
      remove: (member) => view.remove(type, at(member)),
    }),
    leases: (leases) => ({
      openPool: (first, last, excluded = []) =>
        leases.openPool({
          type,
          range: createIpv6Range(at(first), at(last), range.length),
          excluded: excluded.map(at),
        }),
      page: (after, limit, sought) => leases.page(type, after < 0 ? undefined : at(after), limit, sought),
    }),
    createTable: (now) => new LeaseTable6(now),
    openFile({ subnetCheck = NO_CHECK, ...options }) {
      const { mode, subnetIdOf } = subnetCheck;
      const check = { mode, subnetIdOf: (address: Ipv6Key) => subnetIdOf(memberOf(address)) };
      return Memfile6.open({ ...FILE_DEFAULTS, ...options, subnetCheck: check });
    },
  };
}

const key = (text: string) => parseIpv6Key(text)!;

/** The members lie on both sides of a border between the words of an address. */
export const family6Addresses = createFamily6(
  "IPv6 addresses",
  LeaseType6.address,
  createIpv6Range(key("2001:db8::ffff:ff00"), key("2001:db8::ff:ffff:ffff"), 128),
);
export const family6Prefixes = createFamily6(
  "IPv6 prefixes",
  LeaseType6.prefix,
  createIpv6Range(key("2001:db7:ffff:f000::"), key("2001:dbf::"), 60),
);
