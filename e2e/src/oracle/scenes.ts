/** All scenes of the oracle. */
import type { Scene } from "./scene.ts";
import { encodingScenes } from "./scenes-encodings.ts";
import { hostileScenes } from "./scenes-hostile.ts";
import { optionScenes } from "./scenes-options.ts";
import { policyScenes } from "./scenes-policy.ts";
import { relayedScenes } from "./scenes-relayed.ts";
import { reservationScenes } from "./scenes-reservations.ts";
import { states } from "./scenes-states.ts";

export const scenes: readonly Scene[] = [
  ...states,
  ...relayedScenes,
  ...reservationScenes,
  ...optionScenes,
  ...encodingScenes,
  ...policyScenes,
  ...hostileScenes,
];
