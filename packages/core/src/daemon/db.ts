/** `dhcp4d db`: makes and looks after the database that a configuration file names for leases. */

import { formatFault } from "../config/fault.ts";
import { loadConfig } from "../config/load-config.ts";
import type { ConfinedConfig } from "./confine-paths.ts";
import type { Daemon } from "./daemon.ts";
import { type DatabaseSettings, databaseSettings } from "./database-settings.ts";
import { ExitCode } from "./exit-code.ts";
import { reader } from "./life.ts";

/** What can be done to a database. All reject in words. */
export interface DatabaseAdmin {
  /** Kea's version of the schema, such as `22.2`; `undefined` when there is none. */
  version(): Promise<string | undefined>;
  /** Makes the schema, all or nothing. */
  init(): Promise<void>;
  /** Adds what is ours and missing; Kea's tables are left alone. */
  upgrade(): Promise<void>;
  /** One sentence for each thing that is not as it must be. */
  check(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export type OpenAdmin = (settings: DatabaseSettings) => Promise<DatabaseAdmin>;

interface Output {
  out(text: string): void;
  complain(text: string): void;
}

const ACTIONS = {
  init: "Make the schema in an empty database",
  version: "Print the version of the schema",
  upgrade: "Add what is ours and missing, and touch nothing of Kea's",
  check: "Print what is not as it must be, and exit with 1 if there is anything",
} as const;

type Action = keyof typeof ACTIONS;

/** @param words behind `db` */
export async function db<Config extends ConfinedConfig>(
  words: readonly string[],
  daemon: Daemon<Config>,
  output: Output,
): Promise<ExitCode> {
  const [action = "", flag, file] = words;
  if (!isAction(action) || (flag !== "-c" && flag !== "--config") || file === undefined || words.length > 3) {
    const isAsked = words.length === 0 || words.includes("--help") || words.includes("-h");
    (isAsked ? output.out : output.complain)(usage(daemon.program.name, daemon.program.exampleConfig));
    return isAsked ? ExitCode.ok : ExitCode.failure;
  }
  const loaded = loadConfig(daemon.family, file, reader);
  if (loaded.kind === "refused") {
    for (const fault of loaded.faults) output.complain(`${formatFault(fault)}\n`);
    return ExitCode.failure;
  }
  const config = loaded.config["lease-database"];
  const open = config && daemon.databases?.[config.type];
  if (config === undefined || open === undefined) {
    output.complain(`${file} keeps its leases in no database: lease-database.type is ${config?.type ?? "not given"}\n`);
    return ExitCode.failure;
  }
  try {
    const admin = await open(databaseSettings(config));
    try {
      return await act(admin, action, output);
    } finally {
      await admin.close();
    }
  } catch (error) {
    output.complain(`${config.type} database ${config.name}: ${(error as Error).message}\n`);
    return ExitCode.failure;
  }
}

async function act(admin: DatabaseAdmin, action: Action, { out, complain }: Output): Promise<ExitCode> {
  const version = await admin.version();
  if (action === "init") {
    if (version !== undefined) throw new Error(`it has schema ${version} already, and is left as it is`);
    await admin.init();
    out(`schema ${await admin.version()} has been made\n`);
    return ExitCode.ok;
  }
  if (version === undefined) throw new Error('it has no schema: make it with "db init"');
  if (action === "upgrade") await admin.upgrade();
  if (action !== "check") {
    out(`${version}\n`);
    return ExitCode.ok;
  }
  const faults = await admin.check();
  for (const fault of faults) complain(`${fault}\n`);
  if (faults.length === 0) out(`schema ${version} is as it must be\n`);
  return faults.length === 0 ? ExitCode.ok : ExitCode.failure;
}

function isAction(word: string): word is Action {
  return Object.hasOwn(ACTIONS, word);
}

function usage(program: string, example: string): string {
  const actions = Object.entries(ACTIONS).map(([name, what]) => `  ${name.padEnd(9)}${what}`);
  return `Usage: ${program} db ACTION -c FILE\n\nFILE is the daemon's configuration: its lease-database is meant.\n\n${actions.join("\n")}\n\nExample: ${program} db init -c ${example}\n`;
}
