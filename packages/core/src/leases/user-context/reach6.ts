/**
 * By way of what a client that accepts RECONFIGURE is reached, and whose key it has, in the `user-context` of its lease: so
 * both are as durable as the lease, and go where it goes.
 */
import { formatHex, parseHex } from "../../base/hex.ts";
import { formatIpv6Key, type Ipv6Key, parseIpv6Key } from "../../ip/ipv6-key.ts";
import { ownContext, withOwn } from "./user-context.ts";

export interface Reach6 {
  /** As `ClientSecrets.id`. */
  readonly key: string;
  /** The client's own address, or that of the relay nearest to us. */
  readonly via: Ipv6Key;
  /** Name of the interface that it is reached on. */
  readonly dev: string;
  /** Of a relay that wants its answers elsewhere (RFC 8357). */
  readonly port: number | undefined;
  /** From the one nearest to us on. */
  readonly relays: readonly RelayReach[];
  /** Those of the configuration's classes that the client was in. */
  readonly classes: readonly string[];
}

export interface RelayReach {
  readonly link: Ipv6Key;
  readonly peer: Ipv6Key;
  /** Options that it wants back, encoded. */
  readonly options: Uint8Array;
}

const KEY = "reconfigure";

/** The user context with this in it, or without; what else is in it stays. */
export function withReach6(userContext: string, reach: Reach6 | undefined): string {
  return withOwn(userContext, KEY, reach && describe(reach));
}

function describe({ key, via, dev, port, relays, classes }: Reach6): object {
  return {
    key,
    via: formatIpv6Key(via),
    dev,
    ...(port === undefined ? {} : { port }),
    ...(relays.length === 0 ? {} : { relays: relays.map(describeRelay) }),
    ...(classes.length === 0 ? {} : { classes }),
  };
}

function describeRelay({ link, peer, options }: RelayReach): object {
  return { link: formatIpv6Key(link), peer: formatIpv6Key(peer), options: formatHex(options) };
}

/** As `withReach6` kept it. */
export function reach6Of(userContext: string): Reach6 | undefined {
  if (!userContext.includes(`"${KEY}"`)) return undefined;
  const { key, via, dev, port, relays = [], classes = [] } = mapOf(ownContext(userContext)[KEY]);
  const address = addressOf(via);
  if (typeof key !== "string" || typeof dev !== "string" || address === undefined) return undefined;
  const chain = Array.isArray(relays) ? relays.map(readRelay) : [undefined];
  if (chain.includes(undefined)) return undefined;
  return {
    key,
    via: address,
    dev,
    port: typeof port === "number" ? port : undefined,
    relays: chain as readonly RelayReach[],
    classes: Array.isArray(classes) ? classes.filter((name) => typeof name === "string") : [],
  };
}

function readRelay(value: unknown): RelayReach | undefined {
  const { link, peer, options } = mapOf(value);
  const [linkAddress, peerAddress] = [addressOf(link), addressOf(peer)];
  const bytes = typeof options === "string" ? parseHex(options) : undefined;
  if (linkAddress === undefined || peerAddress === undefined || bytes === undefined) return undefined;
  return { link: linkAddress, peer: peerAddress, options: bytes };
}

function addressOf(value: unknown): Ipv6Key | undefined {
  return typeof value === "string" ? parseIpv6Key(value) : undefined;
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
