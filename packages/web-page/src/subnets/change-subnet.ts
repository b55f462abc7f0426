/** How subnets of the file and of a database are added, changed and removed: by commands, which leave all others as they are. */
import { type Change, checkMade, formatConfig } from "../configuration/change/change.ts";
import { type DhcpConfig, ROOTS, type Subnet, subnetsOf } from "../configuration/config.ts";
import { type Family, SERVICE_OF } from "../leases/lease.ts";
import type { Session } from "../session.ts";

/** As they are typed. */
export interface SubnetFields {
  readonly id: string;
  readonly subnet: string;
  /** With commas between them. */
  readonly pools: string;
  /** The name of a shared network; empty for none. */
  readonly network: string;
  /** Whether it goes into the database of configuration, for all servers. */
  readonly isStored: boolean;
}

/** @returns a change that the daemon has found to be good @throws Error with what is wrong with it */
export async function planNewSubnet(session: Session, family: Family, fields: SubnetFields): Promise<Change> {
  const service = SERVICE_OF[family];
  const subnet = subnetOf(fields);
  const config = (await session.ask<Record<string, DhcpConfig>>(service, "config-get"))?.[ROOTS[service]] ?? {};
  await checkMade(session, service, { [ROOTS[service]]: withSubnet(config, family, subnet, fields.network) });
  if (fields.isStored) {
    const network = fields.network === "" ? null : fields.network;
    return {
      title: "Add a subnet to the database of configuration, for all servers",
      before: "",
      after: formatConfig(subnet),
      async apply() {
        const subnets = [{ ...subnet, "shared-network-name": network }];
        await session.ask(service, `remote-subnet${family}-set`, { subnets, "server-tags": ["all"] });
        await session.ask(service, "config-backend-pull");
      },
    };
  }
  return {
    title: fields.network === "" ? "Add a subnet" : `Add a subnet to ${fields.network}`,
    before: "",
    after: formatConfig(subnet),
    async apply() {
      await session.ask(service, `subnet${family}-add`, { [`subnet${family}`]: [subnet] });
      if (fields.network === "") return;
      await session.ask(service, `network${family}-subnet-add`, { name: fields.network, id: subnet.id });
    },
    write: async () => void (await session.ask(service, "config-write")),
  };
}

/** What a subnet says, as text: of one in a database what stands there, without what it inherits. */
export async function loadSubnetText(session: Session, family: Family, subnet: Subnet): Promise<string> {
  if (tagsOf(subnet) === undefined) return formatConfig(subnet);
  const which = { subnets: [{ id: subnet.id }] };
  const answer = await session.ask<{ subnets: readonly Subnet[] }>(
    SERVICE_OF[family],
    `remote-subnet${family}-get-by-id`,
    which,
  );
  const [found] = answer?.subnets ?? [];
  if (found === undefined) throw new Error(`There is no subnet ${subnet.id} in the database any more.`);
  const { metadata: _, ...stored } = found;
  return formatConfig(stored);
}

/**
 * @param before as of `loadSubnetText` @param after what has been made of it
 * @returns a change that the daemon has found to be good @throws Error with what is wrong with it
 */
export async function planSubnetChange(
  session: Session,
  family: Family,
  subnet: Subnet,
  [before, after]: readonly [string, string],
): Promise<Change> {
  const service = SERVICE_OF[family];
  const { "shared-network-name": network = null, ...changed } = JSON.parse(after) as StoredSubnet;
  const config = (await session.ask<Record<string, DhcpConfig>>(service, "config-get"))?.[ROOTS[service]] ?? {};
  const tags = tagsOf(subnet);
  const kept = withoutSubnet(config, family, subnet.id);
  const place = tags === undefined ? subnetsOf(config).find((each) => each.subnet.id === subnet.id)?.network : network;
  await checkMade(session, service, { [ROOTS[service]]: withSubnet(kept, family, changed, place ?? "") });
  if (tags === undefined) {
    return {
      ...{ title: "Change a subnet", before, after },
      apply: async () =>
        void (await session.ask(service, `subnet${family}-update`, { [`subnet${family}`]: [changed] })),
      write: async () => void (await session.ask(service, "config-write")),
    };
  }
  return {
    title: `Change a subnet in the database of configuration, for ${tags.join(", ")}`,
    ...{ before, after },
    async apply() {
      const subnets = [{ ...changed, "shared-network-name": network }];
      await session.ask(service, `remote-subnet${family}-set`, { subnets, "server-tags": tags });
      await session.ask(service, "config-backend-pull");
    },
  };
}

export function planRemoval(session: Session, family: Family, subnet: Subnet): Change {
  const service = SERVICE_OF[family];
  const { metadata: _, ...shown } = subnet;
  if (tagsOf(subnet) !== undefined) {
    return {
      title: "Remove a subnet from the database of configuration, for all servers: its leases stay until they end",
      before: formatConfig(shown),
      after: "",
      async apply() {
        await session.ask(service, `remote-subnet${family}-del-by-id`, { subnets: [{ id: subnet.id }] });
        await session.ask(service, "config-backend-pull");
      },
    };
  }
  return {
    title: "Remove a subnet: its leases stay until they end",
    before: formatConfig(subnet),
    after: "",
    apply: async () => void (await session.ask(service, `subnet${family}-del`, { id: subnet.id })),
    write: async () => void (await session.ask(service, "config-write")),
  };
}

interface StoredSubnet extends Subnet {
  readonly "shared-network-name"?: string | null;
}

/** Of the servers that it is for, where it is in a database. */
function tagsOf({ metadata }: Subnet): readonly string[] | undefined {
  return metadata?.["server-tags"];
}

function subnetOf({ id, subnet, pools }: SubnetFields): Subnet {
  const texts = pools.split(",").flatMap((pool) => (pool.trim() === "" ? [] : [{ pool: pool.trim() }]));
  return { id: Number(id), subnet: subnet.trim(), pools: texts };
}

function withoutSubnet(config: DhcpConfig, family: Family, id: number): DhcpConfig {
  const key = family === 4 ? "subnet4" : "subnet6";
  const others = <S extends DhcpConfig>(scope: S): S =>
    scope[key] === undefined ? scope : { ...scope, [key]: scope[key].filter((each) => each.id !== id) };
  const networks = config["shared-networks"]?.map(others);
  return { ...others(config), ...(networks && { "shared-networks": networks }) };
}

/** @throws Error where there is no such network */
function withSubnet(config: DhcpConfig, family: Family, subnet: Subnet, name: string): DhcpConfig {
  const key = family === 4 ? "subnet4" : "subnet6";
  if (name === "") return { ...config, [key]: [...(config[key] ?? []), subnet] };
  const networks = config["shared-networks"] ?? [];
  if (!networks.some((network) => network.name === name)) throw new Error(`There is no shared network ${name}.`);
  const changed = networks.map((network) =>
    network.name === name ? { ...network, [key]: [...(network[key] ?? []), subnet] } : network,
  );
  return { ...config, "shared-networks": changed };
}
