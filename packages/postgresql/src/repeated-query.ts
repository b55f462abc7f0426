/**
 * A prepared statement that has been run on its connection before. The driver's own query asks each time what the columns are,
 * copies what it is asked with all attributes, and makes objects of rows: that takes as long as the rest of a small query.
 */
import { type Connection, Query, type QueryArrayResult, types } from "pg";

/** What a statement has shown when it was run for the first time. */
export interface KnownStatement {
  readonly name: string;
  /** Of each column, from text. */
  readonly read: readonly ((text: string) => unknown)[];
}

export interface RepeatedResult {
  readonly rows: readonly (readonly unknown[])[];
  readonly rowCount: number;
}

export function knownStatement(name: string, { fields }: Pick<QueryArrayResult, "fields">): KnownStatement {
  return { name, read: fields.map(({ dataTypeID }) => types.getTypeParser(dataTypeID, "text")) };
}

/** Given to `Client.query`, which calls its methods as the answers of the server come. */
export class RepeatedQuery extends Query {
  readonly #statement: KnownStatement;
  readonly #values: readonly unknown[];
  readonly #resolve: (result: RepeatedResult) => void;
  readonly #rows: unknown[][] = [];
  #rowCount = 0;

  /** @param reject is given what the server says, or why it cannot be asked */
  constructor(
    statement: KnownStatement,
    values: readonly unknown[],
    resolve: (result: RepeatedResult) => void,
    reject: (error: Error) => void,
  ) {
    super("", (error) => reject(error!));
    this.#statement = statement;
    this.#values = values;
    this.#resolve = resolve;
  }

  override submit = (line: Connection): void => {
    line.stream.cork();
    line.bind({ statement: this.#statement.name, values: this.#values.map(toParameter) }, true);
    line.execute(null, true);
    line.sync();
    line.stream.uncork();
  };

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const { read } = this.#statement;
    this.#rows.push(fields.map((text, i) => (text === null ? null : read[i]!(text))));
  }

  /** @param text such as `INSERT 0 2` */
  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#rowCount = Number(text.slice(text.lastIndexOf(" ") + 1)) || 0;
  }

  handleReadyForQuery(): void {
    this.#resolve({ rows: this.#rows, rowCount: this.#rowCount });
  }
}

function toParameter(value: unknown): string | Buffer | null {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return String(value);
}
