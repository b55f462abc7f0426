/** The kinds of value that keys take. What the operator reads about a key (`doc`, `unit`) is written beside its type. */
import { z } from "zod";
import { parseIpv4 } from "../../ip/ipv4.ts";
import { parseIpv6 } from "../../ip/ipv6.ts";
import { asKea } from "./kea-form.ts";

export const UINT32_MAX = 0xffff_ffff;

/** Whole seconds, up to what a DHCP option carries; 4294967295 means for ever where a lifetime is meant. */
export function seconds(doc: string, { min = 0, max = UINT32_MAX }: { min?: number; max?: number } = {}) {
  return z.int().min(min).max(max).meta({ description: doc, unit: "s" });
}

export function milliseconds(doc: string, max = UINT32_MAX) {
  return z.int().min(0).max(max).meta({ description: doc, unit: "ms" });
}

export function count(doc: string, { min = 0, max = UINT32_MAX }: { min?: number; max?: number } = {}) {
  return z.int().min(min).max(max).describe(doc);
}

export function port(doc: string) {
  return z.int().min(0).max(65535).describe(doc);
}

/** A share of something, from 0 to 1. */
export function fraction(doc: string) {
  return z.number().min(0).max(1).describe(doc);
}

export function flag(doc: string) {
  return z.boolean().describe(doc);
}

export function text(doc: string, maxLength?: number) {
  return (maxLength === undefined ? z.string() : z.string().max(maxLength)).describe(doc);
}

/** Kea allows spaces around the parts of prefixes and pools; they are taken out. */
export function compactText(doc: string) {
  return z.string().overwrite(compact).describe(doc);
}

export function compact(text: string): string {
  return text.includes(" ") ? text.replaceAll(" ", "") : text;
}

export function choice<const Values extends readonly string[]>(doc: string, values: Values) {
  return z.enum(values).describe(doc);
}

/** An IPv4 address in dotted decimal; an empty text where `isEmptyAllowed`. */
export function ipv4Address(doc: string, { isEmptyAllowed = false } = {}) {
  return z
    .string()
    .refine((value) => parseIpv4(value) !== undefined || (isEmptyAllowed && value === ""), {
      message: "is not an IPv4 address",
      params: { fix: "write four numbers from 0 to 255 such as 192.0.2.1" },
    })
    .meta({ description: doc, format: "ipv4" });
}

/** An address of either family; an empty text where `isEmptyAllowed`. */
export function ipAddress(doc: string, { isEmptyAllowed = false } = {}) {
  return z
    .string()
    .refine(
      (value) => parseIpv4(value) !== undefined || parseIpv6(value) !== undefined || (isEmptyAllowed && value === ""),
      { message: "is not an IP address", params: { fix: "write one such as 192.0.2.1 or 2001:db8::1" } },
    )
    .describe(doc);
}

export function names(doc: string) {
  return z.array(z.string()).describe(doc);
}

/** Any JSON map. */
export function freeMap(doc: string) {
  return z.record(z.string(), z.unknown()).describe(doc);
}

/** A value that is not filled in where none is given, so that it is not given back: readers take it from `fallback`. */
export function unfilled<Schema extends z.ZodType>(schema: Schema, fallback: z.output<Schema>) {
  return schema.optional().meta({ default: fallback });
}

/** Data of the operator's own; the remark beside it is given back inside, as Kea does. */
export function userContext<Schema extends z.ZodType<Readonly<Record<string, unknown>>>>(schema: Schema) {
  return asKea(schema.optional(), {
    format: (context, { comment }) => (comment === undefined ? context : { ...context, comment }),
    complete: ([{ comment }]) => (comment === undefined ? undefined : { comment }),
  });
}

/** Keys that nearly every map may have; we carry them and give them back, nothing more. */
export const remarks = {
  "user-context": userContext(freeMap("Data of the operator's own, handed back by commands and visible to hooks.")),
  comment: asKea(text("A remark; Kea keeps it as `comment` inside `user-context`.").optional(), {
    isSilent: () => true,
  }),
};

/** Of a whole file. */
export const schemaKey = {
  $schema: text("Where editors find the JSON Schema of this file. The daemon ignores it.").optional(),
};
