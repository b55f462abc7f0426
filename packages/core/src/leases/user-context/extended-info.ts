/** Kea's `sanity-checks.extended-info-checks`: what a lease's user context says of relays, looked at when it is loaded. */
import { parseHex } from "../../base/hex.ts";
import { parseIpv4 } from "../../ip/ipv4.ts";
import { parseIpv6 } from "../../ip/ipv6.ts";
import { agentIds, relayIds } from "./relay-ids.ts";
import { formatContext } from "./user-context.ts";

/** Each level asks for all that the one before it does. */
export type InfoCheck = "none" | "fix" | "strict" | "pedantic";

export interface CheckedContext {
  readonly userContext: string;
  /** Why what it said of relays is gone; unset when it is still there. */
  readonly fault?: string;
}

type Context = Readonly<Record<string, unknown>>;

/** Thrown while a context is looked at: its information about relays is of no use. */
class InfoFault extends Error {}

interface InfoFamily {
  readonly key: string;
  /** What older versions of Kea called it. */
  readonly oldKey: string | undefined;
  /** @returns the same value, or a better one @throws InfoFault */
  mend(value: unknown, level: InfoCheck, isOld: boolean): unknown;
}

/** Few contexts need a closer look; the others are not parsed. */
const MAY_NEED_MENDING = /"ISC"|^\{\s*\}$/;

/** What Kea keeps in `ISC.relay-agent-info`: before version 2.3 option 82 alone, since then a map with it. */
export function checkAgentInfo(userContext: string, level: InfoCheck): CheckedContext {
  return check(userContext, level, { key: "relay-agent-info", oldKey: undefined, mend: mendAgentInfo });
}

/** What Kea keeps in `ISC.relay-info`: a list with one map for each relay; before version 2.3 it was called `relays`. */
export function checkRelayInfo(userContext: string, level: InfoCheck): CheckedContext {
  return check(userContext, level, { key: "relay-info", oldKey: "relays", mend: mendRelayInfo });
}

function check(userContext: string, level: InfoCheck, { key, oldKey, mend }: InfoFamily): CheckedContext {
  if (level === "none" || !MAY_NEED_MENDING.test(userContext)) return { userContext };
  let context: unknown;
  try {
    context = JSON.parse(userContext);
  } catch {
    return { userContext };
  }
  if (!isMap(context)) return { userContext };
  const { ISC: isc, ...others } = context;
  if (!("ISC" in context)) return { userContext: write(others) };
  if (!isMap(isc)) return { userContext: write(others), fault: "ISC is not a map" };
  const isOld = !(key in isc) && oldKey !== undefined && oldKey in isc;
  const before = isc[isOld ? oldKey : key];
  const { [key]: _, [oldKey ?? key]: __, ...rest } = isc;
  try {
    const mended = key in isc || isOld ? { [key]: mend(before, level, isOld) } : {};
    const isAsBefore = before === mended[key] && !(oldKey !== undefined && oldKey in isc);
    if (isAsBefore && Object.keys(isc).length > 0) return { userContext };
    return { userContext: write({ ...others, ISC: { ...rest, ...mended } }) };
  } catch (error) {
    if (!(error instanceof InfoFault)) throw error;
    return { userContext: write({ ...others, ISC: rest }), fault: error.message };
  }
}

/** Without what is empty, in Kea's order of keys. */
function write({ ISC: isc, ...others }: Context): string {
  const context = isMap(isc) && Object.keys(isc).length > 0 ? { ...others, ISC: sorted(isc) } : others;
  return Object.keys(context).length === 0 ? "" : formatContext(sorted(context));
}

function mendAgentInfo(value: unknown, level: InfoCheck): unknown {
  if (typeof value === "string") {
    const bytes = hexOf(value, "relay-agent-info");
    return sorted({ "sub-options": value, ...agentIds(bytes) });
  }
  if (!isMap(value)) throw new InfoFault("relay-agent-info is not a map");
  if (level === "fix") return value;
  if ("sub-options" in value) hexOf(value["sub-options"], "sub-options");
  checkIds(value);
  if (level === "pedantic") checkKeys(value, ["sub-options"]);
  return value;
}

function mendRelayInfo(value: unknown, level: InfoCheck, isOld: boolean): unknown {
  if (!Array.isArray(value)) throw new InfoFault("relay-info is not a list");
  if (value.length === 0) throw new InfoFault("relay-info is empty");
  const relays = value.map((relay: unknown) => mendRelay(relay, level, isOld));
  return isOld ? relays : value;
}

function mendRelay(relay: unknown, level: InfoCheck, isOld: boolean): Context {
  if (!isMap(relay)) throw new InfoFault("a relay is not a map");
  const bytes = "options" in relay ? hexOf(relay["options"], "options") : new Uint8Array(0);
  if (level !== "fix") {
    const { link } = relay;
    if (typeof link !== "string" || (parseIpv4(link) ?? parseIpv6(link)) === undefined) {
      throw new InfoFault("a relay's link is not an address");
    }
    checkIds(relay);
  }
  if (level === "pedantic") {
    const { hop, peer } = relay;
    if (!Number.isInteger(hop)) throw new InfoFault("a relay's hop is not a whole number");
    if (typeof peer !== "string" || parseIpv6(peer) === undefined) {
      throw new InfoFault("a relay's peer is not an IPv6 address");
    }
    checkKeys(relay, ["hop", "link", "peer", "options"]);
  }
  return isOld ? sorted({ ...relay, ...relayIds(bytes) }) : relay;
}

function checkIds(map: Context): void {
  for (const key of ["remote-id", "relay-id"]) {
    if (key in map && hexOf(map[key], key).length === 0) throw new InfoFault(`${key} is empty`);
  }
}

function checkKeys(map: Context, known: readonly string[]): void {
  const spurious = Object.keys(map).find((key) => ![...known, "remote-id", "relay-id", "comment"].includes(key));
  if (spurious !== undefined) throw new InfoFault(`"${spurious}" has no place there`);
}

function hexOf(value: unknown, what: string): Uint8Array {
  const bytes = typeof value === "string" && value !== "0x" ? parseHex(value) : undefined;
  if (bytes === undefined) throw new InfoFault(`${what} is not hexadecimal`);
  return bytes;
}

function isMap(value: unknown): value is Context {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sorted(map: Context): Context {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
