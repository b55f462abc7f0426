/** From the text of a command to its answer. */
import type { Logger } from "../log/logger.ts";
import { type Access, accessByName } from "./access.ts";
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
  /** Beside those that are always there, by their names. */
  extensionCommands?(): ReadonlyMap<string, Command<unknown>>;
  /** Is told of each command that has changed something. @param args JSON @param answer its arguments */
  carriedOut?(name: string, args: unknown, answer: unknown): void;
}

/** A text that has been read: `garbage` is no JSON, `bad` no command. */
export type Understood =
  | UnderstoodCommand
  | { readonly kind: "garbage"; readonly what: string }
  | { readonly kind: "bad"; readonly what: string };

export interface UnderstoodCommand {
  readonly kind: "command";
  readonly name: string;
  readonly access: Access;
  /** Which daemons are asked, by Kea's names; none is this one. */
  readonly services: readonly string[];
  /** Never rejects. @param caller who asks, for the audit trail */
  run(caller: string): Promise<Answer>;
}

/** What a channel needs of it. */
export type Commands = Pick<CommandTable<CommandContext>, "answer" | "understand">;

export class CommandTable<Context extends CommandContext> {
  readonly #commands: ReadonlyMap<string, Command<Context>>;
  readonly #context: Context;
  readonly #log: Logger;

  constructor(commands: readonly Command<Context>[], context: Context, log: Logger) {
    this.#commands = new Map(commands.map((command) => [command.name, command]));
    this.#context = context;
    this.#log = log;
  }

  /** Never rejects. @param text one character a byte @param caller who asks, for the audit trail */
  async answer(text: string, caller: string): Promise<Answer> {
    const understood = await this.understand(text);
    return understood.kind === "command" ? understood.run(caller) : failed(understood.what);
  }

  /** Never rejects. @param text one character a byte */
  understand(text: string): Understood | Promise<Understood> {
    const fail = (error: unknown): Understood => ({ kind: "bad", what: this.#tellFault("", error as Error) });
    if (text.length > PARSED_HERE) return this.#readBeside(text).catch(fail);
    try {
      return this.#read(text);
    } catch (error) {
      return fail(error);
    }
  }

  #read(text: string): Understood {
    const parsed = parseCommand(text);
    if (parsed.kind !== "command") return parsed;
    const { name, arguments: args } = parsed;
    return this.#understood(parsed, async (command) => {
      if ("takesConfig" in command) return command.run((await this.#context.receiveConfig(text)).config, this.#context);
      this.#noteIgnored(name, Object.keys(command.arguments.shape), args);
      const answer = await command.call(args, this.#context);
      const isChange = command.access === "write" && answer.result === Result.success;
      if (isChange) this.#context.carriedOut?.(name, args, answer.arguments);
      return answer;
    });
  }

  async #readBeside(text: string): Promise<Understood> {
    const { command: name, services, config } = await this.#context.receiveConfig(text);
    if (name === undefined) return { kind: "bad", what: config.faults.join("\n") };
    return this.#understood({ name, services }, async (command) => {
      if ("takesConfig" in command) return command.run(config, this.#context);
      return failed(`'${name}' takes at most ${PARSED_HERE} bytes: send it in parts`);
    });
  }

  #understood(
    { name, services }: Pick<UnderstoodCommand, "name" | "services">,
    carryOut: (command: Command<Context>) => Promise<Answer>,
  ): UnderstoodCommand {
    const command = this.#commands.get(name) ?? this.#context.extensionCommands?.().get(name);
    const run = async (caller: string) => {
      if (command === undefined) return failed(`'${name}' command not supported.`, Result.unsupported);
      this.#log.log(commandMessages.COMMAND_RECEIVED, { command: name });
      let answer: Answer;
      try {
        answer = await carryOut(command);
      } catch (error) {
        answer = failed(this.#tellFault(name, error as Error));
      }
      if (command.access === "write")
        this.#log.log(commandMessages.COMMAND_CARRIED_OUT, outcomeOf(name, caller, answer));
      return answer;
    };
    return { kind: "command", name, services, access: command?.access ?? accessByName(name), run };
  }

  /** @returns the error in words for the caller */
  #tellFault(command: string, { message, stack }: Error): string {
    this.#log.log(commandMessages.COMMAND_PROCESS_ERROR, { command, error: stack ?? message });
    return `Error during command processing: ${message}`;
  }

  #noteIgnored(command: string, known: readonly string[], args: unknown): void {
    if (typeof args !== "object" || args === null || Array.isArray(args)) return;
    for (const argument of Object.keys(args)) {
      if (!known.includes(argument)) this.#log.log(commandMessages.COMMAND_ARGUMENT_IGNORED, { command, argument });
    }
  }
}

/** Characters of an answer's text that the audit trail has. */
const MOST_TOLD = 200;

function outcomeOf(command: string, caller: string, { result, text = "" }: Answer) {
  return { command, caller, result, text: text.slice(0, MOST_TOLD) };
}
