/** What the process ends with. */

export const ExitCode = {
  /** Stopped as asked, or the checked file is good. */
  ok: 0,
  /** Bad arguments or configuration, another instance runs, or something that no retry can mend: Kea's only failure. */
  failure: 1,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
