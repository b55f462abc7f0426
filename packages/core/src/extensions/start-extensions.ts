/** Starts what a configuration's `hooks-libraries` name, beside service, and stops it when another one is in force. */
import { isDeepStrictEqual } from "node:util";
import type { Contributions, Surroundings } from "@kotare/extension";
import { z } from "zod";
import type { Clock, Milliseconds } from "../base/clock.ts";
import { PlainError } from "../base/plain-error.ts";
import { Timer } from "../base/timer.ts";
import { withinTime } from "../base/within-time.ts";
import type { Dhcp4Config } from "../config/dhcp4-config.ts";
import type { Logger } from "../log/logger.ts";
import { ownLog, ownMessages } from "./control/extension-log.ts";
import type { OwnCommands } from "./control/own-commands.ts";
import { ExtensionError } from "./extension-error.ts";
import { type ContextConfig, contextsIn, readContexts, schemaOf } from "./extension-schema.ts";
import { findExtension, type ModuleRules } from "./find-extension.ts";
import type { LegalSurroundings, OpenLogTable } from "./legal-log/legal-log.ts";
import { leaseLimitsOf } from "./limits/lease-limits-of.ts";
import { extensionMessages } from "./messages.ts";
import { parameterTools } from "./parameter-tools.ts";
import { RunningExtension, type Told } from "./running-extension.ts";

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
  /** @param name of the extension */
  readonly announce: (name: string, words: string) => void;
  readonly openLogTable: OpenLogTable;
}

/**
 * All of them, or none.
 * @param former those of the configuration before: one goes on where it can, and nothing has changed for it
 * @throws PlainError when one of them does not start
 */
export async function startExtensions(
  config: ExtendedConfig,
  parts: ExtensionParts,
  former: Extensions = [],
): Promise<Extensions> {
  const tools = parameterTools(config, parts.family);
  const ready: RunningExtension[] = [];
  try {
    for (const entry of config["hooks-libraries"]) {
      const found = findExtension(entry, parts.rules);
      if (found.kind === "none") throw new PlainError(`${entry.library} ${found.fault.message}`);
      if (found.kind !== "extension") continue;
      const { extension } = found;
      const told = { extension, entry, contexts: readContexts(extension, config, tools) };
      ready.push((await goOn(former, told)) ?? (await startExtension(told, parts, tools)));
    }
  } catch (error) {
    await stopExtensions(without(ready, former), parts.log);
    throw error;
  }
  return ready;
}

/** Those that are not among others. */
export function without(extensions: Extensions, others: Extensions): Extensions {
  return extensions.filter((extension) => !others.includes(extension));
}

async function goOn(former: Extensions, told: Told): Promise<RunningExtension | undefined> {
  const same = former.find(({ contributions, told: before }) => {
    return contributions.reload !== undefined && isDeepStrictEqual(before, told);
  });
  try {
    await same?.ask("reload", () => same.contributions.reload?.(), PATIENCE);
  } catch (error) {
    throw new PlainError((error as Error).message);
  }
  return same;
}

/** @throws PlainError when it does not start */
export async function startExtension(
  told: Told,
  { family, log, clock, directories, command, report, announce, openLogTable }: ExtensionParts,
  tools: ReturnType<typeof parameterTools>,
): Promise<RunningExtension> {
  const { extension, entry, contexts } = told;
  const { library, parameters = {} } = entry;
  const { name } = extension;
  let contributions: Contributions;
  try {
    // The check of the configuration has seen to it that they are of the extension's type.
    const checked = schemaOf(extension, tools).parse(parameters);
    const after = (milliseconds: Milliseconds, run: () => void) => Timer.after(milliseconds, run).unref();
    const surroundings: Surroundings<unknown> & LegalSurroundings = {
      parameters: checked,
      contexts,
      family,
      log: ownLog(extension, log),
      tell: ownMessages(extension, log),
      directories,
      clock,
      after,
      command,
      announce: (words) => announce(name, words),
      report,
      z,
      openLogTable,
    };
    const begun = extension.start(surroundings);
    contributions = await withinTime(begun, PATIENCE, "it did not come to an end of its start");
    leaseLimitsOf(contributions ?? {});
  } catch (error) {
    throw new PlainError(`cannot start: ${new ExtensionError(name, error).message}`);
  }
  log.log(extensionMessages.EXTENSION_STARTED, { name, library });
  return new RunningExtension(name, contributions ?? {}, log, clock, told);
}

/** Whether all that extensions are started with are the same objects: a command has changed something else. */
export function keepsExtensions(before: ExtendedConfig, after: ExtendedConfig): boolean {
  if (before["hooks-libraries"] !== after["hooks-libraries"] || before["option-def"] !== after["option-def"])
    return false;
  const [those, these] = [[...contextsIn(before)], [...contextsIn(after)]];
  const isSame = ({ keys, context }: (typeof those)[number], i: number) =>
    context === these[i]?.context && isDeepStrictEqual(keys, these[i]?.keys);
  return those.length === these.length && those.every(isSame);
}

/** That another configuration is in force. A fault of one is its own. */
export function tellConfigured(extensions: Extensions, log: Logger): void {
  for (const extension of extensions) {
    try {
      extension.call("configured", () => extension.contributions.configured?.());
    } catch (error) {
      log.log(extensionMessages.EXTENSION_SAYS_ERROR, { name: extension.name, text: (error as Error).message });
    }
  }
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
