/** All scenes of the oracle. */

import { classScenes4 } from "./classed.ts";
import { encodingScenes } from "./encodings.ts";
import { hostileScenes } from "./hostile.ts";
import { nameScenes4 } from "./names.ts";
import { networkScenes } from "./networks.ts";
import { optionScenes } from "./options.ts";
import { policyScenes } from "./policy.ts";
import { precedenceScenes } from "./precedence.ts";
import { relayedScenes } from "./relayed.ts";
import { reservationScenes } from "./reservations.ts";
import { reservedMembers } from "./reserved-members.ts";
import type { Scene4 } from "./stage.ts";
import { states } from "./states.ts";
import { subnetScenes } from "./subnets.ts";
import { vendorScenes } from "./vendors.ts";

export const scenes4: readonly Scene4[] = [
  ...states,
  ...relayedScenes,
  ...reservationScenes,
  ...optionScenes,
  ...encodingScenes,
  ...subnetScenes,
  ...vendorScenes,
  ...precedenceScenes,
  ...policyScenes,
  ...classScenes4,
  ...networkScenes,
  ...reservedMembers,
  ...hostileScenes,
  ...nameScenes4,
];
