/** Starts what a configuration's `hooks-libraries` name, beside service, and stops it when another one is in force. */
import type { Contributions, Extension, ExtensionLog, Surroundings } from "@kotare/extension";
import { z } from "zod";
import type { Clock, Milliseconds } from "../base/clock.ts";
import { PlainError } from "../base/plain-error.ts";
import { Timer } from "../base/timer.ts";
import { withinTime } from "../base/within-time.ts";
import type { Dhcp4Config } from "../config/dhcp4-config.ts";
import type { Logger } from "../log/logger.ts";
import type { OwnCommands } from "./control/own-commands.ts";
import { ExtensionError } from "./extension-error.ts";
import { type ContextConfig, contextsIn, readContexts, schemaOf } from "./extension-schema.ts";
import { findExtension, type LibraryConfig, type ModuleRules } from "./find-extension.ts";
import { extensionMessages } from "./messages.ts";
import { parameterTools } from "./parameter-tools.ts";
import { RunningExtension } from "./running-extension.ts";

/** Each has so long to start, and to stop. */
const PATIENCE: Milliseconds = 10_000;

/** In the order in which they are named. */
export type Extensions = readonly RunningExtension[];

export type ExtendedConfig = Pick<Dhcp4Config, "hooks-libraries" | "option-def"> & ContextConfig;

export interface ExtensionParts {
  readonly rules: ModuleRules;
  readonly family: 4 | 6;
  readonly log: Logger;
  readonly clock: Clock;
  readonly directories: Surroundings<unknown>["directories"];
  readonly command: OwnCommands["ask"];
  readonly report: Surroundings<unknown>["report"];
}

/** All of them, or none. @throws PlainError when one of them does not start */
export async function startExtensions(config: ExtendedConfig, parts: ExtensionParts): Promise<Extensions> {
  const tools = parameterTools(config, parts.family);
  const started: RunningExtension[] = [];
  try {
    for (const entry of config["hooks-libraries"]) {
      const found = findExtension(entry, parts.rules);
      if (found.kind === "none") throw new PlainError(`${entry.library} ${found.fault.message}`);
      if (found.kind === "extension") started.push(await start(found.extension, entry, config, parts, tools));
    }
  } catch (error) {
    await stopExtensions(started, parts.log);
    throw error;
  }
  return started;
}

async function start(
  extension: Extension,
  { library, parameters = {} }: LibraryConfig,
  config: ContextConfig,
  { family, log, clock, directories, command, report }: ExtensionParts,
  tools: ReturnType<typeof parameterTools>,
): Promise<RunningExtension> {
  const { name } = extension;
  let contributions: Contributions;
  try {
    // The check of the configuration has seen to it that they are of the extension's type.
    const checked = schemaOf(extension, tools).parse(parameters);
    const contexts = readContexts(extension, config, tools);
    const after = (milliseconds: Milliseconds, run: () => void) => Timer.after(milliseconds, run).unref();
    const begun = extension.start({
      parameters: checked,
      contexts,
      family,
      log: logOf(name, log),
      directories,
      clock,
      after,
      command,
      report,
      z,
    });
    contributions = await withinTime(begun, PATIENCE, "it did not come to an end of its start");
  } catch (error) {
    throw new PlainError(`cannot start: ${new ExtensionError(name, error).message}`);
  }
  log.log(extensionMessages.EXTENSION_STARTED, { name, library });
  return new RunningExtension(name, contributions ?? {}, log, clock);
}

/** Whether all that extensions are started with are the same objects: a command has changed something else. */
export function keepsExtensions(before: ExtendedConfig, after: ExtendedConfig): boolean {
  if (before["hooks-libraries"] !== after["hooks-libraries"] || before["option-def"] !== after["option-def"])
    return false;
  const [those, these] = [[...contextsIn(before)], [...contextsIn(after)]];
  const isSame = ({ key, context }: (typeof those)[number], i: number) =>
    key === these[i]?.key && context === these[i]?.context;
  return those.length === these.length && those.every(isSame);
}

/** The last one first. */
export async function stopExtensions(extensions: Extensions, log: Logger): Promise<void> {
  for (const { name, contributions, observer } of extensions.toReversed()) {
    try {
      await withinTime(observer.settled(), PATIENCE, "it does not take what it has to be told");
      await withinTime(contributions.stop?.(), PATIENCE, "it did not come to its end");
    } catch (error) {
      log.log(extensionMessages.EXTENSION_STOP_FAILED, { error: new ExtensionError(name, error).message });
    }
  }
}

function logOf(name: string, log: Logger): ExtensionLog {
  const { EXTENSION_SAYS_DEBUG, EXTENSION_SAYS_INFO, EXTENSION_SAYS_WARN, EXTENSION_SAYS_ERROR } = extensionMessages;
  const sayer = (message: typeof EXTENSION_SAYS_INFO) => (text: string) => log.log(message, { name, text });
  return {
    debug: sayer(EXTENSION_SAYS_DEBUG),
    info: sayer(EXTENSION_SAYS_INFO),
    warn: sayer(EXTENSION_SAYS_WARN),
    error: sayer(EXTENSION_SAYS_ERROR),
  };
}
