/**
 * Kea as oracle: every exchange is played on Kea 2.6.3 and on dhcp4d, and the answers must agree field by field, except
 * where `deliberate-differences.ts` gives a reason. `E2E_SUBJECT=kea` plays on Kea alone, to see that the scripts run.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Difference, deliberateDifferences } from "./deliberate-differences.ts";
import { findProgram } from "./src/lab/program.ts";
import { compareRuns, covers, type Finding, playScene, type Run } from "./src/oracle/run.ts";
import { scenes } from "./src/oracle/scenes.ts";
import { subjects } from "./src/subject/server.ts";
import { top } from "./src/top.ts";

/** What the scenes played so far found. */
const everything: Finding[] = [];
const done = new Set<string>();

const played = subjects(["kea", "kotare"]);

/** For the reader who wants to know what was said: the transcripts and logs stay in .cache/oracle. */
function keepTranscripts(name: string, run: Run): void {
  const folder = join(top, ".cache/oracle");
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify({ ...Object.fromEntries(run.transcripts), leases: [...run.leases] }, undefined, 1);
  writeFileSync(join(folder, `${name}.json`), text);
  writeFileSync(join(folder, `${name}.log`), run.log);
}

describe.skipIf(findProgram("kea-dhcp4") === undefined)("needs kea-dhcp4-server", () => {
  describe.each(scenes)("$title", (scene) => {
    let kea: Run;
    let findings: readonly Finding[];

    beforeAll(async () => {
      const runs = await Promise.all(played.map((subject) => playScene(subject, scene)));
      for (const [index, subject] of played.entries()) keepTranscripts(`${scene.title}-${subject}`, runs[index]!);
      kea = runs[0]!;
      findings = compareRuns(scene, kea, runs.at(-1)!);
      everything.push(...findings);
      done.add(scene.title);
    });

    test.each([...scene.exchanges.map((each) => each.title), "lease file"])("%s", (title) => {
      const unexpected = findings
        .filter((finding) => finding.exchange === title)
        .filter((finding) => !deliberateDifferences.some((difference) => covers(difference, finding)))
        .map(({ step, field, kea, kotare }) => `${step}: ${field} is ${kotare}, Kea says ${kea}`);
      expect(unexpected).toEqual([]);
    });

    test("every step that asks is answered by Kea", () => {
      const unanswered = [...kea.transcripts].flatMap(([exchange, steps]) =>
        steps.filter((step) => step.asked && step.answers.length === 0).map((step) => `${exchange}: ${step.title}`),
      );
      expect(unanswered).toEqual([]);
    });
  });

  test.runIf(played.length === 2)("every deliberate difference still is one", () => {
    const differs = (difference: Difference): boolean => everything.some((finding) => covers(difference, finding));
    // Scenes that a filter left out say nothing.
    const all = scenes.every((scene) => done.has(scene.title));
    const stale = deliberateDifferences
      .filter((difference) => all || (difference.scene !== undefined && done.has(difference.scene)))
      .filter((difference) => !differs(difference));
    expect(stale).toEqual([]);
  });
});
