/** The whole of a DHCPv4 server's configuration: `{ "Dhcp4": { … } }`. */
import { z } from "zod";
import { IDENTIFIER_TYPES4 } from "../../host-identifier.ts";
import { ClientClass4 } from "../client-classes.ts";
import { controlSockets } from "../control-sockets.ts";
import { flag, schemaKey } from "../field.ts";
import { globalDefaults, globalKeys, globalNames } from "../global.ts";
import { InterfacesConfig4 } from "../interfaces-config.ts";
import { asKea, isEmpty } from "../kea-form.ts";
import { optionData4, optionDef4 } from "../option-data.ts";
import { renamed } from "../renamed.ts";
import { byId, byName } from "../scopes.ts";
import { Compatibility4, queueControl } from "../upkeep.ts";
import { inheritedDefaults4 } from "./inherited4.ts";
import { globalRemarks4 } from "./kotare.ts";
import { globalReservations4 } from "./reservation4.ts";
import { SharedNetwork4, Subnet4 } from "./subnet4.ts";

const Dhcp4 = renamed(
  z.strictObject({
    "interfaces-config": InterfacesConfig4.prefault({}),
    ...globalKeys,
    ...controlSockets("kea-dhcpv4-server"),
    "dhcp-queue-control": queueControl("kea-ring4"),
    ...inheritedDefaults4,
    "echo-client-id": flag("Send the client identifier back (RFC 6842).").default(true),
    "stash-agent-options": flag(
      "Whether the relay information kept with the lease is used when the client renews without the relay.",
    ).default(false),
    "host-reservation-identifiers": z
      .array(z.enum(IDENTIFIER_TYPES4))
      .default(["hw-address", "duid", "circuit-id", "client-id"])
      .describe("The identifiers by which reservations are looked up, in this order."),
    ...optionDef4,
    ...optionData4,
    ...globalReservations4,
    subnet4: asKea(z.array(Subnet4).default([]).describe("The subnets outside of shared networks."), byId),
    "shared-networks": asKea(z.array(SharedNetwork4).default([]).describe("Groups of subnets on one link."), byName),
    "client-classes": asKea(z.array(ClientClass4).default([]).describe("Classes of clients."), { isSilent: isEmpty }),
    compatibility: asKea(Compatibility4.prefault({}), {
      isSilent: (ways) => Object.values(ways).every((isOn) => isOn === false),
    }),
    ...globalRemarks4,
  }),
  globalNames,
  globalDefaults,
);

/** The file: nothing else may stand beside `Dhcp4`. */
export const Dhcp4File = z.strictObject({ Dhcp4: Dhcp4.describe("The DHCPv4 server."), ...schemaKey });
