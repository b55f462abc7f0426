/** `sub-options` of an entry of `libdhcp_flex_option.so`: what becomes of the option that they stand in. */
import type { ParameterTools, Query, SubOptionContainer } from "@kotare/extension";
import { type Action, actionOf, actionSchema } from "./flex-action.ts";

/** @param payload of the container; `undefined` where the reply has none @returns the same where nothing changes */
export type EditSubOptions = (query: Query, payload: Uint8Array | undefined) => Uint8Array | undefined;

interface SubEntry {
  readonly code: number;
  readonly container: SubOptionContainer;
  readonly action: Action;
  /** Whether it makes the container, where it is not there. */
  readonly makes: boolean;
  /** Whether it takes the container away when nothing is left in it. */
  readonly clears: boolean;
}

type Refuse = (message: string) => void;

/** @returns what makes edits of it, for a container of a code */
export function subOptionsSchema(tools: ParameterTools) {
  const { z } = tools;
  const keys = z.strictObject({
    ...actionSchema(tools),
    "container-add": z.boolean().default(true).describe("Whether the option is made where the reply has none."),
    "container-remove": z.boolean().default(true).describe("Whether it goes when nothing is left in it."),
  });
  return z.array(keys).transform((entries) => (containerCode: number, refuse: Refuse): EditSubOptions => {
    const subEntries = entries.flatMap((entry): SubEntry[] => {
      const container = tools.options.containerOf(containerCode, entry.space);
      const code = container && tools.options.codeOf({ ...entry, space: container.space });
      if (container === undefined) {
        refuse('has "sub-options" of no space: name one, for options of a vendor "vendor-4491"');
      } else if (code === undefined) refuse("has an entry in sub-options that names none: check name, code and space");
      const action = actionOf(entry, false, tools, refuse, container?.space);
      if (code === undefined || container === undefined) return [];
      return [{ code, container, action, makes: entry["container-add"], clears: entry["container-remove"] }];
    });
    return (query, payload) => subEntries.reduce((so, entry) => editOne(entry, query, so), payload);
  });
}

function editOne(
  { code, container, action, makes, clears }: SubEntry,
  query: Query,
  payload: Uint8Array | undefined,
): Uint8Array | undefined {
  const before = payload === undefined ? [] : container.decode(payload);
  // As in Kea, a reply has the options of one vendor.
  if (before === undefined) return payload;
  const edit = action(
    query,
    before.some((option) => option.code === code),
    code,
  );
  if (edit === undefined || (payload === undefined && !makes)) return payload;
  const others = before.filter((option) => option.code !== code);
  const after = edit.kind === "remove" ? others : [...others, { code, data: edit.data }];
  if (after.length === 0 && clears) return undefined;
  return container.encode(
    after.toSorted((a, b) => a.code - b.code),
    payload,
  );
}
