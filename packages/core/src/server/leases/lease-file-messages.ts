/** What is said of the lease file, whichever server's it is. Ids and levels are Kea's where Kea knows the event. */
import { defineMessages, error, info, warn } from "../../log/catalogue.ts";

export const leaseFile = defineMessages("dhcpsrv", {
  DHCPSRV_MEMFILE_LEASE_FILE_LOAD: info(
    "{rows} rows read from {file}, {badRows} of them bad",
    "Bad rows are kept in a file beside it.",
  ),
  DHCPSRV_MEMFILE_NO_STORAGE: warn(
    "leases are in memory only: they are lost when the daemon stops",
    'lease-database has "persist": false. Without it no lease is acknowledged before it is on disk.',
  ),
  DHCPSRV_MEMFILE_LEASE_LOAD_ROW_ERROR: error(
    "{file}:{line}: {what}",
    "The row is no lease. It is kept in FILE.bad; mend it there and put it back, or delete it.",
  ),
  DHCPSRV_MEMFILE_TORN_LINE: warn(
    "{file}:{line}: the last line has no end and is dropped",
    "A crash cut the write short; nobody was told of that lease.",
  ),
  DHCPSRV_MEMFILE_FILE_LOST: error(
    "lease file {file} has been moved or removed; a new one with all leases is begun",
    "Nothing is lost, and nothing is acknowledged until it is there. Stop the daemon before you touch the file.",
  ),
  DHCPSRV_MEMFILE_FILE_BEGUN: warn(
    "lease file {file} has been begun anew and holds all leases",
    "Another file that stood there is kept beside it as FILE.found.",
  ),
  DHCPSRV_LEASE_SANITY_FAIL: warn(
    "lease {address} has subnet id {subnet} but lies in subnet {expected}: {action}",
    "Were subnet ids changed? sanity-checks.lease-checks says what is done about it.",
  ),
  DHCPSRV_LEASE4_EXTENDED_INFO_SANITY_FAIL: error(
    "extended info for lease {address} failed checks ({fault})",
    "What the lease said of its relay is dropped, the lease is kept. sanity-checks.extended-info-checks says how much is asked of it.",
  ),
  DHCPSRV_LEASE6_EXTENDED_INFO_SANITY_FAIL: error(
    "extended info for lease {address} failed checks ({fault})",
    "What the lease said of its relays is dropped, the lease is kept. sanity-checks.extended-info-checks says how much is asked of it.",
  ),
  DHCPSRV_MEMFILE_LFC_START: info("rewriting the lease file ({bytes} bytes) beside service", "It has grown."),
  DHCPSRV_MEMFILE_LFC_EXECUTE: info(
    "lease file rewritten: {bytes} bytes, {milliseconds} ms",
    "It has one row for each lease again.",
  ),
  DHCPSRV_MEMFILE_LFC_FAILED: error(
    "lease file not rewritten: {error}",
    "Service goes on with the file as it is. It is tried again when the file has grown further.",
  ),
  DHCPSRV_MEMFILE_WRITE_FAILED: error(
    "lease file cannot be written: {error}; no lease is acknowledged, next try in {milliseconds} ms",
    "Is the disk full, read-only or broken? Service resumes by itself as soon as writing works.",
  ),
  DHCPSRV_MEMFILE_WRITE_RECOVERED: info("lease file can be written again", "Leases are acknowledged again."),
  DHCPSRV_MEMFILE_OPEN_FAILED: error(
    "lease file {file} cannot be opened: {error}; next try in {seconds} s",
    "Nobody is served before the leases are known. Make the folder exist and writable for the daemon's user.",
  ),
});
