/** The subnets of a configuration, which tell where a packet's subnet is looked for. */
import { formatIpv4, type Ipv4 } from "@kotare/core/ip/ipv4";
import type { SubnetTrace } from "@kotare/core/server/explain/subnet-trace";
import { type Accepts4, SubnetIndex4 } from "@kotare/core/subnets/select/subnet-index4";
import type { Over6, Subnet4 } from "@kotare/core/subnets/subnet4";
import type { Service4 } from "../path/service4.ts";

export function traced4(service: Service4, trace: SubnetTrace<Subnet4>): Service4 {
  const { scope } = service;
  return { ...service, scope: { ...scope, subnets: new TracedSubnets4(scope.subnets, trace) } };
}

class TracedSubnets4 extends SubnetIndex4 {
  readonly #index: SubnetIndex4;
  readonly #trace: SubnetTrace<Subnet4>;

  constructor(index: SubnetIndex4, trace: SubnetTrace<Subnet4>) {
    super();
    this.#index = index;
    this.#trace = trace;
  }

  override all(): Iterable<Subnet4> {
    return this.#index.all();
  }

  override byId(id: number): Subnet4 | undefined {
    return this.#index.byId(id);
  }

  override byPrefix(text: string): Subnet4 | undefined {
    return this.#index.byPrefix(text);
  }

  override byRelay(giaddr: Ipv4, accepts: Accepts4): Subnet4 | undefined {
    return this.#trace.look(`relay ${formatIpv4(giaddr)}`, accepts, (also) => this.#index.byRelay(giaddr, also));
  }

  override byInterface(name: string, accepts: Accepts4): Subnet4 | undefined {
    return this.#trace.look(`interface ${name}`, accepts, (also) => this.#index.byInterface(name, also));
  }

  override byQuery6(matches: (over6: Over6) => boolean, accepts: Accepts4): Subnet4 | undefined {
    return this.#trace.look("the way over DHCPv6", accepts, (also) => this.#index.byQuery6(matches, also));
  }

  override byAddress(address: Ipv4, accepts?: Accepts4): Subnet4 | undefined {
    if (accepts === undefined) return this.#index.byAddress(address);
    return this.#trace.look(`address ${formatIpv4(address)}`, accepts, (also) => this.#index.byAddress(address, also));
  }
}
