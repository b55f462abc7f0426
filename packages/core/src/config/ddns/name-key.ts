/** How names in a configuration are compared. */

/** DNS names are the same whatever their case, and with or without the last dot. */
export function nameKey(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}
