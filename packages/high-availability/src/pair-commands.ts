/** The commands by which partners, and administrators, speak to a server of a pair: Kea's. */
import type { Command, CommandAnswer, Surroundings } from "@kotare/extension";
import type { PairedServer } from "./paired-server.ts";

type Zod = Surroundings<unknown>["z"];

/** Who is meant, where a server has several partners. */
interface Named {
  readonly "server-name"?: string | undefined;
}

export function pairCommands(server: PairedServer, z: Zod): readonly Command[] {
  const names: ReadonlySet<string> = new Set(server.relationship.peers.map(({ name }) => name));
  const command = (
    name: string,
    access: Command["access"],
    run: (args: Named & Readonly<Record<string, unknown>>) => CommandAnswer | Promise<CommandAnswer>,
  ): Command => ({
    name,
    access,
    arguments: z.looseObject({ "server-name": z.string().optional() }),
    run(args: Named) {
      const { "server-name": given } = args;
      if (given === undefined || names.has(given)) return run({ ...args });
      return { result: 1, text: `${given} matches no configured 'server-name'` };
    },
  });
  return [
    command("ha-heartbeat", "read", () => {
      server.wake();
      return { result: 0, text: "HA peer status returned.", arguments: heartbeatOf(server) };
    }),
    command("ha-sync-complete-notify", "write", async () => {
      await server.syncCompleted();
      return { result: 0, text: "Server successfully notified about the synchronization completion." };
    }),
    command("ha-reset", "write", () => {
      if (server.state === "waiting") return { result: 0, text: "HA state machine already in WAITING state." };
      server.reset();
      return { result: 0, text: "HA state machine reset." };
    }),
    command("ha-continue", "write", () => ({ result: 0, text: "HA state machine is not paused." })),
    command("ha-sync", "write", async () => {
      const taken = await server.synchronise();
      return { result: 0, text: `Lease database synchronization complete: ${taken} leases were newer there.` };
    }),
    command("ha-scopes", "write", ({ scopes }) => {
      const isRight = Array.isArray(scopes) && scopes.every((scope) => typeof scope === "string" && names.has(scope));
      if (!isRight) return { result: 1, text: "'scopes' has to be a list of names of peers" };
      server.serve(scopes);
      return { result: 0, text: "New HA scopes configured." };
    }),
  ];
}

function heartbeatOf({ state, served, unsent, wall }: PairedServer): object {
  return { state, scopes: served, "date-time": new Date(wall * 1000).toUTCString(), "unsent-update-count": unsent };
}
