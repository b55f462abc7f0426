/** `packet-explain`. */
import { z } from "zod";
import { failed, found } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DhcpContext } from "../../dhcp-context.ts";
import { explanationJson } from "../../explanation.ts";

/** Bytes as hexadecimal digits. */
const hex = z.string().regex(/^([0-9a-f]{2})+$/i, "has to be hexadecimal digits, two a byte");

export const packetExplain = defineCommand({
  name: "packet-explain",
  access: "read",
  summary:
    "Says what the server would do with a message now, and why: its classes, subnet and reservations, the lease, and " +
    "where each option of the reply comes from. No lease changes, and no answer is sent. Extensions are asked as " +
    "for a client: one may count that, or ask other hosts. `dhcp4d explain` and `dhcp6d explain` make messages for it.",
  arguments: z.strictObject({
    packet: hex.describe("The UDP payload, as hexadecimal digits."),
    interface: z
      .string()
      .optional()
      .describe("Name of the interface that it comes in on; the first one that is served unless given."),
    source: z.string().optional().describe("Address that it comes from."),
    "source-port": z.int().min(0).max(65535).optional().describe("UDP port that it comes from."),
    destination: z.string().optional().describe("Address that it is sent to."),
    classes: z.array(z.string()).optional().describe("Classes that it is in, whatever the tests say."),
  }),
  examples: [
    {
      arguments: { packet: "010106001a2b3c4d", interface: "eth0" },
      answer: {
        arguments: {
          outcome: "no answer: the message cannot be decoded: message: needs at least 240 bytes, has 8",
          sections: [],
        },
        result: 0,
      },
    },
  ],
  async run(
    { packet, interface: name, source, "source-port": sourcePort, destination, classes = [] },
    context: Pick<DhcpContext, "explain">,
  ) {
    const payload = Buffer.from(packet, "hex");
    try {
      return found(
        explanationJson(await context.explain({ payload, interface: name, source, sourcePort, destination, classes })),
      );
    } catch (error) {
      return failed((error as Error).message);
    }
  },
});
