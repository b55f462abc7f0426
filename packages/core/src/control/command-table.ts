/** From the text of a command to its answer. */
import type { Logger } from "../log/logger.ts";
import { type Answer, failed, Result } from "./answer.ts";
import type { Command } from "./command.ts";
import { commandMessages } from "./messages.ts";
import { parseCommand } from "./parse-command.ts";
import type { ReceivedCommand } from "./received-config.ts";

/** Characters that are parsed on the main thread: some four milliseconds. Only configurations may have more. */
const PARSED_HERE = 256 * 1024;

/** What every context gives the table. */
export interface CommandContext {
  /** Reads a command with a configuration in a thread of its own. @throws when that fails itself */
  receiveConfig(text: string): Promise<ReceivedCommand>;
}

export class CommandTable<Context extends CommandContext> {
  readonly #commands: ReadonlyMap<string, Command<Context>>;
  readonly #context: Context;
  readonly #log: Logger;

  constructor(commands: readonly Command<Context>[], context: Context, log: Logger) {
    this.#commands = new Map(commands.map((command) => [command.name, command]));
    this.#context = context;
    this.#log = log;
  }

  /** Never rejects. @param text one character a byte */
  async answer(text: string): Promise<Answer> {
    let name = "";
    try {
      return await this.#answer(text, (command) => {
        name = command;
        this.#log.log(commandMessages.COMMAND_RECEIVED, { command });
      });
    } catch (error) {
      const { message, stack } = error as Error;
      this.#log.log(commandMessages.COMMAND_PROCESS_ERROR, { command: name, error: stack ?? message });
      return failed(`Error during command processing: ${message}`);
    }
  }

  async #answer(text: string, received: (name: string) => void): Promise<Answer> {
    if (text.length > PARSED_HERE) return this.#answerConfig(text, received);
    const parsed = parseCommand(text);
    if (parsed.kind === "bad") return failed(parsed.what);
    const command = this.#commands.get(parsed.name);
    if (command === undefined) return notSupported(parsed.name);
    if ("takesConfig" in command) return this.#answerConfig(text, received);
    received(parsed.name);
    this.#noteIgnored(command.name, Object.keys(command.arguments.shape), parsed.arguments);
    return command.call(parsed.arguments, this.#context);
  }

  async #answerConfig(text: string, received: (name: string) => void): Promise<Answer> {
    const { command: name, config } = await this.#context.receiveConfig(text);
    if (name === undefined) return failed(config.faults.join("\n"));
    const command = this.#commands.get(name);
    if (command === undefined) return notSupported(name);
    if (!("takesConfig" in command)) return failed(`'${name}' takes at most ${PARSED_HERE} bytes: send it in parts`);
    received(name);
    return command.run(config, this.#context);
  }

  #noteIgnored(command: string, known: readonly string[], args: unknown): void {
    if (typeof args !== "object" || args === null || Array.isArray(args)) return;
    for (const argument of Object.keys(args)) {
      if (!known.includes(argument)) this.#log.log(commandMessages.COMMAND_ARGUMENT_IGNORED, { command, argument });
    }
  }
}

function notSupported(name: string): Answer {
  return failed(`'${name}' command not supported.`, Result.unsupported);
}
