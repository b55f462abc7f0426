/** All scenes of the oracle. */
import type { Scene } from "./scene.ts";
import { states } from "./scenes-states.ts";

export const scenes: readonly Scene[] = [...states];
