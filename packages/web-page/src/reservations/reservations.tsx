/** Reservations of the configuration and of host databases: what is kept for whom, and how that is changed. */
import { useState } from "preact/hooks";
import type { Change } from "../configuration/change/change.ts";
import { ChangeDialog } from "../configuration/change/change-dialog.tsx";
import { loadConfig, reservationsOf, subnetsOf } from "../configuration/config.ts";
import { FamilyChoice } from "../family-choice.tsx";
import { formatCount } from "../format-count.ts";
import type { Family } from "../leases/lease.ts";
import { Problem } from "../problem.tsx";
import { SearchField } from "../search-field.tsx";
import type { Session } from "../session.ts";
import { Table } from "../table.tsx";
import { usePolled } from "../use-polled.ts";
import { planReservation } from "./change-reservation.ts";
import { fieldsOf, identifierOf, type Place, type ReservationFields, reservationOf } from "./reservation.ts";
import { ReservationForm } from "./reservation-form.tsx";
import { hasStore, loadStored, STRETCH, type Start, type Stored } from "./stored-reservations.ts";

/** Rows that a browser shows at ease. */
const MOST = 200;
const COLUMNS = ["Client", "Reserved", "Name", "Classes", "Subnet", ""];

/** A lease that is to be kept for its client. */
export interface Draft {
  readonly family: Family;
  readonly place: Place;
}

interface Props {
  readonly session: Session;
  readonly families: readonly Family[];
  readonly draft: Draft | undefined;
  /** The draft has been taken up. */
  readonly onTaken: () => void;
}

/** What the form is about: `before` is what is changed. */
interface Edited {
  readonly place: Place;
  readonly before: Place | undefined;
}

export function Reservations({ session, families, draft, onTaken }: Props) {
  const [family, setFamily] = useState<Family>(draft?.family ?? families[0]!);
  const [filter, setFilter] = useState("");
  const [loads, setLoads] = useState(0);
  /** Of the stretches of stored ones that have been turned over: none while the first is shown. */
  const [starts, setStarts] = useState<readonly Start[]>([]);
  const [edited, setEdited] = useState<Edited | undefined>(draft && { place: draft.place, before: undefined });
  const [change, setChange] = useState<Change>();
  const [outcome, setOutcome] = useState<string>();
  const [refusal, setRefusal] = useState<string>();
  const { value, problem } = usePolled(
    (signal) => loadReservations(session, family, starts.at(-1), signal),
    [family, loads, starts],
  );
  const { config, places = [], next } = value ?? {};
  const wanted = filter.trim().toLowerCase();
  const rows = places
    .map((each) => ({ ...each, cells: cellsOf(each) }))
    .filter(({ cells }) => cells.join("\n").toLowerCase().includes(wanted));
  const subnets = subnetsOf(config ?? {}).map(({ subnet }) => subnet);

  async function propose(before: Place | undefined, after: Place | undefined): Promise<void> {
    setOutcome(undefined);
    const planned = await planReservation(session, family, { before, after });
    close();
    setChange(planned);
  }

  async function submit(fields: ReservationFields): Promise<void> {
    const { before } = edited!;
    await propose(before, {
      subnetId: fields.subnetId,
      reservation: reservationOf(family, fields, before?.reservation),
    });
  }

  function choose(other: Family): void {
    setFamily(other);
    setStarts([]);
  }

  function remove(place: Place): void {
    setRefusal(undefined);
    propose(place, undefined).catch((error: unknown) => setRefusal((error as Error).message));
  }

  function close(): void {
    setEdited(undefined);
    onTaken();
  }

  function done(isWritten: boolean): void {
    setChange(undefined);
    setLoads(loads + 1);
    setOutcome(
      isWritten ? "It is in force, and lasts." : "It is in force until the next start: it is not in the file.",
    );
  }

  const empty: Place = { subnetId: subnets[0]?.id ?? 0, reservation: {} };
  return (
    <>
      <h2>Reservations</h2>
      <div class="controls">
        <FamilyChoice families={families} chosen={family} onChoose={choose} />
        <SearchField text={filter} hint="client, address, name, subnet" onType={setFilter} />
        <button
          type="button"
          class="main"
          disabled={config === undefined}
          onClick={() => setEdited({ place: empty, before: undefined })}
        >
          Add…
        </button>
      </div>
      <Problem text={problem ?? refusal} />
      {outcome !== undefined && <output class="good">{outcome}</output>}
      <Table caption={`${formatCount(rows.length, "reservation")} in force, IPv${family}`} columns={COLUMNS}>
        {rows.slice(0, MOST).map(({ cells, ...place }) => (
          <tr key={cells.join("\n")}>
            {cells.map((cell, i) => (
              <td key={COLUMNS[i]} class={i === 0 ? "code" : undefined}>
                {cell}
              </td>
            ))}
            <td class="actions">
              <button type="button" class="link" onClick={() => setEdited({ place, before: place })}>
                Change…
              </button>
              <button type="button" class="link" onClick={() => remove(place)}>
                Remove…
              </button>
            </td>
          </tr>
        ))}
      </Table>
      {rows.length > MOST && (
        <p class="hint">
          {MOST} of {rows.length}: search for the others.
        </p>
      )}
      {(starts.length > 0 || next !== undefined) && (
        <div class="controls">
          <button type="button" disabled={starts.length === 0} onClick={() => setStarts(starts.slice(0, -1))}>
            {STRETCH} before
          </button>
          <button type="button" disabled={next === undefined} onClick={() => setStarts([...starts, next!])}>
            Next {STRETCH}
          </button>
        </div>
      )}
      {edited !== undefined && config !== undefined && (
        <ReservationForm
          title={edited.before === undefined ? "New reservation" : "Change a reservation"}
          family={family}
          subnets={subnets}
          fields={fieldsOf(edited.place)}
          onSubmit={submit}
          onClose={close}
        />
      )}
      {change !== undefined && <ChangeDialog change={change} onClose={() => setChange(undefined)} onDone={done} />}
    </>
  );
}

/** Those of the configuration, and those of host databases: from `start` on, and then these only. */
async function loadReservations(session: Session, family: Family, start: Start | undefined, signal: AbortSignal) {
  const config = await loadConfig(session, family, signal);
  const { places: stored, next } = hasStore(config) ? await loadStored(session, family, start, signal) : NOTHING;
  const nameOf = new Map(subnetsOf(config).map(({ subnet }) => [subnet.id, subnet.subnet]));
  const places = stored.map((place) => ({ ...place, subnet: nameOf.get(place.subnetId) ?? "" }));
  const own = start === undefined ? reservationsOf(config).map((each) => ({ ...each, isStored: false })) : [];
  return { config, places: [...own, ...places], next };
}

const NOTHING: Stored = { places: [], next: undefined };

/** In the order of the columns. */
function cellsOf({ reservation, subnet }: { readonly subnet: string } & Pick<Place, "reservation">): readonly string[] {
  const { type, value } = identifierOf(reservation);
  const { addresses, prefixes, hostname, classes } = fieldsOf({ subnetId: 0, reservation });
  const reserved = [addresses, prefixes].filter((text) => text !== "").join(", ");
  return [type === "hw-address" ? value : `${type} ${value}`, reserved, hostname, classes, subnet || "all"];
}
