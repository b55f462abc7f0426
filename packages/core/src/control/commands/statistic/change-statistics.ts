/** The commands that change statistics: each for one, and with `-all` for all of them. */
import { z } from "zod";
import type { Seconds } from "../../../base/clock.ts";
import type { Statistic } from "../../../stats/statistic.ts";
import { done, failed } from "../../answer.ts";
import { type Command, defineCommand } from "../../command.ts";
import type { Json } from "../../kea-json.ts";
import type { StatisticsContext } from "../../statistics-context.ts";
import { statisticName } from "./statistic-name.ts";

const name = statisticName;
const duration = z.int().min(0).max(0x7fff_ffff).describe("Seconds: older values are not kept.");
const samples = z.int().min(1).max(1000).describe("How many values are kept, including the current one.");

export const resetStatistics: readonly Command<StatisticsContext>[] = [
  ofOne("statistic-reset", {
    summary:
      "Sets a counter to zero. A statistic of how many addresses or leases there are now is not changed; Kea would change it to a wrong number.",
    arguments: z.object({ name }),
    said: "reset",
    change: (statistic, _, now) => statistic.reset(now),
  }),
  ofAll("statistic-reset-all", {
    summary: "Sets all counters to zero, as `statistic-reset` does.",
    arguments: z.object({}),
    said: "All statistics reset to neutral values.",
    change({ statistics, now }) {
      for (const [, statistic] of statistics.entries()) statistic.reset(now());
    },
  }),
];

export const removeStatistics: readonly Command<StatisticsContext>[] = [
  ofOne("statistic-remove", {
    summary: "Sets a counter to zero. The statistic is no longer listed until it changes again.",
    arguments: z.object({ name }),
    said: "removed",
    change: (statistic, _, now) => statistic.remove(now),
  }),
  ofAll("statistic-remove-all", {
    summary: "Removes all statistics, as `statistic-remove` does. Kea calls this command deprecated.",
    arguments: z.object({}),
    said: "Warning: statistic-remove-all command is deprecated. All statistics removed.",
    change({ statistics, now }) {
      for (const [, statistic] of statistics.entries()) statistic.remove(now());
    },
  }),
];

export const limitSamples: readonly Command<StatisticsContext>[] = [
  ofOne("statistic-sample-age-set", {
    summary: "Sets how long the values of a statistic are kept. This replaces a limit by number.",
    arguments: z.object({ name, duration }),
    example: { duration: 1245 },
    said: "duration limit is set",
    change: (statistic, given) => statistic.limitSamples({ kind: "age", seconds: given.duration }),
  }),
  ofAll("statistic-sample-age-set-all", {
    summary: "Does what `statistic-sample-age-set` does, for all statistics.",
    arguments: z.object({ duration }),
    example: { duration: 1245 },
    said: "All statistics duration limit are set.",
    change: ({ statistics }, given) => statistics.limitSamples({ kind: "age", seconds: given.duration }),
  }),
  ofOne("statistic-sample-count-set", {
    summary: "Sets how many values of a statistic are kept. This replaces a limit by age.",
    arguments: z.object({ name, "max-samples": samples }),
    example: { "max-samples": 100 },
    said: "count limit is set",
    change: (statistic, given) => statistic.limitSamples({ kind: "count", samples: given["max-samples"] }),
  }),
  ofAll("statistic-sample-count-set-all", {
    summary: "Does what `statistic-sample-count-set` does, for all statistics.",
    arguments: z.object({ "max-samples": samples }),
    example: { "max-samples": 100 },
    said: "All statistics count limit are set.",
    change: ({ statistics }, given) => statistics.limitSamples({ kind: "count", samples: given["max-samples"] }),
  }),
];

interface Row<Arguments extends z.ZodObject> {
  readonly summary: string;
  readonly arguments: Arguments;
  /** Arguments of the example, besides a name. */
  readonly example?: { readonly [key: string]: Json };
}

interface OneRow<Arguments extends z.ZodObject> extends Row<Arguments> {
  /** What has become of the statistic. */
  readonly said: string;
  change(statistic: Statistic, given: z.output<Arguments>, now: Seconds): void;
}

interface AllRow<Arguments extends z.ZodObject> extends Row<Arguments> {
  readonly said: string;
  change(context: StatisticsContext, given: z.output<Arguments>): void;
}

function ofOne<Arguments extends z.ZodObject<{ name: z.ZodString }>>(command: string, row: OneRow<Arguments>) {
  const said = (statistic: string) => done(`Statistic '${statistic}' ${row.said}.`);
  const example = "pkt4-received";
  return defineCommand({
    name: command,
    access: "write",
    summary: row.summary,
    arguments: row.arguments,
    examples: [{ arguments: { name: example, ...row.example }, answer: said(example) }],
    run(given, { statistics, now }: StatisticsContext) {
      const statistic = statistics.find(given.name);
      if (statistic === undefined) return failed(`No '${given.name}' statistic found`);
      row.change(statistic, given, now());
      return said(given.name);
    },
  });
}

function ofAll<Arguments extends z.ZodObject>(command: string, row: AllRow<Arguments>) {
  return defineCommand({
    name: command,
    access: "write",
    summary: row.summary,
    arguments: row.arguments,
    examples: [{ ...(row.example && { arguments: row.example }), answer: done(row.said) }],
    run(given, context: StatisticsContext) {
      row.change(context, given);
      return done(row.said);
    },
  });
}
