/** The commands by which partners, and administrators, speak to a server of a pair: Kea's, with Kea's words for what is wrong. */
import type { Command, CommandAnswer, Surroundings } from "@kotare/extension";
import type { PairedServer } from "../paired-server.ts";
import { BEGIN } from "../synchronise.ts";
import { cancelMaintenance, startMaintenance, takeNotice } from "./maintenance.ts";

type Zod = Surroundings<unknown>["z"];
type Args = Readonly<Record<string, unknown>>;
/** Of many leases, over a slow network: `ha-sync` answers when they are there. In milliseconds. */
const LONGEST_SYNC = 60 * 60_000;

type Run = (server: PairedServer, args: Args) => CommandAnswer | Promise<CommandAnswer>;

export function pairCommands(servers: readonly PairedServer[], z: Zod): readonly Command[] {
  const name = z.string().optional();
  const command = (called: string, access: Command["access"], run: Run, more: Command["arguments"] = z.object({})) => ({
    name: called,
    access,
    arguments: z.looseObject({ "server-name": name, ...more.shape }),
    run(args: Args) {
      const found = find(servers, args["server-name"] as string | undefined);
      return typeof found === "string" ? failed(found) : run(found, args);
    },
  });
  return [
    command("ha-heartbeat", "read", beat),
    command(BEGIN, "write", syncBegins),
    command(
      "ha-sync-complete-notify",
      "write",
      syncCompleted,
      z.object({ origin: z.int().optional(), "origin-id": z.int().optional() }),
    ),
    command("ha-reset", "write", reset),
    command("ha-continue", "write", goOn),
    {
      ...command("ha-sync", "write", sync, z.object({ "max-period": z.int().min(1).optional() })),
      longest: LONGEST_SYNC,
    },
    command("ha-scopes", "write", serve, z.object({ scopes: z.array(z.string()) })),
    ...[
      { called: "ha-maintenance-start", run: startMaintenance },
      { called: "ha-maintenance-cancel", run: cancelMaintenance },
    ].map(({ called, run }) => {
      const ofOne = command(called, "write", (server) => run([server]));
      return { ...ofOne, run: (args: Args) => (args["server-name"] === undefined ? run(servers) : ofOne.run(args)) };
    }),
    command("ha-maintenance-notify", "write", notice, z.object({ cancel: z.boolean(), state: name })),
  ];
}

/** @returns words, where none is meant, or it is not clear which */
function find(servers: readonly PairedServer[], name: string | undefined): PairedServer | string {
  const [first, ...others] = servers;
  if (name === undefined) {
    return others.length === 0 ? first! : "'server-name' is needed, as this server has several relationships";
  }
  const found = servers.find(({ relationship }) => relationship.peers.some((peer) => peer.name === name));
  return found ?? `${name} matches no configured 'server-name'`;
}

function failed(text: string): CommandAnswer {
  return { result: 1, text };
}

const beat: Run = (server) => {
  const { state, served, counts, wall, healing } = server;
  server.wake();
  const date = new Date(wall * 1000).toUTCString();
  const told = { state, scopes: served, "date-time": date, "unsent-update-count": counts.unsent, healing };
  return { result: 0, text: "HA peer status returned.", arguments: told };
};

const syncBegins: Run = (server) => {
  server.updates.follow();
  return { result: 0, text: "Changes of leases are told from now on." };
};

const syncCompleted: Run = async (server) => {
  await server.syncCompleted();
  return { result: 0, text: "Server successfully notified about the synchronization completion." };
};

const reset: Run = (server) => {
  if (server.state === "waiting") return { result: 0, text: "HA state machine already in WAITING state." };
  server.reset();
  return { result: 0, text: "HA state machine reset." };
};

const goOn: Run = (server) => {
  const text = server.resume() ? "HA state machine continues." : "HA state machine is not paused.";
  return { result: 0, text };
};

const sync: Run = async (server, args) => {
  const { "server-name": name, "max-period": most } = args as { "server-name"?: string; "max-period"?: number };
  if (name === undefined) return failed("'server-name' is mandatory for the 'ha-sync' command");
  if (name === server.relationship["this-server-name"]) {
    return failed(`'${name}' points to local server but should point to a partner`);
  }
  try {
    await server.leases.from(name, most);
    return { result: 0, text: "Lease database synchronization complete." };
  } catch (error) {
    return failed((error as Error).message);
  }
};

const serve: Run = (server, args) => {
  const { scopes } = args as { readonly scopes: readonly string[] };
  const names = server.relationship.peers.map((peer) => peer.name);
  const unknown = scopes.find((scope) => !names.includes(scope));
  if (unknown !== undefined) {
    return failed(`invalid server name specified '${unknown}' while enabling/disabling HA scopes`);
  }
  server.serve(scopes);
  return { result: 0, text: "New HA scopes configured." };
};

const notice: Run = (server, { cancel }) => takeNotice(server, cancel === true);
