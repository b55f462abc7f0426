/** Where a forensic log is kept. */

export interface LegalEntry {
  /** The address or the prefix that it is about, if it names one. */
  readonly address: string | undefined;
  /** May have several lines, and has one character for each byte. */
  readonly text: string;
}

export interface LegalStore {
  /**
   * Resolves when the entries are safe there, or are counted as missing. Rejects only where the operator wants no answers then.
   * @param entries at least one
   */
  append(entries: readonly LegalEntry[]): Promise<void>;
  close(): Promise<void>;
}
