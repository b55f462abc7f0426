/** `option-data` and `option-def`: values of options, and options of the operator's own. */
import { z } from "zod";
import { count, flag, names, remarks, text } from "./field.ts";

function optionData(defaultSpace: string) {
  return z.strictObject({
    name: text("The option's name; this or `code`.").optional(),
    code: count("The option's code; this or `name`.").optional(),
    space: text("The space of options that it belongs to.").default(defaultSpace),
    data: text("The value: fields separated by commas, or hexadecimal digits with `csv-format: false`.").default(""),
    "csv-format": flag("Whether `data` is text; unset is true if the option has a definition.").optional(),
    "always-send": flag("Send it also when the client did not ask.").default(false),
    "never-send": flag("Never send it, whatever other scopes say.").default(false),
    "client-classes": names("Only to clients of one of these classes.").default([]),
    ...remarks,
  });
}

function optionDef(defaultSpace: string, maxCode: number) {
  return z.strictObject({
    name: text("The option's name."),
    code: count("The option's code.", { max: maxCode }),
    type: text("The type of its value: `uint8`, `string`, `record`, …"),
    "record-types": text("For `record`: the types of its fields, separated by commas.").default(""),
    array: flag("The value, or the last field of a record, may be repeated.").default(false),
    space: text("The space of options that it belongs to.").default(defaultSpace),
    encapsulate: text("The space of the options inside this one; empty for none.").default(""),
    ...remarks,
  });
}

export const OptionData4 = optionData("dhcp4");
export const OptionDef4 = optionDef("dhcp4", 255);
export const OptionData6 = optionData("dhcp6");
export const OptionDef6 = optionDef("dhcp6", 65535);

export const optionData4 = optionDataKey(OptionData4);
export const optionData6 = optionDataKey(OptionData6);

function optionDataKey(entry: ReturnType<typeof optionData>) {
  return { "option-data": z.array(entry).default([]).describe("Options for the clients of this scope.") };
}
