/** Our own keys of DHCPv4, as scopes have them. */
import type { Dhcp4Config, Subnet4Config } from "./dhcp4-config.ts";

/** Whose clients get a nonce for FORCERENEW: what a scope says itself; `undefined` leaves it to the scope around. */
export function forcesRenewalOf(scope: Pick<Subnet4Config, "user-context">): boolean | undefined {
  return scope["user-context"]?.kotare?.forcerenew;
}

/** Who has to authenticate messages (RFC 3118); as `forcesRenewalOf`. */
export function authenticatesOf(scope: Pick<Subnet4Config, "user-context">): boolean | undefined {
  return scope["user-context"]?.kotare?.["authentication-required"];
}

/** Whether clients are called, or answers signed: without that there need be no secret of ours. */
export function needsSecret4(config: Pick<Dhcp4Config, "user-context" | "shared-networks" | "subnet4">): boolean {
  if (config["user-context"]?.kotare?.authentication !== undefined) return true;
  // No list of them all: there may be ten thousand.
  const isWanted = (scope: Pick<Subnet4Config, "user-context">) => forcesRenewalOf(scope) === true;
  const isWantedIn = (subnets: readonly Subnet4Config[]) => subnets.some(isWanted);
  const networks = config["shared-networks"];
  return (
    isWanted(config) ||
    isWantedIn(config.subnet4) ||
    networks.some((each) => isWanted(each) || isWantedIn(each.subnet4))
  );
}
