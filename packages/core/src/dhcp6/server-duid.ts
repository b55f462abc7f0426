/** The server's own DUID: what the configuration fixes, the rest as it was, what is then missing made anew. */
import { DUID_EPOCH, type Duid, decodeDuid, encodeDuid, type LinkLayerAddress } from "./duid.ts";

/** Kea's name for the file that has it, in the data directory. */
export const SERVER_DUID_FILE = "kea-dhcp6-serverid";

/** Kea's `server-id`: 0 and no bytes stand for "as before, or generated". */
export interface ServerDuidSettings {
  readonly type: "LLT" | "EN" | "LL";
  readonly htype: number;
  readonly time: number;
  /** Hardware address for LLT and LL, the enterprise's own identifier for EN. */
  readonly identifier: Uint8Array;
  readonly enterprise: number;
}

/** What a DUID may be generated from. */
export interface DuidSources {
  /** Of the first interface that has one. */
  readonly linkLayer: LinkLayerAddress | undefined;
  /** Seconds since the Unix epoch. */
  readonly now: number;
  readonly random: (count: number) => Uint8Array;
}

const ETHERNET = 1;
/** Internet Systems Consortium: Kea's own number, which its users' DUIDs carry. */
const ISC = 2495;
const RANDOM_IDENTIFIER = 6;

/**
 * RFC 8415 §11.2 wants a DUID to stay once it was made, so parts that the settings leave open come from the one used
 * before; as in Kea only from one of the same type.
 * @param stored what was used before, if that is known
 * @returns `undefined` when a hardware address is needed and there is none
 */
export function chooseServerDuid(
  settings: ServerDuidSettings,
  stored: Uint8Array | undefined,
  sources: DuidSources,
): Uint8Array | undefined {
  const before = stored && decodeDuid(stored);
  if (settings.type === "EN") {
    return encodeDuid(chooseEn(settings, before?.type === "EN" ? before : undefined, sources.random));
  }
  const kept = before?.type === settings.type ? before : undefined;
  const linkLayer = chooseLinkLayer(settings, kept?.linkLayer, sources.linkLayer);
  if (linkLayer === undefined) return undefined;
  if (settings.type === "LL") return encodeDuid({ type: "LL", linkLayer });
  const since2000 = (Math.floor(sources.now) - DUID_EPOCH) >>> 0;
  const time = settings.time || (kept?.type === "LLT" ? kept.time : since2000);
  return encodeDuid({ type: "LLT", time, linkLayer });
}

type EnterpriseDuid = Extract<Duid, { type: "EN" }>;

function chooseEn(
  { enterprise, identifier }: ServerDuidSettings,
  kept: EnterpriseDuid | undefined,
  random: DuidSources["random"],
): EnterpriseDuid {
  return {
    type: "EN",
    enterprise: enterprise || (kept?.enterprise ?? ISC),
    identifier: identifier.length > 0 ? identifier : (kept?.identifier ?? random(RANDOM_IDENTIFIER)),
  };
}

/** A configured `htype` without an `identifier` has no effect: the link type belongs to the address. */
function chooseLinkLayer(
  { htype, identifier }: ServerDuidSettings,
  kept: LinkLayerAddress | undefined,
  found: LinkLayerAddress | undefined,
): LinkLayerAddress | undefined {
  if (identifier.length === 0) return kept ?? found;
  return { htype: htype || (kept?.htype ?? ETHERNET), address: identifier };
}
