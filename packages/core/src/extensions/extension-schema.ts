/** What an extension may be configured with: parameters of its own, and what `user-context` says in scopes. */
import type { ConfiguredSubnet, Contexts, Extension, ParameterTools } from "@kotare/extension";
import { z } from "zod";
import type { Pointer } from "../config/fault.ts";

const NO_PARAMETERS = z.object({});

/** Of its map of parameters. @throws whatever the extension throws */
export function schemaOf(extension: Extension, tools: Omit<ParameterTools, "z">): z.ZodType {
  return extension.parameters?.({ ...tools, z }) ?? NO_PARAMETERS;
}

interface Scope {
  readonly "user-context"?: Readonly<Record<string, unknown>> | undefined;
}
type Subnets = readonly (Scope & Pick<ConfiguredSubnet, "id" | "subnet">)[];
type Network = Scope & { readonly name: string; readonly subnet4?: Subnets; readonly subnet6?: Subnets };

/** The scopes of a configuration whose `user-context` extensions may read. */
export interface ContextConfig {
  readonly "client-classes": readonly (Scope & { readonly name: string })[];
  readonly "shared-networks": readonly Network[];
  readonly subnet4?: Subnets;
  readonly subnet6?: Subnets;
}

export function* subnetsIn(config: Pick<ContextConfig, "shared-networks" | "subnet4" | "subnet6">) {
  const listed = (subnets: Subnets = [], network?: string) =>
    subnets.map(({ id, subnet }): ConfiguredSubnet => ({ id, subnet, network }));
  for (const key of ["subnet4", "subnet6"] as const) {
    yield* listed(config[key]);
    for (const network of config["shared-networks"]) yield* listed(network[key], network.name);
  }
}

/** A map `user-context` that extensions may read. */
interface FoundContext {
  readonly scope: keyof Contexts<unknown>;
  /** Of all that it is about. */
  readonly keys: readonly (number | string)[];
  readonly context: Readonly<Record<string, unknown>>;
  /** From the configuration's root. */
  readonly pointer: Pointer;
}

export function* contextsIn(config: ContextConfig): Generator<FoundContext> {
  yield* contextsOf("classes", config["client-classes"], ["client-classes"], ({ name }) => [name]);
  yield* contextsOf("networks", config["shared-networks"], ["shared-networks"], ({ subnet4, subnet6 }) => {
    return [...(subnet4 ?? []), ...(subnet6 ?? [])].map(({ id }) => id);
  });
  for (const key of ["subnet4", "subnet6"] as const) {
    yield* contextsOf("subnets", config[key] ?? [], [key], ({ id }) => [id]);
    for (const [i, network] of config["shared-networks"].entries()) {
      yield* contextsOf("subnets", network[key] ?? [], ["shared-networks", i, key], ({ id }) => [id]);
    }
  }
}

function* contextsOf<S extends Scope>(
  scope: FoundContext["scope"],
  list: readonly S[],
  pointer: Pointer,
  keysOf: (scope: S) => readonly (number | string)[],
): Generator<FoundContext> {
  for (let i = 0; i < list.length; i++) {
    const each = list[i]!;
    const context = each["user-context"];
    if (context !== undefined) yield { scope, keys: keysOf(each), context, pointer: [...pointer, i, "user-context"] };
  }
}

/** Those that an extension reads, and how. @throws whatever the extension throws */
export function* findContexts(
  extension: Extension,
  config: ContextConfig,
  tools: Omit<ParameterTools, "z">,
): Generator<FoundContext & { readonly schema: z.ZodType }> {
  const schemas = extension.contexts?.({ ...tools, z });
  if (schemas === undefined) return;
  for (const found of contextsIn(config)) {
    const schema = schemas[found.scope];
    if (schema !== undefined) yield { ...found, schema };
  }
}

/** What an extension finds in them; the check of the configuration has seen to it that they are of its types. */
export function readContexts(
  extension: Extension,
  config: ContextConfig,
  tools: Omit<ParameterTools, "z">,
): Contexts<unknown> {
  const found = {
    subnets: new Map<number, unknown>(),
    networks: new Map<number, unknown>(),
    classes: new Map<string, unknown>(),
  };
  for (const { scope, keys, context, schema } of findContexts(extension, config, tools)) {
    const told = schema.parse(context);
    // Of many subnets it says only what is others' business.
    if (told === undefined) continue;
    for (const key of keys) (found[scope] as Map<number | string, unknown>).set(key, told);
  }
  return found;
}
