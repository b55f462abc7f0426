/** The commands that edit the configuration in force: those of Kea's libraries `subnet_cmds` and `class_cmds`. */
import { type ConfigTree, type TreeTypes, tree4, tree6 } from "../../config/edit/config-tree.ts";
import type { Command } from "../command.ts";
import type { EditContext } from "../edit-config.ts";
import { classAdd, classDel, classUpdate } from "./class/class-edit.ts";
import { classGet, classList } from "./class/class-get.ts";
import { networkAdd } from "./network/network-add.ts";
import { networkDel } from "./network/network-del.ts";
import { networkGet } from "./network/network-get.ts";
import { networkList } from "./network/network-list.ts";
import { networkSubnetAdd, networkSubnetDel } from "./network/network-subnet.ts";
import { subnetAdd } from "./subnet-edit/subnet-add.ts";
import { subnetDel } from "./subnet-edit/subnet-del.ts";
import { subnetGet } from "./subnet-edit/subnet-get.ts";
import { subnetList } from "./subnet-edit/subnet-list.ts";
import { subnetDeltaAdd, subnetDeltaDel, subnetUpdate } from "./subnet-edit/subnet-update.ts";

const commandsOf = <T extends TreeTypes>(tree: ConfigTree<T>): readonly Command<EditContext<T["config"]>>[] => [
  classAdd(tree),
  classDel(tree),
  classGet(tree),
  classList(tree),
  classUpdate(tree),
  networkAdd(tree),
  networkDel(tree),
  networkGet(tree),
  networkList(tree),
  networkSubnetAdd(tree),
  networkSubnetDel(tree),
  subnetAdd(tree),
  subnetDel(tree),
  subnetDeltaAdd(tree),
  subnetDeltaDel(tree),
  subnetGet(tree),
  subnetList(tree),
  subnetUpdate(tree),
];

export const editCommands4 = /* @__PURE__ */ commandsOf(tree4);
export const editCommands6 = /* @__PURE__ */ commandsOf(tree6);
