/** How a family calls what both servers count and tell of packets alike. */
import type { Message } from "../../../log/catalogue.ts";
import type { Drop, PathTypes } from "../packet-path.ts";

/** What must be known of packets to tell of them. */
export interface ToldTypes extends PathTypes {
  /** `label` is how lines name the client. */
  message: { readonly label: Uint8Array; readonly type: number };
  /** `detail` is what the log adds to the reason; empty for nothing. */
  drop: Drop & { readonly reason: string; readonly detail: string };
}

/** Why a packet gets no answer. */
export interface DropEntry<Counter> {
  /** Kea's counter for the cause, beside the one for all drops; `undefined` where it has counted on arrival. */
  readonly statistic: Counter | undefined;
  readonly clause: string;
  readonly words: string;
}

/** How a family calls what is counted and said. */
export interface ReportNames<T extends ToldTypes, Counter> {
  readonly reasons: Readonly<Record<T["drop"]["reason"], DropEntry<Counter>>>;
  readonly nameType: (type: number) => string;
  /** The whole message, option by option. */
  readonly describe: (message: T["message"]) => string;
  /** The counters of each message type. */
  readonly receivedTypes: ReadonlyMap<number, Counter>;
  readonly sentTypes: ReadonlyMap<number, Counter>;
  readonly counters: {
    readonly received: Counter;
    /** Of no type that has a counter. */
    readonly unknown: Counter;
    readonly sent: Counter;
    readonly dropped: Counter;
    readonly undecodable: Counter;
    readonly failed: Counter;
    readonly stale: Counter;
  };
  readonly messages: {
    readonly label: Message<[{ client: Uint8Array }]>;
    readonly received: Message<
      [
        {
          client: Uint8Array;
          type: string;
          source: T["address"];
          port: number;
          destination: T["address"];
          interface: string;
        },
      ]
    >;
    readonly data: Message<[{ client: Uint8Array; packet: string }]>;
    readonly dropped: Message<
      [
        {
          client: Uint8Array;
          source: T["address"];
          interface: string;
          reason: string;
          words: string;
          clause: string;
          detail: string;
        },
      ]
    >;
    readonly undecodable: Message<[{ length: number; source: T["address"]; interface: string; error: string }]>;
    readonly bug: Message<[{ source: T["address"]; interface: string; error: string; packet: Uint8Array }]>;
    readonly notServed: Message<[{ ifindex: number; source: T["address"] }]>;
    readonly commitFailed: Message<[{ error: string; count: number }]>;
  };
}
