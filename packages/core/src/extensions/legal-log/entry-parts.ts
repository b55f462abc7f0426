/** Parts of the entries in Kea's forensic log that both families have. */
import type { Exchange, Lease } from "@kotare/extension";
import { formatHex } from "../../base/hex.ts";
import { formatJson, type Json } from "../../control/kea-json.ts";
import { INFINITE_LIFETIME, LeaseState } from "../../leases/model/lease.ts";

/** `1 days 2 hrs 3 mins 4 secs`; days only where there are some. */
export function showDuration(seconds: number): string {
  if (seconds === INFINITE_LIFETIME) return "infinite duration";
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)];
  const time = `${hours % 24} hrs ${minutes % 60} mins ${seconds % 60} secs`;
  return days === 0 ? time : `${days} days ${time}`;
}

/** `70:6f (po)`: with the text, where it is one. */
export function showBytes(bytes: Uint8Array): string {
  const isText = bytes.length > 0 && bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  return isText ? `${formatHex(bytes)} (${Buffer.from(bytes).toString("latin1")})` : formatHex(bytes);
}

export function showContext(context: unknown): string {
  return context === undefined ? "" : `, context: ${formatJson(context as Json)}`;
}

/** As Kea writes it beside an entry. @param lease of a packet or of a command */
export function placeOf(lease: { readonly [key: string]: unknown }): string | undefined {
  const { "ip-address": address, "prefix-len": length, type } = lease;
  if (typeof address !== "string") return undefined;
  return type === "IA_PD" || type === 2 ? `${address}/${length}` : address;
}

/** What has become of a lease, in Kea's two words. */
export interface Fate {
  readonly lease: Lease;
  readonly isOver: boolean;
}

/**
 * Of the leases that a packet has changed: first those that are given.
 * @param declined of leases that the client has declined
 */
export function fatesOf(
  { changes }: Pick<Exchange, "changes">,
  declined: (lease: Lease, before: Lease) => Fate,
): Fate[] {
  const given: Fate[] = [];
  const over: Fate[] = [];
  for (const change of changes) {
    if (change.kind === "rely") continue;
    const { lease } = change;
    if (change.kind === "remove") over.push({ lease, isOver: true });
    else if (lease.state === LeaseState.reclaimed) over.push({ lease: change.before ?? lease, isOver: true });
    else if (lease.state === LeaseState.declined) given.push(declined(lease, change.before ?? lease));
    else given.push({ lease, isOver: false });
  }
  return [...given, ...over];
}
