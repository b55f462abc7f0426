/** Where a pair stands among the relationships of a server. */

export interface PairPlace {
  /** From 0: partners tell relationships apart by it. */
  readonly index: number;
  /** Whether it is the only one: then no client is served while the state serves none. */
  readonly isOnly: boolean;
  /** Whether leases of a subnet are kept in it. */
  readonly has: (subnetId: number) => boolean;
  /** To be called when there is something new to be said of it. */
  readonly onChange: () => void;
}
