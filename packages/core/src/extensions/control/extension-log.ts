/** The log as an extension has it: its own words with its name, and its messages with their ids. */
import type { Extension, ExtensionLog, Surroundings } from "@kotare/extension";
import { type Arguments, debug, defineMessages, error, info, type Message, warn } from "../../log/catalogue.ts";
import { DebugLevel, type LoggerName, loggerNames } from "../../log/levels.ts";
import type { Logger } from "../../log/logger.ts";
import { extensionMessages } from "../messages.ts";

export function ownLog({ name }: Extension, log: Logger): ExtensionLog {
  const { EXTENSION_SAYS_DEBUG, EXTENSION_SAYS_INFO, EXTENSION_SAYS_WARN, EXTENSION_SAYS_ERROR } = extensionMessages;
  const sayer = (message: typeof EXTENSION_SAYS_INFO) => (text: string) => log.log(message, { name, text });
  return {
    debug: sayer(EXTENSION_SAYS_DEBUG),
    info: sayer(EXTENSION_SAYS_INFO),
    warn: sayer(EXTENSION_SAYS_WARN),
    error: sayer(EXTENSION_SAYS_ERROR),
  };
}

const drafts = { error, warn, info };

export function ownMessages(
  { logger = "hooks", messages = {} }: Extension,
  log: Logger,
): Surroundings<unknown>["tell"] {
  const entries = Object.entries(messages).map(
    ([id, { severity, debugLevel = DebugLevel.trace, text, doc }]) =>
      [id, severity === "debug" ? debug(debugLevel, text, doc) : drafts[severity](text, doc)] as const,
  );
  const child = loggerNames.find((name) => name === logger) ?? ("hooks" satisfies LoggerName);
  const made: Readonly<Record<string, Message<Arguments>>> = defineMessages(child, Object.fromEntries(entries));
  return (id, values) => {
    const message = made[id];
    if (message === undefined) throw new Error(`it has no message ${id}`);
    if (typeof values !== "function") log.log(message, values);
    else if (log.isEnabled(message)) log.log(message, values());
  };
}
