/** Packets and what became of them, as the daemons' commands give them. */
export interface RecordedPacket {
  /** Unix time. */
  readonly time: number;
  /** As the log calls it. */
  readonly client: string;
  readonly outcome: string;
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

export interface Recorded {
  readonly on: boolean;
  /** How many came too fast to be kept. */
  readonly missed: number;
  /** The oldest first. */
  readonly packets: readonly RecordedPacket[];
}
