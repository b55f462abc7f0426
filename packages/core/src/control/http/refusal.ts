/** Answers of HTTP itself, in place of a command's: maps whose `result` is the status, as Kea gives them. */
import { STATUS_CODES } from "node:http";

/** Statuses that we answer with, beside 200 and 204. */
export type Status = 400 | 401 | 403 | 404 | 405 | 408 | 413 | 429 | 431 | 500 | 503;

export class Refusal {
  readonly status: Status;
  /** Why, and what to do; empty where the status says it all. */
  readonly what: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: Status, what = "", headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.what = what;
    this.headers = headers;
  }

  get text(): string {
    const phrase = STATUS_CODES[this.status] ?? "";
    return this.what === "" ? phrase : `${phrase}: ${this.what}`;
  }
}
