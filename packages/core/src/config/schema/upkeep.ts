/** Maps about how the daemon goes about its work: expired leases, checks at loading, threads, queues, compatibility. */
import { z } from "zod";
import { choice, count, flag, freeMap, milliseconds, remarks, seconds } from "./field.ts";
import { asKea } from "./kea-form.ts";

/** Kea keeps these three in 16 bits. */
const UINT16_MAX = 65535;

export const ExpiredLeasesProcessing = z
  .strictObject({
    "reclaim-timer-wait-time": seconds("How often expired leases are looked for; 0 means never.", {
      max: UINT16_MAX,
    }).default(10),
    "flush-reclaimed-timer-wait-time": seconds("How often leases held long enough are removed; 0 means never.", {
      max: UINT16_MAX,
    }).default(25),
    "hold-reclaimed-time": seconds("How long a lease is remembered after it expired.").default(3600),
    "max-reclaim-leases": count("The most leases reclaimed at a time; 0 is no limit.").default(100),
    "max-reclaim-time": milliseconds("The most time spent reclaiming at a time; 0 is no limit.", 10_000).default(250),
    "unwarned-reclaim-cycles": count("After how many unfinished rounds in a row a warning is logged.", {
      max: UINT16_MAX,
    }).default(5),
    ...remarks,
  })
  .describe("How expired leases are reclaimed.");

export const SanityChecks = z
  .strictObject({
    "lease-checks": choice("What happens when a lease is loaded whose subnet does not have its address.", [
      "warn",
      "none",
      "fix",
      "fix-del",
      "del",
    ]).default("warn"),
    "extended-info-checks": choice("What happens to relay information when leases are loaded.", [
      "fix",
      "none",
      "strict",
      "pedantic",
    ]).default("fix"),
    ...remarks,
  })
  .describe("Checks of leases at loading.");

export const MultiThreading = z
  .strictObject({
    "enable-multi-threading": asKea(flag("Kea: whether several threads serve. It has no effect here.").optional(), {
      complete: () => true,
    }),
    "thread-pool-size": asKea(count("Kea: how many threads. It has no effect here.").optional(), { complete: () => 0 }),
    "packet-queue-size": asKea(
      count("Kea: how many packets may wait for each thread. It has no effect here.").optional(),
      { complete: () => 64 },
    ),
    ...remarks,
  })
  .describe("Kea's threads. They have no effect here.");

/** @param type Kea's only one of the family */
export function queueControl(type: string) {
  const initial = { "enable-queue": false, capacity: 64, "queue-type": type };
  return asKea(
    freeMap("Kea's queue of received packets. It has no effect here: packets wait in the kernel.").optional(),
    {
      format: (given) => ({ ...initial, ...given }),
      complete: () => initial,
    },
  );
}

function way(doc: string) {
  return asKea(flag(doc).default(false), { isSilent: (isOn) => !isOn });
}

const lenientParsing = {
  "lenient-option-parsing": way("Whether the readable part of a malformed option is used."),
};

export const Compatibility4 = z
  .strictObject({
    ...lenientParsing,
    "ignore-dhcp-server-identifier": way("Whether queries that name another server are answered."),
    "ignore-rai-link-selection": way(
      "Whether the relay's link selection (option 82.5) is ignored when a subnet is selected.",
    ),
    "exclude-first-last-24": way("Never give addresses that end in .0 or .255 in networks larger than /24."),
    ...remarks,
  })
  .describe("Exceptions for clients and relays that do not keep to the standards.");

export const Compatibility6 = z
  .strictObject({ ...lenientParsing, ...remarks })
  .describe("Exceptions for clients and relays that do not keep to the standards.");
