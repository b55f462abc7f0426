/** A failure whose words say it all: where in the program it was found helps nobody to mend it. */
export class PlainError extends Error {
  /** Whether another process has what is needed: when that ends, a start may succeed. */
  readonly isInUse: boolean;

  constructor(message: string, { isInUse = false } = {}) {
    super(message);
    this.isInUse = isInUse;
  }
}
