/** `remote-…` commands about servers, subnets, shared networks, classes, definitions of options and global keys. */
import { z } from "zod";
import type { ConfigTree, TreeTypes } from "../../../config/edit/config-tree.ts";
import type {
  StoredConfig,
  StoredEntry,
  StoredFor,
  StoredSelection,
} from "../../../config-database/config-database.ts";
import { membersIn } from "../../../config-database/write-stored.ts";
import { done, failed, Result } from "../../answer.ts";
import type { Json } from "../../kea-json.ts";
import {
  anyTags,
  counted,
  NO_SCOPES,
  oneTag,
  type RemoteCommand,
  readEntry,
  remoteCommand,
  tags,
  withMetadata,
} from "./remote-family.ts";

const entry = z.looseObject({});
const named = z.object({ name: z.string().describe("Its name.") });

function whoseOf(given: readonly (string | null)[]): StoredFor {
  return given[0] === null ? "nobody" : (given as readonly string[]);
}

export function remoteSubnets<T extends TreeTypes>(tree: ConfigTree<T>): readonly RemoteCommand<T>[] {
  const n = tree.number;
  const example = { id: 5, subnet: n === 4 ? "192.0.2.0/24" : "2001:db8:1::/64" };
  const which = {
    id: { subnets: z.tuple([z.object({ id: z.number().describe("Its number.") })]).describe("The subnet.") },
    prefix: { subnets: z.tuple([z.object({ subnet: z.string().describe("Its prefix.") })]).describe("The subnet.") },
  };
  const selectionOf = (given: object): StoredSelection => ({
    subnets: "id" in given ? [Number(given.id)] : String((given as { subnet: string }).subnet),
    networks: [],
  });
  const by = (["id", "prefix"] as const).flatMap((key) => {
    const asked = key === "id" ? { id: example.id } : { subnet: example.subnet };
    return [
      remoteCommand<T, { subnets: z.ZodType<readonly [object]> }>({
        name: `remote-subnet${n}-get-by-${key}`,
        access: "read",
        summary: `Returns a subnet of the configuration database, found by its ${key === "id" ? "number" : "prefix"}.`,
        arguments: which[key] as never,
        example: { subnets: [asked] },
        answer: done(`IPv${n} subnet found.`, { subnets: [{ ...example, "shared-network-name": null }], count: 1 }),
        async run({ subnets: [given] }, database) {
          const stored = await database.load("anybody", selectionOf(given));
          const [found] = stored.subnets;
          if (found === undefined) return failed(stored.faults[0] ?? `IPv${n} subnet not found.`, Result.empty);
          return done(`IPv${n} subnet found.`, { subnets: [withMetadata(found, stored)], count: 1 });
        },
      }),
      remoteCommand<T, { subnets: z.ZodType<readonly [object]> }>({
        name: `remote-subnet${n}-del-by-${key}`,
        access: "write",
        summary: `Deletes a subnet of the configuration database with its pools and options.`,
        arguments: which[key] as never,
        example: { subnets: [asked] },
        answer: done(`1 IPv${n} subnet(s) deleted.`, { count: 1 }),
        async run({ subnets: [given] }, database) {
          const { subnetIds } = await database.load("anybody", selectionOf(given));
          const gone = [...subnetIds].map((id) => ({ remove: "subnet", id }) as const);
          if (gone.length > 0) await database.change(gone, `remote-subnet${n}-del-by-${key}`);
          return counted(`IPv${n} subnet(s) deleted.`, gone.length, {});
        },
      }),
    ];
  });
  const brief = ({ id, subnet, "shared-network-name": network, metadata }: StoredEntry) => {
    return { id, subnet, "shared-network-name": network, metadata } as Json;
  };
  return [
    remoteCommand({
      name: `remote-subnet${n}-set`,
      access: "write",
      summary: "Puts a subnet into the configuration database, in place of one with its number or prefix.",
      arguments: {
        subnets: z
          .tuple([z.looseObject({ "shared-network-name": z.string().nullable().describe("`null` for none.") })])
          .describe("The subnet as it would stand in a file."),
        "server-tags": tags,
      },
      example: { subnets: [{ ...example, "shared-network-name": null }], "server-tags": ["all"] },
      answer: done(`IPv${n} subnet successfully set.`, { subnets: [example] }),
      async run({ subnets: [given], "server-tags": servers }, database, context) {
        const { "shared-network-name": network, metadata: _, ...rest } = given;
        const read = readEntry(tree, context, database, tree.key, rest);
        const change = { set: "subnet", entry: { ...read, "shared-network-name": network }, tags: servers } as const;
        await database.change([change], `remote-subnet${n}-set`);
        const { id, subnet } = read as { id: number; subnet: string };
        return done(`IPv${n} subnet successfully set.`, { subnets: [{ id, subnet }] });
      },
    }),
    remoteCommand({
      name: `remote-subnet${n}-list`,
      access: "read",
      summary: "Lists the subnets that the configuration database has for some servers.",
      arguments: { "server-tags": anyTags },
      example: { "server-tags": ["all"] },
      answer: done(`1 IPv${n} subnet(s) found.`, { subnets: [{ ...example, "shared-network-name": null }], count: 1 }),
      async run({ "server-tags": servers }, database) {
        const stored = await database.load(whoseOf(servers));
        const subnets = stored.subnets.map(brief);
        return counted(`IPv${n} subnet(s) found.`, subnets.length, { subnets });
      },
    }),
    ...by,
  ];
}

