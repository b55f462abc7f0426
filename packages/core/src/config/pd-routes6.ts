/** Our own key `pd-routes`: which delegated prefixes get a route in the kernel. */
import type { Dhcp6Config, PdPoolConfig, Subnet6Config } from "./dhcp6-config.ts";

/** The scopes that may have the key. */
export type RoutedConfig = Pick<Dhcp6Config, "user-context" | "shared-networks" | "subnet6">;

/** What a scope says itself; `undefined` leaves it to the scope around. */
export function pdRoutesOf(scope: Pick<Subnet6Config | PdPoolConfig, "user-context"> | undefined): boolean | undefined {
  return scope?.["user-context"]?.kotare?.["pd-routes"];
}

/** Whether any scope asks for routes: without one the kernel need not be asked for the right to make them. */
export function wantsPdRoutes(config: RoutedConfig): boolean {
  const networks = config["shared-networks"];
  const subnets = [...config.subnet6, ...networks.flatMap(({ subnet6 }) => subnet6)];
  const pools = subnets.flatMap((subnet) => subnet["pd-pools"]);
  return [config, ...networks, ...subnets, ...pools].some((scope) => pdRoutesOf(scope) === true);
}
