/** What became of the last packets, and why. */
import { useState } from "preact/hooks";
import { FamilyChoice } from "../family-choice.tsx";
import { type Family, SERVICE_OF } from "../leases/lease.ts";
import { Problem } from "../problem.tsx";
import { SearchField } from "../search-field.tsx";
import type { Session } from "../session.ts";
import { shortenClient } from "../shorten-client.ts";
import { Table } from "../table.tsx";
import { usePolled } from "../use-polled.ts";
import { PacketDetails } from "./packet-details.tsx";
import type { Recorded, RecordedPacket } from "./recorded-packet.ts";

const COLUMNS = ["Time", "Client", "What it got"];
const SECONDS = 0.5;

interface Props {
  readonly session: Session;
  readonly families: readonly Family[];
  /** Whose packets are meant first. */
  readonly client: { readonly family: Family; readonly name: string } | undefined;
}

export function Packets({ session, families, client }: Props) {
  const [family, setFamily] = useState<Family>(client?.family ?? families[0]!);
  const [name, setName] = useState(client?.name ?? "");
  const [shown, setShown] = useState<RecordedPacket>();
  const [failure, setFailure] = useState<string>();
  const service = SERVICE_OF[family];
  const { value, problem } = usePolled(
    (signal) => session.ask<Recorded>(service, "packet-record-get", {}, signal),
    [family],
    SECONDS,
  );
  const packets = [...(value?.packets ?? [])].reverse();

  async function record(command: string, args: object): Promise<void> {
    setFailure(undefined);
    await session.ask(service, command, args).catch((error: Error) => setFailure(error.message));
  }

  return (
    <>
      <h2>Packets</h2>
      <form
        class="controls"
        onSubmit={(event) => {
          event.preventDefault();
          void record("packet-record-start", { client: name.trim().toLowerCase() });
        }}
      >
        <FamilyChoice families={families} chosen={family} onChoose={setFamily} />
        <SearchField label="Client" text={name} hint="hardware address, client id or DUID" onType={setName} />
        <button type="submit">Record</button>
        <button type="button" disabled={value?.on !== true} onClick={() => void record("packet-record-stop", {})}>
          Stop
        </button>
      </form>
      <Problem text={failure ?? problem} />
      {value !== undefined && value.missed > 0 && (
        <p class="hint">{value.missed.toLocaleString()} more came too fast to be kept.</p>
      )}
      <Table caption={captionOf(value)} columns={COLUMNS}>
        {packets.map((packet, i) => (
          <tr key={packets.length - i}>
            <td>{new Date(packet.time * 1000).toLocaleTimeString()}</td>
            <td class="code wrap">{shortenClient(packet.client)}</td>
            <td class="wrap">
              <button type="button" class="link" onClick={() => setShown(packet)}>
                {packet.outcome}
              </button>
            </td>
          </tr>
        ))}
      </Table>
      {shown !== undefined && <PacketDetails packet={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}

function captionOf(recorded: Recorded | undefined): string {
  if (recorded === undefined) return "Asking the daemon…";
  if (recorded.packets.length > 0) return "The newest first";
  return recorded.on ? "None has come since the recording began" : "None is recorded: press Record";
}
