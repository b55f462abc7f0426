/** `libdhcp_flex_option.so`: options of replies, and sub-options, that expressions add, replace or take away. */
import { type Answer, defineExtension, type OptionEdit, type ParameterTools, type Query } from "@kotare/extension";
import { type ActionKeys, actionOf, actionSchema } from "./flex-action.ts";
import { type EditSubOptions, subOptionsSchema } from "./flex-sub-options.ts";

export const flexOption = defineExtension({
  name: "flex-option",
  parameters: (tools) => tools.z.strictObject({ options: tools.z.array(entrySchema(tools)) }),
  start: ({ parameters: { options } }) => ({
    shape(query, answer) {
      const edits: OptionEdit[] = [];
      for (const editFor of options) {
        const edit = editFor(query, afterEdits(answer, edits));
        if (edit !== undefined) edits.push(edit);
      }
      return { options: edits };
    },
  }),
});

/** What is to be done, if anything. @param option what the reply has so far */
type EditFor = (query: Query, option: Answer["option"]) => OptionEdit | undefined;

/** What an answer has of a code when edits are made. */
function afterEdits(answer: Answer, edits: readonly OptionEdit[]): Answer["option"] {
  return (code) => {
    const last = edits.findLast((edit) => edit.code === code);
    if (last === undefined) return answer.option(code);
    if (last.kind === "add") return answer.option(code) ?? last.data;
    return last.kind === "remove" ? undefined : last.data;
  };
}

function entrySchema(tools: ParameterTools) {
  const { z, options } = tools;
  const keys = z.strictObject({ ...actionSchema(tools), "sub-options": subOptionsSchema(tools).optional() });
  return keys.transform((entry, context): EditFor => {
    const refuse = (message: string) => void context.issues.push({ code: "custom", message, input: entry });
    const code = options.codeOf(entry);
    if (code === undefined) refuse("names no option: check name, code and space");
    const action = actionOf(entry, entry["sub-options"] !== undefined, tools, refuse);
    if (code === undefined) return () => undefined;
    const subOptions = entry["sub-options"]?.(code, refuse);
    if (subOptions !== undefined) return editContainer(code, subOptions, entry);
    return (query, option) => {
      const edit = action(query, option(code) !== undefined, code);
      return edit === undefined ? undefined : { code, ...edit };
    };
  });
}

function editContainer(code: number, edit: EditSubOptions, { "client-class": guard }: ActionKeys): EditFor {
  return (query, option) => {
    if (guard !== "" && !query.classes.has(guard)) return undefined;
    const before = option(code);
    const after = edit(query, before);
    if (after === before) return undefined;
    return after === undefined ? { kind: "remove", code } : { kind: "supersede", code, data: after };
  };
}
