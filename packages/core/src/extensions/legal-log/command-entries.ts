/** What Kea's forensic log says of commands that have changed leases: in the words of who gave them. */
import { showContext, showDuration } from "./entry-parts.ts";

/** Of a command that has changed something: JSON. */
interface Arguments {
  readonly [name: string]: unknown;
}

/** @param args of the command @param answered the arguments of its answer */
export function commandEntries(name: string, args: unknown, answered: unknown): readonly string[] {
  if (typeof args !== "object" || args === null) return [];
  const given = args as Arguments;
  const who = given["origin"] === "ha-partner" ? "HA partner" : "Administrator";
  switch (name) {
    case "lease4-add":
    case "lease6-add":
      return [`${who} added a lease ${showLease(given)}`];
    case "lease4-update":
    case "lease6-update":
      return [`${who} updated information on the lease ${showLease(given)}`];
    case "lease4-del":
    case "lease6-del":
      return [`${who} deleted ${showDeleted(given)}`];
    case "lease6-bulk-apply":
      return bulkEntries(who, given, (answered ?? {}) as Arguments);
    default:
      return [];
  }
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

function bulkEntries(who: string, given: Arguments, answered: Arguments): readonly string[] {
  const failed = listOf(answered["failed-deleted-leases"]).map((lease) => lease["ip-address"]);
  const deleted = listOf(given["deleted-leases"]).filter((lease) => !failed.includes(lease["ip-address"]));
  return [
    ...deleted.map((lease) => `${who} deleted ${showDeleted(lease)}`),
    ...listOf(given["leases"]).map((lease) => `${who} updated information on the lease ${showLease(lease)}`),
  ];
}

function listOf(value: unknown): readonly Arguments[] {
  return Array.isArray(value) ? (value as readonly Arguments[]) : [];
}
