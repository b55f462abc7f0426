import { testOptionTables } from "../../options/option-table.contract.ts";
import { dhcp6Options } from "./index.ts";
import { dhcp6Vectors, subOptionVectors6 } from "./options.vectors.ts";
import { subOptionTables6 } from "./sub-option-tables6.ts";

testOptionTables(
  [Object.values(dhcp6Options), ...subOptionTables6],
  [...dhcp6Vectors.map(([name, hex, text]) => ["dhcp6", name, hex, text] as const), ...subOptionVectors6],
);
