/** `libdhcp_legal_log.so`: who had which address, in a file or a database, before the client knows of it. */
import {
  defineExtension,
  type Exchange,
  type Expression,
  type ExtensionLog,
  type Lease,
  type Query,
} from "@kotare/extension";
import { systemClock } from "../../base/clock.ts";
import { DATABASE_CONNECTION } from "../../config/schema/databases.ts";
import { resolvePath } from "../../daemon/paths.ts";
import type { DatabaseConfig } from "../../databases/database-settings.ts";
import type { LogTable } from "../../databases/log-table.ts";
import type { ConnectionEvent } from "../../databases/reconnecting.ts";
import type { Subject6 } from "../../expressions/expressions6.ts";
import { FAILED, type ShownQuery } from "../parameter-tools.ts";
import { checkExecutable } from "../run-script/check-executable.ts";
import { ScriptShell } from "../run-script/script-shell.ts";
import { commandEntries } from "./command-entries.ts";
import { entry4, fates4 } from "./entries4.ts";
import { entry6, fates6 } from "./entries6.ts";
import { placeOf } from "./entry-parts.ts";
import { isolateLease6 } from "./isolate-lease6.ts";
import { LegalDatabase } from "./legal-database.ts";
import { LegalFile } from "./legal-file.ts";
import type { LegalEntry, LegalStore } from "./legal-store.ts";
import { LegalSyslog } from "./legal-syslog.ts";
import { TIME_UNITS } from "./log-period.ts";

const TIMESTAMP = "%Y-%m-%d %H:%M:%S %Z";

/** Opens the table of the forensic log in a database. @param report is told what becomes of the connection */
export type OpenLogTable = (
  config: DatabaseConfig & { readonly type: "mysql" | "postgresql" },
  report: (event: ConnectionEvent) => void,
) => Promise<LogTable>;

/** What it is given beyond what all extensions are given. */
export interface LegalSurroundings {
  readonly openLogTable: OpenLogTable;
}

export const legalLog = defineExtension({
  name: "legal-log",
  parameters: ({ z, expression }) => {
    const format = z.preprocess((text) => (text === "" ? undefined : text), expression.optional());
    return z
      .object({
        ...DATABASE_CONNECTION,
        type: z
          .enum(["logfile", "syslog", "mysql", "postgresql"])
          .default("logfile")
          .describe("Where the log is kept: in files, by syslog or in a database."),
        path: z.string().default("").describe("The folder of the files; KEA_LEGAL_LOG_DIR unless given."),
        "base-name": z
          .string()
          .regex(/^[^/\0]+$/, "has to be a name without a slash")
          .default("kea-legal")
          .describe("What the names of the files begin with."),
        "time-unit": z.enum(TIME_UNITS).default("day").describe("What `count` counts."),
        count: z
          .int()
          .min(0)
          .max(0xffff_ffff)
          .default(1)
          .describe("After how many another file is begun; 0 for never."),
        prerotate: z
          .string()
          .default("")
          .describe("A program that is called with the name of a file that is complete; empty for none."),
        postrotate: z
          .string()
          .default("")
          .describe("A program that is called with the name of a file that is begun; empty for none."),
        pattern: z.unknown().optional().describe("For syslog: how lines look, as in `loggers`."),
        facility: z.unknown().optional().describe("For syslog: its facility, such as LOCAL5; LOCAL0 unless given."),
        "request-parser-format": format.describe("What is logged of a client's message."),
        "response-parser-format": format.describe("What is logged of the answer."),
        "timestamp-format": z
          .string()
          .default("")
          .transform((text) => text || TIMESTAMP)
          .describe("As in strftime; %Q is milliseconds."),
      })
      .refine(isTextForSyslog("pattern"), { path: ["pattern"], message: NO_TEXT })
      .refine(isTextForSyslog("facility"), { path: ["facility"], message: NO_TEXT })
      .refine(({ type, name }) => type === "logfile" || type === "syslog" || name !== undefined, {
        path: ["type"],
        message: 'needs the name of the database: write "name"',
      });
  },
  contexts: ({ z }) => ({ subnets: z.looseObject({ "legal-logging": z.unknown().optional() }) }),
  async start(surroundings) {
    const { parameters, contexts, family, log, directories } = surroundings;
    const { openLogTable } = surroundings as typeof surroundings & LegalSurroundings;
    const { prerotate, postrotate, "time-unit": unit, count } = parameters;
    const [before, after] = [prerotate, postrotate].map((name) => callerOf(name, directories.scripts, log));
    const isInDatabase = parameters.type === "mysql" || parameters.type === "postgresql";
    const openStore = async (): Promise<LegalStore> => {
      const { type, name } = parameters;
      switch (type) {
        case "syslog":
          return new LegalSyslog(
            {
              program: `kea-dhcp${family}`,
              pattern: String(parameters.pattern ?? ""),
              facility: String(parameters.facility ?? "LOCAL0"),
            },
            systemClock,
            log,
          );
        case "logfile":
          return LegalFile.open(
            {
              folder: resolvePath(directories.legalLog, parameters.path),
              baseName: parameters["base-name"],
              unit,
              count,
              timestamp: parameters["timestamp-format"],
              onRotate(last, next) {
                before?.call(last, {});
                after?.call(next, {});
              },
            },
            systemClock,
            log,
          );
        default:
          return LegalDatabase.open(
            { name: `${type} database ${name}`, stopsService: parameters["on-fail"] === "stop-retry-exit" },
            (report) => openLogTable({ ...parameters, type }, report),
            systemClock,
            log,
          );
      }
    };
    const store = await openStore();
    const append = async (entries: readonly LegalEntry[]) => {
      const said = entries.filter(({ text }) => text !== "");
      if (said.length > 0) await store.append(said);
    };
    const silent = new Set<number>();
    for (const [id, { "legal-logging": is }] of contexts.subnets) {
      if (is === false) silent.add(id);
      else if (is !== undefined && is !== true)
        log.warn(`legal-logging of subnet ${id} is neither true nor false, and has no effect`);
    }
    const { "request-parser-format": request, "response-parser-format": response } = parameters;
    const entriesOf = entriesFor(family, request, response, silent);
    return {
      async commit(exchanges, stored) {
        // Put into words while the store writes.
        const entries = new Map(exchanges.map((exchange) => [exchange, entriesOf(exchange)]));
        await append((await stored).flatMap((exchange) => entries.get(exchange) ?? []));
        return undefined;
      },
      observed: ["command"],
      observe: (events) =>
        append(
          events.flatMap((event) =>
            event.kind === "command" ? commandEntries(event.name, event.arguments, event.answer) : [],
          ),
        ),
      // What waits for a database that is away goes on waiting.
      ...(isInDatabase && { reload: () => undefined }),
      async stop() {
        await store.close();
        await Promise.all([before?.stop(), after?.stop()]);
      },
    };
  },
});

