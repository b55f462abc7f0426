/** What a checked configuration is: plain frozen data with all defaults, under Kea's own names. */
import type { z } from "zod";
import type { Frozen } from "./frozen.ts";
import type { ClientClass4 } from "./schema/client-classes.ts";
import type { DhcpDdns } from "./schema/ddns.ts";
import type { Dhcp4File } from "./schema/dhcp4/dhcp4.ts";
import type { Reservation4 } from "./schema/dhcp4/reservation4.ts";
import type { Pool4, SharedNetwork4, Subnet4 } from "./schema/dhcp4/subnet4.ts";
import type { InterfacesConfig4 } from "./schema/interfaces-config.ts";
import type { Logger } from "./schema/loggers.ts";
import type { OptionData4, OptionDef4 } from "./schema/option-data.ts";
import type { ExpiredLeasesProcessing } from "./schema/upkeep.ts";

/** The map inside `Dhcp4`. */
export type Dhcp4Config = Frozen<z.output<typeof Dhcp4File>["Dhcp4"]>;
export type Subnet4Config = Frozen<z.output<typeof Subnet4>>;
export type SharedNetwork4Config = Frozen<z.output<typeof SharedNetwork4>>;
export type Pool4Config = Frozen<z.output<typeof Pool4>>;
export type Reservation4Config = Frozen<z.output<typeof Reservation4>>;
export type ClientClass4Config = Frozen<z.output<typeof ClientClass4>>;
export type OptionDataConfig = Frozen<z.output<typeof OptionData4>>;
export type OptionDefConfig = Frozen<z.output<typeof OptionDef4>>;
export type LoggerConfig = Frozen<z.output<typeof Logger>>;
export type InterfacesConfig = Frozen<z.output<typeof InterfacesConfig4>>;
export type DhcpDdnsConfig = Frozen<z.output<typeof DhcpDdns>>;
export type ExpiredLeasesConfig = Frozen<z.output<typeof ExpiredLeasesProcessing>>;
