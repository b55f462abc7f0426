/** In what turn a full pool gives an address, or a prefix, that has a lease: lower numbers first, `held` never. */
export const Availability = {
  held: 0,
  reclaimed: 1,
  /** Its time is over, and nobody has cleaned up after it yet. */
  over: 2,
  offered: 3,
} as const;
export type Availability = (typeof Availability)[keyof typeof Availability];
