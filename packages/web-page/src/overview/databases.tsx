/** The databases that the daemons have beside their leases, and how each is. */
import { Table } from "../table.tsx";
import type { DaemonState, DatabaseStatus } from "./daemon-state.ts";

const COLUMNS = ["Daemon", "Database of", "State", "Which"];

export interface KnownDatabase {
  readonly service: string;
  readonly of: "configuration" | "reservations";
  readonly status: DatabaseStatus;
  readonly which: string;
}

/** @param stores how kinds of databases are called */
export function databasesIn(
  states: readonly Pick<DaemonState, "service" | "status">[],
  stores: Readonly<Record<string, string>>,
): readonly KnownDatabase[] {
  return states.flatMap(({ service, status }): readonly KnownDatabase[] => {
    const config = status?.["config-database"];
    const which = config && [stores[config.type] ?? config.type, config.error].filter((each) => each !== undefined);
    const known = config && { service, of: "configuration" as const, status: config.status, which: which!.join(": ") };
    const hosts = (status?.["hosts-databases"] ?? []).map(({ name, status: state }) => {
      return { service, of: "reservations" as const, status: state, which: name };
    });
    return known === undefined ? hosts : [known, ...hosts];
  });
}

export function Databases({ databases }: { readonly databases: readonly KnownDatabase[] }) {
  return (
    <Table caption="Databases beside those of leases" columns={COLUMNS}>
      {databases.map(({ service, of, status, which }) => (
        <tr key={`${service} ${of} ${which}`}>
          <th scope="row">{service}</th>
          <td>{of}</td>
          <td>
            <span class={`mood ${status === "ready" ? "good" : "bad"}`}>{status === "ready" ? "up" : "away"}</span>
          </td>
          <td class="wrap">{which}</td>
        </tr>
      ))}
    </Table>
  );
}
