/** What explains messages without a daemon that runs. */
import type { Explanation } from "../../control/explanation.ts";
import type { GivenPacket } from "../../control/given-packet.ts";

/** What a message is to be; addresses and numbers as text. */
export interface MessageWishes {
  /** As the RFC spells it, in any case; a client's first message unless given. */
  readonly type: string | undefined;
  /** Hardware address. */
  readonly mac: string | undefined;
  /** Client identifier, or DUID, as hexadecimal digits. */
  readonly clientId: string | undefined;
  /** Of a relay on the client's link. */
  readonly relay: string | undefined;
  /** That the client asks for. */
  readonly address: string | undefined;
  /** Codes of options that the client asks for. */
  readonly ask: readonly number[] | undefined;
  /** Further options. */
  readonly options: readonly { readonly code: number; readonly payload: Uint8Array }[];
}

/** A server that serves nobody and has no leases. */
export interface OfflineServer {
  /** @param packet whose interface is a name, or a name and an address as in `interfaces-config` */
  explain(packet: GivenPacket): Promise<Explanation>;
  close(): Promise<void>;
}

export interface Explainer<Config> {
  /** Types that a message may have. */
  readonly types: readonly string[];
  /** @throws Error in words */
  makeMessage(wishes: MessageWishes): Uint8Array;
  /** The message to a server in an Ethernet frame; `undefined` for anything else. */
  findMessage(frame: Uint8Array): Omit<GivenPacket, "classes"> | undefined;
  /** In words, such as `DHCPDISCOVER xid=0x12345678`. */
  nameMessage(payload: Uint8Array): string;
  open(config: Config): Promise<OfflineServer>;
}
