/** From the text of a file of dhcpd's to its tree, with the files that it includes. */
import { dirname, isAbsolute, join } from "node:path";
import type { Clause } from "./clause.ts";
import { DhcpdSyntaxError, is, SourceText, type Token, tokensOf } from "./token.ts";

export interface FileReader {
  /** One character a byte. @throws when the file cannot be read */
  read(path: string): string;
}

/** Files that include each other would have no end. */
const MAX_DEPTH = 16;

/** The tree of a file. What cannot be read becomes a clause with a fault. */
export function parseFile(path: string, reader: FileReader): readonly Clause[] {
  return new ClauseParser(new SourceText(path, reader.read(path)), reader, 0).clauses();
}

/** The tree of a text; files that it includes are not there. */
export function parseText(text: string, file: string): readonly Clause[] {
  const nowhere: FileReader = {
    read() {
      throw Object.assign(new Error("the file is not there"), { code: "ENOENT" });
    },
  };
  return new ClauseParser(new SourceText(file, text), nowhere, 0).clauses();
}

class ClauseParser {
  readonly #source: SourceText;
  readonly #reader: FileReader;
  readonly #depth: number;
  readonly #tokens: Token[] = [];
  readonly #clauses: Clause[] = [];
  #next = 0;

  constructor(source: SourceText, reader: FileReader, depth: number) {
    this.#source = source;
    this.#reader = reader;
    this.#depth = depth;
  }

  clauses(): readonly Clause[] {
    try {
      for (const token of tokensOf(this.#source)) this.#tokens.push(token);
    } catch (error) {
      if (!(error instanceof DhcpdSyntaxError)) throw error;
      this.#clauses.push(this.#faulty([this.#end()], `${error.message} (line ${error.position.line})`));
    }
    const found = [...this.#block(false), ...this.#clauses];
    return found;
  }

  /** Clauses up to the brace that closes the block, which is taken, or to the end of the file. */
  #block(isInside: boolean): Clause[] {
    const clauses: Clause[] = [];
    for (;;) {
      const token = this.#tokens[this.#next];
      if (token === undefined) {
        if (isInside) clauses.push(this.#faulty([this.#end()], "a block has no closing brace"));
        return clauses;
      }
      if (is(token, "}")) {
        this.#next++;
        if (isInside) return clauses;
        clauses.push(this.#faulty([token], "a brace closes no block"));
      } else if (is(token, ";")) this.#next++;
      else clauses.push(this.#clause());
    }
  }

  #clause(): Clause {
    const head: Token[] = [];
    for (;;) {
      const token = this.#tokens[this.#next];
      if (token === undefined || is(token, "}")) return this.#faulty(head, "the statement has no semicolon");
      this.#next++;
      if (is(token, ";")) return is(head[0], "include") ? this.#include(head) : { head };
      if (is(token, "{") && !isRecord(head))
        return { head: head.length > 0 ? head : [token], block: this.#block(true) };
      head.push(token);
      if (is(token, "{")) this.#record(head);
      else if (is(token, ":") && isCase(head)) return { head: head.slice(0, -1) };
    }
  }

  /** The braces of a record are words of the definition of an option. */
  #record(head: Token[]): void {
    for (;;) {
      const token = this.#tokens[this.#next];
      if (token === undefined || is(token, ";")) return;
      head.push(token);
      this.#next++;
      if (is(token, "}")) return;
    }
  }

  #include(head: readonly Token[]): Clause {
    const path = head[1]?.text ?? "";
    if (this.#depth >= MAX_DEPTH) return this.#faulty(head, "files include each other without an end");
    for (const candidate of isAbsolute(path) ? [path] : [path, join(dirname(this.#source.file), path)]) {
      try {
        const source = new SourceText(candidate, this.#reader.read(candidate));
        return { head, block: new ClauseParser(source, this.#reader, this.#depth + 1).clauses() };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") return this.#faulty(head, (error as Error).message);
      }
    }
    return this.#faulty(head, "the file is not there");
  }

  #faulty(head: readonly Token[], fault: string): Clause {
    return { head: head.length > 0 ? head : [this.#end()], fault };
  }

  /** Stands for the end of the file. */
  #end(): Token {
    const end = this.#source.text.trimEnd().length;
    return { kind: "mark", text: "", start: end, end, source: this.#source };
  }
}

/** `option a.b code 1 = {` or `… = array of {`. */
function isRecord(head: readonly Token[]): boolean {
  return is(head[0], "option") && head.some((token) => is(token, "code")) && /^(=|of)$/i.test(head.at(-1)?.text ?? "");
}

/** `case 1:` and `default:`. */
function isCase(head: readonly Token[]): boolean {
  if (is(head[0], "default")) return head.length === 2;
  return is(head[0], "case") && head.length > 2;
}
