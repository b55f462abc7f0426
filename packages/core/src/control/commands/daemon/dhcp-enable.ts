/** `dhcp-enable`. */
import { z } from "zod";
import { done } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DhcpContext } from "../../dhcp-context.ts";
import { originArguments, originOf } from "../../service-state.ts";

export const dhcpEnable = defineCommand({
  name: "dhcp-enable",
  access: "write",
  summary: "Takes back a `dhcp-disable` of the same origin.",
  arguments: z.object(originArguments),
  examples: [{ answer: { result: 0, text: "DHCP service successfully enabled" } }],
  run(given, { service }: DhcpContext) {
    service.enable(originOf(given));
    return done("DHCP service successfully enabled");
  },
});
