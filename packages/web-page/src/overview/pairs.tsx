/** The pairs that the daemons are in, each as the daemon sees it. */
import { Table } from "../table.tsx";
import { describePartner, moodOf, type Pair } from "./pair.ts";

const COLUMNS = ["Daemon", "Server", "State", "Serves clients of", "Partner", "Clients without an answer"];

export function Pairs({ pairs }: { readonly pairs: readonly Pair[] }) {
  return (
    <Table caption="High availability" columns={COLUMNS}>
      {pairs.map((pair) => {
        const { local, remote } = pair["ha-servers"];
        return (
          <tr key={`${pair.service} ${local["server-name"]}`}>
            <th scope="row">{pair.service}</th>
            <td>{local["server-name"]}</td>
            <td>
              <span class={`mood ${moodOf(pair)}`}>{local.state}</span>
            </td>
            <td class="wrap">{local.scopes.join(", ")}</td>
            <td class="wrap">{describePartner(pair)}</td>
            <td class="number">{remote?.["unacked-clients"]}</td>
          </tr>
        );
      })}
    </Table>
  );
}
