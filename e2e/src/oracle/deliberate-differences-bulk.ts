/** Where we tell otherwise than Kea 3 by TCP, on purpose. */
interface BulkDifference {
  readonly reason: string;
  /** The types of our messages and their statuses. */
  readonly ours: readonly string[];
}

/** By what was asked. */
export const deliberateBulk: Readonly<Record<4 | 6, Readonly<Record<string, BulkDifference>>>> = {
  4: {
    everything: {
      reason:
        "RFC 6926 §8.2: who asks for nothing in particular is told all, what was never leased or is reserved, too. Kea does not allow it.",
      ours: ["13", "13", "13", "11", "11", "11", "11", "15"],
    },
    "a relay and a client": {
      reason: "RFC 6926 §8.2: a query about two things is not allowed. Kea calls it malformed.",
      ours: ["15 04"],
    },
  },
  6: {},
};
