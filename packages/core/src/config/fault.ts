/** What is wrong in the operator's text: collected, never thrown singly, and printed with file, line and column. */

import { readable } from "../base/readable.ts";

/** Where a value stands in the document: `["Dhcp4", "subnet4", 3, "pools", 0, "pool"]`. */
export type Pointer = readonly (string | number)[];

/** Lines and columns count from 1; a column is a character, not a byte. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * `error` refuses the configuration; `warning` is something the operator probably does not want; `note` says what we do
 * instead of what Kea does.
 */
export type Severity = "error" | "warning" | "note";

export interface ConfigFault {
  readonly pointer: Pointer;
  /** Goes behind the value or the pointer: "is not an IPv4 address". `{other}` in it stands for `other`. */
  readonly message: string;
  /** The other part of the configuration that the fault is about. */
  readonly other?: Pointer | undefined;
  /** What to do about it, as an imperative: "write a prefix such as 192.0.2.0/24". */
  readonly fix?: string | undefined;
  /** The value that is wrong, when seeing it helps. */
  readonly value?: unknown;
  readonly severity: Severity;
  /** Whether the position is the key's or the value's; the value's unless said otherwise. */
  readonly at?: "key" | "value" | undefined;
  /** Known at once for faults of syntax; filled in by `locateFaults` for all others. */
  readonly position?: Position | undefined;
}

/** `Dhcp4.subnet4[3].pools[0].pool`. */
export function formatPointer(pointer: Pointer): string {
  let text = "";
  for (const step of pointer) {
    if (typeof step === "number") text += `[${step}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

/**
 * For people; what is shown of the file has one character a byte until here.
 * `kea-dhcp4.conf:12:20: Dhcp4.subnet4[3].pools[0].pool: "192.0.2.5-" is not a pool; write …`.
 */
export function formatFault(fault: ConfigFault): string {
  const { position, pointer, value, severity } = fault;
  const where = position === undefined ? "" : `${position.file}:${position.line}:${position.column}: `;
  const kind = severity === "error" ? "" : `${severity}: `;
  const path = pointer.length === 0 ? "" : `${formatPointer(pointer)}: `;
  const shown = value === undefined ? "" : `${formatValue(value)} `;
  const fix = fault.fix === undefined ? "" : `; ${fault.fix}`;
  const message =
    fault.other === undefined ? fault.message : fault.message.replace("{other}", formatPointer(fault.other));
  return `${where}${kind}${readable(`${path}${shown}${message}${fix}`)}`;
}

/** A value as JSON, cut to a length that fits a line. */
function formatValue(value: unknown): string {
  const text = readable(JSON.stringify(value) ?? String(value));
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
