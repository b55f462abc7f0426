/** Client classes, and the keys by which a subnet, pool or network asks for them. */
import { z } from "zod";
import { ownBootFields } from "./dhcp4/boot4.ts";
import { flag, names, remarks, seconds, text } from "./field.ts";
import { asKea, isEmpty, type KeaMap } from "./kea-form.ts";
import { preferredLifetime, validLifetime } from "./lifetimes.ts";
import { OptionDef4, optionData4, optionData6 } from "./option-data.ts";
import { renamed } from "./renamed.ts";

/** Keys of subnets, pools and shared networks, in both spellings; give `classGuardNames` to `renamed`. */
export const classGuards = {
  "client-classes": asKea(names("Only for clients of one of these classes.").optional(), {
    single: "client-class",
    isSilent: isEmpty,
  }),
  "client-class": z
    .string()
    .transform((name) => (name === "" ? [] : [name]))
    .optional()
    .describe("The older form of `client-classes`, with one class."),
  "evaluate-additional-classes": asKea(names("Classes to look at once this scope is chosen.").optional(), {
    name: "require-client-classes",
    isSilent: isEmpty,
  }),
  "require-client-classes": names("The older form of `evaluate-additional-classes`.").optional(),
};

export const classGuardNames = {
  "client-class": "client-classes",
  "require-client-classes": "evaluate-additional-classes",
} as const;

export const classGuardDefaults = { "client-classes": [], "evaluate-additional-classes": [] } as const;

/** Kea gives a class's least and greatest lifetime back where they differ from the usual one, which one of them can be. */
function lifetimes<Kind extends "valid" | "preferred", Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) {
  const [usual, least, greatest] = [`${kind}-lifetime`, `min-${kind}-lifetime`, `max-${kind}-lifetime`];
  const usualIn = (map: KeaMap) => map[usual] ?? map[least] ?? map[greatest];
  const { shape: optional } = z.object(shape).partial();
  for (const [key, schema] of Object.entries(optional)) {
    const isSilent = (value: unknown, map: KeaMap) => key !== usual && value === usualIn(map);
    asKea(schema as z.ZodType, { isSilent, ...(key === usual && { complete: ([map]) => usualIn(map) }) });
  }
  return optional;
}

const shared = {
  name: text("The class's name."),
  test: text("The expression that puts a client into the class.").optional(),
  "template-test": text("An expression whose value names a class of its own for each client.").optional(),
  "only-in-additional-list": asKea(
    flag("Whether this class is looked at only where a scope asks for it (`evaluate-additional-classes`).").optional(),
    {
      name: "only-if-required",
      isSilent: (isOnly) => !isOnly,
    },
  ),
  "only-if-required": flag("The older form of `only-in-additional-list`.").optional(),
  ...lifetimes("valid", validLifetime),
  ...remarks,
};

const sharedNames = { "only-if-required": "only-in-additional-list" } as const;
const sharedDefaults = { "only-in-additional-list": false } as const;

export const ClientClass4 = renamed(
  z.strictObject({
    ...shared,
    "option-def": z.array(OptionDef4).default([]).describe("Definitions of options 43 and 224 to 254."),
    ...optionData4,
    ...ownBootFields,
    "offer-lifetime": seconds("How long an offer is kept for its client in the lease file.").optional(),
  }),
  sharedNames,
  sharedDefaults,
);

export const ClientClass6 = renamed(
  z.strictObject({ ...shared, ...lifetimes("preferred", preferredLifetime), ...optionData6 }),
  sharedNames,
  sharedDefaults,
);
