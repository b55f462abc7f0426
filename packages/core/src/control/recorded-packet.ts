/** A packet, and why it became of it what it did. */
import type { Seconds } from "../base/clock.ts";
import type { Explanation } from "./explanation.ts";

export interface RecordedPacket {
  /** Wall time. */
  readonly time: Seconds;
  /** As the log calls it. */
  readonly client: string;
  readonly explanation: Explanation;
}

export interface PacketRecorder {
  readonly isOn: boolean;
  readonly missed: number;
  start(client: string, seconds: Seconds): void;
  stop(): void;
  list(): readonly RecordedPacket[];
}
