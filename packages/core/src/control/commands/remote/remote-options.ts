/** `remote-option…` commands about options inside of subnets, networks and pools, and `remote-server…`. */
import { z } from "zod";
import { ipv4Text, ipv6Text } from "../../../config/check/address-text.ts";
import type { ConfigTree, TreeTypes } from "../../../config/edit/config-tree.ts";
import type { OptionOwner, StoredEntry } from "../../../config-database/config-database.ts";
import { done, failed, Result } from "../../answer.ts";
import type { Json } from "../../kea-json.ts";
import { counted, type RemoteCommand, readEntry, remoteCommand } from "./remote-family.ts";

interface Place {
  /** As in the names of commands. */
  readonly name: string;
  readonly list: string;
  readonly which: z.ZodObject;
  readonly example: Json;
  /** @throws Error in words */
  ownerOf(given: Readonly<Record<string, unknown>>): OptionOwner;
}

function placesOf(n: 4 | 6): readonly Place[] {
  const pool = n === 4 ? "192.0.2.10 - 192.0.2.99" : "2001:db8::10 - 2001:db8::ffff";
  return [
    {
      name: "subnet",
      list: "subnets",
      which: z.object({ id: z.number().describe("Its number.") }),
      example: { id: 5 },
      ownerOf: ({ id }) => ({ scope: "subnet", id: Number(id) }),
    },
    {
      name: "network",
      list: "shared-networks",
      which: z.object({ name: z.string().describe("Its name.") }),
      example: { name: "level3" },
      ownerOf: ({ name }) => ({ scope: "network", name: String(name) }),
    },
    {
      name: "pool",
      list: "pools",
      which: z.object({ pool: z.string().describe("Its range or prefix.") }),
      example: { pool },
      ownerOf({ pool: text }) {
        const ends = n === 4 ? endsOf(ipv4Text, String(text)) : endsOf(ipv6Text, String(text));
        if (ends === undefined) throw new Error(`arguments.pools[0].pool: ${JSON.stringify(text)} is no pool`);
        return { scope: "pool", ...ends };
      },
    },
    ...(n === 4
      ? []
      : [
          {
            name: "pd-pool",
            list: "pd-pools",
            which: z.object({
              prefix: z.string().describe("Its first address."),
              "prefix-len": z.number().describe("The length of the whole."),
            }),
            example: { prefix: "2001:db8:8000::", "prefix-len": 40 },
            ownerOf: (given: Readonly<Record<string, unknown>>): OptionOwner => ({
              scope: "pdPool",
              prefix: String(given["prefix"]),
              length: Number(given["prefix-len"]),
            }),
          },
        ]),
  ];
}

function endsOf<Address extends number | string>(
  {
    parseRange,
    format,
  }: { parseRange(text: string): { first: Address; last: Address } | undefined; format(address: Address): string },
  text: string,
): { readonly first: string; readonly last: string } | undefined {
  const range = parseRange(text.replaceAll(" ", ""));
  return range && { first: format(range.first), last: format(range.last) };
}

export function remoteOptions<T extends TreeTypes>(tree: ConfigTree<T>): readonly RemoteCommand<T>[] {
  const n = tree.number;
  const space = `dhcp${n}`;
  const option = { code: n === 4 ? 6 : 23, space };
  const noun = `DHCPv${n} option`;
  const coded = z.object({
    code: z.number().describe("Its code."),
    space: z.string().default(space).describe("Its space."),
  });
  return placesOf(n).flatMap(({ name, list, which, example, ownerOf }) => {
    const place = { [list]: z.tuple([which]).describe("Where it is.") };
    const ownerIn = (args: object) =>
      ownerOf((args as Record<string, readonly [Readonly<Record<string, unknown>>]>)[list]![0]);
    return [
      remoteCommand<T, z.ZodRawShape>({
        name: `remote-option${n}-${name}-set`,
        access: "write",
        summary: `Puts an option of a ${name} into the configuration database, in place of one with its code and space.`,
        arguments: { ...place, options: z.tuple([z.looseObject({})]).describe("As it would stand in a file.") },
        example: { [list]: [example], options: [{ ...option, data: n === 4 ? "192.0.2.53" : "2001:db8::53" }] },
        answer: done(`${noun} successfully set.`, { options: [option] }),
        async run(args, database, context) {
          const [given] = args["options"] as readonly [StoredEntry];
          const entry = readEntry(tree, context, database, "option-data", given);
          const owner = ownerIn(args);
          if (!(await database.hasOwner(owner)))
            return failed(`there is no such ${name} in the database`, Result.empty);
          await database.change([{ set: "option", entry, owner }], `remote-option${n}-${name}-set`);
          const { code, space: inSpace } = entry as { code: number; space: string };
          return done(`${noun} successfully set.`, { options: [{ code, space: inSpace }] });
        },
      }),
      remoteCommand<T, z.ZodRawShape>({
        name: `remote-option${n}-${name}-del`,
        access: "write",
        summary: `Deletes an option of a ${name} from the configuration database.`,
        arguments: { ...place, options: z.tuple([coded]).describe("The one that is meant.") },
        example: { [list]: [example], options: [option] },
        answer: done(`1 ${noun}(s) deleted.`, { count: 1 }),
        async run(args, database) {
          const [{ code, space: inSpace }] = args["options"] as readonly [z.output<typeof coded>];
          const owner = ownerIn(args);
          const isThere = await database.hasOwner(owner, { code, space: inSpace });
          const change = { remove: "option", code, space: inSpace, owner } as const;
          if (isThere) await database.change([change], `remote-option${n}-${name}-del`);
          return counted(`${noun}(s) deleted.`, Number(isThere), {});
        },
      }),
    ];
  });
}

