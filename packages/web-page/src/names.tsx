/** Names on their way into the DNS: what d2 has done, and what waits. */
import { formatCount } from "./format-count.ts";
import { Problem } from "./problem.tsx";
import type { Session } from "./session.ts";
import { Table } from "./table.tsx";
import { usePolled } from "./use-polled.ts";

const COLUMNS = ["Statistic", "Count", "Last changed"];

/** By name; of each the last value and when it came. */
type Statistics = Readonly<Record<string, readonly (readonly [number, string])[]>>;

export function Names({ session }: { readonly session: Session }) {
  const { value, problem } = usePolled(
    async (signal) => {
      const [status, statistics] = await Promise.all([
        session.ask<{ readonly "queue-size"?: number }>("d2", "status-get", undefined, signal),
        session.ask<Statistics>("d2", "statistic-get-all", undefined, signal),
      ]);
      return { waiting: status?.["queue-size"] ?? 0, statistics: statistics ?? {} };
    },
    [],
    2,
  );
  const rows = Object.entries(value?.statistics ?? {}).map(([name, [last]]) => ({ name, last }));
  return (
    <>
      <h2>Names</h2>
      <Problem text={problem} />
      {value !== undefined && <p>{formatCount(value.waiting, "request")} waiting for the DNS.</p>}
      <Table caption="What the DNS updater has counted, of each key, too" columns={COLUMNS}>
        {rows.map(({ name, last }) => (
          <tr key={name}>
            <th scope="row" class="code">
              {name}
            </th>
            <td class="number">{last?.[0].toLocaleString()}</td>
            <td>{last?.[1].replace(/\.\d+$/, "")}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}
