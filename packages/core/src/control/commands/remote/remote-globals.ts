/** `remote-global-parameter…` commands: keys of the global scope. */
import { z } from "zod";
import type { ConfigTree, TreeTypes } from "../../../config/edit/config-tree.ts";
import { changesOfConfig } from "../../../config-database/config-document.ts";
import { done, failed } from "../../answer.ts";
import type { Json } from "../../kea-json.ts";
import { counted, NO_SCOPES, oneTag, type RemoteCommand, remoteCommand } from "./remote-family.ts";

export function remoteGlobals<T extends TreeTypes>(tree: ConfigTree<T>): readonly RemoteCommand<T>[] {
  const n = tree.number;
  const prefix = `remote-global-parameter${n}`;
  const one = z.tuple([z.string()]).describe("The key; of one in a map `dhcp-ddns.enable-updates`.");
  const metadata = { "server-tags": ["all"] };
  return [
    remoteCommand({
      name: `${prefix}-set`,
      access: "write",
      summary: "Puts keys of the global scope into the configuration database.",
      arguments: {
        parameters: z.record(z.string(), z.unknown()).describe("Keys with their values."),
        "server-tags": oneTag,
      },
      example: { parameters: { "valid-lifetime": 3600 }, "server-tags": ["all"] },
      answer: done(`DHCPv${n} global parameter(s) successfully set.`, {
        parameters: { "valid-lifetime": 3600 },
        count: 1,
      }),
      async run({ parameters, "server-tags": [tag] }, database, context) {
        const { changes, kept } = changesOfConfig(tree, emptied(tree, context.config()), parameters, tag, database);
        if (kept.length > 0) return failed(`${kept.join(", ")}: belongs into the file`);
        await database.change(changes, `${prefix}-set`);
        return done(`DHCPv${n} global parameter(s) successfully set.`, {
          parameters: parameters as Json,
          count: changes.length,
        });
      },
    }),
    ...(["get", "get-all"] as const).map((verb) =>
      remoteCommand<T, z.ZodRawShape>({
        name: `${prefix}-${verb}`,
        access: "read",
        summary: `Returns ${verb === "get" ? "a key" : "all keys"} of the global scope in the configuration database.`,
        arguments: { ...(verb === "get" ? { parameters: one } : {}), "server-tags": oneTag },
        example: { ...(verb === "get" ? { parameters: ["valid-lifetime"] } : {}), "server-tags": ["all"] },
        answer: done(`1 DHCPv${n} global parameter(s) found.`, {
          parameters: verb === "get" ? { "valid-lifetime": 3600, metadata } : [{ "valid-lifetime": 3600, metadata }],
          count: 1,
        }),
        async run(args, database) {
          const [tag] = args["server-tags"] as readonly [string];
          const stored = await database.load([...new Set(["all", tag])], NO_SCOPES);
          const wanted = (args["parameters"] as readonly [string] | undefined)?.[0];
          // What is for the server itself stands behind what is for all, and counts.
          const found = new Map(stored.globals.map((each) => [String(each["name"]), each]));
          const all = [...found.values()].flatMap((each) => {
            const name = String(each["name"]);
            const value = each["value"] as Json;
            const tagged = { "server-tags": [...(stored.tags.get(each) ?? [])] };
            return wanted === undefined || name === wanted ? [{ [name]: value, metadata: tagged }] : [];
          });
          const text = `DHCPv${n} global parameter(s) found.`;
          return counted(text, all.length, { parameters: verb === "get" ? (all[0] ?? {}) : all });
        },
      }),
    ),
    remoteCommand({
      name: `${prefix}-del`,
      access: "write",
      summary: "Deletes a key of the global scope from the configuration database.",
      arguments: { parameters: one, "server-tags": oneTag },
      example: { parameters: ["valid-lifetime"], "server-tags": ["all"] },
      answer: done(`1 DHCPv${n} global parameter(s) deleted.`, { count: 1 }),
      async run({ parameters: [name], "server-tags": [tag] }, database) {
        const { globals } = await database.load([tag], NO_SCOPES);
        const count = globals.filter((each) => each["name"] === name).length;
        if (count > 0) await database.change([{ remove: "global", name, tag }], `${prefix}-del`);
        return counted(`DHCPv${n} global parameter(s) deleted.`, count, {});
      },
    }),
  ];
}

function emptied<T extends TreeTypes>(tree: ConfigTree<T>, config: T["config"]): T["config"] {
  const bare = tree.withClasses(tree.withNetworks(tree.withSubnets(config, []), []), []);
  return { ...bare, "option-data": [], "option-def": [] };
}
