/** The body of a request: one command, of bounded length. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { CommandFrame, MAX_COMMAND } from "../channel/command-frame.ts";
import { Refusal } from "./refusal.ts";

/** @param hold whether there is room for so many bytes more @returns one character a byte @throws when the other end goes */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  hold: (bytes: number) => boolean,
): Promise<string | Refusal> {
  const tooLong = new Refusal(413, `a command has at most ${MAX_COMMAND} bytes`);
  if (Number(request.headers["content-length"]) > MAX_COMMAND) return tooLong;
  if (request.headers.expect !== undefined) response.writeContinue();
  const frame = new CommandFrame();
  let command: string | undefined;
  let length = 0;
  // An iterator of its own: that of the stream would end the connection, and the refusal with it.
  for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > MAX_COMMAND) return tooLong;
    if (!hold(piece.length)) return new Refusal(503, "too many commands are under way: try again");
    let rest = piece;
    if (command === undefined) {
      const framed = frame.push(piece);
      if (framed.kind === "bad") return new Refusal(400, framed.what);
      if (framed.kind === "more") continue;
      command = framed.text;
      rest = piece.subarray(piece.length - (length - frame.length));
    }
    if (/\S/.test(rest.toString("latin1"))) return new Refusal(400, "something follows the command");
  }
  return command ?? new Refusal(400, length === 0 ? "no command" : "the command ends before its last bracket");
}
