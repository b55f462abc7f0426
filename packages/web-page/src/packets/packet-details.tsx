/** Why it became of a packet what it did, step by step. */
import { Dialog } from "../dialog.tsx";
import type { RecordedPacket } from "./recorded-packet.ts";

interface Props {
  readonly packet: RecordedPacket;
  readonly onClose: () => void;
}

export function PacketDetails({ packet: { outcome, sections }, onClose }: Props) {
  return (
    <Dialog title={outcome} onClose={onClose}>
      {sections.map(({ title, lines }) => (
        <section key={title}>
          <h4>{title}</h4>
          <pre>{lines.join("\n")}</pre>
        </section>
      ))}
      <form method="dialog" class="controls">
        <button type="submit">Close</button>
      </form>
    </Dialog>
  );
}
