/** The whole of a DHCPv6 server's configuration: `{ "Dhcp6": { … } }`. */
import { z } from "zod";
import { ClientClass6 } from "./client-classes.ts";
import { flag, names, schemaKey, text } from "./field.ts";
import { globalDefaults, globalKeys, globalNames } from "./global.ts";
import { inheritedDefaults6 } from "./inherited6.ts";
import { InterfacesConfig6 } from "./interfaces-config.ts";
import { kotareRemarks } from "./kotare.ts";
import { OptionDef6, optionData6 } from "./option-data.ts";
import { renamed } from "./renamed.ts";
import { IDENTIFIER_TYPES6, reservations6 } from "./reservation6.ts";
import { macSources, ServerId } from "./server-id.ts";
import { SharedNetwork6, Subnet6 } from "./subnet6.ts";
import { Compatibility6 } from "./upkeep.ts";

const Dhcp6 = renamed(
  z.strictObject({
    "interfaces-config": InterfacesConfig6.prefault({}),
    "data-directory": text("Where the server's DUID and relative lease files are.").optional(),
    "server-id": ServerId.prefault({ type: "LLT" }),
    ...globalKeys,
    ...inheritedDefaults6,
    ...macSources,
    "relay-supplied-options": names(
      "Codes or names of options that relays may add to replies (RFC 6422), beside the one that always may, 65.",
    ).default(["65"]),
    "allow-address-registration": flag("Record addresses that clients chose themselves (RFC 9686).").default(false),
    "host-reservation-identifiers": z
      .array(z.enum(IDENTIFIER_TYPES6))
      .default(["hw-address", "duid"])
      .describe("By what reservations are looked up, and in which order."),
    "option-def": z.array(OptionDef6).default([]).describe("Definitions of options of the operator's own."),
    ...optionData6,
    ...reservations6,
    subnet6: z.array(Subnet6).default([]).describe("The subnets outside of shared networks."),
    "shared-networks": z.array(SharedNetwork6).default([]).describe("Groups of subnets on one link."),
    "client-classes": z.array(ClientClass6).default([]).describe("Classes of clients."),
    compatibility: Compatibility6.prefault({}),
    ...kotareRemarks,
  }),
  globalNames,
  globalDefaults,
);

/** The file: nothing else may stand beside `Dhcp6`. */
export const Dhcp6File = z.strictObject({ Dhcp6: Dhcp6.describe("The DHCPv6 server."), ...schemaKey });
