/** `network4-del` and `network6-del`. */
import { z } from "zod";
import type { ConfigTree, TreeTypes } from "../../../config/edit/config-tree.ts";
import { findNetwork } from "../../../config/edit/edit-subnets.ts";
import { done, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { type EditContext, editConfig } from "../../edit-config.ts";

export const networkDel = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineCommand({
    name: `network${tree.number}-del`,
    access: "write",
    summary:
      "Removes a shared network. Its subnets are served by themselves from then on, or no longer. The file stays as it " +
      "is: see `config-write`.",
    arguments: z.object({
      name: z.string().describe("Its name."),
      "subnets-action": z.enum(["keep", "delete"]).default("keep").describe("What becomes of its subnets."),
    }),
    examples: [
      {
        arguments: { name: "floor13", "subnets-action": "delete" },
        answer: done(`IPv${tree.number} shared network 'floor13' deleted`, {
          "shared-networks": [{ name: "floor13" }],
        }),
      },
    ],
    run({ name, "subnets-action": action }, context: EditContext<T["config"]>) {
      return editConfig(tree, context, (config) => {
        const network = findNetwork(tree, config, name);
        if (network === undefined) return failed(`no shared network with name '${name}' found`, Result.empty);
        const others = tree.networksOf(config).filter((each) => each !== network);
        const kept = action === "keep" ? tree.subnetsOf(network) : [];
        return {
          config: tree.withSubnets(tree.withNetworks(config, others), [...tree.subnetsOf(config), ...kept]),
          answer: done(`IPv${tree.number} shared network '${name}' deleted`, { "shared-networks": [{ name }] }),
        };
      });
    },
  });
