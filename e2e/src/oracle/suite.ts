/** The tests of a family's scenes: what is answered otherwise than by Kea, and is not said to be on purpose, fails. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findKea, type Kea } from "../subject/kea.ts";
import { subjects } from "../subject/server.ts";
import { top } from "../top.ts";
import { covers, type Difference } from "./difference.ts";
import { compareRuns, type Finding, type Placer, playScene, type Run, Theatre } from "./run.ts";
import type { Scene } from "./scene.ts";
import type { Speech, Stage } from "./speech.ts";

/** For the reader who wants to know what was said: the transcripts and logs stay in .cache/oracle. */
function keepTranscripts(name: string, run: Run): void {
  const folder = join(top, ".cache/oracle");
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify({ ...Object.fromEntries(run.transcripts), leases: [...run.leases] }, undefined, 1);
  writeFileSync(join(folder, `${name}.json`), text);
  writeFileSync(join(folder, `${name}.log`), run.log);
}

/** Scenes that are played at a time, since they wait more than they work. */
const LANES = 3;
/** Milliseconds that a scene may take, its wait for those before it included. */
const PATIENCE = 600_000;

/** `E2E_SUBJECT=kea` plays on Kea alone, to see that the scripts run. @param oracle who is compared with us @param placer once the tests run */
export function testScenes<S extends Speech>(
  stage: Stage<S>,
  scenes: readonly Scene<S>[],
  deliberate: readonly Difference[],
  oracle: Kea = "kea",
  placer?: () => Placer,
): void {
  /** What the scenes played so far found. */
  const everything: Finding[] = [];
  const done = new Set<string>();
  const played = subjects([oracle, "kotare"]);
  const kea = `kea-dhcp${stage.family}`;

  const isThere = findKea(oracle, kea) !== undefined;

  describe.skipIf(!isThere)(`needs ${kea}-server of ${oracle}`, () => {
    let lanes: { readonly theatres: readonly Theatre<S>[]; last: Promise<void> }[];
    let turn = 0;

    beforeAll(() => {
      lanes = Array.from({ length: LANES }, () => ({
        theatres: played.map((subject) => new Theatre(stage, subject)),
        last: Promise.resolve(),
      }));
    });
    afterAll(async () => {
      for (const { theatres } of lanes) for (const theatre of theatres) await theatre[Symbol.asyncDispose]();
    });

    /** Once what came before in the lane is over. */
    function inLane<T>(work: (theatres: readonly Theatre<S>[]) => Promise<T>): Promise<T> {
      const lane = lanes[turn++ % lanes.length]!;
      const done = lane.last.then(() => work(lane.theatres));
      lane.last = done.then(
        () => {},
        () => {},
      );
      return done;
    }

    describe.concurrent.each(scenes)("$title", (scene) => {
      let kea: Run;
      let findings: readonly Finding[];

      beforeAll(async () => {
        const runs = await inLane((theatres) =>
          Promise.all(theatres.map((theatre) => playScene(theatre, scene, placer?.()))),
        );
        for (const [index, subject] of played.entries()) {
          keepTranscripts(`${stage.family}-${scene.title}-${subject}`, runs[index]!);
        }
        kea = runs[0]!;
        findings = compareRuns(scene, kea, runs.at(-1)!);
        everything.push(...findings);
        done.add(scene.title);
      }, PATIENCE);

      const exchanges = [...scene.exchanges, ...(scene.sequel?.exchanges ?? [])];
      test.each([...exchanges.map(({ title }) => title), "lease file"])("%s", (title) => {
        const unexpected = findings
          .filter((finding) => finding.exchange === title)
          .filter((finding) => !deliberate.some((difference) => covers(difference, finding)))
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

    // Scenes that are played elsewhere say nothing of the others.
    if (placer !== undefined) return;
    test.runIf(played.length === 2)("every deliberate difference still is one", () => {
      const differs = (difference: Difference): boolean => everything.some((finding) => covers(difference, finding));
      // Scenes that a filter left out say nothing.
      const all = scenes.every((scene) => done.has(scene.title));
      const stale = deliberate
        .filter((difference) => all || (difference.scene !== undefined && done.has(difference.scene)))
        .filter((difference) => !differs(difference));
      expect(stale).toEqual([]);
    });
  });
}
