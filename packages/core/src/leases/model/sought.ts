/** What leases are looked through for, as their bytes in memory are compared with it. */

/** Sets the bit that tells small letters of ASCII and Latin 1 from capital ones; other characters become alike, too. */
export const FOLD = 0x20;

export class Sought {
  /** A part of a host name, folded; `undefined` where only names with other characters than those of a byte can have it. */
  readonly name: Uint8Array | undefined;
  readonly hasName: boolean;
  /** A part of an identifier of the client. */
  readonly identifier: Uint8Array | undefined;

  /** One of both will do. @param name in small letters */
  constructor(name: string | undefined, identifier: Uint8Array | undefined) {
    this.hasName = name !== undefined;
    if (name !== undefined && !/[^\0-\xff]/.test(name))
      this.name = Buffer.from(name, "latin1").map((each) => each | FOLD);
    this.identifier = identifier;
  }
}
