/** The daemon's own commands, for extensions that work by them. They are there once the daemon takes commands. */
import type { CommandAnswer } from "@kotare/extension";
import type { Commands } from "../../control/command-table.ts";
import { formatJson } from "../../control/kea-json.ts";

/** For the audit trail. */
const CALLER = "an extension";

export class OwnCommands {
  #commands: Pick<Commands, "answer"> | undefined;

  /** From now on these answer. */
  take(commands: Pick<Commands, "answer">): void {
    this.#commands = commands;
  }

  /** Rejects before the daemon takes commands. @param args JSON */
  readonly ask = async (name: string, args: object = {}): Promise<CommandAnswer> => {
    if (this.#commands === undefined) throw new Error(`the daemon does not take commands yet, not even ${name}`);
    const text = Buffer.from(JSON.stringify({ command: name, arguments: args })).toString("latin1");
    return JSON.parse(formatJson(await this.#commands.answer(text, CALLER))) as CommandAnswer;
  };
}
