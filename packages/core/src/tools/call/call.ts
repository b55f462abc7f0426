/** `dhcp4d call COMMAND …`: the commands of a running daemon, ours or Kea's, for people and scripts. */
import { readFileSync } from "node:fs";
import { findNearest } from "../../config/known-keys.ts";
import { Result } from "../../control/answer.ts";
import { askSocket } from "../../control/channel/ask-socket.ts";
import type { Command } from "../../control/command.ts";
import type { Program } from "../../daemon/arguments.ts";
import { type DaemonPaths, resolvePath } from "../../daemon/paths.ts";
import { USAGE_EXIT } from "../sub-command.ts";
import { askUrl, HttpRefusal } from "./ask-url.ts";
import { type CallOptions, parseCall } from "./call-options.ts";
import { parseCallWords } from "./call-words.ts";
import { describeCommand } from "./describe-command.ts";
import { findSocket } from "./find-socket.ts";
import { PrintedAnswer } from "./printed-answer.ts";
import { readSecretFile } from "./read-secret.ts";

/** Beside the `result` of an answer; as in sysexits(3). */
const CallExit = { usage: USAGE_EXIT, unavailable: 69, forbidden: 77 } as const;

export interface Caller {
  readonly program: Omit<Program, "version">;
  readonly commands: readonly Command<never>[];
  readonly paths: DaemonPaths;
  readonly out: (text: string | Uint8Array) => void;
  readonly complain: (text: string) => void;
  /** Asks whoever sits at the terminal; `undefined` where nobody does. */
  readonly askSecret: (prompt: string) => Promise<string | undefined>;
}

/** @param words behind `call` @returns the exit code */
export async function call(words: readonly string[], caller: Caller): Promise<number> {
  const { program, commands, out } = caller;
  const complain = (what: string) => caller.complain(`${program.name} call: ${what}\n`);
  const given = parseCall(words, program);
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
  if (parsed.kind === "wrong") {
    complain(parsed.what);
    return CallExit.usage;
  }
  const way = await findWay(given, caller);
  if (way.kind === "wrong") {
    complain(way.what);
    return CallExit.usage;
  }
  const args = parsed.text === undefined ? "" : `, "arguments": ${parsed.text}`;
  const service = given.services === undefined ? "" : `, "service": ${JSON.stringify(given.services)}`;
  try {
    const answer = new PrintedAnswer(given.json, out);
    for await (const piece of way.ask(`{ "command": ${JSON.stringify(name)}${service}${args} }`)) answer.take(piece);
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
    const isForbidden = error instanceof HttpRefusal && (error.status === 401 || error.status === 403);
    return isForbidden ? CallExit.forbidden : CallExit.unavailable;
  }
}

type Way =
  | { readonly kind: "way"; ask(text: string): AsyncIterable<Buffer> }
  | { readonly kind: "wrong"; readonly what: string };

/** By which way the command goes. */
async function findWay(given: CallOptions, { paths, askSecret }: Caller): Promise<Way> {
  const { url, user, tls } = given;
  const patience = given.timeout * 1000;
  if (url !== undefined) {
    try {
      const password = user === undefined ? undefined : await findPassword(user, given.passwordFile, askSecret);
      const login = user === undefined || password === undefined ? undefined : { user, password };
      return { kind: "way", ask: (text) => askUrl({ url, login, tls, patience }, text) };
    } catch (error) {
      return { kind: "wrong", what: (error as Error).message };
    }
  }
  const found =
    given.socket === undefined
      ? findSocket(given.config, (path) => resolvePath(paths.controlSocket, path))
      : ({ kind: "socket", path: given.socket } as const);
  if (found.kind === "none") return { kind: "wrong", what: found.why };
  return { kind: "way", ask: (text) => askSocket(found.path, text, patience) };
}

/** @throws where there is none */
async function findPassword(user: string, file: string | undefined, ask: Caller["askSecret"]): Promise<string> {
  if (file !== undefined) return readSecretFile(file);
  const typed = await ask(`Password of ${user}: `);
  if (typed === undefined) throw new Error("there is no terminal to ask for the password at: name a --password-file");
  return typed;
}
