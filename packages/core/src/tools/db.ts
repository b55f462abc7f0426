/** `dhcp4d db`: makes and looks after the database that a configuration file names. */

import { systemClock } from "../base/clock.ts";
import type { Dhcp4Config } from "../config/dhcp4-config.ts";
import { formatFault } from "../config/fault.ts";
import { loadConfig } from "../config/load/load-config.ts";
import { configFiles } from "../daemon/config/config-files.ts";
import type { ConfinedConfig } from "../daemon/config/confine-paths.ts";
import type { Daemon } from "../daemon/daemon.ts";
import type { DatabaseAdmin } from "../databases/database-admin.ts";
import { databaseSettings } from "../databases/database-settings.ts";
import type { PlannedStep } from "../databases/plan-upgrade.ts";
import { KEA_RELEASES } from "../leases/database/kea-schema.ts";
import { CONFIG_ACTIONS, moveConfig } from "./db-config.ts";
import type { Terminal } from "./leases.ts";
import { ProgressLine } from "./progress-line.ts";
import { configOption, parseSubCommand, type SubCommand, USAGE_EXIT } from "./sub-command.ts";

type Output = Pick<Terminal, "out" | "complain"> & { readonly line: ProgressLine };

const DbExit = { done: 0, failed: 1, usage: USAGE_EXIT, unavailable: 69 } as const;

const ACTIONS = {
  init: "Make the tables of leases, reservations and configuration in an empty database: Kea's, and what is ours",
  version: "Print the version of the schema",
  upgrade: "Add what is ours and missing; with --kea 3.0 take Kea's tables to Kea 3.0's schema, too",
  check: "Print what is not as it must be: tables, columns, triggers, statistics",
} as const;

const EPILOGUE = `The database itself and its user are made with the database's own tools. Both families' daemons can share it, and so can Kea. Each release of Kea runs on its own schema only; this program runs on those of Kea 2.6 to 3.3. Where kea-admin has made the database, "upgrade" adds what is ours; so does each start of a daemon. The database is that of lease-database; where leases are in a file, that of config-control.

There is no way back from Kea 3.0's schema: keep a copy of the database. "upgrade --kea 3.0 --dry-run" says what it would change. One that was interrupted goes on when it is given again.

Exit codes:
  0 done; 1 an error, or "check" has found something
  64 wrong arguments; 69 the database cannot be reached`;

type Action = keyof typeof ACTIONS;

export const dbActions = [...Object.keys(ACTIONS), ...Object.keys(CONFIG_ACTIONS)];

/** @param words behind `db` @returns the exit code */
export async function db<Config extends ConfinedConfig & Partial<Pick<Dhcp4Config, "config-control">>>(
  words: readonly string[],
  daemon: Pick<Daemon<Config>, "program" | "family" | "databases" | "configStore">,
  output: Terminal,
): Promise<number> {
  const { program } = daemon;
  const complain = (what: string) => output.complain(`${program.name} db: ${what}\n`);
  const given = parseSubCommand(words, describeDb(program));
  if (given.kind === "words" && given.isHelpAsked) {
    output.out(given.help);
    return DbExit.done;
  }
  const [action, ...more] = given.kind === "words" ? given.words : [];
  if (given.kind === "wrong" || !(isAction(action) || isConfigAction(action)) || more.length > 0) {
    const what = given.kind === "wrong" ? given.what : `one of ${dbActions.join(", ")}`;
    complain(`${what}\nTry '${program.name} db --help'.`);
    return DbExit.usage;
  }
  if (given.options["dry-run"] === true && action !== "upgrade") {
    complain("--dry-run goes with upgrade only");
    return DbExit.usage;
  }
  const file = String(given.options["config"]);
  const loaded = loadConfig(daemon.family, file, configFiles);
  if (loaded.kind === "refused") {
    for (const fault of loaded.faults) output.complain(`${formatFault(fault)}\n`);
    return DbExit.failed;
  }
  if (isConfigAction(action)) {
    const { root } = daemon.family;
    const moved = { file, root, config: loaded.config, tag: String(given.options["server-tag"]).toLowerCase() };
    try {
      if (daemon.configStore === undefined) throw new Error("there are no databases for its configuration");
      return (await moveConfig(action, moved, daemon.configStore, output)) ? DbExit.done : DbExit.failed;
    } catch (error) {
      complain((error as Error).message);
      return DbExit.failed;
    }
  }
  const { "lease-database": leases, "config-control": control } = loaded.config;
  // Those of control are of a kind that holds leases, too.
  const config = [leases, ...(control?.["config-databases"] ?? [])].find(
    (each) => each && daemon.databases?.[each.type],
  );
  const open = config && daemon.databases?.[config.type];
  if (config === undefined || open === undefined) {
    complain(`${file} names no database: lease-database.type is ${leases?.type ?? "not given"}`);
    return DbExit.failed;
  }
  const about = (error: unknown) => complain(`${config.type} database ${config.name}: ${(error as Error).message}`);
  let admin: DatabaseAdmin;
  try {
    admin = await open(databaseSettings(config));
  } catch (error) {
    about(error);
    return DbExit.unavailable;
  }
  const line = new ProgressLine({ clock: systemClock, write: output.complain, isTerminal: output.isTerminal });
  try {
    return await act(admin, action, given.options, { out: output.out, complain, line });
  } catch (error) {
    line.end();
    about(error);
    return DbExit.failed;
  } finally {
    await admin.close();
  }
}

