/** Relay agent information kept with a lease, in the `user-context` form of Kea's `store-extended-info`. */
import { formatHex, parseHex } from "../../base/hex.ts";
import { agentIds, type RelayIds } from "./relay-ids.ts";
import { parseContext, withMaps } from "./user-context.ts";

interface ExtendedInfo {
  readonly ISC?: { readonly "relay-agent-info"?: string | { readonly "sub-options"?: string } };
}

/**
 * The user context with option 82's payload in it; what else is in it stays.
 * @param userContext JSON text or empty
 */
export function withAgentOptions(userContext: string, option82: Uint8Array): string {
  const info = { ...agentIds(option82), "sub-options": `0x${formatHex(option82, "").toUpperCase()}` };
  return withMaps(userContext, { ISC: { "relay-agent-info": info } });
}

/** One of the ids that a lease is found by for its relay; `undefined` where the lease did not come through one that has it. */
export function agentIdOf(userContext: string, id: keyof RelayIds): Uint8Array | undefined {
  // Few leases have any, and what is no JSON of Kea's is not parsed.
  if (!userContext.includes('"relay-agent-info"')) return undefined;
  const digits = agentIds(agentOptionsOf(userContext) ?? new Uint8Array(0))[id];
  return digits === undefined ? undefined : parseHex(digits);
}

/** Option 82's payload as `withAgentOptions` kept it. Also reads the plain string that Kea wrote before 2.3. */
export function agentOptionsOf(userContext: string): Uint8Array | undefined {
  const { ISC: isc }: ExtendedInfo = parseContext(userContext);
  const info = isc?.["relay-agent-info"];
  const text = typeof info === "string" ? info : info?.["sub-options"];
  return typeof text === "string" ? parseHex(text) : undefined;
}