/** Networks and classes: by name, for several servers. */
export function remoteNamed<T extends TreeTypes>(tree: ConfigTree<T>): readonly RemoteCommand<T>[] {
  const n = tree.number;
  const network = {
    noun: `IPv${n} shared network`,
    many: `IPv${n} shared network(s)`,
    list: "shared-networks",
  } as const;
  const aClass = {
    noun: `DHCPv${n} client class`,
    many: `DHCPv${n} client class(es)`,
    list: "client-classes",
  } as const;
  const of = ({ list }: typeof network | typeof aClass, stored: StoredConfig) =>
    list === "shared-networks" ? stored.networks : stored.classes;
  return [
    { prefix: `remote-network${n}`, listing: "list", ...network },
    { prefix: `remote-class${n}`, listing: "get-all", ...aClass },
  ].flatMap((kind) => {
    const isNetwork = kind.list === "shared-networks";
    const one = { [kind.list]: z.tuple([named]).describe("The one that is meant.") };
    const name = isNetwork ? "level3" : "phones";
    const nameIn = (args: object) => (args as Record<string, readonly [{ readonly name: string }]>)[kind.list]![0].name;
    const selection = isNetwork ? undefined : NO_SCOPES;
    return [
      remoteCommand<T, z.ZodRawShape>({
        name: `${kind.prefix}-set`,
        access: "write",
        summary: `Puts a ${isNetwork ? "shared network, without its subnets," : "class"} into the configuration database, in place of one with its name.`,
        arguments: {
          [kind.list]: z.tuple([entry]).describe("As it would stand in a file.").optional(),
          ...(isNetwork
            ? {}
            : { "client-class": z.tuple([entry]).describe("The same, as Kea's manual has it.").optional() }),
          "server-tags": tags,
        },
        example: { [kind.list]: [{ name }], "server-tags": ["all"] },
        answer: done(`${kind.noun} successfully set.`, { [kind.list]: [{ name }] }),
        async run(args, database, context) {
          const given = (args[kind.list] ?? args["client-class"]) as readonly [StoredEntry] | undefined;
          if (given === undefined) return failed(`arguments.${kind.list}: is missing; give one`);
          const { "follow-class-name": after, metadata: _, ...rest } = given[0];
          if (isNetwork && tree.key in rest) {
            const command = `remote-subnet${n}-set`;
            return failed(`arguments.shared-networks[0].${tree.key}: subnets come by ${command}; remove them here`);
          }
          const { classes } = isNetwork ? { classes: [] } : await database.load("anybody", NO_SCOPES);
          const others = classes.flatMap(({ name: other }) => (other === rest["name"] ? [] : [{ name: other }]));
          const read = readEntry(tree, context, database, kind.list, rest, others);
          const servers = args["server-tags"] as readonly string[];
          const change = isNetwork
            ? ({ set: "network", entry: read, tags: servers } as const)
            : ({ set: "class", entry: read, tags: servers, ...(typeof after === "string" && { after }) } as const);
          await database.change([change], `${kind.prefix}-set`);
          return done(`${kind.noun} successfully set.`, { [kind.list]: [{ name: String(read["name"]) }] });
        },
      }),
      remoteCommand<T, z.ZodRawShape>({
        name: `${kind.prefix}-get`,
        access: "read",
        summary: `Returns a ${isNetwork ? "shared network" : "class"} of the configuration database.`,
        arguments: {
          ...one,
          ...(isNetwork
            ? { "subnets-include": z.enum(["full", "no"]).default("no").describe("Its subnets, too.") }
            : {}),
        },
        example: { [kind.list]: [{ name }] },
        answer: done(`${kind.noun} found.`, { [kind.list]: [{ name }], count: 1 }),
        async run(args, database) {
          const stored = await database.load("anybody", args["subnets-include"] === "full" ? undefined : selection);
          const found = of(kind, stored).find((each) => each["name"] === nameIn(args));
          if (found === undefined) return failed(`${kind.noun} not found.`, Result.empty);
          const inside = stored.subnets.filter((each) => each["shared-network-name"] === found["name"]);
          const subnets = inside.map((each) => withMetadata(each, stored));
          const shown = withMetadata(found, stored) as { readonly [key: string]: Json };
          const whole = args["subnets-include"] === "full" ? { ...shown, [tree.key]: subnets } : shown;
          return done(`${kind.noun} found.`, { [kind.list]: [whole], count: 1 });
        },
      }),
      remoteCommand<T, z.ZodRawShape>({
        name: `${kind.prefix}-${kind.listing}`,
        access: "read",
        summary: `Lists the ${isNetwork ? "shared networks" : "classes"} that the configuration database has for some servers.`,
        arguments: { "server-tags": anyTags },
        example: { "server-tags": ["all"] },
        answer: done(`1 ${kind.many} found.`, { [kind.list]: [{ name }], count: 1 }),
        async run(args, database) {
          const stored = await database.load(whoseOf(args["server-tags"] as readonly (string | null)[]), selection);
          const all = of(kind, stored).map((each) => withMetadata(each, stored) as { readonly [key: string]: Json });
          const list = isNetwork ? all.map(({ name: given, metadata }) => ({ name: given, metadata }) as Json) : all;
          return counted(`${kind.many} found.`, all.length, { [kind.list]: list });
        },
      }),
      remoteCommand<T, z.ZodRawShape>({
        name: `${kind.prefix}-del`,
        access: "write",
        summary: `Deletes a ${isNetwork ? "shared network" : "class"} of the configuration database.`,
        arguments: {
          ...one,
          ...(isNetwork
            ? { "subnets-action": z.enum(["keep", "delete"]).default("keep").describe("What becomes of its subnets.") }
            : {}),
        },
        example: { [kind.list]: [{ name }] },
        answer: done(`1 ${kind.many} deleted.`, { count: 1 }),
        async run(args, database) {
          const stored = await database.load("anybody", selection);
          const count = of(kind, stored).filter((each) => each["name"] === nameIn(args)).length;
          const needy = isNetwork ? [] : stored.classes.filter((each) => membersIn(each).includes(nameIn(args)));
          if (needy.length > 0) {
            const names = needy.map((each) => `"${each["name"]}"`).join(", ");
            return failed(`The test of ${names} asks for ${kind.noun} "${nameIn(args)}": delete or change that first.`);
          }
          const withSubnets = args["subnets-action"] === "delete";
          const change = isNetwork
            ? ({ remove: "network", name: nameIn(args), withSubnets } as const)
            : ({ remove: "class", name: nameIn(args) } as const);
          if (count > 0) await database.change([change], `${kind.prefix}-del`);
          return counted(`${kind.many} deleted.`, count, {});
        },
      }),
    ];
  });
}

