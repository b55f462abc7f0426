/** Subnets: how full each is, and how that has changed. */
import { useState } from "preact/hooks";
import type { Change } from "../configuration/change/change.ts";
import { ChangeDialog } from "../configuration/change/change-dialog.tsx";
import { loadConfig, type Subnet, subnetsOf } from "../configuration/config.ts";
import { FamilyChoice } from "../family-choice.tsx";
import { areCallable, callClients } from "../leases/call-clients.ts";
import type { Family } from "../leases/lease.ts";
import { Problem } from "../problem.tsx";
import { SearchField } from "../search-field.tsx";
import type { Session } from "../session.ts";
import { Table } from "../table.tsx";
import { usePolled } from "../use-polled.ts";
import { loadSubnetText, planNewSubnet, planRemoval, planSubnetChange } from "./change-subnet.ts";
import { Pools } from "./pools.tsx";
import { Share, shareOf } from "./share.tsx";
import { SubnetEditor } from "./subnet-editor.tsx";
import { SubnetForm } from "./subnet-form.tsx";
import { assignedOver } from "./usage.ts";
import { UsagePlot } from "./usage-plot.tsx";
import type { Samples } from "./use-samples.ts";

/** Rows that a browser shows at ease. */
const MOST = 200;
const COLUMNS = ["Subnet", "Id", "Network", "In use", "Leased", "Declined", "All"];

interface Props {
  readonly session: Session;
  readonly families: readonly Family[];
  readonly samples: Samples | undefined;
  readonly problem: string | undefined;
}

export function Subnets({ session, families, samples, problem }: Props) {
  const [family, setFamily] = useState<Family>(families[0]!);
  const [filter, setFilter] = useState("");
  const [plotted, setPlotted] = useState<number>();
  const [isAdding, setIsAdding] = useState(false);
  const [change, setChange] = useState<Change>();
  const [edited, setEdited] = useState<string>();
  const [refusal, setRefusal] = useState<string>();
  const [outcome, setOutcome] = useState<string>();
  const [loads, setLoads] = useState(0);
  const loaded = usePolled(
    async (signal) => ({ family, config: await loadConfig(session, family, signal) }),
    [family, loads],
  );
  // Until its own has come, that of the other family would be there.
  const config = loaded.value?.family === family ? loaded.value.config : undefined;
  const known = new Map(subnetsOf(config ?? {}).map((each) => [each.subnet.id, each]));
  const nameOf = (id: number) => known.get(id)?.subnet.subnet ?? `subnet ${id}`;
  const networkOf = (id: number) => known.get(id)?.network ?? "";

  const chosen = plotted === undefined ? undefined : known.get(plotted)?.subnet;

  const over = samples?.[family] ?? [];
  const wanted = filter.trim().toLowerCase();
  const usages = (over.at(-1)?.usages ?? [])
    .filter(({ subnetId }) => `${nameOf(subnetId)} ${subnetId} ${networkOf(subnetId)}`.toLowerCase().includes(wanted))
    .sort((a, b) => shareOf(b) - shareOf(a));

  function choose(next: Family): void {
    setFamily(next);
    setPlotted(undefined);
  }

  async function edit(subnet: Subnet): Promise<void> {
    setRefusal(undefined);
    setOutcome(undefined);
    await loadSubnetText(session, family, subnet).then(setEdited, (error: Error) => setRefusal(error.message));
  }

  function done(isWritten: boolean): void {
    setChange(undefined);
    setPlotted(undefined);
    setLoads(loads + 1);
    setOutcome(
      isWritten ? "It is in force, and lasts." : "It is in force until the next start: it is not in the file.",
    );
  }

  return (
    <>
      <h2>Subnets</h2>
      <div class="controls">
        <FamilyChoice families={families} chosen={family} onChoose={choose} />
        <SearchField text={filter} hint="prefix, id, network" onType={setFilter} />
        <button
          type="button"
          class="main"
          disabled={config === undefined}
          onClick={() => {
            setOutcome(undefined);
            setIsAdding(true);
          }}
        >
          Add…
        </button>
        {chosen !== undefined && (
          <>
            <button type="button" onClick={() => void edit(chosen)}>
              Change {chosen.subnet}…
            </button>
            <button type="button" onClick={() => setChange(planRemoval(session, family, chosen))}>
              Remove {chosen.subnet}…
            </button>
            {areCallable(config, family) && (
              <button
                type="button"
                onClick={() => void callClients(session, family, { "subnet-id": chosen.id }).then(setOutcome)}
              >
                Have its clients renew now
              </button>
            )}
          </>
        )}
      </div>
      <Problem text={problem ?? loaded.problem ?? refusal} />
      {outcome !== undefined && <output class="good">{outcome}</output>}
      <figure>
        <figcaption>
          Leased addresses of {plotted === undefined ? "all subnets" : nameOf(plotted)} since the page was opened{" "}
          {plotted !== undefined && (
            <button type="button" onClick={() => setPlotted(undefined)}>
              All subnets
            </button>
          )}
        </figcaption>
        <UsagePlot label="Leased" times={over.map(({ time }) => time)} values={assignedOver(over, plotted)} />
      </figure>
      {chosen !== undefined && <Pools session={session} family={family} subnet={chosen} />}
      <Table caption={`IPv${family} subnets, the fullest first`} columns={COLUMNS}>
        {usages.slice(0, MOST).map((usage) => (
          <tr key={`${usage.subnetId} ${usage.kind}`}>
            <th scope="row">
              <button type="button" class="link" onClick={() => setPlotted(usage.subnetId)}>
                {nameOf(usage.subnetId)}
              </button>
              {usage.kind === "prefixes" && " prefixes"}
            </th>
            <td>{usage.subnetId}</td>
            <td>{networkOf(usage.subnetId)}</td>
            <td>
              <Share usage={usage} name={nameOf(usage.subnetId)} />
            </td>
            <td class="number">{usage.assigned.toLocaleString()}</td>
            <td class="number">{usage.declined.toLocaleString()}</td>
            <td class="number">{formatTotal(usage.total)}</td>
          </tr>
        ))}
      </Table>
      {usages.length > MOST && (
        <p class="hint">
          {MOST} of {usages.length}: search for the others.
        </p>
      )}
      {isAdding && (
        <SubnetForm
          family={family}
          freeId={Math.max(0, ...known.keys()) + 1}
          hasDatabase={(config?.["config-control"]?.["config-databases"] ?? []).length > 0}
          networks={config?.["shared-networks"]?.map(({ name }) => name) ?? []}
          onSubmit={async (fields) => {
            const planned = await planNewSubnet(session, family, fields);
            setIsAdding(false);
            setChange(planned);
          }}
          onClose={() => setIsAdding(false)}
        />
      )}
      {edited !== undefined && chosen !== undefined && (
        <SubnetEditor
          name={chosen.subnet}
          text={edited}
          onSubmit={async (text) => {
            const planned = await planSubnetChange(session, family, chosen, [edited, text]);
            setEdited(undefined);
            setChange(planned);
          }}
          onClose={() => setEdited(undefined)}
        />
      )}
      {change !== undefined && <ChangeDialog change={change} onClose={() => setChange(undefined)} onDone={done} />}
    </>
  );
}

/** A /64 has more than anybody can read. */
function formatTotal(total: number): string {
  return total < 1e9 ? total.toLocaleString() : `2^${Math.log2(total).toFixed(0)}`;
}
