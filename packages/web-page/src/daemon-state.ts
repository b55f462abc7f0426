/** How the daemons are. */
import { SERVICES, type Service, type Session } from "./session.ts";

/** Of `status-get`, what is shown. */
interface Status {
  readonly pid: number;
  /** Seconds. */
  readonly uptime: number;
  /** Seconds since a configuration was taken into force. */
  readonly reload: number;
  readonly "dhcp-state"?: { readonly "globally-disabled": boolean };
  readonly sockets?: { readonly status: string; readonly errors?: readonly string[] };
  readonly degraded?: { readonly "left-out": number };
}

export interface DaemonState {
  readonly service: Service;
  readonly version: string;
  /** `undefined` where it does not answer. */
  readonly status: Status | undefined;
  /** Why it does not. */
  readonly problem: string | undefined;
}

export async function loadStates(session: Session, signal: AbortSignal): Promise<readonly DaemonState[]> {
  const [versions, statuses] = await Promise.all([
    session.askAll(SERVICES, "version-get", undefined, signal),
    session.askAll<Status>(SERVICES, "status-get", undefined, signal),
  ]);
  return SERVICES.map((service, i) => ({
    service,
    version: versions[i]?.text ?? "",
    status: statuses[i]?.arguments,
    problem: statuses[i]?.arguments === undefined ? statuses[i]?.text : undefined,
  }));
}

/** In a word or a few, the worst first. */
export function describeState({ status }: DaemonState): {
  readonly mood: "good" | "bad" | "off";
  readonly text: string;
} {
  if (status === undefined) return { mood: "off", text: "not running" };
  if (status["dhcp-state"]?.["globally-disabled"] === true) return { mood: "bad", text: "service switched off" };
  if (status.sockets?.status === "failed") return { mood: "bad", text: "not on all interfaces" };
  const leftOut = status.degraded?.["left-out"];
  if (leftOut !== undefined) return { mood: "bad", text: `degraded: ${leftOut} faulty parts left out` };
  return { mood: "good", text: "serving" };
}
