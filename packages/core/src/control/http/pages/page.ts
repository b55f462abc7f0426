/** What an HTTP socket gives beside the answers of commands: a page for each path. */
import type { IncomingMessage } from "node:http";

export interface Page {
  /** The word of a user's access that is needed, which `read` has, too; `undefined` for who has not logged in. */
  readonly access: string | undefined;
  /**
   * For GET. The pieces are one character a byte; those of a long page leave room for packets between them.
   * @returns `undefined` where there is nothing by this path after all
   */
  answer(request: IncomingMessage): PageAnswer | Promise<PageAnswer | undefined>;
}

export interface PageAnswer {
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined` where the other end has it already: 304. */
  readonly pieces: AsyncIterable<string> | undefined;
}

/** Of what a browser shows: kept by it, and asked about each time, as a new version brings new ones. */
export const SHOWN_HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cache-Control": "no-cache",
} as const;

/** By path: `/metrics`. */
export type Pages = Pick<ReadonlyMap<string, Page>, "get">;
