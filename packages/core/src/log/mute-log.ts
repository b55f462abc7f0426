/** A log of which nobody sees anything. */
import type { Logger } from "./logger.ts";
import { LoggerTree } from "./logger-tree.ts";

/** Of the same kind as any other, so that code which is compiled with it is compiled for all. */
export function muteLog(): Logger {
  const log = new LoggerTree({ program: "mute", logDirectory: "" });
  log.configure([{ name: "mute", severity: "NONE", debuglevel: 0, "output-options": [] }]);
  return log;
}
