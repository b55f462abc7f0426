/** The same history on Kea and on our servers: `statistic-get-all` must agree, key by key, after each chapter. */
import { beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "../../src/lab/program.ts";
import { deliberateStatistics } from "../../src/oracle/deliberate-differences-statistics.ts";
import { stage4 } from "../../src/oracle/dhcp4/stage.ts";
import { stage6 } from "../../src/oracle/dhcp6/stage.ts";
import type { Speech, Stage } from "../../src/oracle/speech.ts";
import { compareStatistics, covers, type StatisticFinding } from "../../src/oracle/statistics/compare.ts";
import { type History, playHistory, START } from "../../src/oracle/statistics/history.ts";
import { history4, sharedHistory4 } from "../../src/oracle/statistics/history4.ts";
import { history6 } from "../../src/oracle/statistics/history6.ts";
import { registrationHistory6 } from "../../src/oracle/statistics/registration-history6.ts";
import { playSamples } from "../../src/oracle/statistics/samples.ts";
import { findKea, type Kea } from "../../src/subject/kea.ts";

const everything: StatisticFinding[] = [];

function testHistory<S extends Speech>(stage: Stage<S>, history: History<S>, oracle: Kea = "kea"): void {
  const kea = `kea-dhcp${stage.family}`;
  describe.skipIf(findKea(oracle, kea) === undefined)(`needs ${kea}-server of ${oracle}: ${history.title}`, () => {
    let findings: readonly StatisticFinding[];

    beforeAll(async () => {
      const [theirs, ours] = await Promise.all(
        [oracle, "kotare" as const].map((subject) => playHistory(stage, subject, history)),
      );
      findings = compareStatistics(history.title, theirs!, ours!);
      everything.push(...findings);
    });

    test.each([START, ...history.chapters.map(({ title }) => title)])("%s", (title) => {
      const unexpected = findings
        .filter((finding) => finding.chapter === title)
        .filter((finding) => !deliberateStatistics.some((difference) => covers(difference, finding)))
        .map(({ name, kea: theirs, kotare }) => `${name}: ${kotare}, Kea's ${theirs}`);
      expect(unexpected).toEqual([]);
    });
  });
}

testHistory(stage4, history4);
testHistory(stage4, sharedHistory4);
testHistory(stage6, history6);
testHistory(stage6, registrationHistory6, "kea3");

test.skipIf(findProgram("kea-dhcp4") === undefined)(
  "needs kea-dhcp4-server: samples by number and by age",
  async () => {
    expect(await playSamples("kotare")).toEqual(await playSamples("kea"));
  },
);

test("every deliberate difference still is one", () => {
  const stale = deliberateStatistics.filter((difference) => !everything.some((finding) => covers(difference, finding)));
  expect(stale).toEqual([]);
});
