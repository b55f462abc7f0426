/** What Kea's forensic log says of commands that have changed leases: in the words of who gave them. */
import { placeOf, showContext, showDuration } from "./entry-parts.ts";
import type { LegalEntry } from "./legal-store.ts";

/** Of a command that has changed something: JSON. */
interface Arguments {
  readonly [name: string]: unknown;
}

/** @param args of the command @param answered the arguments of its answer */
export function commandEntries(name: string, args: unknown, answered: unknown): readonly LegalEntry[] {
  if (typeof args !== "object" || args === null) return [];
  const given = args as Arguments;
  const who = given["origin"] === "ha-partner" ? "HA partner" : "Administrator";
  switch (name) {
    case "lease4-add":
    case "lease6-add":
      return [entryOf(given, `${who} added a lease ${showLease(given)}`)];
    case "lease4-update":
    case "lease6-update":
      return [entryOf(given, `${who} updated information on the lease ${showLease(given)}`)];
    case "lease4-del":
    case "lease6-del":
      return [entryOf(given, `${who} deleted ${showDeleted(given)}`)];
    case "lease6-bulk-apply":
      return bulkEntries(who, given, (answered ?? {}) as Arguments);
    default:
      return [];
  }
}

function entryOf(lease: Arguments, text: string): LegalEntry {
  return { address: placeOf(lease), text };
}

function showLease(lease: Arguments): string {
  const { "ip-address": address, "prefix-len": length, duid, "client-id": clientId, "hw-address": mac } = lease;
  const where =
    lease["type"] === "IA_PD" || lease["type"] === 2 ? `prefix: ${address}/${length}` : `address: ${address}`;
  const device =
    duid === undefined
      ? `hardware address: ${mac}${clientId === undefined ? "" : `, client-id: ${clientId}`}`
      : `DUID: ${duid}${mac === undefined ? "" : `, hardware address: ${mac}`}`;
  const lifetime = lease["valid-lft"];
  const duration = typeof lifetime === "number" ? ` for ${showDuration(lifetime)}` : "";
  return `of ${where} to a device with ${device}${duration}${showContext(lease["user-context"])}`;
}

function showDeleted(which: Arguments): string {
  if (which["ip-address"] !== undefined) return `the lease for address: ${which["ip-address"]}`;
  return `a lease for a device identified by: ${which["identifier-type"]} of ${which["identifier"]}`;
}

function bulkEntries(who: string, given: Arguments, answered: Arguments): readonly LegalEntry[] {
  const failed = listOf(answered["failed-deleted-leases"]).map((lease) => lease["ip-address"]);
  const deleted = listOf(given["deleted-leases"]).filter((lease) => !failed.includes(lease["ip-address"]));
  return [
    ...deleted.map((lease) => entryOf(lease, `${who} deleted ${showDeleted(lease)}`)),
    ...listOf(given["leases"]).map((lease) =>
      entryOf(lease, `${who} updated information on the lease ${showLease(lease)}`),
    ),
  ];
}

function listOf(value: unknown): readonly Arguments[] {
  return Array.isArray(value) ? (value as readonly Arguments[]) : [];
}
