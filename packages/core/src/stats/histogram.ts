/** How often something was how large: a mean would hide the few that were slow. */
export class Histogram {
  /** Of the classes, ascending; a value belongs to the first that is not less. One more class has the rest. */
  readonly bounds: readonly number[];
  /** How many values are in each class. */
  readonly counts: number[];
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  /** Of all values. */
  get sum(): number {
    return this.#sum;
  }

  add(value: number): void {
    let at = 0;
    while (at < this.bounds.length && value > this.bounds[at]!) at++;
    this.counts[at]!++;
    this.#sum += value;
  }
}
