/** The commands of every server and those about leases, sent to Kea and to us: answers must agree, key by key. */

import { baseCalls } from "../../src/oracle/commands/base-calls.ts";
import { leaseCalls4, memoryCalls4 } from "../../src/oracle/commands/lease-calls4.ts";
import { leaseCalls6, memoryCalls6 } from "../../src/oracle/commands/lease-calls6.ts";
import { pairCalls, pairConfig } from "../../src/oracle/commands/pair-calls.ts";
import { testCalls } from "../../src/oracle/commands/suite.ts";
import { deliberateCommands } from "../../src/oracle/deliberate-differences-commands.ts";

const config = { "lease-database": { type: "memfile", persist: false } };

testCalls(
  "kea",
  [
    { family: 4, title: "every server's", calls: baseCalls },
    { family: 6, title: "every server's", calls: baseCalls },
    { family: 4, title: "leases", calls: leaseCalls4 },
    { family: 6, title: "leases", calls: leaseCalls6 },
    { family: 4, title: "leases in memory", calls: memoryCalls4, config },
    { family: 6, title: "leases in memory", calls: memoryCalls6, config },
    { family: 4, title: "a pair", calls: pairCalls, config: pairConfig },
  ],
  deliberateCommands,
);
