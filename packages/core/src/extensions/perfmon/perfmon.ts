/** `libdhcp_perfmon.so`: how long packets take on their way, as commands, statistics and alarms tell it. */
import {
  type CommandAnswer,
  defineExtension,
  type Event,
  type Exchange,
  type ExtensionMessage,
  type ParameterTools,
  type Times,
} from "@kotare/extension";
import type { Milliseconds } from "../../base/clock.ts";
import { formatTime } from "../../control/statistics-context.ts";
import { MessageType4 } from "../../dhcp4/message-type4.ts";
import { MessageType6, nameMessageType6 } from "../../dhcp6/message-type6.ts";
import { ALARM_MESSAGES, Alarms } from "./alarms.ts";
import { type Duration, type DurationKey, Durations, meanOf } from "./durations.ts";
import { eventsOf, formatEvents } from "./packet-events.ts";

const SECOND: Milliseconds = 1000;

const PACKET_EVENTS: ExtensionMessage = {
  severity: "debug",
  debugLevel: 50,
  text: "query: {client} events=[{events}]",
  doc: "When each part of the way of a message began or ended that was answered. Times are in UTC.",
};

export const perfmon = defineExtension({
  name: "perfmon",
  logger: "perfmon-hooks",
  messages: { PERFMON_DHCP4_PKT_EVENTS: PACKET_EVENTS, PERFMON_DHCP6_PKT_EVENTS: PACKET_EVENTS, ...ALARM_MESSAGES },
  parameters: ({ z, family }) =>
    z.strictObject({
      "enable-monitoring": z.boolean().default(false).describe("Whether durations are gathered."),
      "interval-width-secs": z.int().min(1).default(60).describe("Over how many seconds they are gathered."),
      "stats-mgr-reporting": z.boolean().default(true).describe("Whether the means are statistics."),
      "alarm-report-secs": z.int().min(0).default(300).describe("After so many seconds an alarm is told of again."),
      alarms: z.array(alarmSchema(z, family)).default([]).describe("About means that are too high."),
    }),
  start({ parameters, family, tell, report, z }) {
    const state = {
      "enable-monitoring": parameters["enable-monitoring"],
      "stats-mgr-reporting": parameters["stats-mgr-reporting"],
    };
    const alarms = new Alarms(parameters.alarms, parameters["alarm-report-secs"] * SECOND, tell);
    const width = parameters["interval-width-secs"];
    const durations = new Durations(width * SECOND, (key, interval) => {
      if (state["stats-mgr-reporting"]) report(nameStatistic(key), meanOf(interval));
      alarms.check(key, interval, Date.now());
    });
    return {
      timesPackets: true,
      observed: ["exchange"],
      observe(events) {
        const now = Date.now();
        for (const event of events) {
          if (!isTimed(event)) continue;
          const { query, times } = event;
          tell(`PERFMON_DHCP${family}_PKT_EVENTS`, () => ({ client: query.label, events: formatEvents(times) }));
          if (!state["enable-monitoring"]) continue;
          for (const [key, micros] of durationsOf(event)) durations.add(key, micros, now);
        }
      },
      commands: [
        {
          name: "perfmon-control",
          access: "write",
          arguments: z.object({
            "enable-monitoring": z.boolean().optional(),
            "stats-mgr-reporting": z.boolean().optional(),
          }),
          run(given: Partial<typeof state>): CommandAnswer {
            Object.assign(state, given);
            return { result: 0, text: "perfmon-control success", arguments: { ...state } };
          },
        },
        {
          name: "perfmon-get-all-durations",
          access: "read",
          arguments: z.object({ "result-set-format": z.boolean().default(false) }),
          run({ "result-set-format": isTable }: { "result-set-format": boolean }): CommandAnswer {
            const all = durations.list();
            const list = isTable
              ? { "durations-result-set": { columns: COLUMNS, rows: all.map(rowOf) } }
              : { durations: all.map(entryOf) };
            const text = `perfmon-get-all-durations: ${all.length} found`;
            const rest = {
              "interval-width-secs": width,
              "result-set-format": isTable,
              timestamp: formatTime(Date.now() / 1000),
            };
            return { result: all.length === 0 ? 3 : 0, text, arguments: { ...list, ...rest } };
          },
        },
      ],
    };
  },
});

