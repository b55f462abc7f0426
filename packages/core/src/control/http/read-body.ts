/** The body of a request: one command, of bounded length. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";
import { CommandFrame, MAX_COMMAND } from "../channel/command-frame.ts";
import { readInTurns } from "../channel/read-in-turns.ts";
import { Refusal } from "./refusal.ts";

const TOO_LONG = new Refusal(413, `a command has at most ${MAX_COMMAND} bytes`);

/** @param hold whether there is room for so many bytes more @returns one character a byte @throws when the other end goes */
export async function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  hold: (bytes: number) => boolean,
): Promise<string | Refusal> {
  if (Number(request.headers["content-length"]) > MAX_COMMAND) return TOO_LONG;
  if (request.headers.expect !== undefined) response.writeContinue();
  // A head is told of before the rest of what came with it has been looked at. Of most commands that is all. In the next turn,
  // since what has come on several connections is cheaper if all of it is read before any is answered.
  await nextTurn();
  const body = new Body(hold);
  if (!request.complete) return readRest(request, body);
  const piece: Buffer | null = request.read();
  return (piece === null ? undefined : body.take(piece)) ?? body.end();
}

/** As events, which cost twice as much. */
function readRest(request: IncomingMessage, body: Body): Promise<string | Refusal> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error("the other end has gone"));
    if (request.destroyed) gone();
    let refusal: Refusal | undefined;
    readInTurns(request, (piece) => {
      if (refusal !== undefined) return;
      refusal = body.take(piece);
      if (refusal !== undefined) resolve(refusal);
    });
    request.once("end", () => resolve(body.end()));
    // An error is costly to make: not for those that are complete.
    request.once("close", () => request.complete || gone());
    request.on("error", reject);
  });
}

class Body {
  readonly #frame = new CommandFrame();
  #length = 0;
  readonly #hold: (bytes: number) => boolean;
  #command: string | undefined;

  constructor(hold: (bytes: number) => boolean) {
    this.#hold = hold;
  }

  /** @returns why it cannot be a command */
  take(piece: Buffer): Refusal | undefined {
    if (!this.#hold(piece.length)) return new Refusal(503, "too many commands are under way: try again");
    this.#length += piece.length;
    if (this.#length > MAX_COMMAND) return TOO_LONG;
    let rest = piece;
    if (this.#command === undefined) {
      const framed = this.#frame.push(piece);
      if (framed.kind === "bad") return new Refusal(400, framed.what);
      if (framed.kind === "more") return undefined;
      this.#command = framed.text;
      rest = piece.subarray(piece.length - (this.#length - this.#frame.length));
    }
    if (rest.length === 0 || !/\S/.test(rest.toString("latin1"))) return undefined;
    return new Refusal(400, "something follows the command");
  }

  end(): string | Refusal {
    const what = this.#length === 0 ? "no command" : "the command ends before its last bracket";
    return this.#command ?? new Refusal(400, what);
  }
}
