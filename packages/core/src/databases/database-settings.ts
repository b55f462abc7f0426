/** Kea's connection keys, read: how a database is reached, and what to do when it is not. */
import { isAbsolute } from "node:path";
import type { Milliseconds } from "../base/clock.ts";
import { readSmallFile } from "../base/regular-file.ts";
import { equalPauses, growingPauses, type RetrySchedule } from "../base/retry.ts";
import { LONGEST_TIMER } from "../base/timer.ts";
import type { Dhcp4Config } from "../config/dhcp4-config.ts";
import { DATABASE_DEFAULTS } from "../config/schema/databases.ts";
import { type TlsSettings, tlsSettings } from "./database-tls.ts";

export type DatabaseConfig = Dhcp4Config["lease-database"] | Dhcp4Config["hosts-databases"][number];

/** One of the servers in `host`. */
export interface DatabaseHost {
  /** A name or an address; a folder or a socket when it begins with `/`. */
  readonly host: string;
  /** 0 for the usual one. */
  readonly port: number;
}

export interface DatabaseSettings {
  readonly name: string;
  readonly user: string;
  /** In the order in which they are tried. */
  readonly hosts: readonly DatabaseHost[];
  readonly connectTimeout: Milliseconds;
  /** How long an answer may take before the connection counts as lost. */
  readonly answerTimeout: Milliseconds;
  readonly tls: TlsSettings | undefined;
  /** Read anew for each connection: the file may have changed. @throws Error that names the key */
  password(): string | undefined;
}

/** Bytes of the file: many times what any password has. */
const MOST_SECRET = 64 * 1024;
/** Neither a statement of ours nor a database in service takes that long. */
const ANSWER: Milliseconds = 10_000;
/** Between tries to connect, where the configuration does not say. */
const SHORTEST_PAUSE: Milliseconds = 1000;
const LONGEST_PAUSE: Milliseconds = 10_000;

export function databaseSettings(config: DatabaseConfig): DatabaseSettings {
  const { name = "", user = "", password, port = DATABASE_DEFAULTS.port, host = "localhost" } = config;
  const passwordFile = config["password-file"];
  const seconds = (key: "connect-timeout" | "read-timeout" | "write-timeout" | "tcp-user-timeout"): Milliseconds =>
    1000 * (config[key] ?? DATABASE_DEFAULTS[key]);
  const answer = Math.max(seconds("read-timeout"), seconds("write-timeout")) || seconds("tcp-user-timeout");
  return {
    name,
    user,
    hosts: host.split(",").map((each) => ({ host: each.trim() || "localhost", port })),
    connectTimeout: Math.min(seconds("connect-timeout"), LONGEST_TIMER),
    answerTimeout: answer || ANSWER,
    tls: tlsSettings(config),
    password: () => (passwordFile === undefined ? password : readPassword(passwordFile)),
  };
}

function readPassword(file: string): string {
  try {
    return readSmallFile(file, MOST_SECRET)
      .toString()
      .replace(/\r?\n$/, "");
  } catch (error) {
    throw new Error(`password-file: ${(error as Error).message}`, { cause: error });
  }
}

export function describeHost({ host, port }: DatabaseHost): string {
  return port === 0 ? host : `${host}:${port}`;
}

/** Whether a host names a socket on this machine. */
export function isLocalSocket({ host }: DatabaseHost): boolean {
  return isAbsolute(host);
}

/** The tries after a loss, and at the start; Kea's where the configuration names them, else for ever. */
export function databaseSchedule(config: DatabaseConfig): RetrySchedule {
  const tries = config["max-reconnect-tries"];
  const wait = config["reconnect-wait-time"];
  // For ever, and not without a pause.
  if (tries === undefined) return growingPauses(Math.min(wait || SHORTEST_PAUSE, LONGEST_PAUSE), LONGEST_PAUSE);
  return equalPauses(wait ?? SHORTEST_PAUSE, tries);
}

/** Kea tries once at the start unless told otherwise; where nothing is said we go on. */
export function startSchedule(config: DatabaseConfig): RetrySchedule {
  return config["retry-on-startup"] === false ? () => undefined : databaseSchedule(config);
}
