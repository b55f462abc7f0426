/** The command line of a daemon: Kea's flags, with long names. Nothing here exits or prints. */
import yargs from "yargs";
import { ExitCode } from "./exit-code.ts";

/** What tells one daemon's command line from another's. */
export interface Program {
  /** As the operator calls it, e.g. `dhcp4d`. */
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** What `-v` prints. */
  readonly version: string;
  /** A usual configuration file, for the examples. */
  readonly exampleConfig: string;
  /** A usual command, for the examples. */
  readonly callExample: string;
  /** Whether there are the flags that only a DHCP server has: `-p`, `-P` and `-R`. */
  readonly ports: boolean;
  /** Whether there are `db` and `leases`. */
  readonly databases?: boolean;
}

export type Arguments =
  | {
      readonly kind: "serve";
      readonly config: string;
      /** `-d`: log everything. */
      readonly verbose: boolean;
      /** `-S`: a file with any fault is refused, as Kea does; else what is not wrong of it is served. */
      readonly strict: boolean;
      /** `-X`: whoever reaches an HTTP socket without users may send commands. */
      readonly insecure: boolean;
      /** `-F`: ends where a new configuration has come into force in part only. */
      readonly exitOnFatal: boolean;
      /** `undefined` for the protocol's own ports. */
      readonly port: number | undefined;
      readonly clientPort: number | undefined;
    }
  /** `-t`, and with `deep` `-T`: check a configuration, connect to nothing that a check can do without. */
  | { readonly kind: "check"; readonly config: string; readonly deep: boolean; readonly verbose: boolean }
  /** Print `text` and exit: help and versions to stdout, faults to stderr. */
  | { readonly kind: "exit"; readonly code: ExitCode; readonly text: string }
  /** `-V` and `-W`: what exactly runs here. */
  | { readonly kind: "report"; readonly of: "version" | "build" };

const flag = (alias: string, describe: string) => ({ alias, describe, type: "boolean" }) as const;
const value = (alias: string, describe: string) => ({ alias, describe, type: "string", requiresArg: true }) as const;

const flags = {
  config: value("c", "Serve with this configuration file"),
  test: value("t", "Check this file: print all faults, and exit with 1 if there are any"),
  "test-deep": value("T", "As -t, and look at the interfaces, files and databases that it names"),
  strict: flag("S", "Refuse a file with any fault at the start, as Kea does, instead of serving the rest of it"),
  insecure: flag("X", "Open HTTP control sockets where nobody has to log in, too"),
  "exit-on-fatal": flag("F", "Stop, with exit code 1, when a new configuration comes into force in part only"),
  debug: flag("d", "Log everything, whatever the configuration says"),
  version: flag("v", "Print the version number"),
  "long-version": flag("V", "Print the version and what it runs on"),
  "build-report": flag("W", "Print how this program was built"),
};
const serverFlags = {
  port: value("p", "Listen on this port (for tests)"),
  "client-port": value("P", "Send all answers to this port (for tests)"),
  repair: flag("R", "Has no effect: Kea mends what is wrong in a configuration; here it is left out anyway, and told"),
};

/** Every way to write a flag: `-c`, `--config`, … */
export function flagsOf(ports: boolean): string[] {
  const all = Object.entries(ports ? { ...flags, ...serverFlags } : flags);
  return [...all.flatMap(([name, { alias }]) => [`-${alias}`, `--${name}`]), "--help"];
}

const EPILOGUE = `Signals:
  HUP         Take the configuration file into use again, and open log files anew
  TERM, INT   Finish the work in flight and stop

Environment:
  KEA_DHCP_DATA_DIR, KEA_PIDFILE_DIR, KEA_LOG_FILE_DIR, KEA_CONTROL_SOCKET_DIR
                          Directories in place of /var/lib/kea, /run/kea, /var/log/kea, /run/kea
  KEA_LOGGER_DESTINATION  stdout, stderr, syslog or a file, until the configuration names one`;

/** @param words without the interpreter and the script: `process.argv.slice(2)` */
export function parseArguments(words: readonly string[], program: Program): Arguments {
  const fail = (what: string): Arguments => {
    const text = `${program.name}: ${what}\nTry '${program.name} --help'.\n`;
    return { kind: "exit", code: ExitCode.failure, text };
  };
  let fault: string | undefined;
  let help = "";
  const parser = yargs()
    .scriptName(program.name)
    .version(false)
    .usage(
      `${program.summary}\n\nUsage: $0 -c FILE [-S] [-X] [-F] [-d]${program.ports ? " [-p PORT] [-P PORT]" : ""}\n   or: $0 -t FILE\n   or: $0 call COMMAND [NAME=VALUE…]\n${program.databases === true ? "   or: $0 db ACTION [-c FILE]\n   or: $0 leases export|import [-c FILE] CSV\n   or: $0 convert FILE\n   or: $0 explain [OPTIONS]\n" : ""}   or: $0 completion`,
    )
    .options(program.ports ? { ...flags, ...serverFlags } : flags)
    .example(`$0 -c ${program.exampleConfig}`, "Serve")
    .example(`$0 -t ${program.exampleConfig}`, "Check the file before a reload")
    .example(program.callExample, `Send a command to the running daemon: see ${program.name} call --help`)
    .example("kill -HUP PID", "Take the changed file into use, without a pause")
    .epilogue(EPILOGUE)
    .help("help", "Print this text")
    .alias("help", "h")
    .strict()
    .parserConfiguration({ "boolean-negation": false, "camel-case-expansion": false, "dot-notation": false })
    .exitProcess(false)
    .showHelpOnFail(false)
    .wrap(100);
  const given = parser.parse([...words], {}, (error: Error | undefined, _argv: unknown, output: string) => {
    fault = error?.message;
    help = output;
  }) as Readonly<Record<string, unknown>>;
  if (fault !== undefined) return fail(fault);
  if (given["help"] === true) return { kind: "exit", code: ExitCode.ok, text: `${help}\n` };
  if (given["version"] === true) return { kind: "exit", code: ExitCode.ok, text: `${program.version}\n` };
  if (given["long-version"] === true) return { kind: "report", of: "version" };
  if (given["build-report"] === true) return { kind: "report", of: "build" };

  for (const name of Object.keys({ ...flags, ...serverFlags })) {
    if (Array.isArray(given[name])) return fail(`--${name} is given twice`);
  }
  const ports = [given["port"], given["client-port"]].map((text) => (text === undefined ? undefined : Number(text)));
  for (const port of ports) {
    if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65_535)) {
      return fail("a port is a number from 1 to 65535");
    }
  }
  const verbose = given["debug"] === true;
  for (const [name, deep] of [
    ["test", false],
    ["test-deep", true],
  ] as const) {
    const config = given[name];
    if (typeof config === "string") return { kind: "check", config, deep, verbose };
  }
  if (typeof given["config"] !== "string") return fail("no configuration file is given: -c FILE");
  return {
    kind: "serve",
    config: given["config"],
    verbose,
    strict: given["strict"] === true,
    insecure: given["insecure"] === true,
    exitOnFatal: given["exit-on-fatal"] === true,
    port: ports[0],
    clientPort: ports[1],
  };
}
