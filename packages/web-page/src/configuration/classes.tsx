/** Client classes of the configuration. */
import { useState } from "preact/hooks";
import { FamilyChoice } from "../family-choice.tsx";
import { formatCount } from "../format-count.ts";
import { areCallable, callClients } from "../leases/call-clients.ts";
import type { Family } from "../leases/lease.ts";
import { Problem } from "../problem.tsx";
import type { Session } from "../session.ts";
import { Table } from "../table.tsx";
import { usePolled } from "../use-polled.ts";
import { type ClientClass, loadConfig } from "./config.ts";

const COLUMNS = ["Class", "Who is in it", "Options"];

interface Props {
  readonly session: Session;
  readonly families: readonly Family[];
}

export function Classes({ session, families }: Props) {
  const [family, setFamily] = useState<Family>(families[0]!);
  const { value: config, problem } = usePolled((signal) => loadConfig(session, family, signal), [family]);
  const [called, setCalled] = useState<string>();
  const classes = config?.["client-classes"] ?? [];
  const isCallable = areCallable(config, family);
  const call = (name: string) => void callClients(session, family, { "client-class": name }).then(setCalled);
  return (
    <>
      <h2>Classes</h2>
      <div class="controls">
        <FamilyChoice families={families} chosen={family} onChoose={setFamily} />
      </div>
      <Problem text={problem} />
      {called !== undefined && <output class="good">{called}</output>}
      <Table
        caption={`${formatCount(classes.length, "class")} in the configuration of IPv${family}, in their order`}
        columns={isCallable ? [...COLUMNS, "Clients"] : COLUMNS}
      >
        {classes.map((each) => (
          <tr key={each.name}>
            <th scope="row">{each.name}</th>
            <td class="code wrap">{describeMembers(each)}</td>
            <td class="wrap">
              {(each["option-data"] ?? []).map(({ name, code, data = "" }) => `${name ?? code} ${data}`).join(", ")}
            </td>
            {isCallable && (
              <td>
                <button type="button" onClick={() => call(each.name)}>
                  Have them renew now
                </button>
              </td>
            )}
          </tr>
        ))}
      </Table>
    </>
  );
}

function describeMembers(each: ClientClass): string {
  const { test, "template-test": template } = each;
  const isLate = each["only-in-additional-list"] === true || each["only-if-required"] === true;
  const rule =
    test ?? (template === undefined ? "whom something else puts into it" : `one class for each value of ${template}`);
  return isLate ? `${rule} (only where it is asked for)` : rule;
}
