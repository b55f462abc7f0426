/** `libdhcp_ha.so`: servers of which one goes on when another cannot; they speak what Kea's pairs speak. */
import { defineExtension } from "@kotare/extension";
import { messages } from "./control/messages.ts";
import { pairCommands } from "./control/pair-commands.ts";
import { metricsOf } from "./control/pair-metrics.ts";
import { statusOf } from "./control/pair-status.ts";
import { listenersOf } from "./link/dedicated-listener.ts";
import { type Connect, PartnerLink } from "./link/partner-link.ts";
import { parametersSchema } from "./parameters/parameters.ts";
import { Relationships } from "./relationships.ts";

export const highAvailability = highAvailabilityOver((peer, family) => new PartnerLink(peer, family));

/** @param connect to the partner */
export function highAvailabilityOver(connect: Connect) {
  return defineExtension({
    name: "high-availability",
    logger: "ha-hooks",
    messages,
    parameters: parametersSchema,
    contexts: ({ z }) => {
      const named = z
        .looseObject({ "ha-server-name": z.string().optional() })
        .transform((context) => context["ha-server-name"]);
      return { subnets: named, networks: named };
    },
    start(around) {
      const relationships = new Relationships(around, connect);
      const { servers } = relationships;
      relationships.start();
      return {
        identify: (query) => relationships.identify(query),
        turnsAway: (type) => relationships.turnsAway(type),
        keeperOf: (lease) => relationships.keeperOf(lease),
        onPartnerSwitch: (isOn, seconds) => relationships.onPartnerSwitch(isOn, seconds),
        commitsElsewhere: true,
        commit: (exchanges, stored) => relationships.commit(exchanges, stored),
        commands: pairCommands(servers, around.z),
        listeners: listenersOf(around.parameters["high-availability"]),
        status: () => statusOf(servers),
        metrics: () => metricsOf(servers),
        reload: () => {
          for (const server of servers) server.reload();
        },
        configured: () => {
          for (const { leases } of servers) leases.configured();
        },
        stop: () => {
          for (const server of servers) server.stop();
        },
      };
    },
  });
}
