/** The body of an answer, however long it is; nothing is made that the other end has not made room for. */
import type { ServerResponse } from "node:http";
import type { PatientWriter } from "../channel/patient-writer.ts";
import { slicesOf } from "../channel/slices.ts";

/**
 * Resolves when the kernel has all of it, or the connection is gone.
 * @param headersOf asked when the head is sent
 * @param pieces one character a byte
 * @param longestWhole bytes of an answer whose length is said before it: it is all made before the first of it is sent.
 * Longer ones go in chunks, since nobody knows how long they will be
 * @param hold whether there is room for so many bytes more
 * @throws what the pieces throw: when the head is not sent yet, the answer may still be another one
 */
export async function sendPieces(
  response: ServerResponse,
  headersOf: () => Record<string, string>,
  pieces: AsyncIterable<string>,
  longestWhole: number,
  writer: PatientWriter,
  hold: (bytes: number) => boolean,
): Promise<void> {
  const iterator = pieces[Symbol.asyncIterator]();
  /** Not one text: to make a long one of its pieces holds the main loop for long. */
  const begun: string[] = [];
  let length = 0;
  let next = await iterator.next();
  while (next.done !== true && length + next.value.length <= longestWhole && hold(next.value.length)) {
    begun.push(next.value);
    length += next.value.length;
    next = await iterator.next();
  }
  const lengthIfWhole = next.done === true ? { "Content-Length": `${length}` } : {};
  response.writeHead(200, { ...headersOf(), ...lengthIfWhole });
  for await (const slice of slicesOf(begun)) if (!(await writer.write(slice))) return;
  for (; next.done !== true; next = await iterator.next()) {
    if (!(await writer.write(next.value))) return void (await iterator.return?.());
  }
  await writer.end();
}
