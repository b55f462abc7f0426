/** Option 82: what the relay says about where the client is (RFC 3046). */
import { readU32 } from "../../base/big-endian.ts";
import type { Ipv4 } from "../../ip/ipv4.ts";
import { decodeSubOptions4 } from "./sub-options4.ts";

/** The sub-options that the server acts on; option 82 itself is echoed byte for byte. */
export interface RelayAgent {
  /** RFC 3046 §3.1. */
  readonly circuitId: Uint8Array | undefined;
  /** RFC 3046 §3.2. */
  readonly remoteId: Uint8Array | undefined;
  /** RFC 3527: an address of the client's subnet. */
  readonly linkSelection: Ipv4 | undefined;
  /** RFC 3993. */
  readonly subscriberId: Uint8Array | undefined;
  /** RFC 5107: what to give as server identifier. */
  readonly serverIdOverride: Ipv4 | undefined;
  /** RFC 6925. */
  readonly relayId: Uint8Array | undefined;
  /** RFC 8357: answer to the port that the relay sent from. */
  readonly relayPort: boolean;
}

/**
 * A sub-option whose own content is wrong counts as absent; so does an address of another length than four.
 * @throws {DecodeError} when the lengths do not add up
 */
export function decodeRelayAgent(payload: Uint8Array, offset = 0): RelayAgent {
  const found = new Map(decodeSubOptions4(payload, "option 82", offset).map(({ code, data }) => [code, data]));
  const address = (code: number): Ipv4 | undefined => {
    const data = found.get(code);
    return data?.length === 4 ? readU32(data, 0) : undefined;
  };
  return {
    circuitId: found.get(1),
    remoteId: found.get(2),
    linkSelection: address(5),
    subscriberId: found.get(6),
    serverIdOverride: address(11),
    relayId: found.get(12),
    relayPort: found.has(19),
  };
}
