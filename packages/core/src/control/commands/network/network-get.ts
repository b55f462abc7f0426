/** `network4-get` and `network6-get`. */
import { z } from "zod";
import type { ConfigTree, TreeTypes } from "../../../config/edit/config-tree.ts";
import { findNetwork } from "../../../config/edit/edit-subnets.ts";
import { done, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { EditContext } from "../../edit-config.ts";
import { JsonList } from "../../kea-json.ts";
import { writePart } from "../config/written-config.ts";
import { exampleSubnet, writeSubnet } from "../subnet-edit/subnet-arguments.ts";

export const networkGet = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineCommand({
    name: `network${tree.number}-get`,
    access: "read",
    summary:
      "Returns a shared network in force with its subnets and all that they say and inherit, in the spelling of Kea 3. " +
      "As in Kea, reservations are left out: `config-get` has them.",
    arguments: z.object({ name: z.string().describe("Its name.") }),
    examples: [
      {
        arguments: { name: "floor13" },
        answer: done(`Info about IPv${tree.number} shared network 'floor13' returned`, {
          "shared-networks": [{ name: "floor13", [tree.key]: [exampleSubnet(tree)] }],
        }),
      },
    ],
    run({ name }, context: EditContext<T["config"]>) {
      const config = context.config();
      const network = findNetwork(tree, config, name);
      if (network === undefined) return failed(`No '${name}' shared network found`, Result.empty);
      const subnets = tree.subnetsOf(network).toSorted((a, b) => a.id - b.id);
      const written = {
        ...writePart(tree.family, ["shared-networks"], tree.withSubnets(network, []), [config]),
        [tree.key]: JsonList.of(subnets, (subnet) => writeSubnet(tree, config, { subnet, network })),
      };
      return done(`Info about IPv${tree.number} shared network '${name}' returned`, { "shared-networks": [written] });
    },
  });
