/** Our own key `forcerenew`: whose clients get a nonce for FORCERENEW. */
import type { Dhcp4Config, Subnet4Config } from "./dhcp4-config.ts";

/** What a scope says itself; `undefined` leaves it to the scope around. */
export function forcesRenewalOf(scope: Pick<Subnet4Config, "user-context">): boolean | undefined {
  return scope["user-context"]?.kotare?.forcerenew;
}

/** Whether any scope asks for it: without one there need be no secret. */
export function wantsForcerenew(config: Pick<Dhcp4Config, "user-context" | "shared-networks" | "subnet4">): boolean {
  const networks = config["shared-networks"];
  const subnets = [...config.subnet4, ...networks.flatMap(({ subnet4 }) => subnet4)];
  return [config, ...networks, ...subnets].some((scope) => forcesRenewalOf(scope) === true);
}
