/** `subnet4-list` and `subnet6-list`. */
import { z } from "zod";
import type { ConfigTree, TreeTypes } from "../../../config/edit/config-tree.ts";
import { listSubnets } from "../../../config/edit/edit-subnets.ts";
import { keaPrefix } from "../../../config/schema/kea-values.ts";
import { done, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { EditContext } from "../../edit-config.ts";
import { JsonList } from "../../kea-json.ts";
import { exampleSubnet } from "./subnet-arguments.ts";

export const subnetList = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineCommand({
    name: `subnet${tree.number}-list`,
    access: "read",
    summary: "Lists the subnets in force by their ids, each with its prefix and its shared network.",
    arguments: z.object({}),
    examples: [
      {
        answer: done(`1 IPv${tree.number} subnet found`, {
          subnets: [{ ...exampleSubnet(tree), "shared-network-name": "floor13" }],
        }),
      },
    ],
    run(_, context: EditContext<T["config"]>) {
      const all = [...listSubnets(tree, context.config())].sort((a, b) => a.subnet.id - b.subnet.id);
      const subnets = JsonList.of(all, ({ subnet: { id, subnet }, network }) => {
        return { id, subnet: keaPrefix(subnet), "shared-network-name": network?.name ?? null };
      });
      const text = `${all.length} IPv${tree.number} subnet${all.length === 1 ? "" : "s"} found`;
      return { result: all.length === 0 ? Result.empty : Result.success, text, arguments: { subnets } };
    },
  });
