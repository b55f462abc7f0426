/** The commands of tools and people, sent to Kea and to us: answers must agree, key by key. */
import { beforeAll, describe, expect, test } from "vitest";
import { deliberateCommands } from "./deliberate-differences-commands.ts";
import { findProgram } from "./src/lab/program.ts";
import { baseCalls } from "./src/oracle/commands/base-calls.ts";
import type { Call } from "./src/oracle/commands/call.ts";
import { leaseCalls4, memoryCalls4 } from "./src/oracle/commands/lease-calls4.ts";
import { leaseCalls6, memoryCalls6 } from "./src/oracle/commands/lease-calls6.ts";
import { type AnswerFinding, compareCalls } from "./src/oracle/commands/play-calls.ts";
import { toolCalls4, toolCalls6 } from "./src/oracle/commands/tool-calls.ts";
import type { DhcpConfig, Family } from "./src/subject/server.ts";

const everything: AnswerFinding[] = [];

function testCalls(family: Family, title: string, calls: readonly Call[], config: DhcpConfig = {}): void {
  const kea = `kea-dhcp${family}`;
  describe.skipIf(findProgram(kea) === undefined)(`needs ${kea}-server: ${title}, DHCPv${family}`, () => {
    let findings: readonly AnswerFinding[];

    beforeAll(async () => {
      findings = await compareCalls(family, title, calls, config);
      everything.push(...findings);
    });

    test.each([...new Set(calls.map(({ line }) => line))])("%s", (line) => {
      const unexpected = findings
        .filter((finding) => finding.line === line && !deliberateCommands.some((each) => covers(each, finding)))
        .map(({ path, kea: theirs, kotare }) => `${path}: ${kotare}, Kea's ${theirs}`);
      expect(unexpected).toEqual([]);
    });
  });
}

function covers(difference: (typeof deliberateCommands)[number], { line, path }: AnswerFinding): boolean {
  const isWhole = (pattern: RegExp, text: string) => new RegExp(`^(?:${pattern.source})$`).test(text);
  return isWhole(difference.line, line) && isWhole(difference.path, path);
}

for (const [tool, calls] of Object.entries(toolCalls4)) testCalls(4, tool, calls);
for (const [tool, calls] of Object.entries(toolCalls6)) testCalls(6, tool, calls);
testCalls(4, "every server's", baseCalls);
testCalls(6, "every server's", baseCalls);
testCalls(4, "leases", leaseCalls4);
testCalls(6, "leases", leaseCalls6);
const IN_MEMORY = { "lease-database": { type: "memfile", persist: false } };
testCalls(4, "leases in memory", memoryCalls4, IN_MEMORY);
testCalls(6, "leases in memory", memoryCalls6, IN_MEMORY);

test("every deliberate difference still is one", () => {
  const stale = deliberateCommands.filter((difference) => !everything.some((finding) => covers(difference, finding)));
  expect(stale).toEqual([]);
});
