/** Leases: page by page, from an address on, or those of a client or a name. */
import { useEffect, useState } from "preact/hooks";
import { FamilyChoice } from "../family-choice.tsx";
import { formatCount } from "../format-count.ts";
import { formatTime } from "../format-duration.ts";
import { Problem } from "../problem.tsx";
import { reservationOfLease } from "../reservations/reservation.ts";
import type { Draft } from "../reservations/reservations.tsx";
import { SearchField } from "../search-field.tsx";
import type { Session } from "../session.ts";
import { Table } from "../table.tsx";
import { usePolled } from "../use-polled.ts";
import { callClients } from "./call-clients.ts";
import { clientOf, endOf, type Family, formatAddress, formatState, type Lease } from "./lease.ts";
import { LeaseDetails } from "./lease-details.tsx";
import { behind, findLeases, loadPage, MOST_FOUND, readSearch, type Search } from "./lease-search.ts";

const PAGE = 50;
/** Until somebody types no more. */
const PAUSE = 300;
const COLUMNS = ["Address", "Client", "Name", "Subnet", "State", "Ends"];

interface Props {
  readonly session: Session;
  /** Those whose daemon is there. */
  readonly families: readonly Family[];
  readonly onReserve: (draft: Draft) => void;
  /** To see why a client gets what it gets. */
  readonly onAsk: (family: Family, client: string) => void;
}

export function Leases({ session, families, onReserve, onAsk }: Props) {
  const [chosen, setChosen] = useState<Family>(families[0]!);
  const [typed, setTyped] = useState("");
  const text = useSettled(typed);
  const search = readSearch(text);
  const family = search?.kind === "address" ? search.family : chosen;
  // The addresses behind which the pages begin, up to the one that is shown.
  const [starts, setStarts] = useState<readonly string[]>([]);
  const from = starts.at(-1) ?? behind(search);
  const [shown, setShown] = useState<Lease>();
  const isPaged = search === undefined || search.kind === "address";

  useEffect(() => {
    setStarts([]);
    setShown(undefined);
  }, [text, family]);

  const { value: found, problem } = usePolled(
    async (signal) => ({
      // What was asked for stays beside the answer: while the next is on its way, both are of the last.
      text,
      search,
      family,
      leases: await (isPaged
        ? loadPage(session, family, from, PAGE, signal)
        : findLeases(session, family, search, signal)),
    }),
    [text, family, from],
    // Of all leases, once is enough.
    isPaged ? 0.5 : undefined,
  );
  const leases = found?.leases ?? [];
  const isLooking = found === undefined || found.text !== text || found.family !== family;

  return (
    <>
      <h2>Leases</h2>
      <div class="controls">
        <FamilyChoice families={families} chosen={family} onChoose={setChosen} />
        <SearchField text={typed} hint="address, hardware address, DUID, name" onType={setTyped} />
      </div>
      <Problem text={problem} />
      <Table caption={isLooking ? "Looking…" : captionOf(found)} columns={COLUMNS}>
        {leases.map((lease) => (
          <Row key={formatAddress(lease)} lease={lease} onShow={() => setShown(lease)} />
        ))}
      </Table>
      {isPaged && (
        <nav class="controls" aria-label="Pages">
          <button type="button" disabled={starts.length === 0} onClick={() => setStarts([])}>
            First page
          </button>
          <button type="button" disabled={starts.length === 0} onClick={() => setStarts(starts.slice(0, -1))}>
            Page before
          </button>
          <button
            type="button"
            disabled={leases.length < PAGE}
            onClick={() => setStarts([...starts, leases.at(-1)!["ip-address"]])}
          >
            Next page
          </button>
          <span class="hint">page {starts.length + 1}</span>
        </nav>
      )}
      {shown !== undefined && (
        <LeaseDetails
          lease={shown}
          onClose={() => setShown(undefined)}
          onAsk={() => onAsk(family, clientOf(shown))}
          onCall={() => callClients(session, family, { "ip-address": shown["ip-address"] })}
          onReserve={() => onReserve({ family, place: reservationOfLease(family, shown) })}
        />
      )}
    </>
  );
}

function Row({ lease, onShow }: { readonly lease: Lease; readonly onShow: () => void }) {
  const end = endOf(lease);
  return (
    <tr>
      <th scope="row">
        <button type="button" class="link" onClick={onShow}>
          {formatAddress(lease)}
        </button>
      </th>
      <td class="code">{clientOf(lease)}</td>
      <td>{lease.hostname}</td>
      <td>{lease["subnet-id"]}</td>
      <td>{formatState(lease)}</td>
      <td>{Number.isFinite(end) ? formatTime(end) : "never"}</td>
    </tr>
  );
}

interface Found {
  readonly search: Search | undefined;
  readonly family: Family;
  readonly leases: readonly Lease[];
}

function captionOf({ search, family, leases }: Found): string {
  if (search?.kind === "client") return `${formatCount(leases.length, `IPv${family} lease`)} of ${search.bytes}`;
  if (search?.kind === "part") {
    const first = leases.length === MOST_FOUND ? "The first " : "";
    return `${first}${formatCount(leases.length, `IPv${family} lease`)} with ${search.text} in name or client`;
  }
  if (leases.length === 0) return `No IPv${family} leases${search === undefined ? "" : ` from ${search.address} on`}`;
  if (search === undefined) return `IPv${family} leases by address`;
  const isThere = leases[0]?.["ip-address"] === search.address;
  return isThere ? `${search.address} and the leases behind it` : `Leases from ${search.address} on`;
}

/** What has been typed, when the typing rests. */
function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled;
}
