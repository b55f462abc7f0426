import { testOptionTables } from "../../options/option-table.contract.ts";
import { dhcp4Options } from "./index.ts";
import { dhcp4Vectors, subOptionVectors4 } from "./options.vectors.ts";
import { cablelabsOptions, docsisOptions, relayAgentOptions } from "./sub-option-tables.ts";

testOptionTables(
  [Object.values(dhcp4Options), relayAgentOptions, cablelabsOptions, docsisOptions],
  [...dhcp4Vectors.map(([name, hex, text]) => ["dhcp4", name, hex, text] as const), ...subOptionVectors4],
);
