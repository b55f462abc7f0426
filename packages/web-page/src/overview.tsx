/** The daemons: which are there, how each is. */
import { type DaemonState, describeState } from "./daemon-state.ts";
import { formatDuration } from "./format-duration.ts";
import { Table } from "./table.tsx";

export function Overview({ states }: { readonly states: readonly DaemonState[] }) {
  return (
    <>
      <h2>Overview</h2>
      <Table caption="Daemons of this host" columns={["Daemon", "State", "Version", "Up for", "Configuration for"]}>
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
    </>
  );
}

function Row({ state }: { readonly state: DaemonState }) {
  const { service, version, status, problem } = state;
  const { mood, text } = describeState(state);
  return (
    <tr>
      <th scope="row">{service}</th>
      <td>
        <span class={`mood ${mood}`}>{text}</span>
      </td>
      {status === undefined ? (
        <td colSpan={3} class="hint">
          {problem}
        </td>
      ) : (
        <>
          <td>{version}</td>
          <td>{formatDuration(status.uptime)}</td>
          <td>{formatDuration(status.reload)}</td>
        </>
      )}
    </tr>
  );
}
