/** `dhcp-disable`. */
import { z } from "zod";
import { done } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DhcpContext } from "../../dhcp-context.ts";
import { originArguments, originOf } from "../../service-state.ts";

export const dhcpDisable = defineCommand({
  name: "dhcp-disable",
  access: "write",
  summary:
    "Switches the service off. Packets are dropped and counted until `dhcp-enable`, or until `max-period` is " +
    "over. Each origin has a switch of its own; the service is on while none of them is off.",
  arguments: z.object({
    "max-period": z.int().min(1).optional().describe("Seconds after which the service is on again by itself."),
    ...originArguments,
  }),
  examples: [
    { arguments: { "max-period": 20 }, answer: { result: 0, text: "DHCPv4 service disabled for 20 seconds" } },
  ],
  run({ "max-period": seconds, ...given }, { service, family }: DhcpContext) {
    service.disable(originOf(given), seconds);
    return done(`DHCPv${family} service disabled${seconds === undefined ? "" : ` for ${seconds} seconds`}`);
  },
});
