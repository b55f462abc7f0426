/** `dhcp4d call COMMAND …`: the commands of a running daemon, ours or Kea's, for people and scripts. */
import { readFileSync } from "node:fs";
import { findNearest } from "../../config/known-keys.ts";
import { Result } from "../../control/answer.ts";
import { AnswerEnd } from "../../control/channel/answer-end.ts";
import { askSocket } from "../../control/channel/ask-socket.ts";
import type { Command } from "../../control/command.ts";
import { describeArguments } from "../../control/describe-arguments.ts";
import { formatJson } from "../../control/kea-json.ts";
import type { Program } from "../../daemon/arguments.ts";
import { type DaemonPaths, resolvePath } from "../../daemon/paths.ts";
import { configOption, parseSubCommand, USAGE_EXIT } from "../sub-command.ts";
import { parseCallWords } from "./call-words.ts";
import { findSocket } from "./find-socket.ts";
import { formatAnswer } from "./format-answer.ts";

/** Beside the `result` of an answer; as in sysexits(3). */
const CallExit = { usage: USAGE_EXIT, unavailable: 69 } as const;

const EPILOGUE = `Arguments are NAME=VALUE; a list is 1,2,3; @FILE takes all of them, as JSON, from a file.

Exit codes:
  0 done; 1 an error; 2 no such command; 3 nothing there; 4 a conflict: the answer's result
  64 wrong arguments; 69 nobody answers`;

export interface Caller {
  readonly program: Omit<Program, "version">;
  readonly commands: readonly Command<never>[];
  readonly paths: DaemonPaths;
  readonly out: (text: string | Uint8Array) => void;
  readonly complain: (text: string) => void;
}

/** @param words behind `call` @returns the exit code */
export async function call(words: readonly string[], caller: Caller): Promise<number> {
  const { program, commands, paths, out } = caller;
  const complain = (what: string) => caller.complain(`${program.name} call: ${what}\n`);
  const given = parseWords(words, caller);
  if (given.kind === "wrong") {
    complain(`${given.what}\nTry '${program.name} call --help'.`);
    return CallExit.usage;
  }
  const [name, ...rest] = given.words;
  const command = commands.find((each) => each.name === name);
  if (given.isHelpAsked) {
    out(command === undefined ? given.help : describeCommand(program.name, command));
    return 0;
  }
  if (name === undefined) {
    complain(`which command?\nTry '${program.name} call list-commands' or '${program.name} call --help'.`);
    return CallExit.usage;
  }
  const parsed = parseCallWords(rest, command, (path) => readFileSync(path, "utf8"));
  const found =
    given.socket === undefined
      ? findSocket(given.config, (path) => resolvePath(paths.controlSocket, path))
      : ({ kind: "socket", path: given.socket } as const);
  if (parsed.kind === "wrong" || found.kind === "none") {
    complain(parsed.kind === "wrong" ? parsed.what : found.kind === "none" ? found.why : "");
    return CallExit.usage;
  }
  const args = parsed.text === undefined ? "" : `, "arguments": ${parsed.text}`;
  try {
    const answer = new Answer(given.json, out);
    const question = `{ "command": ${JSON.stringify(name)}${args} }`;
    for await (const piece of askSocket(found.path, question, given.timeout * 1000)) answer.take(piece);
    const result = answer.end();
    const nearest =
      result === Result.unsupported
        ? findNearest(
            name,
            commands.map((each) => each.name),
          )
        : undefined;
    if (nearest !== undefined) complain(`did you mean ${nearest}?`);
    return result;
  } catch (error) {
    complain((error as Error).message);
    return CallExit.unavailable;
  }
}

class Answer {
  readonly #isRaw: boolean;
  readonly #out: Caller["out"];
  readonly #pieces: Buffer[] = [];
  readonly #end = new AnswerEnd();

  constructor(isRaw: boolean, out: Caller["out"]) {
    this.#isRaw = isRaw;
    this.#out = out;
  }

  take(piece: Buffer): void {
    this.#end.take(piece);
    if (this.#isRaw) this.#out(piece);
    else this.#pieces.push(piece);
  }

  /** @returns its result @throws Error when it is not whole */
  end(): number {
    if (this.#end.isEmpty) throw new Error("the connection was closed without an answer");
    const { result } = this.#end;
    this.#out(this.#isRaw ? "\n" : formatAnswer(this.#parse()));
    if (result === undefined) throw new Error("the answer has no result: it is not whole");
    return result;
  }

  #parse(): unknown {
    try {
      return JSON.parse(Buffer.concat(this.#pieces).toString("latin1"));
    } catch {
      throw new Error("the answer is not whole");
    }
  }
}

/** @returns the words, and what the options say */
function parseWords(words: readonly string[], { program }: Caller) {
  const given = parseSubCommand(words, {
    program: program.name,
    usage: `Sends a command to a running ${program.name}.\n\nUsage: $0 call [-c FILE | -s SOCKET] COMMAND [NAME=VALUE…]`,
    options: {
      config: configOption("The daemon's configuration, which names its socket", program.exampleConfig),
      socket: {
        alias: "s",
        describe: "The socket, whatever the configuration says",
        type: "string",
        requiresArg: true,
      },
      json: { alias: "j", describe: "Print the answer as it came", type: "boolean", default: false },
      timeout: { describe: "Seconds to wait for something to come", type: "number", requiresArg: true, default: 60 },
    },
    examples: [
      [program.callExample, "Ask, and print the answer"],
      ["$0 call list-commands", "All commands"],
      ["$0 call COMMAND --help", "What a command does, its arguments and an example"],
      ["$0 call --json config-get | jq .", "For programs"],
      [`$0 call config-test @${program.exampleConfig}`, "A command with a configuration"],
      ["source <($0 completion)", "Completion in this shell"],
    ],
    epilogue: EPILOGUE,
  });
  if (given.kind === "wrong") return given;
  const { config, socket, json, timeout } = given.options;
  const seconds = timeout as number;
  if (!(seconds > 0 && seconds <= 86_400)) return { kind: "wrong", what: "--timeout is a number of seconds" } as const;
  return {
    ...given,
    config: config as string,
    socket: socket as string | undefined,
    json: json as boolean,
    timeout: seconds,
  };
}

function describeCommand(program: string, command: Command<never>): string {
  const fields = describeArguments(command);
  const width = Math.max(0, ...fields.map(({ name }) => name.length));
  const lines = fields.map(({ name, type, isNeeded, default: usual, description }) => {
    const need = isNeeded ? "; needed" : usual === "" ? "" : `; ${usual} unless given`;
    return `  ${name.padEnd(width)}  ${description} (${type}${need})`;
  });
  const [example] = command.examples;
  return [
    `${program} call ${command.name}`,
    "",
    command.summary,
    "",
    ...("takesConfig" in command ? ["Arguments: a configuration, as @FILE"] : lines),
    ...(example === undefined
      ? []
      : ["", `Arguments: ${formatJson(example.arguments ?? {})}`, `Answer: ${formatJson(example.answer)}`]),
    "",
  ].join("\n");
}
