/** Kea's lease files for any family: a header, then one row a change; the last row of an address holds. */
import { latin1 } from "../../base/bytes.ts";
import { COMMA, NEWLINE, RowWriter } from "../../storage/row-writer.ts";
import type { Lease } from "../model/lease.ts";

/** Bytes of a row: more than anybody's lease has, and what a start has memory for. */
export const LONGEST_ROW = 16 * 1024 * 1024;
/** UTF-8's byte order mark, which an editor may have put in front. */
const BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

/** One column. Rows are read in the order of the columns, so a later column may use what an earlier one has left. */
export interface Column<Row> {
  readonly name: string;
  /** What older files, which lack the column, mean; absent when every version has the column. */
  readonly inOlderFiles?: string;
  /** Takes the field `bytes[start, end)` into `row`. @returns what is wrong with it. */
  read(row: Row, bytes: Uint8Array, start: number, end: number): string | undefined;
  /** Room is made by `LeaseCsv.writeRow`. */
  write(row: Readonly<Row>, out: RowWriter): void;
}

/** What a family adds to its columns. */
export interface RowRules<L, Row extends L> {
  /** Whose file it is, for messages. */
  readonly server: string;
  /** An empty row to read into. */
  blank(): Row;
  /** Copies of everything that the next row would overwrite. */
  keep(row: L): L;
  /** The most bytes that a row takes in the file. */
  bound(row: L): number;
  /** The address for people. */
  formatAddress(lease: L): string;
  /** What is wrong with a lease whose fields are right one by one. */
  check(row: L): string | undefined;
}

/** The header of one file. `columns` is how many fields a row of it has at least. */
export type Header =
  | { readonly kind: "header"; readonly columns: number; readonly current: boolean }
  | { readonly kind: "bad-header"; readonly what: string };

/** Codec of one family's rows: the columns are the only thing that differs. */
export class LeaseCsv<L extends Lease, Row extends L = L> {
  readonly #columns: readonly Column<Row>[];
  readonly rules: RowRules<L, Row>;
  readonly #ends: Int32Array;
  readonly #defaults: readonly (Uint8Array | undefined)[];
  /** The header line as this version writes it, newline included. */
  readonly header: Uint8Array;
  /** So many fields a row has at least, whichever version wrote it: later ones have more. */
  readonly fields: number;
  readonly #text = new RowWriter(1024);

  constructor(columns: readonly Column<Row>[], rules: RowRules<L, Row>) {
    this.#columns = columns;
    this.rules = rules;
    this.#ends = new Int32Array(columns.length);
    this.#defaults = columns.map((column) =>
      column.inOlderFiles === undefined ? undefined : Buffer.from(column.inOlderFiles, "latin1"),
    );
    this.fields = this.#defaults.filter((missing) => missing === undefined).length;
    this.header = Buffer.from(`${columns.map((column) => column.name).join(",")}\n`, "latin1");
  }

  /** Reads a header: older ones have fewer columns, newer ones more; a column of another name is an error. */
  readHeader(line: Uint8Array): Header {
    const text = latin1(line);
    const isMarked = text.startsWith(BYTE_ORDER_MARK);
    const names = text.slice(isMarked ? BYTE_ORDER_MARK.length : 0).split(",");
    for (const [i, column] of this.#columns.entries()) {
      const name = names[i];
      if (name === undefined && this.#defaults[i] === undefined) {
        return { kind: "bad-header", what: `the column "${column.name}" is missing` };
      }
      if (name !== undefined && name !== column.name) {
        return { kind: "bad-header", what: `column ${i + 1} is "${name}" where "${column.name}" belongs` };
      }
    }
    return {
      kind: "header",
      columns: Math.min(names.length, this.#columns.length),
      current: names.length === this.#columns.length && !isMarked,
    };
  }

  /**
   * Reads the line `bytes[start, end)`, newline left out, into `row`.
   * @param fields how many fields it must have; fields of newer versions behind ours are left out, as Kea does
   * @returns what is wrong, with the column's name
   */
  readRow(row: Row, bytes: Uint8Array, start: number, end: number, fields: number): string | undefined {
    const columns = this.#columns;
    const ends = this.#ends;
    let found = 0;
    for (let at = start; at < end && found < columns.length; at++) {
      if (bytes[at] === COMMA) ends[found++] = at;
    }
    if (found < columns.length) ends[found++] = end;
    if (found < fields) return `has ${found} fields, needs ${fields}`;
    let from = start;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      let what: string | undefined;
      if (i < found) {
        what = column.read(row, bytes, from, ends[i]!);
        from = ends[i]! + 1;
      } else {
        const missing = this.#defaults[i]!;
        what = column.read(row, missing, 0, missing.length);
      }
      if (what !== undefined) return `${column.name} ${what}`;
    }
    // A removal needs no name.
    return row.validLifetime === 0 ? undefined : this.rules.check(row);
  }

  /** What is wrong with a lease that is to be written: it could not be read back. */
  check(lease: L): string | undefined {
    const wrong = this.rules.check(lease);
    return wrong ?? (this.rules.bound(lease) > LONGEST_ROW ? "has more text than a row may have" : undefined);
  }

  /** Appends a lease as it stands, and a newline. */
  write(lease: L, out: RowWriter): void {
    this.#write(lease, out);
  }

  /** Appends that a lease is gone: its row with a lifetime of 0. */
  writeRemoval(lease: L, out: RowWriter): void {
    this.#write({ ...lease, validLifetime: 0 }, out);
  }

  /** The row, newline included, in ASCII. @param isGone whether the row says that the lease is gone */
  format(lease: L, isGone: boolean): string {
    const out = this.#text;
    out.clear();
    if (isGone) this.writeRemoval(lease, out);
    else this.write(lease, out);
    const text = latin1(out.bytes.subarray(0, out.length));
    return text.replace(/[\x80-\xff]/g, (byte) => `&#x${byte.charCodeAt(0).toString(16)}`);
  }

  #write(lease: L, out: RowWriter): void {
    out.reserve(this.rules.bound(lease));
    const columns = this.#columns;
    for (let i = 0; i < columns.length; i++) {
      if (i > 0) out.byte(COMMA);
      columns[i]!.write(lease as Row, out);
    }
    out.byte(NEWLINE);
  }
}
