/** Relay agent information kept with a lease, in the `user-context` form of Kea's `store-extended-info`. */
import { formatHex, parseHex } from "../base/hex.ts";

interface ExtendedInfo {
  readonly ISC?: { readonly "relay-agent-info"?: string | { readonly "sub-options"?: string } };
}

/**
 * The user context with option 82's payload in it; what else is in it stays.
 * @param userContext JSON text or empty
 */
export function withAgentOptions(userContext: string, option82: Uint8Array): string {
  const before = parseContext(userContext);
  const isc = { ...before.ISC, "relay-agent-info": { "sub-options": `0x${formatHex(option82, "").toUpperCase()}` } };
  return formatJson({ ...before, ISC: isc });
}

/** Option 82's payload as `withAgentOptions` kept it. Also reads the plain string that Kea wrote before 2.3. */
export function agentOptionsOf(userContext: string): Uint8Array | undefined {
  if (userContext === "") return undefined;
  const info = parseContext(userContext).ISC?.["relay-agent-info"];
  const text = typeof info === "string" ? info : info?.["sub-options"];
  return typeof text === "string" ? parseHex(text) : undefined;
}

function parseContext(text: string): ExtendedInfo {
  if (text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as ExtendedInfo) : {};
  } catch {
    // Somebody else's text: it is theirs to mend, and no reason to refuse their client.
    return {};
  }
}

/** JSON in Kea's own style: `{ "a": [ 1, 2 ] }`. */
function formatJson(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "[  ]" : `[ ${value.map(formatJson).join(", ")} ]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}: ${formatJson(field)}`);
    return fields.length === 0 ? "{  }" : `{ ${fields.join(", ")} }`;
  }
  return JSON.stringify(value);
}
