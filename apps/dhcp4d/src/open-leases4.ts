/** Opens the lease back-end that the configuration names, and keeps trying while that fails for a passing reason. */
import type { Clock } from "@kotare/core/base/clock";
import type { Dhcp4Config } from "@kotare/core/config/dhcp4-config";
import { type DaemonPaths, resolvePath } from "@kotare/core/daemon/paths";
import { retry } from "@kotare/core/daemon/retry";
import { parseIpv4Prefix } from "@kotare/core/ip/ipv4";
import { LeaseClock } from "@kotare/core/leases/lease-clock";
import type { LeaseFileEvent } from "@kotare/core/leases/lease-file-event";
import { LeaseFileError } from "@kotare/core/leases/lease-files";
import type { LeaseStore } from "@kotare/core/leases/lease-store";
import { Memfile4 } from "@kotare/core/leases/memfile4";
import type { Logger } from "@kotare/core/log/logger";
import { PrefixIndex4 } from "@kotare/core/subnets/prefix-index4";
import { leaseFile, main } from "./messages4.ts";

/** Kea's name for the file, in the data directory, where the configuration gives none. */
const DEFAULT_FILE = "kea-leases4.csv";

export function leaseFileOf(config: Dhcp4Config, paths: DaemonPaths): string {
  return resolvePath(paths.data, config["lease-database"].name ?? DEFAULT_FILE);
}

export async function openLeases4(
  config: Dhcp4Config,
  paths: DaemonPaths,
  clock: Clock,
  log: Logger,
  signal: AbortSignal,
): Promise<{ store: LeaseStore; leaseClock: LeaseClock }> {
  const database = config["lease-database"];
  const subnets = new PrefixIndex4<number>();
  for (const subnet of allSubnets(config)) subnets.add(parseIpv4Prefix(subnet.subnet)!, subnet.id);
  const options = {
    path: leaseFileOf(config, paths),
    persist: database.persist,
    lfcInterval: database["lfc-interval"],
    maxRowErrors: database["max-row-errors"],
    subnetCheck: {
      mode: config["sanity-checks"]["lease-checks"],
      subnetIdOf: (address: number) => subnets.find(address),
    },
    clock,
    report: (event: LeaseFileEvent) => reportLeaseFile(event, log),
  };
  const store = await retry(() => Memfile4.open(options), {
    signal,
    onFailure: (error, wait) => {
      // Another daemon at the file, or a file that is not ours to judge: no waiting mends that.
      if (error instanceof LeaseFileError) throw error;
      const seconds = Math.round((wait ?? 0) / 1000);
      log.log(leaseFile.DHCPSRV_MEMFILE_OPEN_FAILED, { file: options.path, error: error.message, seconds });
    },
  });
  const leaseClock = new LeaseClock(clock, store.newest, ({ kind, seconds }) => {
    const message = kind === "clock-jumped" ? main.DHCP4_CLOCK_JUMP : main.DHCP4_CLOCK_BEHIND;
    log.log(message, { seconds });
  });
  return { store, leaseClock };
}

function* allSubnets(config: Dhcp4Config) {
  yield* config.subnet4;
  for (const network of config["shared-networks"]) yield* network.subnet4;
}

function reportLeaseFile(event: LeaseFileEvent, log: Logger): void {
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
