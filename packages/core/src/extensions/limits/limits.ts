/** `libdhcp_limits.so`: so many packets in a time, and so many leases in use, of a class or in a subnet. */
import { type Ask, defineExtension, type LeaseLimit, type ParameterTools, type Query } from "@kotare/extension";
import type { Milliseconds } from "../../base/clock.ts";
import { RateWindow } from "./rate-window.ts";

const SECOND: Milliseconds = 1000;
const DAY = 86_400 * SECOND;

/** As in Kea a month has 30 days, and a year 365. */
const UNITS: Readonly<Record<string, Milliseconds>> = {
  second: SECOND,
  minute: 60 * SECOND,
  hour: 3600 * SECOND,
  day: DAY,
  week: 7 * DAY,
  month: 30 * DAY,
  year: 365 * DAY,
};

/** A limit, and what it has counted. */
interface Rate {
  readonly text: string;
  readonly of: string;
  readonly window: RateWindow;
}

/** @param now a clock that no one sets */
export function limitsBy(now: () => Milliseconds) {
  return defineExtension({
    name: "limits",
    contexts: (tools) => {
      const schema = contextSchema(tools);
      return { subnets: schema, classes: schema };
    },
    start({ contexts: { subnets, classes } }) {
      const ofSubnets = new Map<string, Rate>();
      const ofClasses = new Map<string, Rate>();
      for (const [id, { limits }] of subnets) addRate(ofSubnets, String(id), `subnet ${id}`, limits?.["rate-limit"]);
      for (const [name, { limits }] of classes) addRate(ofClasses, name, `class ${name}`, limits?.["rate-limit"]);
      const leaseLimits = [...classes, ...subnets].flatMap(([of, { limits }]) => leaseLimitsIn(of, limits));
      if (ofSubnets.size + ofClasses.size === 0) return { leaseLimits };
      const ratesOf = (key: string): Rate[] => {
        const [subnet, ...names] = key.split("\n");
        const rates = [...names.map((name) => ofClasses.get(name)), ofSubnets.get(subnet!)];
        return rates.filter((rate) => rate !== undefined);
      };
      return {
        leaseLimits,
        admit({ classes: those, subnetId }: Query, ask: Ask<Rate>): string | undefined {
          const names = [...those].filter((name) => ofClasses.has(name));
          if (names.length === 0 && !ofSubnets.has(String(subnetId))) return undefined;
          const refusing = ask([subnetId, ...names].join("\n"));
          return refusing && `more than ${refusing.text} of ${refusing.of}`;
        },
        /** As in Kea a packet counts for all of its limits if all of them have room for it, else for none. */
        draw(key: string): Rate | undefined {
          const at = now();
          const rates = ratesOf(key);
          const full = rates.find(({ window }) => !window.hasRoom(at));
          if (full === undefined) for (const { window } of rates) window.add(at);
          return full;
        },
      };
    },
  });
}

export const limits = limitsBy(() => performance.now());

interface RateLimit {
  readonly text: string;
  readonly most: number;
  readonly length: Milliseconds;
}

function addRate(rates: Map<string, Rate>, key: string, of: string, limit: RateLimit | undefined): void {
  if (limit === undefined) return;
  const { text, most, length } = limit;
  rates.set(key, { text, of, window: new RateWindow(most, length) });
}

function leaseLimitsIn(of: LeaseLimit["of"], limits: Limits | undefined): readonly LeaseLimit[] {
  return (["address", "prefix"] as const).flatMap((kind): LeaseLimit[] => {
    const most = limits?.[`${kind}-limit`];
    return most === undefined ? [] : [{ of, kind, most }];
  });
}

interface Limits {
  readonly "address-limit"?: number | undefined;
  readonly "prefix-limit"?: number | undefined;
}

function contextSchema({ z }: ParameterTools) {
  const rate = z.string().transform((text, context): RateLimit => {
    const [, most, unit] = /^\s*(\d+)\s+packets?\s+per\s+(\w+)$/.exec(text) ?? [];
    const length = UNITS[unit ?? ""];
    if (length !== undefined && Number(most) <= 0xffff_ffff) return { text, most: Number(most), length };
    const message = `is no rate: write "5 packets per second", or per ${Object.keys(UNITS).slice(1).join(", ")}`;
    context.issues.push({ code: "custom", message, input: text });
    return z.NEVER;
  });
  const leases = z.int().min(0).max(0xffff_ffff).optional();
  return z.looseObject({
    limits: z.object({ "rate-limit": rate.optional(), "address-limit": leases, "prefix-limit": leases }).optional(),
  });
}
