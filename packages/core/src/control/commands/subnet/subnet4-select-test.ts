/** `subnet4-select-test`. */
import { z } from "zod";
import { openTo } from "../../../subnets/class-guard.ts";
import { selectSubnet4 } from "../../../subnets/select/select-subnet4.ts";
import { done, failed } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { LeaseContext4 } from "../lease/lease-context.ts";
import { ipv4 } from "../lease/lease-fields.ts";
import { arrival, selected } from "./selected-subnet.ts";

export const subnet4SelectTest = defineCommand({
  name: "subnet4-select-test",
  access: "read",
  summary:
    "Says which subnet a packet would be served from, as the server would select it. In a shared network this is " +
    "the subnet in which the search for an address begins.",
  arguments: z.strictObject({
    ...arrival,
    address: ipv4("The client's address (`ciaddr`).").optional(),
    relay: ipv4("The relay's address (`giaddr`).").optional(),
    local: ipv4("Where the packet is sent to; it has no effect here.").optional(),
    remote: ipv4("Where the packet comes from.").optional(),
    link: ipv4("What the relay says about the link (RFC 3527).").optional(),
    subnet: ipv4("The subnet that the client asks for (RFC 3011).").optional(),
  }),
  examples: [
    { arguments: { relay: "192.0.2.1" }, answer: done("selected subnet '192.0.2.0/24' id 1") },
    {
      arguments: { interface: "eth0", classes: ["voip"] },
      answer: done("selected shared network 'floor-3' starting with subnet '192.0.2.0/24' id 1"),
    },
  ],
  run(
    { interface: name = "", classes = [], address = 0, relay = 0, remote = 0, link = 0, subnet = 0 },
    context: LeaseContext4,
  ) {
    const served = context.served(name);
    const found = selectSubnet4(
      context.subnets(),
      {
        link: link === 0 ? subnet : link,
        giaddr: relay,
        ciaddr: address,
        source: remote,
        destination: 0,
        interfaceName: name,
        interfaceAddresses: served?.addresses ?? [],
      },
      openTo(new Set(classes)),
    );
    const isByInterface = name !== "" && [link, subnet, relay, address, remote].every((clue) => clue === 0);
    if (found === undefined && served === undefined && isByInterface) {
      return failed(
        `interface ${name} is not served: no subnet can be found by its addresses; interface-list says which are`,
      );
    }
    return selected(found);
  },
});
