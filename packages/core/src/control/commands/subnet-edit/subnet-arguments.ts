/** What commands about subnets are given, and how they answer. */
import { z } from "zod";
import type { ConfigTree, TreeTypes } from "../../../config/edit/config-tree.ts";
import type { FoundSubnet } from "../../../config/edit/edit-subnets.ts";
import { listKnownKeys } from "../../../config/known-keys.ts";
import { keaPrefix } from "../../../config/schema/kea-values.ts";
import type { EditPlace } from "../../edit-config.ts";
import type { Json } from "../../kea-json.ts";
import { writePart } from "../config/written-config.ts";

/** Of examples. */
export function exampleSubnet({ number }: { readonly number: 4 | 6 }) {
  return { id: 123, subnet: number === 4 ? "10.20.30.0/24" : "2001:db8:1::/64" };
}

/** `{ "subnet4": [ { … } ] }`. */
export function oneSubnet<T extends TreeTypes>({ key, subnetSchema }: ConfigTree<T>, description: string) {
  return z.strictObject({ [key]: z.tuple([subnetSchema]).describe(description) });
}

/** The same for what is taken out of a subnet: numbers are not looked at, as Kea's manual has `"valid-lifetime": 0`. */
export function oneSubnetLess<T extends TreeTypes>({ key, subnetSchema }: ConfigTree<T>, description: string) {
  const known = new Set(listKnownKeys(subnetSchema, []));
  const withoutNumbers = (given: unknown) =>
    typeof given !== "object" || given === null
      ? given
      : Object.fromEntries(
          Object.entries(given).filter(
            ([name, value]) => name === "id" || !known.has(name) || typeof value !== "number",
          ),
        );
  return z.strictObject({ [key]: z.tuple([z.preprocess(withoutNumbers, subnetSchema)]).describe(description) });
}

/** The subnet of such arguments. */
export function subnetIn<T extends TreeTypes>({ key }: ConfigTree<T>, args: object): T["subnet"] {
  return (args as { readonly [key: string]: readonly [T["subnet"]] })[key]![0];
}

export function placeOfSubnet<T extends TreeTypes>({ key }: ConfigTree<T>, subnet: T["subnet"]): EditPlace {
  return { part: subnet, name: ["arguments", key, 0] };
}

type SubnetText = Pick<TreeTypes["subnet"], "id" | "subnet">;

/** The subnet in a few words, as commands that change it answer. */
export function briefly({ id, subnet }: SubnetText) {
  return { subnets: [{ id, subnet: keaPrefix(subnet) }] };
}

/** `IPv4 subnet 192.0.2.0/24 (id 7)`. */
export function nameSubnet({ number }: { readonly number: 4 | 6 }, { id, subnet }: SubnetText): string {
  return `IPv${number} subnet ${keaPrefix(subnet)} (id ${id})`;
}

/** As Kea gives it back: without reservations, which are no part of a subnet there. */
export function writeSubnet<T extends TreeTypes>(
  { family, key }: ConfigTree<T>,
  config: T["config"],
  { subnet, network }: FoundSubnet<T>,
): Json {
  const written =
    network === undefined
      ? writePart(family, [key], subnet, [config])
      : writePart(family, ["shared-networks", key], subnet, [network, config]);
  const { reservations: _, ...rest } = written;
  return rest;
}