async function act(
  admin: DatabaseAdmin,
  action: Action,
  options: Readonly<Record<string, unknown>>,
  { out, complain, line }: Output,
): Promise<number> {
  const version = await admin.version();
  if (action === "init") {
    if (version !== undefined) throw new Error(`it has schema ${version} already, and is left as it is`);
    await admin.init(options["kea"] === "3.0" ? "3.0" : "2.6");
    out(`schema ${await admin.version()} has been made\n`);
    return DbExit.done;
  }
  if (version === undefined) throw new Error('it has no schema: make it with "db init"');
  if (action === "version") {
    out(`${version}\n`);
    return DbExit.done;
  }
  if (action === "upgrade") return await upgrade(admin, version, options, { out, line });
  const faults = await admin.check((done, total) => line.show(done, total, "counts of all leases"));
  line.end();
  for (const fault of faults) complain(fault);
  if (faults.length === 0) out(`schema ${version} is as it must be\n`);
  return faults.length === 0 ? DbExit.done : DbExit.failed;
}

async function upgrade(
  admin: DatabaseAdmin,
  version: string,
  options: Readonly<Record<string, unknown>>,
  { out, line }: Pick<Output, "out" | "line">,
): Promise<number> {
  const steps = options["kea"] === "3.0" ? await admin.planKea30() : [];
  if (options["dry-run"] === true) {
    out(describePlan(version, steps));
    return DbExit.done;
  }
  await admin.upgrade();
  if (steps.length === 0) out(`${version}\n`);
  const total = steps.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  for (const step of steps) {
    line.end();
    out(`${step.version}: ${step.what}\n`);
    await step.run(() => line.show(++done, total, "statements"));
  }
  line.end();
  if (steps.length > 0) out(`schema ${version} has become ${await admin.version()}, that of Kea 3.0\n`);
  return DbExit.done;
}

function describePlan(version: string, steps: readonly PlannedStep[]): string {
  const last = steps.at(-1);
  if (last === undefined) return `schema ${version} stays; what is ours and missing would be added\n`;
  const lines = steps.map((step) => `  ${step.version}: ${step.what}\n`);
  return `schema ${version} would become ${last.version}, that of Kea 3.0, on which Kea 2.6 does not run:\n${lines.join("")}`;
}

function isAction(word: string | undefined): word is Action {
  return word !== undefined && Object.hasOwn(ACTIONS, word);
}

function isConfigAction(word: string | undefined): word is keyof typeof CONFIG_ACTIONS {
  return word !== undefined && Object.hasOwn(CONFIG_ACTIONS, word);
}

function describeDb({ name, exampleConfig }: Daemon<never>["program"]): SubCommand {
  const actions = Object.entries({ ...ACTIONS, ...CONFIG_ACTIONS }).map(
    ([action, what]) => `  ${action.padEnd(12)}${what}`,
  );
  return {
    program: name,
    usage: `Makes and looks after the databases that have the leases and the configuration of ${name}.\n\nUsage: $0 db ACTION [-c FILE]\n\nActions:\n${actions.join("\n")}`,
    options: {
      config: configOption("The daemon's configuration: its lease-database is meant, or config-control", exampleConfig),
      kea: {
        describe: "For init and upgrade: the release of Kea that the tables are for",
        type: "string",
        choices: KEA_RELEASES,
        requiresArg: true,
        default: "2.6",
      },
      "server-tag": {
        describe: "For put-config and get-config: the server that it is for",
        type: "string",
        requiresArg: true,
        default: "all",
      },
      "dry-run": { describe: "For upgrade: say what it would do, and do nothing", type: "boolean" },
    },
    examples: [
      ["$0 db init", "Make the schema, or nothing where there is something already"],
      ["$0 db check -c new.conf", "Before a daemon is started on it"],
      ["$0 db put-config", "What remote-… commands would do, for a whole file"],
      ["$0 db upgrade --kea 3.0 --dry-run", "What the tables of Kea 2.6 lack for Kea 3.0"],
    ],
    epilogue: EPILOGUE,
  };
}
