/** The whole of a DHCPv6 server's configuration: `{ "Dhcp6": { … } }`. */
import { z } from "zod";
import { listRelaySupplied } from "../../relay-supplied6.ts";
import { ClientClass6 } from "../client-classes.ts";
import { controlSockets } from "../control-sockets.ts";
import { flag, names, schemaKey, text } from "../field.ts";
import { globalDefaults, globalKeys, globalNames } from "../global.ts";
import { InterfacesConfig6 } from "../interfaces-config.ts";
import { asKea, isEmpty } from "../kea-form.ts";
import { optionData6, optionDef6 } from "../option-data.ts";
import { renamed } from "../renamed.ts";
import { byId, byName } from "../scopes.ts";
import { Compatibility6, queueControl } from "../upkeep.ts";
import { inheritedDefaults6 } from "./inherited6.ts";
import { globalRemarks6 } from "./kotare.ts";
import { globalReservations6, IDENTIFIER_TYPES6 } from "./reservation6.ts";
import { macSources, ServerId } from "./server-id.ts";
import { SharedNetwork6, Subnet6 } from "./subnet6.ts";

const Dhcp6 = renamed(
  z.strictObject({
    "interfaces-config": InterfacesConfig6.prefault({}),
    "data-directory": text(
      "Where the server keeps its DUID, a lease file with a relative name, and what the DNS updater knows.",
    ).optional(),
    "server-id": ServerId.prefault({ type: "LLT" }),
    ...globalKeys,
    ...controlSockets("kea-dhcpv6-server"),
    "dhcp-queue-control": queueControl("kea-ring6"),
    ...inheritedDefaults6,
    ...macSources,
    "relay-supplied-options": asKea(
      names(
        "Codes or names of options that relays may add to replies (RFC 6422), in addition to option 65, which they always may.",
      ).default(["65"]),
      { format: (given, _, spaces) => listRelaySupplied(given, spaces).map(String) },
    ),
    "allow-address-registration": asKea(
      flag("Whether hosts may register addresses that they chose themselves (RFC 9686).").default(true),
      { isSilent: (isOn) => isOn },
    ),
    "host-reservation-identifiers": z
      .array(z.enum(IDENTIFIER_TYPES6))
      .default(["hw-address", "duid"])
      .describe("The identifiers by which reservations are looked up, in this order."),
    ...optionDef6,
    ...optionData6,
    ...globalReservations6,
    subnet6: asKea(z.array(Subnet6).default([]).describe("The subnets outside of shared networks."), byId),
    "shared-networks": asKea(z.array(SharedNetwork6).default([]).describe("Groups of subnets on one link."), byName),
    "client-classes": asKea(z.array(ClientClass6).default([]).describe("Classes of clients."), { isSilent: isEmpty }),
    compatibility: asKea(Compatibility6.prefault({}), {
      isSilent: (ways) => Object.values(ways).every((isOn) => isOn === false),
    }),
    ...globalRemarks6,
  }),
  globalNames,
  globalDefaults,
);

/** The file: nothing else may stand beside `Dhcp6`. */
export const Dhcp6File = z.strictObject({ Dhcp6: Dhcp6.describe("The DHCPv6 server."), ...schemaKey });
