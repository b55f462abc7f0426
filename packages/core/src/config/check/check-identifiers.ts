/** By what reservations know their clients: one identifier each, well-formed, and no two reservations for one client. */
import type { Pointer } from "../fault.ts";
import type { IdentifierType4 } from "../host-identifier.ts";
import { canonicalIdentifier, IDENTIFIER_LENGTHS } from "../host-identifier.ts";
import type { Report } from "./report.ts";

export type Identified = { readonly [Type in IdentifierType4]?: string | undefined };

/** Written to be quick: there may be hundreds of thousands of reservations. */
export class IdentifierChecker {
  readonly #types: readonly IdentifierType4[];
  readonly #report: Report;
  #isFlexIdNoted: boolean;

  /** @param types that the family has @param computesFlexId whether there is an extension that may */
  constructor(types: readonly IdentifierType4[], computesFlexId: boolean, report: Report) {
    this.#types = types;
    this.#isFlexIdNoted = computesFlexId;
    this.#report = report;
  }

  /** @param pointer of the list of reservations, within which identifiers are compared */
  check(reservations: readonly Identified[], pointer: Pointer): void {
    const seen = new Map<string, number>();
    for (let i = 0; i < reservations.length; i++) {
      const reservation = reservations[i]!;
      const type = this.#checkType(reservation, pointer, i);
      if (type !== undefined) this.#checkText(type, reservation[type]!, seen, pointer, i);
    }
  }

  /** The type of the one identifier. */
  #checkType(reservation: Identified, pointer: Pointer, index: number): IdentifierType4 | undefined {
    let found: IdentifierType4 | undefined;
    for (const type of this.#types) {
      if (reservation[type] === undefined) continue;
      if (found !== undefined) {
        this.#report({
          pointer: [...pointer, index, type],
          message: `stands beside "${found}"`,
          fix: "a reservation has one identifier: make two reservations of it",
          severity: "error",
          at: "key",
        });
      } else found = type;
    }
    if (found === undefined) {
      const message = "has nothing to know the client by";
      const isDhcp6 = !this.#types.includes("client-id");
      const fix = `add ${isDhcp6 ? '"duid" or "hw-address"' : '"hw-address", "client-id", "duid" or "circuit-id"'}`;
      this.#report({ pointer: [...pointer, index], message, fix, severity: "error" });
    }
    return found;
  }

  #checkText(type: IdentifierType4, text: string, seen: Map<string, number>, pointer: Pointer, index: number): void {
    const canonical = canonicalIdentifier(text);
    const { min, max } = IDENTIFIER_LENGTHS[type];
    const length = canonical === undefined ? 0 : (canonical.length + 1) / 3;
    if (canonical === undefined || length < min || length > max) {
      const isMalformed = canonical === undefined;
      this.#report({
        pointer: [...pointer, index, type],
        value: text,
        message: isMalformed ? "is not hexadecimal" : `has ${length} bytes`,
        fix: isMalformed ? adviseIdentifier(type) : `it must have from ${min} to ${max}`,
        severity: "error",
      });
      return;
    }
    if (type === "flex-id") this.#noteFlexId([...pointer, index, type]);
    const key = type + canonical;
    const same = seen.get(key);
    if (same === undefined) seen.set(key, index);
    else {
      this.#report({
        pointer: [...pointer, index, type],
        value: text,
        message: "is reserved by {other} too",
        other: [...pointer, same],
        fix: "remove one of the two",
        severity: "error",
      });
    }
  }

  /** Once: there may be thousands. */
  #noteFlexId(pointer: Pointer): void {
    if (this.#isFlexIdNoted) return;
    this.#isFlexIdNoted = true;
    const message = "matches no client: no extension is loaded that computes flexible identifiers";
    this.#report({ pointer, message, severity: "note", at: "key" });
  }
}

function adviseIdentifier(type: IdentifierType4): string {
  if (type === "hw-address") return 'write it as "1a:1b:1c:1d:1e:1f"';
  return `write it as "01:02:03", or text in single quotes: "'text'"`;
}

/** For lists of names: each once. */
export function checkNoneTwice(names: readonly string[], pointer: Pointer, report: Report): void {
  names.forEach((name, i) => {
    if (names.indexOf(name) === i) return;
    const fix = "remove one of the two";
    report({ pointer: [...pointer, i], value: name, message: "is listed twice", fix, severity: "error" });
  });
}
