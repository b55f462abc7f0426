/** Client classes, and the keys by which a subnet, pool or network asks for them. */
import { z } from "zod";
import { flag, ipv4Address, names, remarks, seconds, text } from "./field.ts";
import { preferredLifetime, validLifetime } from "./lifetimes.ts";
import { OptionDef4, optionData4, optionData6 } from "./option-data.ts";
import { renamed } from "./renamed.ts";

/** Keys of subnets, pools and shared networks, in both spellings; give `classGuardNames` to `renamed`. */
export const classGuards = {
  "client-classes": names("Only for clients of one of these classes.").optional(),
  "client-class": z
    .string()
    .transform((name) => (name === "" ? [] : [name]))
    .optional()
    .describe("Old spelling of `client-classes` with one class."),
  "evaluate-additional-classes": names("Classes to look at once this scope is chosen.").optional(),
  "require-client-classes": names("Old spelling of `evaluate-additional-classes`.").optional(),
};

export const classGuardNames = {
  "client-class": "client-classes",
  "require-client-classes": "evaluate-additional-classes",
} as const;

export const classGuardDefaults = { "client-classes": [], "evaluate-additional-classes": [] } as const;

const shared = {
  name: text("The class's name."),
  test: text("The expression that puts a client into the class.").optional(),
  "template-test": text("An expression whose value names a class of its own for each client.").optional(),
  "only-in-additional-list": flag("Look at this class only where a scope asks for it.").optional(),
  "only-if-required": flag("Old spelling of `only-in-additional-list`.").optional(),
  ...z.object(validLifetime).partial().shape,
  ...remarks,
};

const sharedNames = { "only-if-required": "only-in-additional-list" } as const;
const sharedDefaults = { "only-in-additional-list": false } as const;

export const ClientClass4 = renamed(
  z.strictObject({
    ...shared,
    "option-def": z.array(OptionDef4).default([]).describe("Definitions of options 43 and 224 to 254."),
    ...optionData4,
    "next-server": ipv4Address("The boot server's address.", { isEmptyAllowed: true }).optional(),
    "server-hostname": text("The boot server's name.", 63).optional(),
    "boot-file-name": text("The boot file.", 127).optional(),
    "offer-lifetime": seconds("How long an offered address is kept for the client.").optional(),
  }),
  sharedNames,
  sharedDefaults,
);

export const ClientClass6 = renamed(
  z.strictObject({ ...shared, ...z.object(preferredLifetime).partial().shape, ...optionData6 }),
  sharedNames,
  sharedDefaults,
);
