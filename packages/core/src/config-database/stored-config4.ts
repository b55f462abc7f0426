/** DHCPv4, as far as configuration in databases goes. */
import { ipv4Text, prefixKey } from "../config/check/address-text.ts";
import { type Tree4, tree4 } from "../config/edit/config-tree.ts";
import type { StoredFamily } from "./config-follower.ts";
import { configTables4 } from "./tables/config-tables.ts";

export const storedConfig4: StoredFamily<Tree4> = {
  tree: tree4,
  tables: { family: 4, at: configTables4 },
  prefixKey: (text) => prefixKey(ipv4Text, text),
};
