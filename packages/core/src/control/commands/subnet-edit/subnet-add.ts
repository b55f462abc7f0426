/** `subnet4-add` and `subnet6-add`. */
import type { ConfigTree, TreeTypes } from "../../../config/edit/config-tree.ts";
import { addSubnet, findSubnet } from "../../../config/edit/edit-subnets.ts";
import { done, failed } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { type EditContext, editConfig } from "../../edit-config.ts";
import { briefly, exampleSubnet, oneSubnet, placeOfSubnet, subnetIn } from "./subnet-arguments.ts";
import { clashOf } from "./subnet-clash.ts";

export const subnetAdd = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineCommand({
    name: `subnet${tree.number}-add`,
    access: "write",
    summary:
      "Adds a subnet, which is served at once; clients of others notice nothing. The file stays as it is: see " +
      "`config-write`.",
    arguments: oneSubnet(tree, "The subnet, as in the file; its `id` is needed."),
    examples: [
      {
        arguments: { [tree.key]: [{ ...exampleSubnet(tree), "valid-lifetime": 3600 }] },
        answer: done(`IPv${tree.number} subnet added`, briefly(exampleSubnet(tree))),
      },
    ],
    run(args, context: EditContext<T["config"]>) {
      const subnet = subnetIn(tree, args);
      return editConfig(tree, context, (config) => {
        if (findSubnet(tree, config, ({ id }) => id === subnet.id) !== undefined) {
          return failed(`ID of the new IPv${tree.number} subnet '${subnet.id}' is already in use`);
        }
        const clash = clashOf(subnet, context.subnets());
        if (clash !== undefined) return failed(clash);
        return {
          config: addSubnet(tree, config, { subnet, network: undefined }),
          answer: done(`IPv${tree.number} subnet added`, briefly(subnet)),
          places: [placeOfSubnet(tree, subnet)],
        };
      });
    },
  });
