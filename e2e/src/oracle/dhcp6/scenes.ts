/** All scenes of the oracle for DHCPv6. */
import { classScenes6 } from "./classed.ts";
import { hardwareScenes } from "./hardware.ts";
import { hostileScenes } from "./hostile.ts";
import { nameScenes6 } from "./names.ts";
import { networkScenes } from "./networks.ts";
import { optionScenes } from "./options.ts";
import { policyScenes } from "./policy.ts";
import { relayedScenes } from "./relayed.ts";
import { reservationScenes } from "./reservations.ts";
import type { Scene6 } from "./stage.ts";
import { stateScenes } from "./states.ts";
import { subnetScenes } from "./subnets.ts";
import { vendorScenes } from "./vendors.ts";

export const scenes6: readonly Scene6[] = [
  ...stateScenes,
  ...relayedScenes,
  ...hardwareScenes,
  ...reservationScenes,
  ...optionScenes,
  ...nameScenes6,
  ...subnetScenes,
  ...vendorScenes,
  ...policyScenes,
  ...networkScenes,
  ...hostileScenes,
  ...classScenes6,
];
