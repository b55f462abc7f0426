/** Events as they happen: leases and what becomes of them, and packets that get no answer. */
import { useState } from "preact/hooks";
import { clientOf, type Family, formatAddress } from "../leases/lease.ts";
import { Problem } from "../problem.tsx";
import { SearchField } from "../search-field.tsx";
import type { Session } from "../session.ts";
import { shortenClient } from "../shorten-client.ts";
import { Table } from "../table.tsx";
import { type DaemonEvent, type Seen, useEvents } from "./use-events.ts";

const COLUMNS = ["Time", "Event", "Address", "Client", "Name", "Where"];
const NOTHING: Seen = { events: [], lost: 0 };

interface Props {
  readonly session: Session;
  readonly families: readonly Family[];
}

export function Events({ session, families }: Props) {
  const { value = NOTHING, problem } = useEvents(session, families);
  const [filter, setFilter] = useState("");
  const [held, setHeld] = useState<Seen>();
  const { events, lost } = held ?? value;
  const wanted = filter.trim().toLowerCase();
  const rows = events
    .map((event) => ({ event, cells: cellsOf(event) }))
    .filter(({ cells }) => cells.join("\n").toLowerCase().includes(wanted));
  return (
    <>
      <h2>Events</h2>
      <div class="controls">
        <SearchField text={filter} hint="event, address, client, name" onType={setFilter} />
        <button
          type="button"
          aria-pressed={held !== undefined}
          onClick={() => setHeld(held === undefined ? value : undefined)}
        >
          {held === undefined ? "Hold" : "Go on"}
        </button>
      </div>
      <Problem text={problem} />
      {lost > 0 && <p class="hint">{lost.toLocaleString()} more came too fast to be shown.</p>}
      <Table
        caption={rows.length === 0 ? "Nothing has happened since this view was opened" : "The newest first"}
        columns={COLUMNS}
      >
        {rows.map(({ event, cells }) => (
          <tr key={`${event.family} ${event.number}`}>
            <td>{new Date(event.time * 1000).toLocaleTimeString()}</td>
            <td>
              <span class={event.kind === "dropped" || event.kind === "declined" ? "bad" : undefined}>
                {event.kind}
              </span>
            </td>
            {cells.slice(1).map((cell, i) => (
              <td key={COLUMNS[i + 2]} class={i === 1 ? "code wrap" : i === 3 ? "wrap" : undefined}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </>
  );
}

/** In the order of the columns, without the time. */
function cellsOf(event: DaemonEvent): readonly string[] {
  if (event.kind === "dropped")
    return [event.kind, "", shortenClient(event.client), "", `${event.interface}: ${event.why}`];
  const { lease } = event;
  return [event.kind, formatAddress(lease), clientOf(lease), lease.hostname, `subnet ${lease["subnet-id"]}`];
}
