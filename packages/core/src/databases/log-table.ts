/** Kea's table `logs`, which has the entries of the forensic log. */

/** A row of it. */
export interface LogRow {
  /** Unix time in milliseconds. */
  readonly at: number;
  /** An address or a prefix; `null` where the entry is about none. */
  readonly address: string | null;
  readonly log: string;
}

export interface LogTable {
  /**
   * Adds all rows or none, in one statement; rejects while there is no connection, too.
   * @param isInDoubt whether some of them may be there already: they are looked for then
   */
  insert(rows: readonly LogRow[], isInDoubt: boolean): Promise<void>;
  close(): Promise<void>;
}
