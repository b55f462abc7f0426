/** `sub-options` of an entry of `libdhcp_flex_option.so`: what becomes of the option that they stand in. */
import type { ParameterTools, Query, SubOption } from "@kotare/extension";
import { type Action, actionOf, actionSchema } from "./flex-action.ts";

/** @param payload of the container; `undefined` where the reply has none @returns the same where nothing changes */
export type EditSubOptions = (query: Query, payload: Uint8Array | undefined) => Uint8Array | undefined;

interface SubEntry {
  readonly code: number;
  readonly action: Action;
  /** Whether it makes the container, where it is not there. */
  readonly makes: boolean;
  /** Whether it takes the container away when nothing is left in it. */
  readonly clears: boolean;
}

type Refuse = (message: string) => void;

/** @returns what makes edits of it, for a container whose sub-options are of a space */
export function subOptionsSchema(tools: ParameterTools) {
  const { z } = tools;
  const keys = z.strictObject({
    ...actionSchema(tools),
    "container-add": z.boolean().default(true).describe("Whether the option is made where the reply has none."),
    "container-remove": z.boolean().default(true).describe("Whether it goes when nothing is left in it."),
  });
  return z.array(keys).transform((entries) => (space: string | undefined, refuse: Refuse): EditSubOptions => {
    if (space === undefined) refuse('has "sub-options", but is no option that carries any');
    const subEntries = entries.flatMap((entry): SubEntry[] => {
      const within = entry.space ?? space;
      const code = tools.options.codeOf({ ...entry, space: within });
      if (code === undefined) refuse("has an entry in sub-options that names none: check name, code and space");
      const action = actionOf(entry, false, tools, refuse, within);
      if (code === undefined) return [];
      return [{ code, action, makes: entry["container-add"], clears: entry["container-remove"] }];
    });
    return (query, payload) => subEntries.reduce((so, entry) => editOne(entry, query, so, tools), payload);
  });
}

function editOne(
  { code, action, makes, clears }: SubEntry,
  query: Query,
  payload: Uint8Array | undefined,
  { options }: ParameterTools,
): Uint8Array | undefined {
  const before: readonly SubOption[] = payload === undefined ? [] : options.decodeSubOptions(payload);
  const edit = action(
    query,
    before.some((option) => option.code === code),
    code,
  );
  if (edit === undefined || (payload === undefined && !makes)) return payload;
  const others = before.filter((option) => option.code !== code);
  const after = edit.kind === "remove" ? others : [...others, { code, data: edit.data }];
  if (after.length === 0 && clears) return undefined;
  return options.encodeSubOptions(after.toSorted((a, b) => a.code - b.code));
}
