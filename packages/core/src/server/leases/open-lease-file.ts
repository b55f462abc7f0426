/** Opens the lease file that the configuration names, and keeps trying while that fails for a passing reason. */
import type { Clock } from "../../base/clock.ts";
import { type RetrySchedule, retry } from "../../base/retry.ts";
import type { Dhcp4Config } from "../../config/dhcp4-config.ts";
import type { Dhcp6Config } from "../../config/dhcp6-config.ts";
import { orderSubnets4, orderSubnets6 } from "../../config/order-subnets.ts";
import { DATABASE_DEFAULTS } from "../../config/schema/databases.ts";
import { dataDirectoryOf } from "../../daemon/config/confine-paths.ts";
import { type DaemonPaths, resolvePath } from "../../daemon/paths.ts";
import { parseIpv4Prefix } from "../../ip/ipv4.ts";
import { parseIpv6Prefix } from "../../ip/ipv6.ts";
import { type Ipv6Key, maskIpv6Key, readIpv6Key } from "../../ip/ipv6-key.ts";
import type { LeaseFileEvent } from "../../leases/file/lease-file-event.ts";
import type { MemfileOptions } from "../../leases/file/memfile.ts";
import { Memfile4 } from "../../leases/file/memfile4.ts";
import { Memfile6 } from "../../leases/file/memfile6.ts";
import { LeaseClock } from "../../leases/model/lease-clock.ts";
import type { Logger } from "../../log/logger.ts";
import { noDisk } from "../../storage/no-disk.ts";
import { StorageError } from "../../storage/storage-error.ts";
import { PrefixIndex4 } from "../../subnets/select/prefix-index4.ts";
import { PrefixIndex6 } from "../../subnets/select/prefix-index6.ts";
import type { ServerMessages } from "../messages.ts";
import { leaseFile } from "./lease-file-messages.ts";

/** Whether leases can be written at present, as far as that is known. */
export interface StoreHealth {
  readonly type: DhcpConfig["lease-database"]["type"];
  isUp: boolean;
}

export interface OpenedLeases<Store> {
  readonly store: Store;
  readonly health: StoreHealth;
  readonly leaseClock: LeaseClock;
}

/** What opening a lease file needs of the daemon. */
export interface LeaseFileParts {
  readonly paths: DaemonPaths;
  readonly clock: Clock;
  readonly log: Logger;
  readonly messages: ServerMessages;
  /** Ends the trying. */
  readonly signal: AbortSignal;
  /** How often to try; by default as the configuration says, and with a lease file for ever. */
  readonly schedule?: RetrySchedule;
}

export type DhcpConfig = Dhcp4Config | Dhcp6Config;

/** Kea's name for the file, in the data directory, where the configuration gives none; where leases are in a database, too. */
export function leaseFileOf(config: DhcpConfig, paths: DaemonPaths): string {
  const family = "subnet4" in config ? 4 : 6;
  return resolvePath(dataDirectoryOf(config, paths), nameOf(config) ?? `kea-leases${family}.csv`);
}

/** The lease file, if leases are in one. */
export function usedLeaseFile(config: DhcpConfig, paths: DaemonPaths): string | undefined {
  const { type, persist } = config["lease-database"];
  return type === "memfile" && persist !== false ? leaseFileOf(config, paths) : undefined;
}

function nameOf({ "lease-database": { type, name } }: DhcpConfig): string | undefined {
  return type === "memfile" ? name : undefined;
}

export function openLeaseFile4(config: Dhcp4Config, parts: LeaseFileParts): Promise<OpenedLeases<Memfile4>> {
  return open(Memfile4.open, config, subnetIds4(config), parts);
}

export function openLeaseFile6(config: Dhcp6Config, parts: LeaseFileParts): Promise<OpenedLeases<Memfile6>> {
  return open(Memfile6.open, config, subnetIds6(config), parts);
}

/** @returns what finds the subnet that an address is in; most files name it, so nothing is made before it is asked */
export function subnetIds4(config: Dhcp4Config): (address: number) => number | undefined {
  let subnets: PrefixIndex4<number> | undefined;
  const index = () => {
    const made = new PrefixIndex4<number>((id) => id);
    for (const { subnet } of orderSubnets4(config)) made.add(parseIpv4Prefix(subnet.subnet)!, subnet.id);
    return made;
  };
  return (address) => {
    subnets ??= index();
    return subnets.find(address);
  };
}