export function remoteServers<T extends TreeTypes>({ number: n }: ConfigTree<T>): readonly RemoteCommand<T>[] {
  const example = { "server-tag": "building-1", description: "first floor" };
  const tag = z
    .string()
    .min(1)
    .max(64)
    .transform((given) => given.trim().toLowerCase())
    .refine((given) => given !== "all", { message: "is every server, and stays" })
    .describe("Its tag.");
  const one = z.tuple([z.object({ "server-tag": tag })]).describe("The server.");
  const noun = `DHCPv${n} server`;
  return [
    remoteCommand<T, z.ZodRawShape>({
      name: `remote-server${n}-set`,
      access: "write",
      summary: "Makes a server in the configuration database, or describes it anew.",
      arguments: {
        servers: z
          .tuple([
            z.object({ "server-tag": tag, description: z.string().default("").describe("What it is, and where.") }),
          ])
          .describe("The server."),
      },
      example: { servers: [example] },
      answer: done(`${noun} successfully set.`, { servers: [example] }),
      async run(args, database) {
        const [server] = args["servers"] as readonly [{ "server-tag": string; description: string }];
        const change = { set: "server", tag: server["server-tag"], description: server.description } as const;
        await database.change([change], `remote-server${n}-set`);
        return done(`${noun} successfully set.`, { servers: [server] });
      },
    }),
    ...(["get", "get-all"] as const).map((verb) =>
      remoteCommand<T, z.ZodRawShape>({
        name: `remote-server${n}-${verb}`,
        access: "read",
        summary: `Returns ${verb === "get" ? "a server" : "the servers"} of the configuration database.`,
        arguments: verb === "get" ? { servers: one } : {},
        example: verb === "get" ? { servers: [{ "server-tag": "building-1" }] } : {},
        answer: done(`1 ${noun}(s) found.`, { servers: [example], count: 1 }),
        async run(args, database) {
          const wanted = (args["servers"] as readonly [{ "server-tag": string }] | undefined)?.[0]["server-tag"];
          const all = await database.servers();
          const found = all.filter((each) => (wanted === undefined ? each.tag !== "all" : each.tag === wanted));
          const servers = found.map(({ tag: name, description }) => ({ "server-tag": name, description }));
          return counted(`${noun}(s) found.`, servers.length, { servers });
        },
      }),
    ),
    remoteCommand<T, z.ZodRawShape>({
      name: `remote-server${n}-del`,
      access: "write",
      summary:
        "Deletes a server from the configuration database, with its global keys, definitions and global options. Subnets, shared networks and classes that were for it alone are nobody's then.",
      arguments: { servers: one },
      example: { servers: [{ "server-tag": "building-1" }] },
      answer: done(`1 ${noun}(s) deleted.`, { count: 1 }),
      async run(args, database) {
        const [{ "server-tag": name }] = args["servers"] as readonly [{ "server-tag": string }];
        const isThere = (await database.servers()).some((each) => each.tag === name);
        if (isThere) await database.change([{ remove: "server", tag: name }], `remote-server${n}-del`);
        return counted(`${noun}(s) deleted.`, Number(isThere), {});
      },
    }),
  ];
}
