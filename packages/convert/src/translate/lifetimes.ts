/** How long leases last: dhcpd's three times, and what it takes where they are not set. */
import type { Parameter, Settings } from "../statements/settings.ts";

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
  // dhcpd: of a minimum above the maximum the minimum counts, unless it is dhcpd's own.
  const min = secondsIn(chain, "min-lease-time") ?? Math.min(USUAL.min, max);
  const most = Math.max(max, min, 1);
  const valid = Math.max(1, min, Math.min(usual, max));
  return { "valid-lifetime": valid, "min-valid-lifetime": Math.max(1, min), "max-valid-lifetime": most };
}

/** Whether a statement says that leases have no end. */
export function isEndless({ words }: Parameter): boolean {
  return /^(infinite|-)$/i.test(words[0]?.text ?? "");
}

function secondsIn(chain: readonly Settings[], name: (typeof NAMES)[number]): number | undefined {
  const given = chain.findLast(({ parameters }) => parameters.has(name))?.parameters.get(name);
  if (given === undefined) return undefined;
  if (isEndless(given)) return FOR_EVER;
  const number = Number(given.words[0]?.text);
  return Number.isInteger(number) && number >= 0 ? Math.min(number, FOR_EVER) : undefined;
}
