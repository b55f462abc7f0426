/** The classes that exist without being defined: Kea's names. */

export const BuiltIn = {
  /** Every packet's. */
  all: "ALL",
  /** The client has a reservation, or has none: known only when the subnet is. */
  known: "KNOWN",
  unknown: "UNKNOWN",
  /** Packets that get no answer. */
  drop: "DROP",
  /** Clients that are refused an address. */
  reject: "REJECT",
} as const;

const VENDOR_PREFIX = "VENDOR_CLASS_";

/** `HA_` and the next two are given by hooks. */
const PREFIXES = [VENDOR_PREFIX, "HA_", "AFTER_", "EXTERNAL_"];

/** Names whose members a definition cannot choose. */
const FIXED: ReadonlySet<string> = new Set([BuiltIn.all, BuiltIn.known, BuiltIn.unknown, "BOOTP"]);

export function isBuiltIn(name: string): boolean {
  return FIXED.has(name) || name === "SKIP_DDNS" || PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** Whether the server alone says who is in the class. */
export function isFixed(name: string): boolean {
  return FIXED.has(name);
}

/** The class of clients of one vendor. */
export function vendorClass(vendor: Uint8Array): string {
  return VENDOR_PREFIX + Buffer.from(vendor).toString("utf8");
}

/** The class that a template makes of a value. */
export function spawnedClass(template: string, value: Uint8Array): string {
  return spawnedPrefix(template) + Buffer.from(value).toString("utf8");
}

function spawnedPrefix(template: string): string {
  return `SPAWN_${template}_`;
}

/** Whether a class is one that the template may make. */
export function isSpawnedBy(template: string, name: string): boolean {
  return name.startsWith(spawnedPrefix(template));
}
