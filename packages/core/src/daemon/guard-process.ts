/** What holds for every daemon's process from its first line on: private files, no error that ends it, no lost log line. */
import { PlainError } from "../base/plain-error.ts";
import type { LoggerTree } from "../log/logger-tree.ts";
import { daemonMessages } from "./messages.ts";

/** Files of the daemon are nobody else's business: leases tell who is where (CVE-2025-32803). */
const UMASK = 0o027;

/** The parts of `process` that are used. */
export interface GuardedProcess {
  umask(mask: number): unknown;
  on(event: "uncaughtException" | "unhandledRejection" | "exit", listener: (fault: unknown) => void): unknown;
}

/**
 * An error that nobody caught is a fault of ours. It is logged and counted, and service goes on: what it interrupted is
 * lost, but what is on disk and what other clients get does not depend on it.
 * @param countFault called for each
 */
export function guardProcess(
  logger: Pick<LoggerTree, "log" | "flushSync">,
  countFault: () => void,
  target: GuardedProcess = process,
): void {
  target.umask(UMASK);
  const report = (fault: unknown) => {
    countFault();
    logger.log(daemonMessages.DAEMON_UNEXPECTED_ERROR, { trace: traceOf(fault) });
  };
  target.on("uncaughtException", report);
  target.on("unhandledRejection", report);
  target.on("exit", () => logger.flushSync());
}

/** An error's stack, with its causes, on one line: `message < at f (file:1:2) < at g …`. */
export function traceOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  if (fault instanceof PlainError) return fault.message;
  const trace = (fault.stack ?? fault.message).split(/\n\s*/).join(" < ");
  return fault.cause === undefined ? trace : `${trace}; caused by ${traceOf(fault.cause)}`;
}
