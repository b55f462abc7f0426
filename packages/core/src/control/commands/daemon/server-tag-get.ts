/** `server-tag-get`. */
import { z } from "zod";
import { found } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DhcpContext } from "../../dhcp-context.ts";

export const serverTagGet = defineCommand({
  name: "server-tag-get",
  access: "read",
  summary: "Returns the name under which configuration databases know this server. It is empty if the server has none.",
  arguments: z.object({}),
  examples: [{ answer: { arguments: { "server-tag": "" }, result: 0 } }],
  run: (_, { config }: DhcpContext) => found({ "server-tag": config()["server-tag"] }),
});
