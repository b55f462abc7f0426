/** Whether another subnet has the prefix of one that is new. */
import type { TreeTypes } from "../../../config/edit/config-tree.ts";
import { keaPrefix } from "../../../config/schema/kea-values.ts";
import type { SubnetIndex } from "../../edit-config.ts";

/** @returns in words what is in its way */
export function clashOf({ id, subnet }: TreeTypes["subnet"], others: SubnetIndex): string | undefined {
  const other = others.byPrefix(subnet);
  if (other === undefined || other.id === id) return undefined;
  return `subnet with the prefix of '${keaPrefix(subnet)}' already exists: its id is ${other.id}`;
}
