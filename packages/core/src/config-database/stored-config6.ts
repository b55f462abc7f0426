/** DHCPv6, as far as configuration in databases goes. */
import { canonicalPrefix, ipv6Text } from "../config/check/address-text.ts";
import { type Tree6, tree6 } from "../config/edit/config-tree.ts";
import type { StoredFamily } from "./config-follower.ts";
import { configTables6 } from "./tables/config-tables.ts";

export const storedConfig6: StoredFamily<Tree6> = {
  tree: tree6,
  tables: { family: 6, at: configTables6 },
  canonicalPrefix: (text) => canonicalPrefix(ipv6Text, text),
};
