/**
 * A scanned document against its schema. When something is wrong the rest is checked all the same: the parts that are
 * wrong are cut out until what is left holds, so that the operator sees every fault in one go.
 */
import type { z } from "zod";
import type { ConfigFault, Pointer } from "../fault.ts";
import { Cuts, entryAt } from "./cuts.ts";
import { explainIssue } from "./explain-issue.ts";

export interface Validated<T> {
  /** With all defaults filled in; `undefined` when nothing is left. Faultless only if `faults` is empty. */
  readonly value: T | undefined;
  readonly faults: readonly ConfigFault[];
  /** Where something in `value` stands in the document: entries of lists may have been cut out before it. */
  toDocument(pointer: Pointer): Pointer;
}

/** `document` is changed when something is cut out of it. */
export function validate<Schema extends z.ZodType>(schema: Schema, document: unknown): Validated<z.output<Schema>> {
  const cuts = new Cuts(document);
  const faults: ConfigFault[] = [];
  let isRooted = true;
  while (isRooted) {
    const result = schema.safeParse(document);
    if (result.success) return { value: result.data, faults, toDocument: (pointer) => cuts.toDocument(pointer) };
    // What is found after a cut is mostly a consequence of the cut: a required key that is missing now.
    const isFirst = faults.length === 0;
    for (const issue of result.error.issues) {
      const input = entryAt(document, issue.path as Pointer);
      if (!isFirst && input === undefined) continue;
      for (const fault of explainIssue(schema, issue, input)) {
        faults.push({ ...fault, pointer: cuts.toDocument(fault.pointer) });
      }
    }
    isRooted = cuts.cut(result.error.issues.flatMap(listVictims));
  }
  return { value: undefined, faults, toDocument: (pointer) => cuts.toDocument(pointer) };
}

function listVictims(issue: z.core.$ZodIssue): readonly Pointer[] {
  const path = issue.path as Pointer;
  return issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
}
