/** What an entry of `libdhcp_flex_option.so` does with an option, or with a sub-option. */
import type { Condition, Expression, OptionEdit, ParameterTools, Query } from "@kotare/extension";

export interface ActionKeys {
  readonly add?: Expression | undefined;
  readonly supersede?: Expression | undefined;
  readonly remove?: Condition | undefined;
  readonly "csv-format": boolean;
  readonly "client-class": string;
}

type WithoutCode<Edit> = Edit extends OptionEdit ? Omit<Edit, "code"> : never;

/** @param isThere whether the option is there already @returns `undefined` for nothing */
export type Action = (query: Query, isThere: boolean, code: number) => WithoutCode<OptionEdit> | undefined;

export function actionSchema({ z, expression, condition }: ParameterTools) {
  return {
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
  };
}

/**
 * @param hasOther whether the entry does something else, and must not do one of these
 * @param space of the option
 */
export function actionOf(
  { add, supersede, remove, "csv-format": isText, "client-class": guard }: ActionKeys,
  hasOther: boolean,
  { options }: ParameterTools,
  refuse: (message: string) => void,
  space?: string,
): Action {
  const given = [add, supersede, remove].filter((action) => action !== undefined).length + (hasOther ? 1 : 0);
  if (given !== 1) refuse('needs one of "add", "supersede", "remove" and "sub-options"');
  const isFor = ({ classes }: Query) => guard === "" || classes.has(guard);
  if (remove !== undefined) {
    return (query, isThere) => (isThere && isFor(query) && remove(query) ? { kind: "remove" } : undefined);
  }
  const evaluate = add ?? supersede ?? (() => NOTHING);
  return (query, isThere, code) => {
    if ((isThere && add !== undefined) || !isFor(query)) return undefined;
    const value = evaluate(query);
    if (value.length === 0) return undefined;
    const data = isText ? options.encode(code, Buffer.from(value).toString("latin1"), space) : value;
    return data === undefined ? undefined : { kind: "supersede", data };
  };
}

const NOTHING = new Uint8Array(0);
