/** `libdhcp_ha.so`: two servers of which one goes on when the other cannot; they speak what Kea's pairs speak. */
import { defineExtension } from "@kotare/extension";
import { listenersOf } from "./dedicated-listener.ts";
import { pairCommands } from "./pair-commands.ts";
import { statusOf } from "./pair-status.ts";
import { type Connect, PairedServer } from "./paired-server.ts";
import { parametersSchema } from "./parameters.ts";
import { PartnerLink } from "./partner-link.ts";

export const highAvailability = highAvailabilityOver((peer, family) => new PartnerLink(peer, family));

/** @param connect to the partner */
export function highAvailabilityOver(connect: Connect) {
  return defineExtension({
    name: "high-availability",
    parameters: parametersSchema,
    start(around) {
      const server = new PairedServer(around.parameters["high-availability"][0]!, around, connect);
      server.start();
      return {
        identify: (query) => server.identify(query),
        commit: (exchanges) => server.commit(exchanges),
        commands: pairCommands(server, around.z),
        listeners: listenersOf(server.relationship),
        status: () => statusOf(server),
        reload: () => server.reload(),
        stop: () => server.stop(),
      };
    },
  });
}
