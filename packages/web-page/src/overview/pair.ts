/** Pairs of servers: what a daemon says of its own, and how it is. */
import type { Service } from "../session.ts";

/** Of `status-get`, what is shown. */
export interface PairStatus {
  readonly "ha-mode": string;
  readonly "ha-servers": {
    readonly local: {
      readonly "server-name": string;
      readonly state: string;
      readonly scopes: readonly string[];
    };
    /** A server that only has backups, or is one, has no partner. */
    readonly remote?: {
      readonly "server-name": string;
      readonly "last-state": string;
      /** Seconds since it was heard. */
      readonly age: number;
      readonly "in-touch": boolean;
      readonly "communication-interrupted": boolean;
      /** Seconds that its clock is ahead. */
      readonly "clock-skew"?: number | null;
      readonly "unacked-clients": number;
    };
  };
}

export interface Pair extends PairStatus {
  readonly service: Service;
}

/** What is known of a daemon. */
interface PairedDaemon {
  readonly service: Service;
  readonly status: { readonly "high-availability"?: readonly PairStatus[] } | undefined;
}

export function pairsIn(states: readonly PairedDaemon[]): readonly Pair[] {
  return states.flatMap(({ service, status }) =>
    (status?.["high-availability"] ?? []).map((pair) => ({ service, ...pair })),
  );
}

const NORMAL = ["hot-standby", "load-balancing", "passive-backup", "backup"];
const ENDED = ["partner-down", "terminated", "communication-recovery"];

export function moodOf({ "ha-servers": { local, remote } }: PairStatus): "good" | "bad" | "off" {
  if (ENDED.includes(local.state) || remote?.["communication-interrupted"] === true) return "bad";
  return NORMAL.includes(local.state) ? "good" : "off";
}

/** Seconds between clocks that people should know of. */
const SKEW = 5;

export function describePartner({ "ha-servers": { remote } }: PairStatus): string {
  if (remote === undefined) return "none";
  const { "server-name": name, "last-state": state, age, "clock-skew": skew } = remote;
  const skewed =
    Math.abs(skew ?? 0) < SKEW ? "" : `; its clock is ${Math.abs(skew!)} s ${skew! > 0 ? "ahead" : "behind"}`;
  if (!remote["in-touch"] || skew === null) return `${name}, not heard yet`;
  return `${name}, ${state}, heard ${age} s ago${skewed}`;
}
