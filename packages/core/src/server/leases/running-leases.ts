/** Leases that a daemon has to itself while it serves: they are read and changed by its commands. */
import { type Answer, Result } from "../../control/answer.ts";
import { askSocket } from "../../control/channel/ask-socket.ts";
import { readRows } from "../../control/commands/lease/given-rows.ts";
import type { LeaseCsv } from "../../leases/csv/lease-csv.ts";
import type { ImportCounts } from "../../leases/file/import-leases.ts";
import type { Lease } from "../../leases/model/lease.ts";
import type { ImportReports, MovedLeases } from "./moved-leases.ts";

const PATIENCE = 60_000;
/** A command's work is not interrupted, and clients wait meanwhile. */
const PAGE = 250;

type Arguments = Readonly<Record<string, unknown>>;

export class RunningLeases<L extends Lease> implements MovedLeases<L> {
  readonly #socket: string;
  readonly #family: 4 | 6;
  readonly #csv: LeaseCsv<L>;

  constructor(socket: string, family: 4 | 6, csv: LeaseCsv<L>) {
    this.#socket = socket;
    this.#family = family;
    this.#csv = csv;
  }

  async count(): Promise<number> {
    const found = await this.#ask(`stat-lease${this.#family}-get`, {});
    const table = found["result-set"] as
      | { columns: readonly string[]; rows: readonly (readonly number[])[] }
      | undefined;
    const { columns, rows } = table ?? { columns: [], rows: [] };
    const counted = rows.flatMap((row) => row.filter((_, i) => /^(assigned|declined)-/.test(columns[i]!)));
    return counted.reduce((sum, count) => sum + count, 0);
  }

  async *pages(): AsyncGenerator<readonly L[]> {
    for (let from: unknown = "start"; from !== undefined; ) {
      const { rows, last } = await this.#ask(`lease${this.#family}-get-rows`, { from, limit: PAGE });
      const leases = readRows(String(rows ?? ""), this.#csv);
      if ("result" in leases) throw new Error(`${this.#socket}: ${leases.text}`);
      if (leases.length > 0) yield leases;
      from = last;
    }
  }

  async import(pages: AsyncIterable<readonly L[]>, { onProgress, onKept }: ImportReports): Promise<ImportCounts> {
    const counts: ImportCounts = { put: 0, present: 0, newer: 0, refused: 0 };
    const keep = (address: string, kind: "newer" | "refused") => {
      counts[kind]++;
      onKept(address, kind);
    };
    for await (const page of pages) {
      for (let at = 0; at < page.length; at += PAGE) {
        await this.#put(page.slice(at, at + PAGE), counts, keep);
        onProgress(counts);
      }
    }
    return counts;
  }

  async #put(
    page: readonly L[],
    counts: ImportCounts,
    keep: (address: string, kind: "newer" | "refused") => void,
  ): Promise<void> {
    const { rules } = this.#csv;
    const isSomebodys = (lease: L) => rules.check(lease) === undefined;
    for (const lease of page) if (!isSomebodys(lease)) keep(rules.formatAddress(lease), "refused");
    const rows = page.filter(isSomebodys).map((lease) => this.#csv.format(lease, false));
    if (rows.length === 0) return;
    // The DNS has their names already.
    const settings = { "newer-only": true, origin: "ha-partner" };
    const done = await this.#ask(`lease${this.#family}-bulk-apply`, { rows: rows.join(""), ...settings });
    counts.put += Number(done["count"] ?? 0);
    counts.present += Number(done["present"] ?? 0);
    for (const address of (done["newer"] ?? []) as readonly string[]) keep(address, "newer");
    const failed = (done["failed-leases"] ?? []) as readonly Arguments[];
    for (const lease of failed) keep(String(lease["ip-address"]), "refused");
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #ask(command: string, args: Arguments): Promise<Arguments> {
    const pieces: Buffer[] = [];
    const text = JSON.stringify({ command, arguments: args });
    for await (const piece of askSocket(this.#socket, text, PATIENCE)) pieces.push(piece);
    const answer = JSON.parse(Buffer.concat(pieces).toString("latin1")) as Answer;
    if (answer.result !== Result.success && answer.result !== Result.empty) {
      throw new Error(`${this.#socket}: ${command}: ${answer.text}`);
    }
    return (answer.arguments ?? {}) as Arguments;
  }
}
