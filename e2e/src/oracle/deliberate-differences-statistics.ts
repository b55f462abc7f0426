/** Where statistics are others than Kea 2.6.3's on purpose. Every entry has a reason; one that no longer differs fails. */
import type { StatisticDifference } from "./statistics/compare.ts";

const RELOAD = "a subnet is taken out of the configuration";
/** In which something is not configured that was before. */
const GONE = [RELOAD, "it comes back, with a larger pool", "there are no pools", "no pool is for the client"];
const OUTSIDE = "an address outside of all pools";

export const deliberateStatistics: readonly StatisticDifference[] = [
  {
    name: /pkt4-unknown-received/,
    chapters: ["messages that no server takes"],
    ours: "+2",
    reason: "A DHCPLEASEQUERY is known, and has a statistic of its own where the version that we say has it.",
  },
  {
    name: /pkt4-receive-drop/,
    chapters: ["messages that get no answer", "both pools are full", "there are no pools", "no pool is for the client"],
    reason: "Every message that gets no answer is a drop, for want of an address too.",
  },
  {
    name: /(subnet\[9\]\.(pool\[0\]\.)?|subnet\[2\]\.pool\[(0|7)\]\.)assigned-(addresses|nas)/,
    absent: "kotare",
    reason: "What is not configured is not listed. Kea lists what it finds leases of.",
  },
  {
    name: /subnet\[2\]\..*|subnet\[1\]\.p(d-p)?ool\[[023]\]\.assigned-(addresses|nas|pds)/,
    chapters: GONE,
    absent: "kotare",
    reason: "What is not configured any more is not listed. Some of it Kea goes on listing.",
  },
  {
    name: /subnet\[1\]\..*/,
    chapters: ["there is no subnet"],
    absent: "kotare",
    reason: "What is not configured any more is not listed. Some of it Kea goes on listing.",
  },
  {
    name: /subnet\[1\]\.pool\[(0|3)\]\.assigned-(addresses|nas)/,
    chapters: ["no pool is for the client"],
    reason: "A lease counts once, also in a pool that has come back. Kea counts it again.",
  },
  {
    name: /subnet\[2\]\.pool\[4\]\.assigned-nas/,
    chapters: ["there is no subnet"],
    reason: "A lease counts once, also in a pool that has come back. Kea counts it again.",
  },
  {
    name: /subnet\[1\]\.pool\[0\]\.(cumulative-)?assigned-(addresses|nas)/,
    chapters: [OUTSIDE],
    ours: "+1",
    reason: "What is outside of all pools counts in pool 0, which its row names, as in Kea after the next reload.",
  },
  {
    name: /(subnet\[1\]\.)?cumulative-assigned-(nas|pds)|subnet\[1\]\.assigned-(nas|pds)/,
    chapters: [OUTSIDE],
    ours: "+1",
    reason:
      "An address that is leased counts where it is, wherever that is. Kea does not count it before the next reload.",
  },
  {
    name: /subnet\[1\]\.(pool\[0\]\.)?assigned-(addresses|nas|pds)/,
    chapters: [RELOAD],
    ours: "0",
    reason: "It has been counted already.",
  },
  {
    name: /subnet\[2\]\.pool\[4\]\.assigned-(addresses|nas)/,
    chapters: ["the start"],
    reason: "A declined address counts in its own pool. Kea counts it in pool 0 after a start.",
  },
  {
    name: /(subnet\[2\]\.(pool\[4\]\.)?)?cumulative-assigned-(addresses|nas)/,
    chapters: ["a lease is added by command"],
    ours: "+1",
    reason: "A lease is assigned, whoever assigns it.",
  },
  {
    name: /subnet\[2\]\.pool\[4\]\.(assigned|declined)-addresses/,
    chapters: ["all of a subnet are deleted"],
    reason: "What is deleted is not in its pool either.",
  },
  ...[RELOAD, "there are no pools"].map((chapter) => ({
    name: /subnet\[1\]\.(p(d-p)?ool\[[023]\]\.)?(cumulative-assigned-(addresses|nas|pds)|reclaimed-(leases|declined-addresses))/,
    chapters: [chapter],
    ours: "0",
    reason: "A reload does not undo what has happened: Kea's manual has it so, and only Kea's global ones are.",
  })),
  {
    name: /subnet\[1\]\.(pool\[0\]\.)?cumulative-assigned-addresses/,
    chapters: ["a reserved address is in use"],
    ours: "+1",
    reason: "The same: Kea's reload takes back what is counted here.",
  },
  {
    name: /subnet\[2\]\.(pool\[0\]\.)?cumulative-assigned-addresses/,
    chapters: ["a reserved address is in use"],
    ours: "0",
    reason: "The same.",
  },
];
