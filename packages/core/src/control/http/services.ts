/** The daemons of the host, and how a command reaches another one than this: by its UNIX socket. */
import type { Milliseconds } from "../../base/clock.ts";
import type { Logger } from "../../log/logger.ts";
import { failed } from "../answer.ts";
import { AnswerEnd } from "../channel/answer-end.ts";
import { askSocket } from "../channel/ask-socket.ts";
import type { UnderstoodCommand } from "../command-table.ts";
import { formatJson } from "../kea-json.ts";
import { commandMessages } from "../messages.ts";

/** Kea's names. */
export const SERVICES = ["dhcp4", "dhcp6", "d2"] as const;
export type Service = (typeof SERVICES)[number];

/** For the other daemon to say something: some commands take long. */
const PATIENCE: Milliseconds = 60_000;

export class Services {
  readonly own: Service;
  readonly #paths: () => { readonly [S in Service]: string };
  readonly #log: Logger;

  /** @param paths of the sockets of all, by the configuration in force */
  constructor(own: Service, paths: () => { readonly [S in Service]: string }, log: Logger) {
    this.own = own;
    this.#paths = paths;
    this.#log = log;
  }

  /**
   * Asks another daemon.
   * @param text one character a byte, as the answer
   * @param gone when who asks has gone: what changes something is carried out all the same
   * @throws when the answer is not whole
   */
  async *ask(
    service: string,
    text: string,
    { name, access }: Pick<UnderstoodCommand, "name" | "access">,
    caller: string,
    gone: AbortSignal,
  ): AsyncGenerator<string> {
    const known = SERVICES.find((each) => each === service);
    if (known === undefined) {
      yield formatJson(failed(`there is no service '${service}': there are ${SERVICES.join(", ")}`));
      return;
    }
    const end = new AnswerEnd();
    const signal = access === "read" ? gone : undefined;
    try {
      for await (const piece of askSocket(this.#paths()[known], Buffer.from(text, "latin1"), PATIENCE, signal)) {
        end.take(piece);
        yield piece.toString("latin1");
      }
      if (end.isEmpty) throw new Error("it has closed the connection without an answer");
    } catch (error) {
      // Half an answer cannot be mended.
      if (!end.isEmpty) throw error;
      yield formatJson(failed(`unable to forward command to the ${known} service: ${(error as Error).message}`));
    }
    if (access === "read") return;
    const result = end.result ?? "unknown";
    this.#log.log(commandMessages.COMMAND_PASSED_ON, { caller, command: name, service: known, result });
  }
}
