/** Opens a file of reservations, and tells what becomes of it. */
import type { Clock } from "../../base/clock.ts";
import { retry } from "../../base/retry.ts";
import {
  type ReadableReservation,
  type ReservationRules,
  readReservation,
} from "../../config/check/read-reservation.ts";
import { dataDirectoryOf } from "../../daemon/config/confine-paths.ts";
import { type DaemonPaths, resolvePath } from "../../daemon/paths.ts";
import type { DatabaseConfig } from "../../databases/database-settings.ts";
import { HostFile } from "../../hosts/file/host-file.ts";
import type { HostFileEvent } from "../../hosts/file/host-file-event.ts";
import type { HostTableRules } from "../../hosts/file/host-table.ts";
import type { Logger } from "../../log/logger.ts";
import { StorageError } from "../../storage/storage-error.ts";
import { hostDatabase } from "./host-database-messages.ts";
import type { DatabaseParts } from "./open-database.ts";

export interface HostFilePlace extends Pick<DatabaseParts, "log" | "signal" | "schedule"> {
  readonly paths: DaemonPaths;
  readonly clock: Clock;
  /** The file's name is of its data directory, unless it is a path. */
  readonly config: { readonly "data-directory"?: string | undefined };
}

interface FileFamily<Type extends string, Address, Reservation> {
  readonly sql: HostTableRules<Type, Address, Reservation>;
  readonly reservations: ReservationRules<Reservation>;
}

export function openHostFile<
  Type extends string,
  Address extends string | number,
  Reservation extends ReadableReservation,
>(
  { sql: rules, reservations }: FileFamily<Type, Address, Reservation>,
  { name = "", readonly: isReadOnly = false }: DatabaseConfig,
  { paths, clock, config, log, signal, schedule }: HostFilePlace,
): Promise<HostFile<Type, Address, Reservation>> {
  const path = resolvePath(dataDirectoryOf(config, paths), name);
  const open = () =>
    HostFile.open({
      path,
      rules,
      read: (document) => readReservation(reservations, document),
      isReadOnly,
      clock,
      report: (event) => report(event, log),
    });
  return retry(open, {
    signal,
    ...(schedule === undefined ? {} : { schedule }),
    onFailure: (error, wait) => {
      // Another daemon at the file, or something else in its place: no waiting mends that.
      if (error instanceof StorageError || wait === undefined) throw error;
      const seconds = Math.round(wait / 1000);
      log.log(hostDatabase.DHCPSRV_HOST_FILE_OPEN_FAILED, { file: path, error: error.message, seconds });
    },
  });
}

function report(event: HostFileEvent, log: Logger): void {
  switch (event.kind) {
    case "file-loaded":
      log.log(hostDatabase.DHCPSRV_HOST_FILE_LOADED, event);
      break;
    case "bad-line":
      log.log(hostDatabase.DHCPSRV_HOST_FILE_LINE_BAD, event);
      break;
    case "write-failed": {
      const { error, retryAfter } = event;
      log.log(hostDatabase.DHCPSRV_HOST_FILE_WRITE_FAILED, { error: error.message, milliseconds: retryAfter });
      break;
    }
    case "write-recovered":
      log.log(hostDatabase.DHCPSRV_HOST_FILE_WRITE_RECOVERED);
      break;
  }
}
