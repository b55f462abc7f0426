/** Keys of Kea's that lines of dnsmasq's become. */
import type { Json } from "../translate/parameters.ts";

const LEAST = 120;

/** Of several lines the last wins. */
export function setOption(scope: Json, entry: Json): void {
  const others = ((scope["option-data"] ?? []) as Json[]).filter(
    ({ name, code }) => name !== entry["name"] || code !== entry["code"],
  );
  scope["option-data"] = [...others, entry];
}

/** dnsmasq gives clients what they wish for, up to its own time. */
export function timesOf(given: number, family: 4 | 6): Json {
  const seconds = Math.max(given, LEAST);
  const valid = { "valid-lifetime": seconds, "min-valid-lifetime": LEAST, "max-valid-lifetime": seconds };
  return family === 4 ? valid : { "valid-lifetime": seconds, "preferred-lifetime": seconds };
}

/** Of pools that nobody guards. */
export function guardPools(json: Json): void {
  for (const pool of (json["pools"] ?? []) as Json[]) pool["client-class"] ??= "KNOWN";
}

/** The last address of a network, as text. */
export function lastOf(number: bigint): string {
  return [24n, 16n, 8n, 0n].map((bits) => String((number >> bits) & 255n)).join(".");
}
