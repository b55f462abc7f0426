/** The pools of one subnet, and how full each is. */
import type { Subnet } from "../configuration/config.ts";
import { type Family, SERVICE_OF } from "../leases/lease.ts";
import { Problem } from "../problem.tsx";
import type { Service, Session } from "../session.ts";
import { Table } from "../table.tsx";
import { usePolled } from "../use-polled.ts";
import { Share } from "./share.tsx";
import type { Usage } from "./usage.ts";

/** Those of a subnet that are asked for. */
const MOST = 50;
const SECONDS = 5;

interface Props {
  readonly session: Session;
  readonly family: Family;
  readonly subnet: Subnet;
}

export function Pools({ session, family, subnet }: Props) {
  const groups = groupsOf(subnet);
  const { value = [], problem } = usePolled(
    (signal) => Promise.all(groups.slice(0, MOST).map((group) => loadUsage(session, family, subnet.id, group, signal))),
    [family, subnet],
    SECONDS,
  );
  return (
    <>
      <Problem text={problem} />
      <Table caption={`Pools of ${subnet.subnet}`} columns={["Pool", "In use", "Leased", "Declined", "All"]}>
        {value.map(({ name, usage }) => (
          <tr key={name}>
            <th scope="row" class="wrap">
              {name}
            </th>
            <td>
              <Share usage={usage} name={name} />
            </td>
            <td class="number">{usage.assigned.toLocaleString()}</td>
            <td class="number">{usage.declined.toLocaleString()}</td>
            <td class="number">{usage.total.toLocaleString()}</td>
          </tr>
        ))}
      </Table>
      {groups.length > MOST && (
        <p class="hint">
          {MOST} of {groups.length} pools.
        </p>
      )}
    </>
  );
}

/** Pools with one number are counted as one. */
interface Group {
  readonly kind: "pool" | "pd-pool";
  readonly id: number;
  readonly name: string;
}

function groupsOf({ pools = [], "pd-pools": pdPools = [] }: Subnet): readonly Group[] {
  const all = [
    ...pools.map(({ pool, "pool-id": id = 0 }) => ({ kind: "pool" as const, id, name: pool })),
    ...pdPools.map((pool) => {
      const name = `${pool.prefix}/${pool["prefix-len"]} in /${pool["delegated-len"]}`;
      return { kind: "pd-pool" as const, id: pool["pool-id"] ?? 0, name };
    }),
  ];
  const groups = new Map<string, Group>();
  for (const { kind, id, name } of all) {
    const before = groups.get(`${kind} ${id}`);
    groups.set(`${kind} ${id}`, { kind, id, name: before === undefined ? name : `${before.name}, ${name}` });
  }
  return [...groups.values()];
}

async function loadUsage(
  session: Session,
  family: Family,
  subnetId: number,
  { kind, id, name }: Group,
  signal: AbortSignal,
): Promise<{ readonly name: string; readonly usage: Usage }> {
  const what = family === 4 ? "addresses" : kind === "pool" ? "nas" : "pds";
  const read = (statistic: string) =>
    loadStatistic(session, SERVICE_OF[family], `subnet[${subnetId}].${kind}[${id}].${statistic}`, signal);
  const [total, assigned, declined] = await Promise.all([
    read(`total-${what}`),
    read(`assigned-${what}`),
    kind === "pool" ? read("declined-addresses") : 0,
  ]);
  const usage: Usage = { subnetId, kind: kind === "pool" ? "addresses" : "prefixes", total, assigned, declined };
  return { name, usage: { ...usage, assigned: family === 4 ? assigned - declined : assigned } };
}

async function loadStatistic(session: Session, service: Service, name: string, signal: AbortSignal): Promise<number> {
  const answer = await session.ask<Record<string, [[number]]>>(service, "statistic-get", { name }, signal);
  return answer?.[name]?.[0][0] ?? 0;
}
