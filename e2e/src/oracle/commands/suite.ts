/** The tests of commands that are sent to a Kea and to us: what differs, and is not said to be on purpose, fails. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Kea } from "../../subject/kea.ts";
import { type Family, findDaemon } from "../../subject/server.ts";
import type { CommandDifference } from "../deliberate-differences-commands.ts";
import { type AnswerFinding, type Conversation, compareCalls } from "./play-calls.ts";

export function testCalls(
  kea: Kea,
  conversations: readonly Conversation[],
  deliberate: readonly CommandDifference[],
): void {
  const everything: AnswerFinding[] = [];
  const isMissing = (family: Family) => findDaemon(kea, family) === undefined;

  describe.each(conversations)("$title, DHCPv$family", (conversation) => {
    const { family, calls } = conversation;
    const needed = kea === "kea" ? `kea-dhcp${family}-server` : "Kea 3";

    describe.skipIf(isMissing(family))(`needs ${needed}`, () => {
      let findings: readonly AnswerFinding[];

      beforeAll(async () => {
        findings = await compareCalls(kea, conversation);
        everything.push(...findings);
      });

      test.each([...new Set(calls.map(({ line }) => line))])("%s", (line) => {
        const unexpected = findings
          .filter((finding) => finding.line === line && !deliberate.some((each) => covers(each, finding)))
          .map(({ path, kea: theirs, kotare }) => `${path}: ${kotare}, Kea's ${theirs}`);
        expect(unexpected).toEqual([]);
      });
    });
  });

  test.skipIf(isMissing(4) || isMissing(6))("every deliberate difference still is one", () => {
    const stale = deliberate.filter((difference) => !everything.some((finding) => covers(difference, finding)));
    expect(stale).toEqual([]);
  });
}

/** Whether an entry among the deliberate differences speaks of this finding. */
export function covers(difference: CommandDifference, { line, path }: AnswerFinding): boolean {
  const isWhole = (pattern: RegExp, text: string) => new RegExp(`^(?:${pattern.source})$`).test(text);
  return isWhole(difference.line, line) && isWhole(difference.path, path);
}
