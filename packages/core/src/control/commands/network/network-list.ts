/** `network4-list` and `network6-list`. */
import { z } from "zod";
import type { ConfigTree, TreeTypes } from "../../../config/edit/config-tree.ts";
import { done, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { EditContext } from "../../edit-config.ts";
import { JsonList } from "../../kea-json.ts";

export const networkList = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineCommand({
    name: `network${tree.number}-list`,
    access: "read",
    summary: "Lists the names of the shared networks in force.",
    arguments: z.object({}),
    examples: [
      {
        answer: done(`2 IPv${tree.number} networks found`, {
          "shared-networks": [{ name: "floor1" }, { name: "office" }],
        }),
      },
    ],
    run(_, context: EditContext<T["config"]>) {
      const all = tree.networksOf(context.config());
      return {
        result: all.length === 0 ? Result.empty : Result.success,
        text: `${all.length} IPv${tree.number} network${all.length === 1 ? "" : "s"} found`,
        arguments: { "shared-networks": JsonList.of(all, ({ name }) => ({ name })) },
      };
    },
  });
