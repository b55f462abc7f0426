/** The commands of tools and people, sent to Kea and to us: answers must agree, key by key. */

import { baseCalls } from "../../src/oracle/commands/base-calls.ts";
import { leaseCalls4, memoryCalls4 } from "../../src/oracle/commands/lease-calls4.ts";
import { leaseCalls6, memoryCalls6 } from "../../src/oracle/commands/lease-calls6.ts";
import { testCalls } from "../../src/oracle/commands/suite.ts";
import { toolCalls4, toolCalls6 } from "../../src/oracle/commands/tool-calls.ts";
import { deliberateCommands } from "../../src/oracle/deliberate-differences-commands.ts";

const config = { "lease-database": { type: "memfile", persist: false } };

testCalls(
  "kea",
  [
    ...Object.entries(toolCalls4).map(([title, calls]) => ({ family: 4 as const, title, calls })),
    ...Object.entries(toolCalls6).map(([title, calls]) => ({ family: 6 as const, title, calls })),
    { family: 4, title: "every server's", calls: baseCalls },
    { family: 6, title: "every server's", calls: baseCalls },
    { family: 4, title: "leases", calls: leaseCalls4 },
    { family: 6, title: "leases", calls: leaseCalls6 },
    { family: 4, title: "leases in memory", calls: memoryCalls4, config },
    { family: 6, title: "leases in memory", calls: memoryCalls6, config },
  ],
  deliberateCommands,
);
