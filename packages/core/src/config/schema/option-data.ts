/** `option-data` and `option-def`: values of options, and options of the operator's own. */
import { z } from "zod";
import { identifyOption, type OptionDataEntry } from "../../options/compile-entry.ts";
import type { OptionSpaces } from "../../options/option-spaces.ts";
import { enterpriseOf } from "../../options/vendor-space.ts";
import { count, flag, names, remarks, text } from "./field.ts";
import { asKea, isEmpty, type KeaMap } from "./kea-form.ts";
import { keaHex } from "./kea-values.ts";

function optionData(defaultSpace: string) {
  return z.strictObject({
    name: asKea(text("The option's name; either this or `code` is needed.").optional(), {
      format: (_, map, spaces) => identify(map, spaces)?.definition?.name,
      complete: ([map], spaces) => identify(map, spaces)?.definition?.name,
    }),
    code: asKea(count("The option's code; either this or `name` is needed.").optional(), {
      complete: ([map], spaces) => identify(map, spaces)?.code,
    }),
    space: text("The space of options that it belongs to.").default(defaultSpace),
    data: asKea(
      text("The value: fields separated by commas, or hexadecimal digits with `csv-format: false`.").default(""),
      {
        isSilent: (data, map) => data === "" && map["never-send"] === true,
        format: (data, map) => (map["csv-format"] === false ? keaHex(data) : data),
      },
    ),
    "csv-format": asKea(
      flag("Whether `data` is text. If it is not set: true if the option has a definition.").optional(),
      {
        isSilent: (_, { data, "never-send": isNever }) => data === "" && isNever === true,
        format: (isText, { data }) => isText && data !== "",
        complete: ([{ data, "never-send": isNever }]) => (data === "" && isNever === true ? undefined : data !== ""),
      },
    ),
    "always-send": flag("Send it also when the client did not ask.").default(false),
    "never-send": flag("Never send it, whatever other scopes say.").default(false),
    "client-classes": asKea(names("Only to clients of one of these classes.").default([]), { isSilent: isEmpty }),
    ...remarks,
  });
}

function identify(map: KeaMap, spaces: OptionSpaces | undefined) {
  return spaces && identifyOption(map as OptionDataEntry, spaces);
}

/** Kea gives options back by space: by name, and behind them those of vendors by number. */
function rankSpace(space: string): string {
  const enterprise = enterpriseOf(space);
  return enterprise === undefined ? space : `~${String(enterprise).padStart(10, "0")}`;
}

function optionDef(defaultSpace: string, maxCode: number) {
  return z.strictObject({
    name: text("The option's name."),
    code: count("The option's code.", { max: maxCode }),
    type: text("The type of its value: `uint8`, `string`, `record`, …"),
    "record-types": asKea(text("For `record`: the types of its fields, separated by commas.").default(""), {
      format: (types) => types.replaceAll(/\s*,\s*/g, ", "),
    }),
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

export const optionDef4 = optionDefKey(OptionDef4);
export const optionDef6 = optionDefKey(OptionDef6);

export const optionData4 = optionDataKey(OptionData4);
export const optionData6 = optionDataKey(OptionData6);

function optionDataKey(entry: ReturnType<typeof optionData>) {
  const list = z.array(entry).default([]).describe("Options for the clients of this scope.");
  return { "option-data": asKea(list, { sortKey: ({ space }) => rankSpace(space as string) }) };
}

function optionDefKey(entry: ReturnType<typeof optionDef>) {
  const list = z.array(entry).default([]).describe("Definitions of options of the operator's own.");
  return { "option-def": asKea(list, { sortKey: ({ space }) => space as string }) };
}
