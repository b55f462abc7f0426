/** `subnet4-get` and `subnet6-get`. */
import { z } from "zod";
import type { ConfigTree, TreeTypes } from "../../../config/edit/config-tree.ts";
import { findSubnet } from "../../../config/edit/edit-subnets.ts";
import { keaPrefix } from "../../../config/schema/kea-values.ts";
import { done, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { EditContext } from "../../edit-config.ts";
import { exampleSubnet, nameSubnet, writeSubnet } from "./subnet-arguments.ts";

export const subnetGet = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineCommand({
    name: `subnet${tree.number}-get`,
    access: "read",
    summary:
      "Returns a subnet in force with all that it says and inherits, in the spelling of Kea 3. As in Kea, its " +
      "reservations are left out: `config-get` has them.",
    arguments: z
      .strictObject({
        id: z.int().optional().describe("Its id; either this or `subnet` is needed."),
        subnet: z.string().optional().describe("Its prefix."),
      })
      .refine(({ id, subnet }) => (id === undefined) !== (subnet === undefined), {
        message: "needs one of them",
        params: { fix: 'write "id" or "subnet"' },
      }),
    examples: [
      {
        arguments: { id: 123 },
        answer: done(`Info about ${nameSubnet(tree, exampleSubnet(tree))} returned`, {
          [tree.key]: [{ ...exampleSubnet(tree), "valid-lifetime": 7200 }],
        }),
      },
    ],
    run({ id, subnet: text }, context: EditContext<T["config"]>) {
      const config = context.config();
      const found = findSubnet(tree, config, (each) =>
        text === undefined ? each.id === id : keaPrefix(each.subnet) === keaPrefix(text),
      );
      if (found === undefined) {
        return failed(text === undefined ? `No subnet with id ${id} found` : `No ${text} subnet found`, Result.empty);
      }
      const answer = { [tree.key]: [writeSubnet(tree, config, found)] };
      return done(`Info about ${nameSubnet(tree, found.subnet)} returned`, answer);
    },
  });
