/** What the commands that every daemon has work on. */

import type { ConfigFault } from "../config/fault.ts";
import type { ConfigDatabase } from "../config-database/config-database.ts";
import type { ConfigAnswer } from "./commands/config/config-answer.ts";
import type { ConfigChange } from "./edit-config.ts";
import type { Json } from "./kea-json.ts";
import type { ReceivedCommand } from "./received-config.ts";
import type { StatisticsContext } from "./statistics-context.ts";

/** A database that has parts of the configuration. */
export interface SourceState {
  readonly isUsed: boolean;
  /** The one in use. */
  readonly database: ConfigDatabase | undefined;
  /** For `status-get`; `undefined` where there is none. */
  status(): { readonly [key: string]: string | number } | undefined;
}

/** What the life of the daemon brings, whatever it serves. */
export interface LifeContext<Config = unknown> {
  readonly version: { readonly short: string; readonly extended: string; readonly build: string };
  /** The one in force. */
  config(): Config;
  /** The same as commands give it back. */
  configAnswer(): ConfigAnswer;
  /** The file that it was started with. */
  readonly configFile: string;
  /** Takes the file into force again. @returns everything that is wrong with it */
  reload(): Promise<readonly string[]>;
  /** Reads a command that brings a configuration, in a thread of its own. @throws when the thread fails */
  receiveConfig(text: string): Promise<ReceivedCommand>;
  /** What no schema can say: whether the parts of a configuration fit together. Pointers begin with the file's one key. */
  check(config: Config): readonly ConfigFault[];
  /** Takes another configuration into force that is made of the one that is then. @param change `undefined` for none */
  changeConfig(change: ConfigChange<Config>): Promise<void>;
  /** Where parts of the configuration come from beside the file; `undefined` for none. */
  readonly source: SourceState | undefined;
  /** Takes what has changed there into force. @returns whether anything has @throws Error in words: nothing is taken */
  pullConfig(): Promise<boolean>;
  /** Ends the daemon once the answer has had time to leave. */
  shutDown(exitValue: number): void;
  /** How many parts of the configuration in force are not served, because the file was faulty at the start. */
  leftOut(): number;
  /** Seconds since the start, and since a configuration was last taken into force. */
  age(): { readonly uptime: number; readonly reload: number };
}

export interface DaemonContext extends LifeContext, StatisticsContext {
  /** The names of all its commands, in order. */
  commandNames(): readonly string[];
  /** What the daemon's own parts add to `status-get`. */
  status(): { readonly [key: string]: Json };
}
