/**
 * What kea-exporter 0.7.0 does with a scrape: `config-get` and `statistic-get-all`, over one socket each, read to the end,
 * or over HTTP for all daemons that the control agent has. A statistic that it knows of subnets must have a subnet in its
 * name, or the scrape ends with an exception.
 */
import type { Family } from "../subject/server.ts";
import { askLikeThis, UNTIL_END } from "./field-client.ts";

/** Exported with the labels of a subnet. */
const ofSubnets: Readonly<Record<Family, readonly string[]>> = {
  4: [
    ...failures(4),
    ...["v4-lease-reuses", "v4-reservation-conflicts", "assigned-addresses", "total-addresses"],
    ...["declined-addresses", "reclaimed-declined-addresses", "reclaimed-leases"],
  ],
  6: [
    ...failures(6),
    ...["v6-ia-na-lease-reuses", "v6-ia-pd-lease-reuses", "v6-reservation-conflicts"],
    ...["assigned-nas", "assigned-pds", "total-nas", "total-pds", "declined-reclaimed-addresses"],
    ...["declined-addresses", "reclaimed-declined-addresses", "reclaimed-leases"],
  ],
};

/** Its list of what to pass over where no subnet is named lacks these. */
const neverAlone = /^(assigned-(addresses|nas|pds)|total-(addresses|nas|pds)|declined-reclaimed-addresses)$/;

function failures(family: Family): string[] {
  return ["shared-network", "subnet", "no-pools", "classes"].map((kind) => `v${family}-allocation-fail-${kind}`);
}

type Subnet = { readonly id: number; readonly subnet: string; readonly pools: readonly { readonly pool: string }[] };
type Statistics = Readonly<Record<string, readonly (readonly [value: number, when: string])[]>>;
type Answer = { readonly result: number; readonly arguments: Readonly<Record<string, unknown>> };

/** @returns what it exports: a line a value, by subnet and pool. @throws where its scrape fails */
export async function scrapeSocket(socket: string, family: Family): Promise<string[]> {
  const ask = async (command: string) =>
    JSON.parse(await askLikeThis(UNTIL_END, socket, JSON.stringify({ command }))) as Answer;
  return exported(family, await ask("config-get"), await ask("statistic-get-all"));
}

/** The same of both families, one after the other. @param post sends a body, and has the answer's */
export async function scrapeAgent(post: (body: string) => Promise<string>): Promise<string[]> {
  const ask = async (more: object) => JSON.parse(await post(JSON.stringify(more))) as readonly Answer[];
  const [agent] = await ask({ command: "config-get" });
  const own = agent!.arguments["Control-agent"] as { readonly "control-sockets": object };
  const service = Object.keys(own["control-sockets"]).filter((name) => name.includes("dhcp"));
  const configs = await ask({ command: "config-get", service });
  const statistics = await ask({ command: "statistic-get-all", arguments: {}, service });
  return service.flatMap((name, i) => exported(name === "dhcp4" ? 4 : 6, configs[i]!, statistics[i]!));
}

function exported(family: Family, config: Answer, statistics: Answer): string[] {
  const own = config.arguments[`Dhcp${family}`] as Readonly<Record<string, readonly Subnet[]>>;
  const subnets = new Map(own[`subnet${family}`]!.map((subnet) => [subnet.id, subnet]));
  const lines: string[] = [];
  for (const [name, [sample]] of Object.entries(statistics.arguments as Statistics)) {
    const [value] = sample!;
    if (neverAlone.test(name)) throw new Error(`no label "subnet" for ${name}`);
    if (/^pkt\d-.*-/.test(name)) lines.push(`${name} ${value}`);
    const [, id, poolIndex, ofSubnet] = /^subnet\[(\d+)\]\.(?:pool\[(\d+)\]\.)?([\w-]+)$/.exec(name) ?? [];
    const subnet = subnets.get(Number(id));
    const pool = poolIndex === undefined ? "" : subnet?.pools[Number(poolIndex)]?.pool;
    // Of a subnet or a pool that the configuration does not have it says so, and goes on.
    if (ofSubnet === undefined || subnet === undefined || pool === undefined) continue;
    if (ofSubnets[family].includes(ofSubnet)) lines.push(`${ofSubnet} ${subnet.subnet} ${pool} ${value}`);
  }
  return lines.sort();
}
