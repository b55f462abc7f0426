/** The configuration in force, and how another one takes over: one at a time, beside service, a bad one not at all. */
import { formatFault } from "../../config/fault.ts";
import type { LoadedConfig } from "../../config/load/load-config.ts";
import { ConfigAnswer } from "../../control/commands/config/config-answer.ts";
import { writeConfig } from "../../control/commands/config/written-config.ts";
import type { ConfigChange } from "../../control/edit-config.ts";
import type { ReceivedCommand } from "../../control/received-config.ts";
import type { Logger } from "../../log/logger.ts";
import type { LoggerTree } from "../../log/logger-tree.ts";
import type { Daemon } from "../daemon.ts";
import type { LifeMessages } from "../life-messages.ts";
import type { DaemonPaths } from "../paths.ts";
import { collectTogether } from "./collecting.ts";
import type { ConfigSource } from "./config-source.ts";
import { type ConfinedConfig, extensionPaths, findStrayPaths } from "./confine-paths.ts";
import { loadConfigBeside } from "./load-config-beside.ts";

export interface ChangeParts<Config extends ConfinedConfig> {
  readonly daemon: Daemon<Config>;
  readonly log: Logger & Pick<LoggerTree, "reopen">;
  readonly paths: DaemonPaths;
  /** The one that it was started with. */
  readonly file: string;
  /** What the file's is completed with. */
  readonly source?: ConfigSource<Config> | undefined;
}

/** How a change is carried out. */
export interface ChangeSteps<Config> {
  begin(): void;
  /** Takes it into force. @param isNew whether nothing is left in it of the one before */
  use(config: Config, isNew: boolean): Promise<void>;
  /** `use` has failed: part of it is in force. */
  fail(error: unknown): void;
  /** Whatever became of it. */
  end(): void;
}

export class ConfigChanges<Config extends ConfinedConfig> {
  readonly #parts: ChangeParts<Config>;
  readonly #steps: ChangeSteps<Config>;
  #current: Config;
  #since = performance.now();
  #answer: ConfigAnswer;
  /** When the last change is over. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(config: Config, parts: ChangeParts<Config>, steps: ChangeSteps<Config>) {
    this.#current = config;
    this.#parts = parts;
    this.#steps = steps;
    this.#answer = this.#answerWith(config);
    this.#tellInForce();
  }

  get current(): Config {
    return this.#current;
  }

  /** When it came into force, by `performance.now`. */
  get since(): number {
    return this.#since;
  }

  get answer(): ConfigAnswer {
    return this.#answer;
  }

  /** A good file is in force when this resolves, a bad one leaves everything as it was. @returns what is wrong with it */
  reload(): Promise<readonly string[]> {
    return this.#inTurn(async () => {
      const { daemon, log, file } = this.#parts;
      log.log(daemon.messages.DYNAMIC_RECONFIGURATION, { file });
      this.#steps.begin();
      try {
        const loaded = await loadConfigBeside<Config>(daemon.configWorker, { kind: "file", file });
        const faults = tellFaults(loaded, file, daemon.messages, log);
        // Whatever becomes of the file: a tool that moves log files away sends SIGHUP, too.
        if (loaded.kind === "refused") {
          log.reopen();
          log.log(daemon.messages.DYNAMIC_RECONFIGURATION_FAIL, { file, error: faults[0] ?? "" });
        } else {
          await this.#complete(loaded.config);
          log.log(daemon.messages.DYNAMIC_RECONFIGURATION_SUCCESS, { file });
        }
        return faults;
      } catch (error) {
        const { message } = error as Error;
        log.log(daemon.messages.CONFIG_LOAD_FAIL, { file, error: message });
        log.log(daemon.messages.DYNAMIC_RECONFIGURATION_FAIL, { file, error: message });
        return [message];
      } finally {
        this.#steps.end();
      }
    });
  }

  /** Reads a command with a configuration in a thread of its own. @param text one character a byte */
  receive(text: string): Promise<ReceivedCommand> {
    return collectTogether(() => this.#receive(text));
  }

  async #receive(text: string): Promise<ReceivedCommand> {
    const { daemon, paths } = this.#parts;
    const { command, services, ...loaded } = await loadConfigBeside<Config>(daemon.configWorker, {
      kind: "command",
      text,
      known: extensionPaths(this.#current, paths),
    });
    const faults = errorsOf(loaded);
    if (loaded.kind === "loaded") faults.push(...findStrayPaths(loaded.config, this.#current, paths));
    const apply = () =>
      this.#inTurn(async () => {
        if (loaded.kind === "refused") throw new Error("the configuration is refused");
        tellFaults(loaded, this.#parts.file, daemon.messages, this.#parts.log);
        await this.#within(() => this.#complete(loaded.config));
      });
    return { command, services, config: { faults, apply } };
  }

  /** As `LifeContext.changeConfig`. */
  change(make: ConfigChange<Config>): Promise<void> {
    return this.#inTurn(async () => {
      const config = await make(this.#current);
      if (config !== undefined) await this.#within(() => this.#use(config, false));
    });
  }

  /** Takes what has changed in the source. @returns whether anything has @throws Error in words: nothing is taken */
  pull(): Promise<boolean> {
    return this.#inTurn(async () => {
      const followed = await this.#parts.source?.pull(this.#current);
      if (followed === undefined) return false;
      if (followed.config !== this.#current) await this.#within(() => this.#use(followed.config, false));
      followed.accept();
      return true;
    });
  }

  async #within(change: () => Promise<void>): Promise<void> {
    this.#steps.begin();
    try {
      await change();
    } finally {
      this.#steps.end();
    }
  }

  /** Takes a file's configuration into force, with what the source has for it. */
  async #complete(config: Config): Promise<void> {
    const followed = await this.#parts.source?.complete(config);
    await this.#use(followed?.config ?? config, true);
    followed?.accept();
  }

  async #use(config: Config, isNew: boolean): Promise<void> {
    try {
      await this.#steps.use(config, isNew);
    } catch (error) {
      this.#steps.fail(error);
      throw error;
    }
    this.#current = config;
    this.#answer = this.#answerWith(config);
    this.#since = performance.now();
    this.#tellInForce();
  }

  #answerWith(config: Config): ConfigAnswer {
    const { family } = this.#parts.daemon;
    return new ConfigAnswer(family.root, () => writeConfig(family, config));
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const result = this.#last.then(() => collectTogether(change));
    this.#last = result.catch(() => undefined);
    return result;
  }

  #tellInForce(): void {
    const { daemon, log, file } = this.#parts;
    log.log(daemon.messages.CONFIG_COMPLETE, { file, what: daemon.describeConfig(this.#current) });
  }
}

/** Logs what there is to say about a configuration. @returns what is wrong with it */
export function tellFaults<Config>(
  loaded: LoadedConfig<Config>,
  file: string,
  messages: LifeMessages,
  log: Logger,
): readonly string[] {
  for (const fault of loaded.faults) {
    if (fault.severity === "error") log.log(messages.CONFIG_LOAD_FAIL, { file, error: formatFault(fault) });
    else log.log(messages.CONFIG_NOTE, { note: formatFault(fault) });
  }
  return errorsOf(loaded);
}

function errorsOf<Config>({ faults }: LoadedConfig<Config>): string[] {
  return faults.filter(({ severity }) => severity === "error").map(formatFault);
}
