/** `network4-subnet-add` and `network4-subnet-del`, and those of DHCPv6: a subnet goes into a network, or out of it. */
import { z } from "zod";
import type { ConfigTree, TreeTypes } from "../../../config/edit/config-tree.ts";
import { addSubnet, findNetwork, findSubnet, removeSubnet } from "../../../config/edit/edit-subnets.ts";
import { done, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { type EditContext, editConfig } from "../../edit-config.ts";
import { exampleSubnet, nameSubnet } from "../subnet-edit/subnet-arguments.ts";

const which = z.object({
  name: z.string().describe("The network's name."),
  id: z.int().describe("The subnet's id."),
});

export const networkSubnetAdd = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineCommand({
    name: `network${tree.number}-subnet-add`,
    access: "write",
    summary:
      "Makes a subnet part of a shared network; it may be in no other. What it does not say itself it has from the " +
      "network from then on. The file stays as it is: see `config-write`.",
    arguments: which,
    examples: [
      {
        arguments: { name: "floor13", id: 123 },
        answer: done(`${nameSubnet(tree, exampleSubnet(tree))} is now part of shared network 'floor13'`),
      },
    ],
    run({ name, id }, context: EditContext<T["config"]>) {
      return editConfig(tree, context, (config) => {
        const network = findNetwork(tree, config, name);
        if (network === undefined) return noNetwork(tree, name);
        const found = findSubnet(tree, config, (subnet) => subnet.id === id);
        if (found === undefined) return failed(`no IPv${tree.number} subnet with id '${id}' found`, Result.empty);
        const { subnet, network: other } = found;
        if (other !== undefined) return failed(`subnet ${id} is in shared network '${other.name}' already`);
        return {
          config: addSubnet(tree, removeSubnet(tree, config, found), { subnet, network }),
          answer: done(`${nameSubnet(tree, subnet)} is now part of shared network '${name}'`),
        };
      });
    },
  });

export const networkSubnetDel = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineCommand({
    name: `network${tree.number}-subnet-del`,
    access: "write",
    summary:
      "Takes a subnet out of a shared network; it is served by itself from then on. The file stays as it is: see " +
      "`config-write`.",
    arguments: which,
    examples: [
      {
        arguments: { name: "floor13", id: 123 },
        answer: done(`${nameSubnet(tree, exampleSubnet(tree))} is now removed from shared network 'floor13'`),
      },
    ],
    run({ name, id }, context: EditContext<T["config"]>) {
      return editConfig(tree, context, (config) => {
        const network = findNetwork(tree, config, name);
        if (network === undefined) return noNetwork(tree, name);
        const subnet = tree.subnetsOf(network).find((each) => each.id === id);
        if (subnet === undefined) {
          const what = `The IPv${tree.number} subnet with id ${id} is not part of the shared network with name`;
          return failed(`${what} '${name}' found`, Result.empty);
        }
        return {
          config: addSubnet(tree, removeSubnet(tree, config, { subnet, network }), { subnet, network: undefined }),
          answer: done(`${nameSubnet(tree, subnet)} is now removed from shared network '${name}'`),
        };
      });
    },
  });

function noNetwork({ number }: { readonly number: 4 | 6 }, name: string) {
  return failed(`no IPv${number} shared network with name '${name}' found`, Result.empty);
}
