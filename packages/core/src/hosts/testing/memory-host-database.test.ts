import { describeHostDatabase } from "../database/host-database.contract.ts";
import { hostTable4 } from "../file/host-table4.ts";
import { hostTable6 } from "../file/host-table6.ts";
import { MemoryHostDatabase } from "./memory-host-database.ts";
import { testHosts4, testHosts6 } from "./test-hosts.ts";

describeHostDatabase("memory", testHosts4, async () => {
  const database = new MemoryHostDatabase(hostTable4);
  return { open: async () => database, dispose: async () => {} };
});

describeHostDatabase("memory", testHosts6, async () => {
  const database = new MemoryHostDatabase(hostTable6);
  return { open: async () => database, dispose: async () => {} };
});
