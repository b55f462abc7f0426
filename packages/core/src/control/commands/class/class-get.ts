/** `class-list` and `class-get`. */
import { z } from "zod";
import type { ConfigTree, TreeTypes } from "../../../config/edit/config-tree.ts";
import { done, failed, Result } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { EditContext } from "../../edit-config.ts";
import { JsonList } from "../../kea-json.ts";
import { writePart } from "../config/written-config.ts";

export const classList = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineCommand({
    name: "class-list",
    access: "read",
    summary: "Lists the names of the classes in force, in the order in which they are looked at.",
    arguments: z.object({}),
    examples: [
      { answer: done("2 classes found", { "client-classes": [{ name: "ipxe_efi_x64" }, { name: "pxeclient" }] }) },
    ],
    run(_, context: EditContext<T["config"]>) {
      const all = tree.classesOf(context.config());
      return {
        result: all.length === 0 ? Result.empty : Result.success,
        text: `${all.length} class${all.length === 1 ? "" : "es"} found`,
        arguments: { "client-classes": JsonList.of(all, ({ name }) => ({ name })) },
      };
    },
  });

export const classGet = <T extends TreeTypes>(tree: ConfigTree<T>) =>
  defineCommand({
    name: "class-get",
    access: "read",
    summary: "Returns a class in force with all that it says, in the spelling of Kea 3.",
    arguments: z.strictObject({ name: z.string().describe("Its name.") }),
    examples: [
      {
        arguments: { name: "pxeclient" },
        answer: done("Class 'pxeclient' definition returned", {
          "client-classes": [{ name: "pxeclient", test: "option[93].hex == 0x0009", "option-data": [] }],
        }),
      },
    ],
    run({ name }, context: EditContext<T["config"]>) {
      const config = context.config();
      const found = tree.classesOf(config).find((each) => each.name === name);
      if (found === undefined) return failed(`Class '${name}' not found`, Result.empty);
      const written = writePart(tree.family, ["client-classes"], found, [config]);
      return done(`Class '${name}' definition returned`, { "client-classes": [written] });
    },
  });
