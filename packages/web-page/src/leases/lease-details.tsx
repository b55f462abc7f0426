/** All that is known of one lease. */
import { useState } from "preact/hooks";
import { Dialog } from "../dialog.tsx";
import { formatDuration, formatTime } from "../format-duration.ts";
import { endOf, formatAddress, formatState, type Lease } from "./lease.ts";

interface Props {
  readonly lease: Lease;
  readonly onClose: () => void;
  /** Keeps it for its client from now on. */
  readonly onReserve: () => void;
  /** To see why its client gets what it gets. */
  readonly onAsk: () => void;
  /** Has its client come back at once. @returns what the daemon says to that */
  readonly onCall: () => Promise<string>;
}

export function LeaseDetails({ lease, onClose, onReserve, onAsk, onCall }: Props) {
  const [called, setCalled] = useState<string>();
  return (
    <Dialog title={formatAddress(lease)} onClose={onClose}>
      <dl>
        {linesOf(lease).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {called !== undefined && <p role="status">{called}</p>}
      <form method="dialog" class="controls">
        {isCallable(lease) && (
          <button type="button" onClick={() => void onCall().then(setCalled)}>
            Have the client renew now
          </button>
        )}
        <button type="button" onClick={onReserve}>
          Reserve this lease…
        </button>
        <button type="button" onClick={onAsk}>
          Why does the client get that?…
        </button>
        <button type="submit">Close</button>
      </form>
    </Dialog>
  );
}

/** The daemon keeps the way to clients that it can call. */
function isCallable({ "user-context": context }: Lease): boolean {
  const { kotare }: { readonly kotare?: object } = context ?? {};
  return kotare !== undefined && ("forcerenew" in kotare || "reconfigure" in kotare);
}

function linesOf(lease: Lease): readonly (readonly [string, string])[] {
  const end = endOf(lease);
  const names = [lease["fqdn-fwd"] && "its address", lease["fqdn-rev"] && "its name"].filter((what) => what !== false);
  const context = lease["user-context"];
  const lines: readonly (readonly [string, string | number | undefined])[] = [
    ["State", formatState(lease)],
    ["Hardware address", lease["hw-address"]],
    ["Client identifier", lease["client-id"]],
    ["DUID", lease.duid],
    ["IAID", lease.iaid],
    ["Name", lease.hostname],
    ["In the DNS", lease.hostname === "" ? undefined : names.join(" and ") || "no"],
    ["Subnet", lease["subnet-id"]],
    ["Pool", lease["pool-id"]],
    ["Last message", formatTime(lease.cltt)],
    ["Valid for", Number.isFinite(end) ? formatDuration(lease["valid-lft"]) : "ever"],
    ["Preferred for", lease["preferred-lft"] === undefined ? undefined : formatDuration(lease["preferred-lft"])],
    ["Ends", Number.isFinite(end) ? formatTime(end) : undefined],
    ["User context", context && JSON.stringify(context)],
  ];
  return lines.flatMap(([name, value]) => (value === undefined || value === "" ? [] : [[name, `${value}`] as const]));
}
