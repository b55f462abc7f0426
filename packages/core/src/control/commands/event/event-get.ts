/** `event-get`. */
import { z } from "zod";
import { found } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { type Json, JsonList } from "../../kea-json.ts";
import { exampleLease } from "../lease/example-leases.ts";
import type { AnyLease, LeaseContext } from "../lease/lease-context.ts";
import type { Event } from "./recent-events.ts";

export const eventGet = <L extends AnyLease>(family: 4 | 6) =>
  defineCommand({
    name: "event-get",
    access: "read",
    summary:
      "Returns the last events, for somebody who asks again and again: leases that were given, renewed, released, " +
      "declined, expired or removed, and packets that got no answer. Only while somebody asks are events kept, 1,000 " +
      "at most. `lost` is how many were not.",
    arguments: z.object({
      from: z.int().min(0).optional().describe("The `next` of the last answer; all events that are kept unless given."),
    }),
    examples: [
      {
        arguments: { from: 7 },
        answer: {
          arguments: {
            events: [{ number: 7, time: 1800000000, kind: "renewed", lease: exampleLease[family] }],
            next: 8,
            lost: 0,
          },
          result: 0,
        },
      },
    ],
    run({ from }, { events: all, describe }: Pick<LeaseContext<L>, "events" | "describe">) {
      const { events, next, lost } = all.since(from);
      return found({ events: JsonList.of(events, (event) => describeEvent(event, describe)), next, lost });
    },
  });

function describeEvent<L>(event: Event<L>, describe: (lease: L) => Json): Json {
  const { number, kind } = event;
  const what = { number, time: Math.floor(event.time), kind };
  if (event.kind !== "dropped") return { lease: describe(event.lease), ...what };
  return { client: Buffer.from(event.client).toString("latin1"), interface: event.interface, why: event.why, ...what };
}
