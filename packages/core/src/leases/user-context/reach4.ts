/**
 * By way of what a client that takes FORCERENEW is reached, and what it knows our messages by, in the `user-context` of its
 * lease: so both are as durable as the lease, and go where it goes.
 */
import { formatHex, parseHex } from "../../base/hex.ts";
import { formatIpv4, type Ipv4, parseIpv4 } from "../../ip/ipv4.ts";
import { ownContext, withOwn } from "./user-context.ts";

export interface Reach4 {
  /** As `ClientSecrets.id`, of the nonce that it has (RFC 6704); `undefined` where it authenticates all messages (RFC 3118). */
  readonly key: string | undefined;
  /** Of its last exchange: there are clients that take a FORCERENEW with no other. */
  readonly xid: number;
  /** The server identifier that it knows. */
  readonly server: Ipv4;
  /** Name of the interface that it is reached on. */
  readonly dev: string;
  /** Where its frames came from: itself, or the router in front of it; `undefined` where frames are not seen. */
  readonly mac: Uint8Array | undefined;
  /** Those of the configuration's classes that the client was in. */
  readonly classes: readonly string[];
}

const KEY = "forcerenew";

/** The user context with this in it, or without; what else is in it stays. */
export function withReach4(userContext: string, reach: Reach4 | undefined): string {
  return withOwn(userContext, KEY, reach && describe(reach));
}

function describe({ key, xid, server, dev, mac, classes }: Reach4): object {
  return {
    ...(key === undefined ? {} : { key }),
    xid,
    server: formatIpv4(server),
    dev,
    ...(mac === undefined ? {} : { mac: formatHex(mac) }),
    ...(classes.length === 0 ? {} : { classes }),
  };
}

/** As `withReach4` kept it. */
export function reach4Of(userContext: string): Reach4 | undefined {
  if (!userContext.includes(`"${KEY}"`)) return undefined;
  const value = ownContext(userContext)[KEY];
  if (typeof value !== "object" || value === null) return undefined;
  const { key, xid, server, dev, mac, classes = [] } = value as Readonly<Record<string, unknown>>;
  const address = typeof server === "string" ? parseIpv4(server) : undefined;
  if (typeof xid !== "number" || address === undefined || typeof dev !== "string") return undefined;
  return {
    key: typeof key === "string" ? key : undefined,
    xid,
    server: address,
    dev,
    mac: typeof mac === "string" ? parseHex(mac) : undefined,
    classes: Array.isArray(classes) ? classes.filter((name) => typeof name === "string") : [],
  };
}
