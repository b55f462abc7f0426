/** What the configuration has for a client at the place where it is served, asked for or not. */
import type { Place4 } from "@kotare/core/allocate/allocate4";
import { noOptions } from "@kotare/core/options/scope-options";
import type { EffectiveOptions } from "@kotare/core/subnets/options/effective-options";
import type { Pool4 } from "@kotare/core/subnets/subnet4";
import type { Query4 } from "../path/query4.ts";

/** @param pool of the address that the client gets, if it is from one */
export function configuredOptions4(
  { profile }: Pick<Query4, "profile">,
  { subnet, host }: Place4,
  pool: Pool4 | undefined,
): EffectiveOptions {
  const stack = (pool ?? subnet).options;
  return host === undefined || host.options === noOptions ? stack.for(profile) : stack.under([host.options], profile);
}
