/** `libdhcp_flex_option.so`: options of replies that expressions add, replace or take away. */
import { defineExtension, type OptionEdit, type ParameterTools, type Query } from "@kotare/extension";

export const flexOption = defineExtension({
  name: "flex-option",
  parameters: (tools) => tools.z.strictObject({ options: tools.z.array(entrySchema(tools)) }),
  start: ({ parameters: { options } }) => ({
    shape: (query) => ({ options: options.flatMap((editFor) => editFor(query) ?? []) }),
  }),
});

/** What is to be done for a query, if anything. */
type EditFor = (query: Query) => OptionEdit | undefined;

function entrySchema({ z, expression, condition, options }: ParameterTools) {
  const keys = z.strictObject({
    code: z.int().optional(),
    name: z.string().optional(),
    space: z.string().optional(),
    add: expression.optional().describe("What the option is, unless the reply has it; nothing where it is empty."),
    supersede: expression.optional().describe("What the option is; nothing where it is empty."),
    remove: condition.optional().describe("Whether the reply must not have it."),
    "csv-format": z.boolean().default(false).describe("Whether the value is a text, as in option-data, and no bytes."),
    "client-class": z.string().default("").describe("Only for clients of this class."),
    comment: z.string().optional(),
    "user-context": z.record(z.string(), z.unknown()).optional(),
  });
  return keys.transform((entry, context): EditFor => {
    const { add, supersede, remove, "csv-format": isText, "client-class": guard } = entry;
    const refuse = (message: string) => context.issues.push({ code: "custom", message, input: entry });
    if ([add, supersede, remove].filter((action) => action !== undefined).length !== 1) {
      refuse('needs one of "add", "supersede" and "remove"');
    }
    const code = options.codeOf(entry);
    if (code === undefined) refuse("names no option: check name, code and space");
    if (code === undefined) return () => undefined;
    const isFor = ({ classes }: Query) => guard === "" || classes.has(guard);
    if (remove !== undefined) {
      return (query) => (isFor(query) && remove(query) ? { kind: "remove", code } : undefined);
    }
    const kind = add === undefined ? "supersede" : "add";
    const evaluate = add ?? supersede!;
    return (query) => {
      const value = isFor(query) ? evaluate(query) : NOTHING;
      const data = isText && value.length > 0 ? options.encode(code, Buffer.from(value).toString("latin1")) : value;
      return data === undefined || data.length === 0 ? undefined : { kind, code, data };
    };
  });
}

const NOTHING = new Uint8Array(0);
