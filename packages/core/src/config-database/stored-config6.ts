/** DHCPv6, as far as configuration in databases goes. */
import { ipv6Text, prefixKey } from "../config/check/address-text.ts";
import { type Tree6, tree6 } from "../config/edit/config-tree.ts";
import type { StoredFamily } from "./config-follower.ts";
import { configTables6 } from "./tables/config-tables.ts";

export const storedConfig6: StoredFamily<Tree6> = {
  tree: tree6,
  tables: { family: 6, at: configTables6 },
  prefixKey: (text) => prefixKey(ipv6Text, text),
};
