/** `subnet4o6-select-test`. */
import { z } from "zod";
import { latin1 } from "../../../base/bytes.ts";
import { UNSPECIFIED } from "../../../ip/ipv6-key.ts";
import { openTo } from "../../../subnets/class-guard.ts";
import { selectSubnet4o6 } from "../../../subnets/select/select-subnet4o6.ts";
import { done } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { LeaseContext4 } from "../lease/lease-context.ts";
import { identifier, ipv4, ipv6 } from "../lease/lease-fields.ts";
import { arrival, selected } from "./selected-subnet.ts";

const NO_EFFECT = "it has no effect here.";

export const subnet4o6SelectTest = defineCommand({
  name: "subnet4o6-select-test",
  access: "read",
  summary:
    "Says which subnet a DHCPv4 query would be served from that comes over DHCPv6 (RFC 7341): the first one whose " +
    "`4o6-subnet`, `4o6-interface-id` or `4o6-interface` fits.",
  arguments: z.strictObject({
    ...arrival,
    "interface-id": identifier("What the relay calls the link (option 18).").optional(),
    remote: ipv6("Where the DHCPv6 server has the query from.").optional(),
    address: ipv4(`The client's address (\`ciaddr\`); ${NO_EFFECT}`).optional(),
    relay: ipv4(`The relay's address (\`giaddr\`); ${NO_EFFECT}`).optional(),
    local: ipv6(`Where the query is sent to; ${NO_EFFECT}`).optional(),
    link: ipv6(`The relay's link-address; ${NO_EFFECT}`).optional(),
    subnet: ipv4(`The subnet that the client asks for; ${NO_EFFECT}`).optional(),
  }),
  examples: [{ arguments: { remote: "2001:db8:1::1" }, answer: done("selected subnet '192.0.2.0/24' id 1") }],
  run({ interface: name = "", classes = [], "interface-id": id, remote = UNSPECIFIED }, context: LeaseContext4) {
    const clues = { source: remote, interfaceId: id === undefined ? undefined : latin1(id), interfaceName: name };
    return selected(selectSubnet4o6(context.subnets(), clues, openTo(new Set(classes))));
  },
});
