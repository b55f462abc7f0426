/** How the daemons are. */
import { type Answer, Refused, SERVICES, type Service, type Session } from "../session.ts";
import type { PairStatus } from "./pair.ts";

export type DatabaseStatus = "ready" | "failed";

/** Of `status-get`, what is shown. */
interface Status {
  readonly pid: number;
  /** Seconds. */
  readonly uptime: number;
  /** Seconds since a configuration was taken into force. */
  readonly reload: number;
  readonly "dhcp-state"?: { readonly "globally-disabled": boolean };
  readonly sockets?: { readonly status: string; readonly errors?: readonly string[] };
  readonly "lease-database"?: { readonly status: DatabaseStatus; readonly type: string };
  readonly "config-database"?: { readonly status: DatabaseStatus; readonly type: string; readonly error?: string };
  readonly "hosts-databases"?: readonly { readonly name: string; readonly status: DatabaseStatus }[];
  readonly "high-availability"?: readonly PairStatus[];
  readonly degraded?: { readonly "left-out": number };
  /** Of d2: names that wait. */
  readonly "queue-size"?: number;
}

export interface DaemonState {
  readonly service: Service;
  readonly version: string;
  /** `undefined` where it is not known. */
  readonly status: Status | undefined;
  /** Why it is not. */
  readonly problem: string | undefined;
  /** Whether it can be asked for anything. */
  readonly isThere: boolean;
}

export async function loadStates(session: Session, signal: AbortSignal): Promise<readonly DaemonState[]> {
  const [versions, statuses] = await Promise.all([
    ask(session, "version-get", signal),
    ask<Status>(session, "status-get", signal),
  ]);
  return SERVICES.map((service, i) => {
    const status = statuses instanceof Refused ? undefined : statuses[i]?.arguments;
    const problem = statuses instanceof Refused ? statuses.message : statuses[i]?.text;
    const version = versions instanceof Refused ? "" : (versions[i]?.text ?? "");
    // Of one that tells this user nothing the views say themselves what they find.
    const isThere = status !== undefined || statuses instanceof Refused;
    return { service, version, status, problem: status === undefined ? problem : undefined, isThere };
  });
}

/** @returns the refusal where this user may not ask */
async function ask<T>(session: Session, command: string, signal: AbortSignal): Promise<readonly Answer<T>[] | Refused> {
  try {
    return await session.askAll<T>(SERVICES, command, undefined, signal);
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

/** States of a pair that serve nobody, as long as all is well. */
const IDLE: readonly string[] = ["backup", "in-maintenance"];

/** In a word or a few, the worst first. */
export function describeState({ status, isThere }: DaemonState): {
  readonly mood: "good" | "bad" | "off";
  readonly text: string;
} {
  if (status === undefined) return { mood: "off", text: isThere ? "not told" : "not running" };
  if (status["lease-database"]?.status === "failed") return { mood: "bad", text: "leases cannot be written" };
  if (status["dhcp-state"]?.["globally-disabled"] === true) {
    const [pair, ...others] = status["high-availability"] ?? [];
    const isDueToPair = others.length === 0 && IDLE.includes(pair?.["ha-servers"].local.state ?? "");
    if (isDueToPair) return { mood: "off", text: "its partner serves" };
    return { mood: "bad", text: "service switched off" };
  }
  if (status.sockets?.status === "failed") return { mood: "bad", text: "not on all interfaces" };
  const leftOut = status.degraded?.["left-out"];
  if (leftOut !== undefined) return { mood: "bad", text: `degraded: ${leftOut} faulty parts left out` };
  return { mood: "good", text: "serving" };
}
