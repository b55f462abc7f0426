/** What the commands that write a configuration database have in common. */
import { z } from "zod";
import type { ConfigTree, TreeTypes } from "../../../config/edit/config-tree.ts";
import { type ConfigFault, formatFault } from "../../../config/fault.ts";
import type {
  ConfigDatabase,
  StoredConfig,
  StoredEntry,
  StoredSelection,
} from "../../../config-database/config-database.ts";
import { changesOfConfig } from "../../../config-database/config-document.ts";
import { StoredParser } from "../../../config-database/parse-stored.ts";
import { type Answer, failed, Result } from "../../answer.ts";
import type { Command } from "../../command.ts";
import { defineCommand } from "../../command.ts";
import type { SourceState } from "../../daemon-context.ts";
import type { Json } from "../../kea-json.ts";

/** What they work on. */
export interface RemoteContext<Config> {
  config(): Config;
  check(config: Config): readonly ConfigFault[];
  readonly source: SourceState | undefined;
}

export type RemoteCommand<T extends TreeTypes> = Command<RemoteContext<T["config"]>>;

/** Arguments of many of them. */
export const tags = z
  .array(z.string())
  .min(1)
  .transform((given) => given.map((tag) => tag.trim().toLowerCase()))
  .describe('The servers that it is for, by their tags; "all" is every server.');
export const oneTag = z
  .tuple([z.string()])
  .transform(([tag]) => [tag.trim().toLowerCase()] as const)
  .describe('The server that it is for, by its tag; "all" is every server.');
export const anyTags = z
  .union([z.tuple([z.null()]), tags])
  .describe("The servers by their tags; `[ null ]` is what no server has.");

/** No subnets and networks. */
export const NO_SCOPES: StoredSelection = { subnets: [], networks: [] };

const remote = z
  .object({ type: z.string().describe("Its kind: `mysql` or `postgresql`.").optional() })
  .optional()
  .describe("The database: it must be the one of `config-control`.");

/** Where what is asked for is found by itself, tags would say something that is not so. */
const noTags = {
  "server-tags": z
    .undefined({ error: "is no argument of this command: remove it" })
    .optional()
    .describe("Not allowed: what is meant is one thing, whichever servers it is for."),
};

interface Definition<Shape extends z.ZodRawShape, Config> {
  readonly name: string;
  readonly access: "read" | "write";
  readonly summary: string;
  readonly arguments: Shape;
  readonly example: Json;
  readonly answer: Json;
  run(args: z.output<z.ZodObject<Shape>>, database: ConfigDatabase, context: RemoteContext<Config>): Promise<Answer>;
}

export function remoteCommand<T extends TreeTypes, Shape extends z.ZodRawShape>({
  arguments: shape,
  example,
  answer,
  run,
  ...command
}: Definition<Shape, T["config"]>): RemoteCommand<T> {
  return defineCommand({
    ...command,
    arguments: z.object({ ...shape, ...("server-tags" in shape ? {} : noTags), remote }),
    examples: [{ arguments: example, answer }],
    async run(args, context: RemoteContext<T["config"]>) {
      const { source } = context;
      const type = (args as { readonly remote?: { readonly type?: string } }).remote?.type;
      if (source?.database === undefined) return failed("no configuration database: config-control names none");
      if (type !== undefined && type !== source.status()?.["type"])
        return failed(`no ${type} database in config-control`);
      try {
        return await run(args as never, source.database, context);
      } catch (error) {
        return failed((error as Error).message);
      }
    },
  }) as RemoteCommand<T>;
}

/** `2 IPv4 subnet(s) found.`, and whether there were any. */
export function counted(text: string, count: number, args: { readonly [key: string]: Json }): Answer {
  const result = count === 0 ? Result.empty : Result.success;
  return { result, text: `${count} ${text}`, arguments: { ...args, count } };
}

/** With what the database says of it. */
export function withMetadata(entry: StoredEntry, stored: StoredConfig): Json {
  const { metadata = { "server-tags": stored.tags.get(entry) ?? [] } } = entry;
  return { ...entry, metadata } as Json;
}

/**
 * An entry as the schema has it, which goes with what is in force, and with options as tables want them.
 * @param list of the global scope that it is an entry of
 * @param others that the database has, which it may ask for by their names
 * @throws Error in words that names what is wrong
 */
export function readEntry<T extends TreeTypes>(
  tree: ConfigTree<T>,
  context: RemoteContext<T["config"]>,
  database: ConfigDatabase,
  list: string,
  given: StoredEntry,
  others: readonly StoredEntry[] = [],
): StoredEntry {
  const parser = new StoredParser(tree, new Map([[given, `arguments.${list}[0]`]]));
  const [read] = parser.entries(list, [given]);
  if (read === undefined) throw new Error(parser.faults.join("; "));
  const around = parser.entries<object>(list, others).map(([parsed]) => parsed);
  const bare = tree.withNetworks(tree.withSubnets(context.config(), []), []);
  const config: T["config"] = { ...bare, reservations: [], [list]: [...around, read[0]] };
  const errors = context.check(config).filter(({ severity, pointer }) => severity === "error" && pointer[1] === list);
  if (errors.length > 0) throw new Error(errors.map((fault) => formatFault(fault)).join("; "));
  const { changes, lost } = changesOfConfig(tree, config, {}, "", database);
  const part = lost.filter((what) => what.startsWith(list) || what.startsWith("option-data"));
  if (part.length > 0) throw new Error(`${part.join(", ")}: Kea's tables have no place for it`);
  const listOf = (set: string) => (set === "subnet" ? tree.key : KINDS[set]);
  const made = changes.findLast((change) => "entry" in change && "set" in change && listOf(change.set) === list);
  return (made as { readonly entry: StoredEntry }).entry;
}

const KINDS: Readonly<Record<string, string>> = {
  optionDef: "option-def",
  option: "option-data",
  class: "client-classes",
  network: "shared-networks",
};
