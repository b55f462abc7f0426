/** `subnet4-update`, `subnet4-delta-add` and `subnet4-delta-del`, and those of DHCPv6: a subnet says something else. */
import type { ConfigTree, TreeTypes } from "../../../config/edit/config-tree.ts";
import { addDelta, removeDelta } from "../../../config/edit/delta.ts";
import { findSubnet, replaceSubnet } from "../../../config/edit/edit-subnets.ts";
import { done, failed } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { type EditContext, editConfig } from "../../edit-config.ts";
import { briefly, exampleSubnet, oneSubnet, oneSubnetLess, placeOfSubnet, subnetIn } from "./subnet-arguments.ts";
import { clashOf } from "./subnet-clash.ts";

/** The subnet as it is given, before its defaults are filled in. */
type Given = Readonly<Record<string, unknown>>;

interface Way<T extends TreeTypes> {
  readonly name: string;
  readonly summary: string;
  /** Of the example. */
  readonly given: { readonly [key: string]: string | number };
  readonly read: typeof oneSubnet<T>;
  make(tree: ConfigTree<T>, config: T["config"], former: T["subnet"], read: T["subnet"], given: Given): T["subnet"];
}

export const subnetUpdate = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineUpdate(tree, {
    name: "update",
    summary:
      "Replaces what a subnet says by what is given; what is not given is as if the file did not say it. Only " +
      "reservations stay unless others are given. Leases stay.",
    given: { "valid-lifetime": 600 },
    read: oneSubnet,
    make: (_, __, { reservations }, read, given) =>
      given["reservations"] === undefined ? { ...read, reservations } : read,
  });

export const subnetDeltaAdd = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineUpdate(tree, {
    name: "delta-add",
    summary:
      "Adds what is given to what a subnet says. A key takes the value given, and a list gets the entries that it " +
      "lacks. A pool that is there is changed in the same way, and an option replaced.",
    given: { "valid-lifetime": 600 },
    read: oneSubnet,
    make: addDelta,
  });

export const subnetDeltaDel = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineUpdate(tree, {
    name: "delta-del",
    summary:
      "Takes what is given out of what a subnet says. A key goes whatever value is given. An option goes by its name " +
      "or code. A pool goes if nothing but its addresses is given, and otherwise what is given goes out of the pool.",
    given: { "valid-lifetime": 0 },
    read: oneSubnetLess,
    make: removeDelta,
  });

function defineUpdate<T extends TreeTypes>(
  tree: ConfigTree<T>,
  { name, summary, given: part, read: readOne, make }: Way<T>,
) {
  return defineCommand({
    name: `subnet${tree.number}-${name}`,
    access: "write",
    summary: `${summary} The file stays as it is: see \`config-write\`.`,
    arguments: readOne(tree, "The subnet, as in the file; its `id` says which one is meant."),
    examples: [
      {
        arguments: { [tree.key]: [{ ...exampleSubnet(tree), ...part }] },
        answer: done(`IPv${tree.number} subnet updated`, briefly(exampleSubnet(tree))),
      },
    ],
    run(args, context: EditContext<T["config"]>, given) {
      const read = subnetIn(tree, args);
      return editConfig(tree, context, (config) => {
        const former = findSubnet(tree, config, ({ id }) => id === read.id);
        if (former === undefined) return failed(`Can't find subnet '${read.id}' to update`);
        const subnet = make(tree, config, former.subnet, read, subnetIn(tree, given as object) as Given);
        const clash = clashOf(subnet, context.subnets());
        if (clash !== undefined) return failed(clash);
        return {
          config: replaceSubnet(tree, config, former, subnet),
          answer: done(`IPv${tree.number} subnet updated`, briefly(subnet)),
          places: [placeOfSubnet(tree, subnet)],
        };
      });
    },
  });
}
