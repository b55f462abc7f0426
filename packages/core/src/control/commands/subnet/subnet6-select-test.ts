/** `subnet6-select-test`. */
import { z } from "zod";
import { latin1 } from "../../../base/bytes.ts";
import { UNSPECIFIED } from "../../../ip/ipv6-key.ts";
import { openTo } from "../../../subnets/class-guard.ts";
import { type RelayClue6, selectSubnet6 } from "../../../subnets/select/select-subnet6.ts";
import { done } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { LeaseContext6 } from "../lease/lease-context.ts";
import { identifier, ipv6 } from "../lease/lease-fields.ts";
import { arrival, selected } from "./selected-subnet.ts";

export const subnet6SelectTest = defineCommand({
  name: "subnet6-select-test",
  access: "read",
  summary:
    "Says which subnet a packet would be served from, as the server would select it. In a shared network this is " +
    "the subnet in which the search for an address begins.",
  arguments: z.strictObject({
    ...arrival,
    "interface-id": identifier("What the relay calls the link (option 18); used only together with `link`.").optional(),
    link: ipv6("The relay's link-address.").optional(),
    remote: ipv6("Where the packet comes from.").optional(),
  }),
  examples: [
    { arguments: { link: "2001:db8:1::1" }, answer: done("selected subnet '2001:db8:1::/64' id 1") },
    {
      arguments: { interface: "eth0", classes: ["voip"] },
      answer: done("selected shared network 'floor-3' starting with subnet '2001:db8:1::/64' id 1"),
    },
  ],
  run({ interface: name = "", classes = [], "interface-id": id, link, remote = UNSPECIFIED }, context: LeaseContext6) {
    const relay: RelayClue6 | undefined =
      link === undefined || link === UNSPECIFIED
        ? undefined
        : { linkAddress: link, interfaceId: id === undefined ? undefined : latin1(id) };
    const clues = {
      relays: relay === undefined ? [] : [relay],
      source: remote,
      interfaceName: name,
      interfaceAddresses: context.served(name)?.addresses ?? [],
    };
    return selected(selectSubnet6(context.subnets(), clues, openTo(new Set(classes))));
  },
});
