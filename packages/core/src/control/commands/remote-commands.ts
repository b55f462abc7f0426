/** The commands that write a configuration database: those of Kea's library `cb_cmds`. */

import type { ConfigTree, TreeTypes } from "../../config/edit/config-tree.ts";
import { type Tree4, type Tree6, tree4, tree6 } from "../../config/edit/config-tree.ts";
import type { RemoteCommand } from "./remote/remote-family.ts";
import { remoteGlobals } from "./remote/remote-globals.ts";
import { remoteCoded, remoteNamed, remoteSubnets } from "./remote/remote-objects.ts";
import { remoteOptions, remoteServers } from "./remote/remote-options.ts";

const ofBoth = <T extends TreeTypes>(tree: ConfigTree<T>): readonly RemoteCommand<T>[] => [
  ...remoteNamed(tree),
  ...remoteCoded(tree),
  ...remoteGlobals(tree),
  ...remoteOptions(tree),
  ...remoteServers(tree),
  ...remoteSubnets(tree),
];

export const remoteCommands4: readonly RemoteCommand<Tree4>[] = /* @__PURE__ */ ofBoth(tree4);
export const remoteCommands6: readonly RemoteCommand<Tree6>[] = /* @__PURE__ */ ofBoth(tree6);
