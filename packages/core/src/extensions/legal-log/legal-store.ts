/** Where a forensic log is kept. */
export interface LegalStore {
  /**
   * Resolves when the entries are safe there, or are counted as missing; never rejects.
   * @param entries at least one; each may have several lines, and has one character for each byte
   */
  append(entries: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
