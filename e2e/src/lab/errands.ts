/** Short commands are run by a shell: to fork this process, with all of its memory, takes longer than most of them do. */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";

class Errands {
  readonly #folder = mkdtempSync(join(tmpdir(), "kotare-errands-"));
  readonly #orders: Writable;
  readonly #statuses: number;
  readonly #status = Buffer.alloc(8);

  constructor() {
    const statuses = this.#file("statuses");
    execFileSync("mkfifo", [statuses]);
    // For both, so that to open it waits for nobody.
    this.#statuses = openSync(statuses, "r+");
    // The shell ends with us, when there is nothing more to read.
    const shell = spawn("sh", [], { stdio: ["pipe", this.#statuses, "inherit"] });
    shell.unref();
    this.#orders = shell.stdin!;
    process.once("exit", () => rmSync(this.#folder, { recursive: true, force: true }));
  }

  #file(name: string): string {
    return join(this.#folder, name);
  }

  /** @throws Error with what the command said of its errors */
  run(command: readonly string[], input: string): string {
    const [order, given, output, errors] = ["order", "input", "output", "errors"].map((name) => this.#file(name));
    writeFileSync(given!, input);
    writeFileSync(order!, `${command.map(quote).join(" ")} <${given} >${output} 2>${errors}\n`);
    this.#orders.write(`. ${order}; echo $?\n`);
    const length = readSync(this.#statuses, this.#status);
    const status = this.#status.toString("latin1", 0, length).trim();
    if (status !== "0") {
      throw new Error(`${command.join(" ")} ended with ${status}: ${readFileSync(errors!, "utf8")}`);
    }
    return readFileSync(output!, "utf8");
  }
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

let errands: Errands | undefined;

/** @returns what the command has written @throws Error when it fails */
export function runToEnd(command: readonly string[], input = ""): string {
  errands ??= new Errands();
  return errands.run(command, input);
}
