/** What the tests of both families' allocation have in common. Tests only. */
import type { Seconds } from "../../base/clock.ts";

export const NOW: Seconds = 1_800_000_000;
/** Clients are known by one byte. */
export const [ME, OTHER, THIRD] = [1, 2, 3] as const;
