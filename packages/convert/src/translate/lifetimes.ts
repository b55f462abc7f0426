/** How long leases last: dhcpd's three times, and what it takes where they are not set. */
import type { Settings } from "./settings.ts";

const NAMES = ["default-lease-time", "min-lease-time", "max-lease-time", "preferred-lifetime"] as const;

/** dhcpd's own, in seconds. */
const USUAL = { default: 43_200, min: 300, max: 86_400 } as const;

const FOR_EVER = 0xffff_ffff;

/** @param chain the settings that hold, the widest scope first @returns nothing where the last one sets no time */
export function lifetimesOf(chain: readonly Settings[], family: 4 | 6): Readonly<Record<string, number>> {
  const last = chain.at(-1);
  if (last === undefined || !NAMES.some((name) => last.parameters.has(name))) return {};
  return allLifetimes(chain, family);
}

/** For the global scope, where all have to be said. */
export function allLifetimes(chain: readonly Settings[], family: 4 | 6): Readonly<Record<string, number>> {
  const usual = secondsIn(chain, "default-lease-time") ?? USUAL.default;
  if (family === 6) {
    // dhcpd: half and an eighth.
    const preferred = secondsIn(chain, "preferred-lifetime") ?? Math.floor(usual / 2) + Math.floor(usual / 8);
    return { "valid-lifetime": usual, "preferred-lifetime": Math.min(preferred, usual) };
  }
  const max = secondsIn(chain, "max-lease-time") ?? USUAL.max;
  // dhcpd: of a minimum above the maximum the maximum counts.
  const min = Math.min(secondsIn(chain, "min-lease-time") ?? USUAL.min, max);
  const valid = Math.max(1, Math.min(Math.max(usual, min), max));
  return { "valid-lifetime": valid, "min-valid-lifetime": Math.max(1, min), "max-valid-lifetime": Math.max(1, max) };
}

function secondsIn(chain: readonly Settings[], name: (typeof NAMES)[number]): number | undefined {
  const { words } = chain.findLast(({ parameters }) => parameters.has(name))?.parameters.get(name) ?? {};
  const text = words?.[0]?.text.toLowerCase();
  if (text === undefined) return undefined;
  if (text === "infinite" || text === "-") return FOR_EVER;
  const number = Number(text);
  return Number.isInteger(number) && number >= 0 ? Math.min(number, FOR_EVER) : undefined;
}
