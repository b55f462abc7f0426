/** Where a system tells of its interfaces, and how it is found out that something has changed. */

import type { Interfaces } from "./interface.ts";

export interface InterfaceSource extends Disposable {
  /** All that there is now. */
  read(): Interfaces;
  /** Readable when something may have changed; `undefined` where the system has no such thing. */
  readonly bell?: Bell | undefined;
  /** Whether one has to look from time to time, as the bell does not tell everything. */
  readonly isSilent: boolean;
}

/** A socket of the kernel's: its messages say that it is time to look, so that a lost one costs nothing. */
export interface Bell {
  readonly fd: number;
  /** Whether a message is about what we look at. */
  concernsUs(message: Uint8Array): boolean;
}
