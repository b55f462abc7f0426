/** How maps of a configuration are written, made from their schema once: keys in the order of Kea's names, each with its form. */
import type { z } from "zod";
import { type KeaForm, keaFormOf } from "../../../config/schema/kea-form.ts";

export type ValuePlan =
  | { readonly kind: "map"; readonly keys: readonly KeyPlan[] }
  | { readonly kind: "list"; readonly of: ValuePlan }
  /** A number that Kea reads only with a decimal point. */
  | { readonly kind: "real" }
  /** Given back as it is. */
  | { readonly kind: "plain" };

export interface KeyPlan {
  readonly key: string;
  /** Kea's name. */
  readonly name: string;
  readonly form: KeaForm;
  readonly plan: ValuePlan;
}

const PLAIN: ValuePlan = { kind: "plain" };

const plans = new WeakMap<z.core.$ZodType, ValuePlan>();

export function planOf(schema: z.core.$ZodType): ValuePlan {
  const known = plans.get(schema);
  if (known !== undefined) return known;
  const plan = makePlan(schema);
  plans.set(schema, plan);
  return plan;
}

function makePlan(schema: z.core.$ZodType): ValuePlan {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const inner = innerOf(schema);
  if (inner !== undefined) return planOf(inner);
  if (def.type === "number") return "format" in def ? PLAIN : { kind: "real" };
  if (def.type === "array") {
    const of = planOf(def.element);
    return of.kind === "plain" ? PLAIN : { kind: "list", of };
  }
  // What takes any key is the operator's own.
  if (def.type !== "object" || def.catchall?._zod.def.type === "unknown") return PLAIN;
  const keys = Object.entries(def.shape).map(([key, value]): KeyPlan => {
    const form = formOf(value);
    return { key, name: form.name ?? key, form, plan: planOf(value) };
  });
  return { kind: "map", keys: keys.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

function formOf(schema: z.core.$ZodType): KeaForm {
  const inner = innerOf(schema);
  return keaFormOf(schema) ?? (inner === undefined ? {} : formOf(inner));
}

/** What is underneath defaults and transformations. */
function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === "pipe") return def.in;
  return def.type === "optional" || def.type === "default" || def.type === "prefault" ? def.innerType : undefined;
}
