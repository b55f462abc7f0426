/** One of the two is to be shut down for a while: who stays serves all clients, and takes it back when it is asked to. */
import type { CommandAnswer } from "@kotare/extension";
import type { PairedServer } from "../paired-server.ts";
import type { State } from "../state.ts";

/** A state that forbids it: Kea's number. */
const FORBIDDEN = 1001;

const NO_START: ReadonlySet<State> = new Set(["backup", "terminated", "in-maintenance", "partner-in-maintenance"]);
const NO_NOTICE: ReadonlySet<State> = new Set(["backup", "terminated", "partner-in-maintenance"]);

/** Of all partners, or until one of them refuses it. */
export async function startMaintenance([server, ...others]: readonly PairedServer[]): Promise<CommandAnswer> {
  const answer = await startOne(server!);
  return answer.result === 0 && others.length > 0 ? startMaintenance(others) : answer;
}

async function startOne(server: PairedServer): Promise<CommandAnswer> {
  if (NO_START.has(server.state)) return { result: 1, text: refusal(server, "partner-in-maintenance") };
  if (server.partnerName === undefined) return { result: 1, text: "There is no partner that could take over." };
  const { state } = server;
  const answer = await notify(server, false);
  // It may have gone on meanwhile: by itself, when it has seen that its partner is to be shut down; or to be shut down, too.
  const isAsBefore = server.state === state || server.state === "partner-in-maintenance";
  if (answer === undefined && (isAsBefore || server.state === "partner-down")) {
    if (isAsBefore) server.enter("partner-down");
    server.log.tell("HA_MAINTENANCE_STARTED_IN_PARTNER_DOWN", {});
    const text = "Server is now in the partner-down state as its partner appears to be offline for maintenance.";
    return { result: 0, text };
  }
  if (answer !== undefined && answer.result !== 0) {
    return { result: 1, text: `The partner refuses: ${answer.text ?? ""}` };
  }
  if (!isAsBefore) {
    const text = `The server has gone from the ${state} to the ${server.state} state meanwhile.`;
    await notify(server, true);
    return { result: 1, text };
  }
  if (server.state === state) server.enter("partner-in-maintenance");
  server.log.tell("HA_MAINTENANCE_STARTED", {});
  return {
    result: 0,
    text: "Server is now in the partner-in-maintenance state and its partner is in-maintenance state. The partner can be now safely shut down.",
  };
}

/** Of all partners. */
export async function cancelMaintenance(servers: readonly PairedServer[]): Promise<CommandAnswer> {
  const [server, ...others] = servers.filter(({ state }) => state === "partner-in-maintenance");
  if (server === undefined) {
    const text = "Unable to cancel maintenance request because the server is not in the partner-in-maintenance state.";
    return { result: 1, text };
  }
  const answer = await cancelOne(server);
  return answer.result === 0 && others.length > 0 ? cancelMaintenance(others) : answer;
}

async function cancelOne(server: PairedServer): Promise<CommandAnswer> {
  const answer = await notify(server, true);
  if (answer?.result !== 0) {
    return { result: 1, text: `The partner stays in maintenance: ${answer?.text ?? "it cannot be reached"}` };
  }
  if (server.state !== "partner-in-maintenance") {
    return { result: 1, text: `The server has gone to the ${server.state} state meanwhile.` };
  }
  goBack(server);
  return { result: 0, text: "Server maintenance successfully canceled." };
}

/** The partner says that this server is to be shut down, or is not. */
export function takeNotice(server: PairedServer, isCancelled: boolean): CommandAnswer {
  if (isCancelled) {
    if (server.state !== "in-maintenance") {
      return { result: 1, text: "Unable to cancel the maintenance for the server not in the in-maintenance state." };
    }
    goBack(server);
    return { result: 0, text: "Server maintenance canceled.", arguments: { state: server.state } };
  }
  if (NO_NOTICE.has(server.state)) return { result: FORBIDDEN, text: refusal(server, "in-maintenance") };
  if (server.state !== "in-maintenance") server.enter("in-maintenance");
  server.log.tell("HA_MAINTENANCE_SHUTDOWN_SAFE", {});
  return { result: 0, text: "Server is in-maintenance state." };
}

/** @returns `undefined` where the partner cannot be reached */
async function notify(server: PairedServer, cancel: boolean): Promise<CommandAnswer | undefined> {
  const { relationship, state } = server;
  try {
    return await server.ask("ha-maintenance-notify", {
      "server-name": relationship["this-server-name"],
      cancel,
      state,
    });
  } catch (error) {
    server.log.tell("HA_MAINTENANCE_NOTIFY_COMMUNICATIONS_FAILED", { error: (error as Error).message });
    server.partner.lost(error as Error);
    return undefined;
  }
}

/** There is no maintenance any longer, whatever the partner has told before: never into another one. */
function goBack(server: PairedServer): void {
  const { former } = server;
  server.partner.forget(server.now);
  server.enter(former === "in-maintenance" || former === "partner-in-maintenance" ? "waiting" : former);
}

function refusal({ state }: PairedServer, wanted: State): string {
  return `Unable to transition the server from the ${state} to ${wanted} state.`;
}