/** Definitions and global options: by code and space, for one server. */
export function remoteCoded<T extends TreeTypes>(tree: ConfigTree<T>): readonly RemoteCommand<T>[] {
  const n = tree.number;
  const space = `dhcp${n}`;
  const which = z.object({
    code: z.number().describe("Its code."),
    space: z.string().default(space).describe("Its space."),
  });
  return [
    { prefix: `remote-option-def${n}`, noun: `DHCPv${n} option definition`, list: "option-defs", schema: "option-def" },
    { prefix: `remote-option${n}-global`, noun: `DHCPv${n} option`, list: "options", schema: "option-data" },
  ].flatMap(({ prefix, noun, list, schema }) => {
    const isDef = schema === "option-def";
    const of = (stored: StoredConfig) => (isDef ? stored.optionDefs : stored.options);
    const isLike = (each: StoredEntry, asked: { code: number; space: string }) =>
      each["code"] === asked.code && (each["space"] ?? space) === asked.space;
    const asked = (args: object) => (args as Record<string, readonly [z.output<typeof which>]>)[list]![0];
    const example = { code: isDef ? 222 : 6, space };
    const tagOf = (args: object) => (args as { readonly "server-tags": readonly [string] })["server-tags"][0];
    return [
      remoteCommand<T, z.ZodRawShape>({
        name: `${prefix}-set`,
        access: "write",
        summary: `Puts ${isDef ? "a definition of an option" : "a global option"} into the configuration database, in place of one with its code and space.`,
        arguments: { [list]: z.tuple([entry]).describe("As it would stand in a file."), "server-tags": oneTag },
        example: {
          [list]: [isDef ? { ...example, name: "colour", type: "string" } : { ...example, data: "192.0.2.53" }],
          "server-tags": ["all"],
        },
        answer: done(`${noun} set.`, { [list]: [example] }),
        async run(args, database, context) {
          const { metadata: _, ...given } = (args[list] as readonly [StoredEntry])[0];
          const read = readEntry(tree, context, database, schema, given);
          const tag = tagOf(args);
          const change = isDef
            ? ({ set: "optionDef", entry: read, tag } as const)
            : ({ set: "option", entry: read, owner: { scope: "global", tag } } as const);
          await database.change([change], `${prefix}-set`);
          const { code, space: inSpace } = read as { code: number; space: string };
          return done(`${noun} set.`, { [list]: [{ code, space: inSpace }] });
        },
      }),
      remoteCommand<T, z.ZodRawShape>({
        name: `${prefix}-get`,
        access: "read",
        summary: `Returns ${isDef ? "a definition of an option" : "a global option"} of the configuration database.`,
        arguments: { [list]: z.tuple([which]).describe("The one that is meant."), "server-tags": oneTag },
        example: { [list]: [example], "server-tags": ["all"] },
        answer: done(`${noun} found.`, { [list]: [example], count: 1 }),
        async run(args, database) {
          const stored = await database.load([...new Set(["all", tagOf(args)])], NO_SCOPES);
          const found = of(stored).findLast((each) => isLike(each, asked(args)));
          if (found === undefined) return failed(`${noun} not found.`, Result.empty);
          return done(`${noun} found.`, { [list]: [withMetadata(found, stored)], count: 1 });
        },
      }),
      remoteCommand<T, z.ZodRawShape>({
        name: `${prefix}-get-all`,
        access: "read",
        summary: `Lists the ${isDef ? "definitions of options" : "global options"} that the configuration database has for a server.`,
        arguments: { "server-tags": oneTag },
        example: { "server-tags": ["all"] },
        answer: done(`1 ${noun}(s) found.`, { [list]: [example], count: 1 }),
        async run(args, database) {
          const stored = await database.load([...new Set(["all", tagOf(args)])], NO_SCOPES);
          const all = new Map(of(stored).map((each) => [`${each["space"]} ${each["code"]}`, each]));
          const shown = [...all.values()].map((each) => withMetadata(each, stored));
          return counted(`${noun}(s) found.`, shown.length, { [list]: shown });
        },
      }),
      remoteCommand<T, z.ZodRawShape>({
        name: `${prefix}-del`,
        access: "write",
        summary: `Deletes ${isDef ? "a definition of an option" : "a global option"} of the configuration database.`,
        arguments: { [list]: z.tuple([which]).describe("The one that is meant."), "server-tags": oneTag },
        example: { [list]: [example], "server-tags": ["all"] },
        answer: done(`1 ${noun}(s) deleted.`, { count: 1 }),
        async run(args, database) {
          const tag = tagOf(args);
          const stored = await database.load([tag], NO_SCOPES);
          const count = of(stored).filter((each) => isLike(each, asked(args))).length;
          const { code, space: inSpace } = asked(args);
          const change = isDef
            ? ({ remove: "optionDef", code, space: inSpace, tag } as const)
            : ({ remove: "option", code, space: inSpace, owner: { scope: "global", tag } } as const);
          if (count > 0) await database.change([change], `${prefix}-del`);
          return counted(`${noun}(s) deleted.`, count, {});
        },
      }),
    ];
  });
}
