/** `subnet4-del` and `subnet6-del`. */
import { z } from "zod";
import type { ConfigTree, TreeTypes } from "../../../config/edit/config-tree.ts";
import { findSubnet, removeSubnet } from "../../../config/edit/edit-subnets.ts";
import { done, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { type EditContext, editConfig } from "../../edit-config.ts";
import { briefly, exampleSubnet, nameSubnet } from "./subnet-arguments.ts";

export const subnetDel = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineCommand({
    name: `subnet${tree.number}-del`,
    access: "write",
    summary:
      "Serves a subnet no longer, alone or in a shared network. Its leases stay until they end; a subnet that is given " +
      "its id has them. The file stays as it is: see `config-write`.",
    arguments: z.strictObject({ id: z.int().describe("Its id.") }),
    examples: [
      {
        arguments: { id: 123 },
        answer: done(`${nameSubnet(tree, exampleSubnet(tree))} deleted`, briefly(exampleSubnet(tree))),
      },
    ],
    run({ id }, context: EditContext<T["config"]>) {
      return editConfig(tree, context, (config) => {
        const found = findSubnet(tree, config, (subnet) => subnet.id === id);
        if (found === undefined) return failed(`no subnet with id ${id} found`, Result.empty);
        return {
          config: removeSubnet(tree, config, found),
          answer: done(`${nameSubnet(tree, found.subnet)} deleted`, briefly(found.subnet)),
        };
      });
    },
  });
