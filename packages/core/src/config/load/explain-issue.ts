/** zod's findings in words for people who run networks. */
import type { z } from "zod";
import type { ConfigFault, Pointer } from "../fault.ts";
import { findNearest, listKnownKeys } from "../known-keys.ts";
import { findRemovedKey } from "./removed-keys.ts";

/** What our own rules give beside the message. */
export type CustomParams = Pick<ConfigFault, "fix" | "at">;

/** What to do about a required key that is missing. */
const MISSING: Readonly<Record<string, string>> = {
  id: "give every subnet a number of its own from 1 to 4294967294 and never change it: leases refer to it",
  type: "say which type it is",
  prefix: 'write "prefix": "2001:db8:8000::"',
  "prefix-len": 'write "prefix-len": 40, the length of "prefix"',
  "delegated-len": 'write "delegated-len": 56, the length of what a client gets',
};

/** The same for what stands in no other map: of a file its one key, else arguments of a command. */
const MISSING_OUTSIDE: typeof MISSING = {
  Dhcp4: 'write { "Dhcp4": { … } }',
  Dhcp6: 'write { "Dhcp6": { … } }',
  DhcpDdns: 'write { "DhcpDdns": { … } }',
};

/** The same where the families differ: by the file's one key. */
const MISSING_IN: Readonly<Record<string, typeof MISSING>> = {
  Dhcp4: { subnet: 'write "subnet": "192.0.2.0/24"', pool: 'write "pool": "192.0.2.10 - 192.0.2.99"' },
  Dhcp6: { subnet: 'write "subnet": "2001:db8::/64"', pool: 'write "pool": "2001:db8::10 - 2001:db8::ffff"' },
};

const KINDS: Readonly<Record<string, string>> = {
  string: "a text in double quotes",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list: [ … ]",
  tuple: "a list: [ … ]",
  object: "a map: { … }",
  record: "a map: { … }",
};

/**
 * @param schema the schema that found it, for the keys it knows
 * @param input the operator's own value at the issue's path; `undefined` when there is none
 */
export function explainIssue(schema: z.core.$ZodType, issue: z.core.$ZodIssue, input: unknown): readonly ConfigFault[] {
  const pointer = issue.path as Pointer;
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => explainUnknownKey(schema, pointer, key));
  const { message, fix, at } = explain(issue, input === undefined);
  const value = at !== "key" && isWorthShowing(pointer, input) ? input : undefined;
  return [{ pointer, message, fix, value, at, severity: "error" }];
}

/** A key that is let through and does nothing. */
export function explainIgnoredKey(schema: z.core.$ZodType, pointer: Pointer): ConfigFault {
  const fault = explainUnknownKey(schema, pointer.slice(0, -1), String(pointer.at(-1)));
  return { ...fault, message: `${fault.message}, and has no effect`, severity: "warning" };
}

function explainUnknownKey(schema: z.core.$ZodType, pointer: Pointer, key: string): ConfigFault {
  const fault = { pointer: [...pointer, key], severity: "error", at: "key" } as const;
  const parent = pointer.findLast((step) => typeof step === "string");
  // Of a file, its one key stands first.
  const removed = findRemovedKey(key, parent, listKnownKeys(schema, [])[0]);
  if (removed !== undefined) return { ...fault, message: "is not a key of this version", fix: removed };
  const nearest = findNearest(key, listKnownKeys(schema, pointer));
  const fix = nearest === undefined ? "remove it, or check in which map it belongs" : `did you mean "${nearest}"?`;
  return { ...fault, message: "is not a known key", fix };
}

function explain(
  issue: Exclude<z.core.$ZodIssue, z.core.$ZodIssueUnrecognizedKeys>,
  isAbsent: boolean,
): Pick<ConfigFault, "message" | "fix" | "at"> {
  switch (issue.code) {
    case "invalid_type": {
      const last = String(issue.path.at(-1));
      const missing =
        (issue.path.length > 1 ? MISSING : MISSING_OUTSIDE)[last] ??
        MISSING_IN[String(issue.path[0])]?.[last] ??
        `write "${last}"`;
      if (isAbsent) return { message: "is missing", fix: missing };
      return { message: `is not ${KINDS[issue.expected] ?? issue.expected}` };
    }
    case "invalid_value":
      return {
        message: isAbsent ? "is missing" : "is not one of the values known here",
        fix: `write ${listAlternatives(issue.values.map((value) => JSON.stringify(value)))}`,
      };
    case "too_big":
      if (issue.origin === "string") return { message: "is too long", fix: `it may have ${issue.maximum} characters` };
      if (issue.origin === "array") return { message: "has too many entries", fix: `give ${issue.maximum}` };
      return {
        message: "is too large",
        fix: `it must be ${issue.inclusive ? "at most" : "less than"} ${issue.maximum}`,
      };
    case "too_small":
      if (issue.origin === "array") return { message: "has too few entries", fix: `give ${issue.minimum}` };
      return {
        message: "is too small",
        fix: `it must be ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}`,
      };
    case "custom": {
      const { fix, at } = (issue.params ?? {}) as CustomParams;
      return { message: issue.message, fix, at };
    }
    default:
      return { message: issue.message };
  }
}

/** `"a", "b" or "c"`. */
export function listAlternatives(words: readonly string[]): string {
  if (words.length <= 1) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** Maps and lists are too long to show, and passwords do not belong into a log. */
function isWorthShowing(pointer: Pointer, value: unknown): boolean {
  const isSecret = pointer.some((step) => typeof step === "string" && /password|secret/.test(step));
  return !isSecret && (typeof value !== "object" || value === null);
}
