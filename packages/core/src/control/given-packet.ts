/** A packet that somebody asks about. What is not given is as it usually is. */
export interface GivenPacket {
  /** The UDP payload. */
  readonly payload: Uint8Array;
  /** Name of the interface that it comes in on. */
  readonly interface?: string | undefined;
  readonly source?: string | undefined;
  readonly sourcePort?: number | undefined;
  readonly destination?: string | undefined;
  /** Source MAC address of the frame. */
  readonly mac?: Uint8Array | undefined;
  /** Classes that it is in, whatever the tests say. */
  readonly classes: readonly string[];
}
