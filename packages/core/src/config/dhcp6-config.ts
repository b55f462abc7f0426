/** What a checked DHCPv6 configuration is: plain frozen data with all defaults, under Kea's own names. */
import type { z } from "zod";
import type { Frozen } from "./frozen.ts";
import type { ClientClass6 } from "./schema/client-classes.ts";
import type { Dhcp6File } from "./schema/dhcp6/dhcp6.ts";
import type { Reservation6 } from "./schema/dhcp6/reservation6.ts";
import type { ServerId } from "./schema/dhcp6/server-id.ts";
import type { PdPool, Pool6, SharedNetwork6, Subnet6 } from "./schema/dhcp6/subnet6.ts";
import type { InterfacesConfig6 as InterfacesConfig6Schema } from "./schema/interfaces-config.ts";

/** The map inside `Dhcp6`. */
export type Dhcp6Config = Frozen<z.output<typeof Dhcp6File>["Dhcp6"]>;
export type Subnet6Config = Frozen<z.output<typeof Subnet6>>;
export type SharedNetwork6Config = Frozen<z.output<typeof SharedNetwork6>>;
export type Pool6Config = Frozen<z.output<typeof Pool6>>;
export type PdPoolConfig = Frozen<z.output<typeof PdPool>>;
export type Reservation6Config = Frozen<z.output<typeof Reservation6>>;
export type ClientClass6Config = Frozen<z.output<typeof ClientClass6>>;
export type InterfacesConfig6 = Frozen<z.output<typeof InterfacesConfig6Schema>>;
export type ServerIdConfig = Frozen<z.output<typeof ServerId>>;
