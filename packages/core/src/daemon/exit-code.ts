/** What the process ends with. */

export const ExitCode = {
  /** Stopped as asked, or the checked file is good. */
  ok: 0,
  /** Bad arguments or configuration, or something that no retry can mend: Kea's only failure. */
  failure: 1,
  /** Another process has the pid file or the lease file: sysexits(3)'s EX_TEMPFAIL, since it goes when that one ends. */
  inUse: 75,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
