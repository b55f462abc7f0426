/** The subnets of a configuration, which tell where a packet's subnet is looked for. */
import { formatHex } from "@kotare/core/base/hex";
import { formatIpv6Key, type Ipv6Key } from "@kotare/core/ip/ipv6-key";
import type { SubnetTrace } from "@kotare/core/server/explain/subnet-trace";
import { type Accepts6, SubnetIndex6 } from "@kotare/core/subnets/select/subnet-index6";
import type { Subnet6 } from "@kotare/core/subnets/subnet6";
import type { Service6 } from "../path/service6.ts";

export function traced6(service: Service6, trace: SubnetTrace<Subnet6>): Service6 {
  const { scope } = service;
  return { ...service, scope: { ...scope, subnets: new TracedSubnets6(scope.subnets, trace) } };
}

class TracedSubnets6 extends SubnetIndex6 {
  readonly #index: SubnetIndex6;
  readonly #trace: SubnetTrace<Subnet6>;

  constructor(index: SubnetIndex6, trace: SubnetTrace<Subnet6>) {
    super();
    this.#index = index;
    this.#trace = trace;
  }

  override all(): Iterable<Subnet6> {
    return this.#index.all();
  }

  override byId(id: number): Subnet6 | undefined {
    return this.#index.byId(id);
  }

  override byPrefix(text: string): Subnet6 | undefined {
    return this.#index.byPrefix(text);
  }

  override byRelay(address: Ipv6Key, accepts: Accepts6): Subnet6 | undefined {
    return this.#trace.look(`relay ${formatIpv6Key(address)}`, accepts, (also) => this.#index.byRelay(address, also));
  }

  override byInterface(name: string, accepts: Accepts6): Subnet6 | undefined {
    return this.#trace.look(`interface ${name}`, accepts, (also) => this.#index.byInterface(name, also));
  }

  override byInterfaceId(id: string, accepts: Accepts6): Subnet6 | undefined {
    const where = `interface-id ${formatHex(Buffer.from(id, "latin1"))}`;
    return this.#trace.look(where, accepts, (also) => this.#index.byInterfaceId(id, also));
  }

  override byAddress(address: Ipv6Key, accepts?: Accepts6): Subnet6 | undefined {
    if (accepts === undefined) return this.#index.byAddress(address);
    return this.#trace.look(`address ${formatIpv6Key(address)}`, accepts, (also) =>
      this.#index.byAddress(address, also),
    );
  }
}
