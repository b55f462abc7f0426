/** The places where log lines end: open descriptors, files with rotation, syslog. None of them blocks the main loop. */

export interface Destination {
  /** Writes whole lines of UTF-8; the caller waits before it writes again. Rejects when they could not be written. */
  write(lines: Uint8Array): Promise<void>;
  /** For the end of the process, when waiting is over. Throws like `write` rejects. */
  writeSync(lines: Uint8Array): void;
  /** The file may have been moved away: open it anew before the next write. */
  reopen(): void;
  close(): Promise<void>;
}