interface TimedExchange extends Exchange {
  readonly times: Times;
}

/** Of messages that get no answer, nothing is told. */
function isTimed(event: Event): event is TimedExchange {
  return event.kind === "exchange" && event.times !== undefined && event.answer.type !== "";
}

/** From each event to the next, and from the first to the last one. */
function* durationsOf({ query, answer, times }: TimedExchange): Generator<[key: DurationKey, micros: number]> {
  const events = eventsOf(times);
  const spans = events
    .slice(1)
    .map(([stop, time], i): [string, string, Milliseconds] => [events[i]![0], stop, time - events[i]![1]]);
  spans.push(["composite", "total_response", times.completed - times.received]);
  for (const [start, stop, span] of spans) {
    const micros = Math.max(0, Math.round(span * 1000));
    for (const subnetId of new Set([0, answer.subnetId ?? 0])) {
      const key = {
        "query-type": query.type,
        "response-type": answer.type,
        "start-event": start,
        "stop-event": stop,
        "subnet-id": subnetId,
      };
      yield [key, micros];
    }
  }
}

function nameStatistic(key: DurationKey): string {
  const scope = key["subnet-id"] === 0 ? "" : `subnet-id[${key["subnet-id"]}].`;
  const types = `${key["query-type"]}-${key["response-type"]}`;
  return `${scope}perfmon.${types}.${key["start-event"]}-${key["stop-event"]}.mean-usecs`;
}

function entryOf({ key, last }: Duration): object {
  return {
    "duration-key": key,
    "start-time": last === undefined ? "<none>" : formatTime(last.start / 1000),
    occurrences: last?.occurrences ?? 0,
    "min-duration-usecs": last?.min ?? 0,
    "max-duration-usecs": last?.max ?? 0,
    "total-duration-usecs": last?.total ?? 0,
    "mean-duration-usecs": last === undefined ? 0 : meanOf(last),
  };
}

const COLUMNS = ["query-type", "response-type", "start-event", "end-event", "subnet-id", "interval-start"].concat([
  "occurrences",
  "min-duration-usecs",
  "max-duration-usecs",
  "total-duration-usecs",
  "mean-duration-usecs",
]);

function rowOf(duration: Duration): readonly unknown[] {
  const { "duration-key": key, ...values } = entryOf(duration) as { readonly "duration-key": DurationKey };
  return [...Object.values(key), ...Object.values(values)];
}

/** As in Kea an empty one, or a star, is a type that no message has. */
function typesOf(family: 4 | 6): ReadonlySet<string> {
  const names = family === 4 ? Object.keys(MessageType4) : Object.values(MessageType6).map(nameMessageType6);
  return new Set(["", "*", ...names]);
}

function alarmSchema(z: ParameterTools["z"], family: 4 | 6) {
  const types = typesOf(family);
  const type = z
    .string()
    .refine((name) => types.has(name), `is no type of message, such as ${family === 4 ? "DHCPDISCOVER" : "SOLICIT"}`);
  return z
    .strictObject({
      "duration-key": z.strictObject({
        "query-type": type,
        "response-type": type,
        "start-event": z.string(),
        "stop-event": z.string(),
        "subnet-id": z
          .int()
          // Kea keeps 32 bits of whatever number it is.
          .transform((number) => number >>> 0)
          .default(0),
      }),
      "enable-alarm": z.boolean().default(true),
      "high-water-ms": z.int().min(1).describe("A mean above this many milliseconds sounds it."),
      "low-water-ms": z.int().min(1).describe("A mean below this many milliseconds ends it."),
    })
    .refine(
      ({ "high-water-ms": high, "low-water-ms": low }) => low < high,
      "has a low-water-ms that is not below high-water-ms",
    );
}