const NO_TEXT = "is not a text in double quotes";

/** As in Kea nothing is said about what is not used. */
function isTextForSyslog(key: "pattern" | "facility") {
  return (parameters: { readonly type: string; readonly pattern?: unknown; readonly facility?: unknown }): boolean =>
    parameters.type !== "syslog" || parameters[key] === undefined || typeof parameters[key] === "string";
}

function callerOf(name: string, folder: string, log: ExtensionLog): ScriptShell | undefined {
  if (name === "") return undefined;
  const path = resolvePath(folder, name);
  checkExecutable(path);
  return new ScriptShell(path, log);
}

/** What is logged of an exchange: one entry for each lease, in Kea's words unless there are formats, none of which fails. */
function entriesFor(
  family: 4 | 6,
  request: Expression | undefined,
  response: Expression | undefined,
  silent: ReadonlySet<number>,
): (exchange: Exchange) => readonly LegalEntry[] {
  const [fates, entry] = family === 4 ? [fates4, entry4] : [fates6, entry6];
  const shownFor = family === 4 ? (query: Query) => query : isolate6;
  return (exchange) => {
    const { query } = exchange;
    const told = fates(exchange).filter(({ lease }) => !silent.has(lease["subnet-id"]));
    const reply = response && exchange.reply;
    const hasFormat = request !== undefined || reply !== undefined;
    return told.map((fate) => {
      const { lease } = fate;
      const parts = [request?.(shownFor(query, lease)), reply && response?.(shownFor(reply, lease))];
      // A lease is never left out because a format fails on its packet.
      if (!hasFormat || parts.includes(FAILED)) return { address: placeOf(lease), text: entry(fate, query) };
      return {
        address: placeOf(lease),
        text: parts.map((part) => Buffer.from(part ?? []).toString("latin1")).join(""),
      };
    });
  };
}

/** A message has several leases in DHCPv6, and each has an entry. */
function isolate6(query: Query, lease: Lease): Query {
  const { subject } = query as ShownQuery<Subject6>;
  const shown = { ...subject, message: isolateLease6(subject.message, lease) };
  return Object.assign({}, query, { subject: shown });
}
