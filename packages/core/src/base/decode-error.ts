/** The peer's bytes are wrong. Thrown inside `wire` and `dhcp4`; turned into a drop reason once, in the pipeline. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  /** What was being read, e.g. `option 82.1` or `hlen`. */
  readonly field: string;
  /** Offset in the message, in bytes. */
  readonly offset: number;

  constructor(field: string, offset: number, what: string) {
    super(`${field} at offset ${offset}: ${what}`);
    this.field = field;
    this.offset = offset;
  }
}

/** What is read; `undefined` where the bytes are wrong. */
export function unlessBroken<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
