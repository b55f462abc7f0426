/** How the parts of a configuration that commands edit are reached and replaced: shared networks, subnets, classes. */
import type { z } from "zod";
import type { ConfigFamily } from "../config-family.ts";
import type { ClientClass4Config, Dhcp4Config, SharedNetwork4Config, Subnet4Config } from "../dhcp4-config.ts";
import { dhcp4Family } from "../dhcp4-family.ts";
import type { ClientClass6Config, Dhcp6Config, SharedNetwork6Config, Subnet6Config } from "../dhcp6-config.ts";
import { dhcp6Family } from "../dhcp6-family.ts";
import { ClientClass4, ClientClass6 } from "../schema/client-classes.ts";
import { SharedNetwork4, Subnet4 } from "../schema/dhcp4/subnet4.ts";
import { SharedNetwork6, Subnet6 } from "../schema/dhcp6/subnet6.ts";
import { keaPool4, keaPool6 } from "../schema/kea-values.ts";

/** What tells the families apart in types. Nothing of it ever changes: an edit makes another configuration. */
export interface TreeTypes {
  readonly config: object;
  readonly network: { readonly name: string };
  readonly subnet: { readonly id: number; readonly subnet: string; readonly reservations: readonly unknown[] };
  readonly class: { readonly name: string };
}

export interface ConfigTree<T extends TreeTypes> {
  readonly number: 4 | 6;
  /** Of lists of subnets, in the whole and in a shared network. */
  readonly key: "subnet4" | "subnet6";
  readonly family: ConfigFamily<T["config"]>;
  readonly subnetSchema: z.ZodType<T["subnet"]>;
  readonly networkSchema: z.ZodType<T["network"]>;
  readonly classSchema: z.ZodType<T["class"]>;
  /** Texts of one pool of addresses in one form. */
  formatPool(text: string): unknown;
  networksOf(config: T["config"]): readonly T["network"][];
  withNetworks(config: T["config"], networks: readonly T["network"][]): T["config"];
  /** Those that stand there themselves. */
  subnetsOf(holder: T["config"] | T["network"]): readonly T["subnet"][];
  withSubnets<Holder extends T["config"] | T["network"]>(holder: Holder, subnets: readonly T["subnet"][]): Holder;
  classesOf(config: T["config"]): readonly T["class"][];
  withClasses(config: T["config"], classes: readonly T["class"][]): T["config"];
}

export interface Tree4 {
  readonly config: Dhcp4Config;
  readonly network: SharedNetwork4Config;
  readonly subnet: Subnet4Config;
  readonly class: ClientClass4Config;
}

export const tree4: ConfigTree<Tree4> = {
  number: 4,
  key: "subnet4",
  family: dhcp4Family,
  subnetSchema: Subnet4,
  networkSchema: SharedNetwork4,
  classSchema: ClientClass4,
  formatPool: (text) => keaPool4.format?.(text, {}, undefined),
  networksOf: (config) => config["shared-networks"],
  withNetworks: (config, networks) => ({ ...config, "shared-networks": networks }),
  subnetsOf: ({ subnet4 }) => subnet4,
  withSubnets: (holder, subnet4) => ({ ...holder, subnet4 }),
  classesOf: (config) => config["client-classes"],
  withClasses: (config, classes) => ({ ...config, "client-classes": classes }),
};

export interface Tree6 {
  readonly config: Dhcp6Config;
  readonly network: SharedNetwork6Config;
  readonly subnet: Subnet6Config;
  readonly class: ClientClass6Config;
}

export const tree6: ConfigTree<Tree6> = {
  number: 6,
  key: "subnet6",
  family: dhcp6Family,
  subnetSchema: Subnet6,
  networkSchema: SharedNetwork6,
  classSchema: ClientClass6,
  formatPool: (text) => keaPool6.format?.(text, {}, undefined),
  networksOf: (config) => config["shared-networks"],
  withNetworks: (config, networks) => ({ ...config, "shared-networks": networks }),
  subnetsOf: ({ subnet6 }) => subnet6,
  withSubnets: (holder, subnet6) => ({ ...holder, subnet6 }),
  classesOf: (config) => config["client-classes"],
  withClasses: (config, classes) => ({ ...config, "client-classes": classes }),
};
