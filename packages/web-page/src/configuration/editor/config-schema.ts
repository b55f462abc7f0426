/** The JSON Schema of a daemon's configuration, as far as the editor uses it. */
import type { Service } from "../../session.ts";

export interface Schema {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly default?: unknown;
  readonly unit?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
}

const FILES: { readonly [S in Service]: string } = { dhcp4: "dhcp4d", dhcp6: "dhcp6d", d2: "d2d" };

/** The build has put it beside the page. @throws Error where it is not there */
export async function loadSchema(service: Service): Promise<Schema> {
  const response = await fetch(`page-${FILES[service]}.json`, { credentials: "omit" });
  if (!response.ok) throw new Error("The list of keys is not there: nothing is completed.");
  return (await response.json()) as Schema;
}

/** What a value may be, each alternative by itself. @param path as of `JsonPlace` */
export function schemasAt(root: Schema, path: readonly (string | number)[]): readonly Schema[] {
  return path.reduce(
    (schemas, step) => schemas.flatMap((each) => alternativesOf(stepInto(each, step))),
    alternativesOf(root),
  );
}

function stepInto({ items, properties = {}, additionalProperties }: Schema, step: string | number) {
  if (typeof step === "number") return items;
  return Object.hasOwn(properties, step) ? properties[step] : additionalProperties || undefined;
}

function alternativesOf(schema: Schema | undefined): readonly Schema[] {
  if (schema === undefined) return [];
  const { anyOf, ...rest } = schema;
  return anyOf === undefined ? [schema] : anyOf.flatMap((each) => alternativesOf({ ...rest, ...each }));
}
