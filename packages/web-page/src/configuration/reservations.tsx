/** Reservations of the configuration: what is kept for whom. */
import { useState } from "preact/hooks";
import { FamilyChoice } from "../family-choice.tsx";
import type { Family } from "../leases/lease.ts";
import { Problem } from "../problem.tsx";
import type { Session } from "../session.ts";
import { Table } from "../table.tsx";
import { usePolled } from "../use-polled.ts";
import { loadConfig, type Reservation, reservationsOf } from "./config.ts";

/** Rows that a browser shows at ease. */
const MOST = 200;
const COLUMNS = ["Client", "Reserved", "Name", "Classes", "Subnet"];
/** Kea's names of what a client is known by. */
const IDENTIFIERS = ["hw-address", "duid", "client-id", "circuit-id", "flex-id"];

interface Props {
  readonly session: Session;
  readonly families: readonly Family[];
}

export function Reservations({ session, families }: Props) {
  const [family, setFamily] = useState<Family>(families[0]!);
  const [filter, setFilter] = useState("");
  const { value: config, problem } = usePolled((signal) => loadConfig(session, family, signal), [family]);
  const wanted = filter.trim().toLowerCase();
  const rows = reservationsOf(config ?? {})
    .map(({ reservation, subnet }) => cellsOf(reservation, subnet))
    .filter((cells) => cells.join("\n").toLowerCase().includes(wanted));
  return (
    <>
      <h2>Reservations</h2>
      <div class="controls">
        <FamilyChoice families={families} chosen={family} onChoose={setFamily} />
        <label class="search">
          Search
          <input
            type="search"
            value={filter}
            placeholder="client, address, name, subnet"
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
        </label>
      </div>
      <Problem text={problem} />
      <Table caption={`${rows.length} reservations in the configuration of IPv${family}`} columns={COLUMNS}>
        {rows.slice(0, MOST).map((cells) => (
          <tr key={cells.join("\n")}>
            {cells.map((cell, i) => (
              <td key={COLUMNS[i]} class={i === 0 ? "code" : undefined}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </Table>
      {rows.length > MOST && (
        <p class="hint">
          {MOST} of {rows.length}: search for the others.
        </p>
      )}
    </>
  );
}

/** In the order of the columns. */
function cellsOf(reservation: Reservation, subnet: string): readonly string[] {
  const { hostname = "", "ip-address": address, "ip-addresses": addresses = [], prefixes = [] } = reservation;
  const identifier = IDENTIFIERS.find((name) => name in reservation) ?? "";
  const client = `${identifier === "hw-address" ? "" : `${identifier} `}${String(reservation[identifier] ?? "")}`;
  const reserved = [...(address === undefined ? [] : [address]), ...addresses, ...prefixes].join(", ");
  return [client, reserved, hostname, (reservation["client-classes"] ?? []).join(", "), subnet || "any"];
}
