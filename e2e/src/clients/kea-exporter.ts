/**
 * What kea-exporter 0.7.0 does with a scrape: `config-get` and `statistic-get-all` over one socket each, read to the end.
 * A statistic that it knows of subnets must have a subnet in its name, or the scrape ends with an exception.
 */
import { sendCommand } from "../subject/command.ts";
import type { Family } from "../subject/server.ts";

interface Known {
  readonly family: Family;
  /** Exported with the labels of a subnet, under any name that ends so. */
  readonly ofSubnets: readonly string[];
  /** Passed over where no subnet is named. */
  readonly passedOver: readonly string[];
}

const ends = ["declined-addresses", "reclaimed-declined-addresses", "reclaimed-leases"];

function failures(family: Family): string[] {
  return ["shared-network", "subnet", "no-pools", "classes"].map((kind) => `v${family}-allocation-fail-${kind}`);
}

const known4: Known = {
  family: 4,
  ofSubnets: [
    ...failures(4),
    ...ends,
    ...["v4-lease-reuses", "v4-reservation-conflicts", "assigned-addresses", "total-addresses"],
  ],
  passedOver: [...failures(4), ...ends, "v4-lease-reuses", "v4-reservation-conflicts"],
};

const known6: Known = {
  family: 6,
  ofSubnets: [
    ...failures(6),
    ...ends,
    ...["v6-ia-na-lease-reuses", "v6-ia-pd-lease-reuses", "v6-reservation-conflicts"],
    ...["assigned-nas", "assigned-pds", "total-nas", "total-pds", "declined-reclaimed-addresses"],
  ],
  passedOver: [
    ...failures(6),
    ...ends,
    ...["v6-ia-na-lease-reuses", "v6-ia-pd-lease-reuses", "v6-reservation-conflicts"],
  ],
};

type Subnet = { readonly id: number; readonly subnet: string; readonly pools: readonly { readonly pool: string }[] };

/** @returns what it exports: a line a value, by subnet and pool. @throws where its scrape fails */
export async function scrape(socket: string, family: Family): Promise<string[]> {
  const { passedOver, ofSubnets } = family === 4 ? known4 : known6;
  const config = (await ask(socket, "config-get"))[`Dhcp${family}`] as Record<string, readonly Subnet[]>;
  const subnets = new Map(config[`subnet${family}`]!.map((subnet) => [subnet.id, subnet]));
  const lines: string[] = [];
  for (const [name, samples] of Object.entries(await ask(socket, "statistic-get-all"))) {
    const [, id, poolIndex, ofSubnet] = /^subnet\[(\d+)\]\.(?:pool\[(\d+)\]\.)?([\w-]+)$/.exec(name) ?? [];
    if (passedOver.includes(name)) continue;
    const [[value]] = samples as [[number, string]];
    if (ofSubnet === undefined) {
      if (ofSubnets.includes(name)) throw new Error(`no label "subnet" for ${name}`);
      lines.push(`${name} ${value}`);
    } else if (ofSubnets.includes(ofSubnet)) {
      const subnet = subnets.get(Number(id));
      if (subnet === undefined) throw new Error(`subnet ${id} is not configured`);
      lines.push(`${ofSubnet} ${subnet.subnet} ${subnet.pools[Number(poolIndex)]?.pool ?? ""} ${value}`);
    }
  }
  return lines;
}

async function ask(socket: string, command: string): Promise<Record<string, unknown>> {
  const answer = JSON.parse(await sendCommand(socket, command)) as { result: number; arguments: object };
  if (answer.result !== 0) throw new Error(`${command}: ${answer.result}`);
  return answer.arguments as Record<string, unknown>;
}
