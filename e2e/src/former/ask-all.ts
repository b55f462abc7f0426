/** Many clients ask a server at once, and each waits for its own answer. */
import type { Answer, Fields, Speech, Voice } from "../oracle/speech.ts";

export interface Surveyed {
  readonly title: string;
  /** `undefined` for no answer. */
  readonly answer: Fields | undefined;
}

/** Milliseconds: longer than a server thinks about all of them. */
const PATIENCE = 400;

let nextXid = 0x51_0000;

/** @returns the answer to each query */
export async function askAll<S extends Speech>(
  voice: Voice<S>,
  queries: readonly (readonly [query: S["query"], route: S["route"]])[],
): Promise<(Answer<S> | undefined)[]> {
  const first = nextXid;
  for (const [query, route] of queries) voice.send(query, nextXid++, route);
  const answers = new Map<number, Answer<S>>();
  while (answers.size < queries.length) {
    const answer = await voice.next(PATIENCE);
    if (answer === undefined) break;
    answers.set(answer.message.xid, answer);
  }
  return queries.map((_, i) => answers.get(first + i));
}
