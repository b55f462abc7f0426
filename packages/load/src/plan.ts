/** What is to be played: everything that the command line says. */
import type { AskKind, ExchangeKind, Leg, OptionBytes } from "./clients/dialogue.ts";
import type { Step } from "./run/schedule.ts";

export interface Plan {
  readonly family: 4 | 6;
  /** DHCPv4 in messages of DHCPv6 (RFC 7341). */
  readonly isOver6: boolean;
  readonly exchange: ExchangeKind;
  /** So many of a hundred clients give their lease back as soon as they have it. */
  readonly release: number;
  /** By name; where it is left out, the kernel's routes choose. */
  readonly interface: string | undefined;
  /** As text; left out for whoever listens on the link. */
  readonly server: string | undefined;
  /** Addresses of the relays that the clients are behind; none for clients on the server's link. */
  readonly relays: readonly string[];
  /** In DHCPv6. */
  readonly ask: AskKind;
  readonly clients: number;
  readonly firstMac: Uint8Array;
  /** Their names; a run of `#` in it is the client's number. */
  readonly hostname: string | undefined;
  readonly fqdn: string | undefined;
  readonly options: readonly OptionBytes[];
  /** What relays add: sub-options of option 82, or options of RELAY-FORW. */
  readonly relayOptions: readonly OptionBytes[];
  readonly steps: readonly Step[];
  /** Exchanges at most. */
  readonly most: number;
  /** Milliseconds after which a reply counts as lost. */
  readonly patience: number;
  /** Milliseconds: replies that take longer are listed. */
  readonly slow: number;
}

const MESSAGES: Readonly<Record<ExchangeKind, readonly Leg["message"][]>> = {
  "four-way": ["discover", "request"],
  offer: ["discover"],
  rapid: ["discover"],
  // The first two give clients what they renew.
  renew: ["discover", "request", "renew"],
};

/** Whether a client gives its lease back. */
export function releases({ release }: Plan, client: number): boolean {
  return client % 100 < release;
}

/** What clients say, one after the other. */
export function messagesOf({ exchange, release }: Plan): readonly Leg["message"][] {
  return release > 0 ? [...MESSAGES[exchange], "release"] : MESSAGES[exchange];
}
