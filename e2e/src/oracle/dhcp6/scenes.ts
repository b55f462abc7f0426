/** All scenes of the oracle for DHCPv6. */
import { classScenes6 } from "./classed.ts";
import { hardwareScenes } from "./hardware.ts";
import { relayedScenes } from "./relayed.ts";
import type { Scene6 } from "./stage.ts";
import { stateScenes } from "./states.ts";

export const scenes6: readonly Scene6[] = [...stateScenes, ...relayedScenes, ...hardwareScenes, ...classScenes6];
