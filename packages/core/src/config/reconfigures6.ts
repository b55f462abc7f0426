/** Our own key `reconfigure`: whose clients get a key for RECONFIGURE. */
import type { Dhcp6Config, Subnet6Config } from "./dhcp6-config.ts";

/** What a scope says itself; `undefined` leaves it to the scope around. */
export function reconfiguresOf(scope: Pick<Subnet6Config, "user-context">): boolean | undefined {
  return scope["user-context"]?.kotare?.reconfigure;
}

/** Whether any scope asks for it: without one there need be no secret. */
export function wantsReconfigure(config: Pick<Dhcp6Config, "user-context" | "shared-networks" | "subnet6">): boolean {
  const networks = config["shared-networks"];
  const subnets = [...config.subnet6, ...networks.flatMap(({ subnet6 }) => subnet6)];
  return [config, ...networks, ...subnets].some((scope) => reconfiguresOf(scope) === true);
}
