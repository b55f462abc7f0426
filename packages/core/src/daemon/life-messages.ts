/** What every daemon says of its own life. Ids and levels are Kea's where Kea knows the event. */
import { debug, defineMessages, error, fatal, info, warn } from "../log/catalogue.ts";
import { DebugLevel, type LoggerName } from "../log/levels.ts";

export type LifeMessages = ReturnType<typeof defineLifeMessages>;

/** @param prefix of the ids: `DHCP4_` */
export function defineLifeMessages(logger: LoggerName, prefix: string) {
  const life = defineMessages(
    logger,
    {
      STARTING: info("{program} {version} starts with process id {pid}", "The daemon begins to start."),
      STARTED: info("{program} {version} serves: {what}", "The daemon is up."),
      ALREADY_RUNNING: fatal(
        "{name} already running? PID: {pid} exists, PID file: {path}",
        "That process serves a configuration of the same name. Stop it, or give this daemon a directory of its own with " +
          "KEA_PIDFILE_DIR. The daemon leaves with exit code 75.",
      ),
      CONFIG_COMPLETE: info("configuration {file} is in force: {what}", "Configured and serving by it."),
      CONFIG_LOAD_FAIL: error(
        "configuration not taken: {error}",
        "The file has faults. At a reload the configuration before stays in force; at start the daemon leaves.",
      ),
      CONFIG_PART_LEFT_OUT: error(
        "left out, the rest is served: {error}",
        "At a start only: the named part of the configuration is wrong and has no effect until it is mended and reloaded.",
      ),
      CONFIG_NOTE: warn("configuration: {note}", "Something in the file works differently from Kea, or is odd."),
      DYNAMIC_RECONFIGURATION: info("reloading {file}", "Service goes on by the old configuration meanwhile."),
      SHUTDOWN: info("{program} stops", "What is in flight is finished, then the daemon leaves."),
      SHUTDOWN_REQUEST: debug(DebugLevel.start, "{by} asks to stop", "A signal or a command ends the daemon."),
    },
    prefix,
  );
  // Of the root logger: it is the last word of a daemon that leaves, whatever the other loggers are set to.
  const last = defineMessages(
    "",
    { START_FAILED: fatal("{program} cannot serve: {error}", "The error says what to mend.") },
    prefix,
  );
  return { ...life, ...last };
}
