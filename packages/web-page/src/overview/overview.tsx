/** The daemons: which are there, how each is, and on which interfaces. */
import { formatDuration } from "../format-duration.ts";
import type { Family } from "../leases/lease.ts";
import type { Session } from "../session.ts";
import type { Samples } from "../subnets/use-samples.ts";
import { Table } from "../table.tsx";
import { type DaemonState, describeState } from "./daemon-state.ts";
import { Databases, databasesIn } from "./databases.tsx";
import { Fullest } from "./fullest.tsx";
import { Interfaces } from "./interfaces.tsx";
import { pairsIn } from "./pair.ts";
import { Pairs } from "./pairs.tsx";

const COLUMNS = ["Daemon", "State", "Leases in", "Names waiting", "Up for", "Configuration for", "Version"];
/** Kea's words for where leases are. */
const STORES: Readonly<Record<string, string>> = { memfile: "a file", mysql: "MySQL", postgresql: "PostgreSQL" };

interface Props {
  readonly session: Session;
  readonly families: readonly Family[];
  readonly states: readonly DaemonState[];
  readonly samples: Samples | undefined;
}

export function Overview({ session, families, states, samples }: Props) {
  const pairs = pairsIn(states);
  const databases = databasesIn(states, STORES);
  return (
    <>
      <h2>Overview</h2>
      <Table caption="Daemons of this host" columns={COLUMNS}>
        {states.map((state) => (
          <Row key={state.service} state={state} />
        ))}
      </Table>
      {states.map(({ service, status }) =>
        status?.sockets?.errors?.map((error) => (
          <p key={error} class="problem">
            {service}: {error}
          </p>
        )),
      )}
      {databases.length > 0 && <Databases databases={databases} />}
      {pairs.length > 0 && <Pairs pairs={pairs} />}
      {families.length > 0 && (
        <>
          <Interfaces session={session} families={families} />
          <Fullest families={families} samples={samples} />
        </>
      )}
    </>
  );
}

function Row({ state }: { readonly state: DaemonState }) {
  const { service, version, status, problem } = state;
  const { mood, text } = describeState(state);
  const leases = status?.["lease-database"];
  return (
    <tr>
      <th scope="row">{service}</th>
      <td>
        <span class={`mood ${mood}`}>{text}</span>
      </td>
      {status === undefined ? (
        <td colSpan={COLUMNS.length - 2} class="hint wrap">
          {problem}
        </td>
      ) : (
        <>
          <td>
            {leases !== undefined && (
              <span class={leases.status === "failed" ? "bad" : undefined}>
                {STORES[leases.type] ?? leases.type}
                {leases.status === "failed" && ", failed"}
              </span>
            )}
          </td>
          <td class="number">{status["queue-size"]?.toLocaleString()}</td>
          <td>{formatDuration(status.uptime)}</td>
          <td>{formatDuration(status.reload)}</td>
          <td>{version}</td>
        </>
      )}
    </tr>
  );
}
