/** The body of an answer, however long it is; nothing is made that the other end has not made room for. */
import type { ServerResponse } from "node:http";
import type { PatientWriter } from "../channel/patient-writer.ts";
import { SLICE } from "../channel/slices.ts";

/**
 * Bytes of an answer whose length is said before it, as Kea's clients want it; longer ones go in chunks, since nobody
 * knows how long they will be.
 */
const LONGEST_WHOLE = 8 * 1024 * 1024;

/**
 * Resolves when the kernel has all of it, or the connection is gone.
 * @param headersOf asked when the head is sent
 * @param pieces one character a byte
 * @param hold whether there is room for so many bytes more
 * @throws what the pieces throw: when the head is not sent yet, the answer may still be another one
 */
export async function sendPieces(
  response: ServerResponse,
  headersOf: () => Record<string, string>,
  pieces: AsyncIterable<string>,
  writer: PatientWriter,
  hold: (bytes: number) => boolean,
): Promise<void> {
  const iterator = pieces[Symbol.asyncIterator]();
  let begun = "";
  let next = await iterator.next();
  while (next.done !== true && begun.length + next.value.length <= LONGEST_WHOLE && hold(next.value.length)) {
    begun += next.value;
    next = await iterator.next();
  }
  const length = next.done === true ? { "Content-Length": `${begun.length}` } : {};
  response.writeHead(200, { ...headersOf(), ...length });
  for (let at = 0; at < begun.length; at += SLICE) {
    if (!(await writer.write(begun.slice(at, at + SLICE)))) return;
  }
  for (; next.done !== true; next = await iterator.next()) {
    if (!(await writer.write(next.value))) return void (await iterator.return?.());
  }
  await writer.end();
}