/** As `subnetIds4`. */
export function subnetIds6(config: Dhcp6Config): (address: Ipv6Key) => number | undefined {
  let subnets: PrefixIndex6<number> | undefined;
  const index = () => {
    const made = new PrefixIndex6<number>((id) => id);
    for (const { subnet } of orderSubnets6(config)) {
      const { address, length } = parseIpv6Prefix(subnet.subnet)!;
      made.add(maskIpv6Key(readIpv6Key(address), length), length, subnet.id);
    }
    return made;
  };
  return (address) => {
    subnets ??= index();
    return subnets.find(address);
  };
}

async function open<Address, Store extends { readonly newest: number }>(
  openStore: (options: MemfileOptions<Address>) => Promise<Store>,
  config: DhcpConfig,
  subnetIdOf: (address: Address) => number | undefined,
  { paths, clock, log, messages, signal, schedule }: LeaseFileParts,
): Promise<OpenedLeases<Store>> {
  const database = config["lease-database"];
  const health: StoreHealth = { type: "memfile", isUp: true };
  const options: MemfileOptions<Address> = {
    path: leaseFileOf(config, paths),
    lfcInterval: database["lfc-interval"] ?? DATABASE_DEFAULTS["lfc-interval"],
    maxRowErrors: database["max-row-errors"] ?? DATABASE_DEFAULTS["max-row-errors"],
    subnetCheck: { mode: config["sanity-checks"]["lease-checks"], subnetIdOf },
    extendedInfoCheck: config["sanity-checks"]["extended-info-checks"],
    clock,
    report: (event) => {
      if (event.kind === "write-failed") health.isUp = false;
      if (event.kind === "write-recovered") health.isUp = true;
      reportLeaseFile(event, log);
    },
    ...(database.persist === false && { disk: noDisk, lfcInterval: 0 }),
  };
  if (database.persist === false) log.log(leaseFile.DHCPSRV_MEMFILE_NO_STORAGE);
  const store = await retry(() => openStore(options), {
    signal,
    ...(schedule !== undefined && { schedule }),
    onFailure: (error, wait) => {
      // Another daemon at the file, or a file that is not ours to judge: no waiting mends that.
      if (error instanceof StorageError) throw error;
      const seconds = Math.round((wait ?? 0) / 1000);
      log.log(leaseFile.DHCPSRV_MEMFILE_OPEN_FAILED, { file: options.path, error: error.message, seconds });
    },
  });
  const leaseClock = new LeaseClock(clock, store.newest, ({ kind, seconds }) => {
    log.log(kind === "clock-jumped" ? messages.CLOCK_JUMP : messages.CLOCK_BEHIND, { seconds });
  });
  return { store, health, leaseClock };
}

export function reportLeaseFile(event: LeaseFileEvent, log: Logger): void {
  switch (event.kind) {
    case "file-loaded":
      log.log(leaseFile.DHCPSRV_MEMFILE_LEASE_FILE_LOAD, event);
      break;
    case "bad-row":
      log.log(leaseFile.DHCPSRV_MEMFILE_LEASE_LOAD_ROW_ERROR, event);
      break;
    case "torn-line":
      log.log(leaseFile.DHCPSRV_MEMFILE_TORN_LINE, event);
      break;
    case "wrong-subnet": {
      const { address, subnetId, found } = event;
      log.log(leaseFile.DHCPSRV_LEASE_SANITY_FAIL, {
        address,
        subnet: subnetId,
        expected: found.expected ?? "none",
        action: found.action,
      });
      break;
    }
    case "bad-info":
      if (event.address.includes(":")) log.log(leaseFile.DHCPSRV_LEASE6_EXTENDED_INFO_SANITY_FAIL, event);
      else log.log(leaseFile.DHCPSRV_LEASE4_EXTENDED_INFO_SANITY_FAIL, event);
      break;
    case "file-lost":
      log.log(leaseFile.DHCPSRV_MEMFILE_FILE_LOST, event);
      break;
    case "file-begun":
      log.log(leaseFile.DHCPSRV_MEMFILE_FILE_BEGUN, event);
      break;
    case "compaction-began":
      log.log(leaseFile.DHCPSRV_MEMFILE_LFC_START, event);
      break;
    case "compaction-ended":
      log.log(leaseFile.DHCPSRV_MEMFILE_LFC_EXECUTE, event);
      break;
    case "compaction-failed":
      log.log(leaseFile.DHCPSRV_MEMFILE_LFC_FAILED, { error: event.error.message });
      break;
    case "write-failed": {
      const { error, retryAfter } = event;
      log.log(leaseFile.DHCPSRV_MEMFILE_WRITE_FAILED, { error: error.message, milliseconds: retryAfter });
      break;
    }
    case "write-recovered":
      log.log(leaseFile.DHCPSRV_MEMFILE_WRITE_RECOVERED);
      break;
  }
}
