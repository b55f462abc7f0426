/** The words and options behind `call`. */
import type { TlsFiles } from "../../base/tls-files.ts";
import type { Program } from "../../daemon/arguments.ts";
import { configOption, parseSubCommand } from "../sub-command.ts";

const EPILOGUE = `Arguments are NAME=VALUE; a list is 1,2,3; @FILE takes all of them, as JSON, from a file.

Exit codes:
  0 done; 1 an error; 2 no such command; 3 nothing there; 4 a conflict: the answer's result
  64 wrong arguments; 69 nobody answers; 77 the login is wrong, or may not do that`;

const value = (describe: string) => ({ describe, type: "string", requiresArg: true }) as const;

export interface CallOptions {
  readonly kind: "words";
  readonly words: readonly string[];
  readonly isHelpAsked: boolean;
  readonly help: string;
  readonly config: string;
  /** In place of the configuration's. */
  readonly socket: string | undefined;
  /** In place of a socket. */
  readonly url: URL | undefined;
  readonly user: string | undefined;
  readonly passwordFile: string | undefined;
  readonly tls: TlsFiles;
  /** By Kea's names. */
  readonly services: readonly string[] | undefined;
  readonly json: boolean;
  /** Seconds. */
  readonly timeout: number;
}

/** @param words behind `call` */
export function parseCall(
  words: readonly string[],
  program: Omit<Program, "version">,
): CallOptions | { readonly kind: "wrong"; readonly what: string } {
  const given = parseSubCommand(words, {
    program: program.name,
    usage:
      `Sends a command to a running ${program.name}.\n\n` +
      "Usage: $0 call [-c FILE | -s SOCKET | --url URL [--user NAME]] COMMAND [NAME=VALUE…]",
    options: {
      config: configOption("The daemon's configuration, which names its socket", program.exampleConfig),
      socket: { alias: "s", ...value("The socket, whatever the configuration says") },
      url: value("By HTTP or HTTPS, to this or another host"),
      user: value("Who logs in there; the password is asked for at the terminal"),
      "password-file": value("A file whose first line is the password"),
      ca: value("https: whom to trust, a file or a folder of certificates, in place of the system's"),
      cert: value("https: our certificate"),
      key: value("https: its key"),
      service: value("With --url: for which daemons the command is, such as dhcp4,dhcp6,d2"),
      json: { alias: "j", describe: "Print the answer as it came", type: "boolean", default: false },
      timeout: { describe: "Seconds to wait for something to come", type: "number", requiresArg: true, default: 60 },
    },
    examples: [
      [program.callExample, "Ask, and print the answer"],
      ["$0 call list-commands", "All commands"],
      ["$0 call COMMAND --help", "What a command does, its arguments and an example"],
      ["$0 call --json config-get | jq .", "For programs"],
      [`$0 call config-test @${program.exampleConfig}`, "A command with a configuration"],
      ["$0 call --url https://dhcp.example.org:8000 --user admin status-get", "From another host"],
      ["$0 call --url http://127.0.0.1:8000 --service dhcp4,dhcp6 version-get", "To several daemons of a host"],
      ["source <($0 completion)", "Completion in this shell"],
    ],
    epilogue: EPILOGUE,
  });
  if (given.kind === "wrong") return given;
  const { config, timeout, json, ...others } = given.options;
  const { socket, url, user, ca, cert, key, service, "password-file": passwordFile } = others as Texts;
  const wrong = (what: string) => ({ kind: "wrong", what }) as const;
  const seconds = timeout as number;
  if (!(seconds > 0 && seconds <= 86_400)) return wrong("--timeout is a number of seconds");
  if (socket !== undefined && url !== undefined) return wrong("--socket and --url are two ways: give one of them");
  const astray = NEED_URL.find((name) => url === undefined && others[name] !== undefined);
  if (astray !== undefined) return wrong(`--${astray} goes with --url only`);
  if (user?.includes(":") === true)
    return wrong("a user has no colon; the password is asked for, or in --password-file");
  if (passwordFile !== undefined && user === undefined) return wrong("--password-file goes with --user only");
  if ((cert === undefined) !== (key === undefined)) return wrong("--cert and --key go together");
  if (url !== undefined && !/^https?:\/\/[^/?#@]+\/?$/.test(url))
    return wrong(`'${url}' is no URL of a daemon: write one such as http://127.0.0.1:8000`);
  return {
    ...given,
    config: config as string,
    socket,
    url: url === undefined ? undefined : new URL(url),
    user,
    passwordFile,
    tls: { trustAnchor: ca, certificate: cert, key },
    services: service?.split(","),
    json: json as boolean,
    timeout: seconds,
  };
}

const NEED_URL = ["user", "password-file", "ca", "cert", "key", "service"] as const;

type Texts = { readonly [Name in (typeof NEED_URL)[number] | "socket" | "url"]?: string | undefined };
