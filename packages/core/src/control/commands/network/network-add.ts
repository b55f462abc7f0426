/** `network4-add` and `network6-add`. */
import { z } from "zod";
import type { ConfigTree, TreeTypes } from "../../../config/edit/config-tree.ts";
import { findNetwork, findSubnet } from "../../../config/edit/edit-subnets.ts";
import { done, failed } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { type EditContext, editConfig } from "../../edit-config.ts";
import { exampleSubnet } from "../subnet-edit/subnet-arguments.ts";
import { clashOf } from "../subnet-edit/subnet-clash.ts";

export const networkAdd = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineCommand({
    name: `network${tree.number}-add`,
    access: "write",
    summary:
      "Adds a shared network with all subnets that are given in it, which are served at once. The file stays as it is: " +
      "see `config-write`.",
    arguments: z.object({
      "shared-networks": z.tuple([tree.networkSchema]).describe("The network, as in the file; its `name` is needed."),
    }),
    examples: [
      {
        arguments: { "shared-networks": [{ name: "floor13", [tree.key]: [exampleSubnet(tree)] }] },
        answer: done(`A new IPv${tree.number} shared network 'floor13' added`, {
          "shared-networks": [{ name: "floor13" }],
        }),
      },
    ],
    run({ "shared-networks": [network] }, context: EditContext<T["config"]>) {
      const { name } = network;
      return editConfig(tree, context, (config) => {
        if (findNetwork(tree, config, name) !== undefined) {
          return failed(`duplicate network '${name}' found in the configuration`);
        }
        for (const subnet of tree.subnetsOf(network)) {
          if (findSubnet(tree, config, ({ id }) => id === subnet.id) !== undefined) {
            return failed(`ID of the new IPv${tree.number} subnet '${subnet.id}' is already in use`);
          }
          const clash = clashOf(subnet, context.subnets());
          if (clash !== undefined) return failed(clash);
        }
        return {
          config: tree.withNetworks(config, [...tree.networksOf(config), network]),
          answer: done(`A new IPv${tree.number} shared network '${name}' added`, { "shared-networks": [{ name }] }),
          places: [{ part: network, name: ["arguments", "shared-networks", 0] }],
        };
      });
    },
  });
