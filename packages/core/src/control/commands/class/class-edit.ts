/** `class-add`, `class-update` and `class-del`. */
import { z } from "zod";
import type { ConfigTree, TreeTypes } from "../../../config/edit/config-tree.ts";
import { done, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { type EditContext, editConfig } from "../../edit-config.ts";

const FILE_STAYS = "The file stays as it is: see `config-write`.";

const oneClass = <T extends TreeTypes>({ classSchema }: ConfigTree<T>) =>
  z.strictObject({
    "client-classes": z.tuple([classSchema]).describe("The class, as in the file; its `name` is needed."),
  });

const example = { "client-classes": [{ name: "pxeclient", test: "option[93].hex == 0x0009" }] };

const placeOf = (part: object) => [{ part, name: ["arguments", "client-classes", 0] }];

export const classAdd = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineCommand({
    name: "class-add",
    access: "write",
    summary: `Adds a class behind all others; its test may ask for any of them. ${FILE_STAYS}`,
    arguments: oneClass(tree),
    examples: [{ arguments: example, answer: done("Class 'pxeclient' added") }],
    run({ "client-classes": [added] }, context: EditContext<T["config"]>) {
      const { name } = added;
      return editConfig(tree, context, (config) => {
        const classes = tree.classesOf(config);
        if (classes.some((each) => each.name === name)) {
          return failed(`Can't add class: Client Class: ${name} has already been defined`);
        }
        const edited = tree.withClasses(config, [...classes, added]);
        return { config: edited, answer: done(`Class '${name}' added`), places: placeOf(added) };
      });
    },
  });

export const classUpdate = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineCommand({
    name: "class-update",
    access: "write",
    summary:
      "Replaces what a class says by what is given; what is not given is as if the file did not say it. It keeps its " +
      `place among the others. ${FILE_STAYS}`,
    arguments: oneClass(tree),
    examples: [{ arguments: example, answer: done("Class 'pxeclient' updated") }],
    run({ "client-classes": [next] }, context: EditContext<T["config"]>) {
      const { name } = next;
      return editConfig(tree, context, (config) => {
        const classes = tree.classesOf(config);
        if (!classes.some((each) => each.name === name)) return failed(`Class '${name}' is not found`, Result.empty);
        const edited = tree.withClasses(
          config,
          classes.map((each) => (each.name === name ? next : each)),
        );
        return { config: edited, answer: done(`Class '${name}' updated`), places: placeOf(next) };
      });
    },
  });

export const classDel = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineCommand({
    name: "class-del",
    access: "write",
    summary: `Removes a class, unless the test of another one asks for it. ${FILE_STAYS}`,
    arguments: z.strictObject({ name: z.string().describe("Its name.") }),
    examples: [{ arguments: { name: "pxeclient" }, answer: done("Class 'pxeclient' deleted") }],
    run({ name }, context: EditContext<T["config"]>) {
      return editConfig(tree, context, (config) => {
        const classes = tree.classesOf(config);
        const others = classes.filter((each) => each.name !== name);
        if (others.length === classes.length) return failed(`Class '${name}' not found`, Result.empty);
        return {
          config: tree.withClasses(config, others),
          answer: done(`Class '${name}' deleted`),
          // They were right before.
          explain: ({ pointer }) => {
            const user = others[Number(pointer[2])]?.name;
            return `Class '${name}' is used by class '${user}': delete that one first, or change its test`;
          },
        };
      });
    },
  });
