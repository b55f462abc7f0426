/** An extension for tests that says in the log what it is told. Tests only. */
import { startingWith } from "./module-file.ts";

const PREFIX = "EXTENSION_SAYS_INFO test: ";

/** @returns the module's path */
export function sayingEvents(): string {
  return startingWith(`
    const states = ["assigned", "declined", "reclaimed"];
    const show = (lease) => lease && [
      lease["ip-address"], states[lease.state], lease["hw-address"] || "-", lease.hostname || "-", lease["valid-lft"],
    ].join(" ");
    return { observe(events) {
      for (const event of events) {
        const { kind } = event;
        if (kind === "command") log.info("command " + event.name + " " + JSON.stringify(event.arguments));
        else if (kind !== "exchange") log.info([kind, show(event.lease), event.isRemoved ? "removed" : ""].join(" ").trim());
        else log.info(event.query.type + " " + (event.answer.type || "-") + event.changes.map(({ kind, lease, before }) =>
          "; " + kind + " " + show(lease) + (before ? ", was " + show(before) : "")).join(""));
      }
    } };`);
}

/** What it has said so far. */
export function eventLines(log: readonly string[]): readonly string[] {
  return log.flatMap((line) => (line.startsWith(PREFIX) ? [line.slice(PREFIX.length)] : []));
}
