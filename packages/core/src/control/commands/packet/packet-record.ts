/** `packet-record-start`, `packet-record-stop` and `packet-record-get`. */
import { z } from "zod";
import { done, found } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DhcpContext } from "../../dhcp-context.ts";
import { explanationJson } from "../../explanation.ts";
import { JsonList } from "../../kea-json.ts";

type Context = Pick<DhcpContext, "record">;

const DAY = 86_400;

export const packetRecordStart = defineCommand({
  name: "packet-record-start",
  access: "read",
  summary:
    "Keeps in memory what becomes of the next packets and why, for `packet-record-get`: the last 100, and no more than " +
    "50 in a second. What was kept before is forgotten.",
  arguments: z.strictObject({
    client: z
      .string()
      .default("")
      .describe(
        "Part of the name that the log has for the client, such as its MAC address or DUID; all clients unless given.",
      ),
    seconds: z.int().min(1).max(DAY).default(300).describe("When to stop."),
  }),
  examples: [{ arguments: { client: "1a:2b:3c:4d:5e:6f" }, answer: done("Packets are recorded for 300 s.") }],
  run({ client, seconds }, { record }: Context) {
    record.start(client, seconds);
    return done(`Packets are recorded for ${seconds} s.`);
  },
});

export const packetRecordStop = defineCommand({
  name: "packet-record-stop",
  access: "read",
  summary: "Stops what `packet-record-start` has begun. What has been recorded stays.",
  arguments: z.object({}),
  examples: [{ answer: done("Packets are not recorded any more.") }],
  run(_, { record }: Context) {
    record.stop();
    return done("Packets are not recorded any more.");
  },
});

export const packetRecordGet = defineCommand({
  name: "packet-record-get",
  access: "read",
  summary:
    "Returns the packets that have been recorded, the oldest first, each explained as by `packet-explain`, but without " +
    "how its subnet was looked for. `missed` is how many came too fast to be kept.",
  arguments: z.object({}),
  examples: [
    {
      answer: {
        arguments: {
          on: true,
          missed: 0,
          packets: [
            {
              time: 1800000000,
              client: "[hwtype=1 1a:2b:3c:4d:5e:6f], cid=[no info], tid=0x1",
              outcome: "DHCPOFFER of 192.0.2.10 for 3600 s",
              sections: [{ title: "classes", lines: ["ALL, UNKNOWN"] }],
            },
          ],
        },
        result: 0,
      },
    },
  ],
  run(_, { record }: Context) {
    const packets = JsonList.of(record.list(), ({ time, client, explanation }) => ({
      time: Math.floor(time),
      client,
      ...explanationJson(explanation),
    }));
    return found({ on: record.isOn, missed: record.missed, packets });
  },
});
