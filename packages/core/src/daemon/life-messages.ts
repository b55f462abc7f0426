/** What every daemon says of its own life. Ids, levels and words are Kea's where Kea knows the event: monitoring looks for them. */
import { debug, defineMessages, error, fatal, info, warn } from "../log/catalogue.ts";
import { DebugLevel, type LoggerName } from "../log/levels.ts";

export type LifeMessages = ReturnType<typeof defineLifeMessages>;

/** What the daemons say alike. */
function defineOwnMessages(logger: LoggerName, prefix: string) {
  return defineMessages(
    logger,
    {
      CONFIG_PART_LEFT_OUT: error(
        "left out, the rest is served: {error}",
        "At a start only: the named part of the configuration is wrong and has no effect until it is mended and reloaded.",
      ),
      CONFIG_DEGRADED: warn(
        "degraded: {count} parts of {file} are left out of service since the start",
        "Said every hour. Check the file with -t, mend it and reload: each part was named when the daemon started.",
      ),
      CONFIG_NOTE: warn("configuration: {note}", "Something in the file works differently from Kea, or is odd."),
      CONFIG_UNRECOVERABLE_ERROR: fatal(
        "the new configuration is in force in part only: {error}",
        "A fault in the daemon: please report the trace. A restart mends it; with -F the daemon ends for that.",
      ),
      SHUTDOWN_REQUEST: debug(DebugLevel.start, "{by} asks to stop", "A signal or a command ends the daemon."),
      GIVEN_UP: fatal("{program} gives up: {error}", "The configuration asks for that when it has lasted too long."),
    },
    prefix,
  );
}

const ALREADY_RUNNING = fatal(
  "{name} already running? PID: {pid} exists, PID file: {path}",
  "That process serves a configuration of the same name. Stop it, or give this daemon a directory of its own with " +
    "KEA_PIDFILE_DIR. The daemon leaves with exit code 75.",
);
const RECONFIGURED = info("dynamic server reconfiguration succeeded with file: {file}", "Served by it from now on.");

/** Of the servers. @param prefix of the ids: `DHCP4_` */
export function defineLifeMessages(logger: "dhcp4" | "dhcp6", prefix: "DHCP4_" | "DHCP6_") {
  const life = defineMessages(
    logger,
    {
      STARTING: info("{program} server version {version} starting, pid: {pid}", "The daemon begins to start."),
      STARTED: info("{program} server version {version} started: {what}", "The daemon is up."),
      ALREADY_RUNNING,
      CONFIG_COMPLETE: info(
        `DHCPv${logger.at(-1)} server has completed configuration: {what} ({file})`,
        "Configured and serving by it.",
      ),
      CONFIG_LOAD_FAIL: error(
        "configuration error using file: {file}, reason: {error}",
        "The file has faults. At a reload the configuration before stays in force; at start the daemon leaves, or serves the rest.",
      ),
      DYNAMIC_RECONFIGURATION: info(
        "initiate server reconfiguration using file: {file}, after receiving SIGHUP signal or config-reload command",
        "Service goes on by the old configuration meanwhile.",
      ),
      DYNAMIC_RECONFIGURATION_SUCCESS: RECONFIGURED,
      DYNAMIC_RECONFIGURATION_FAIL: fatal(
        "dynamic server reconfiguration failed with file: {file}: {error}",
        "The lines before say why. Service goes on by the old configuration: the level is Kea's.",
      ),
      INIT_FAIL: error("failed to initialize {program} server: {error}", "The error says what to mend."),
      SHUTDOWN: info(
        "server shutdown: {program} {version}, pid: {pid}",
        "What is in flight is finished, then the daemon leaves.",
      ),
    },
    prefix,
  );
  return { ...life, ...defineOwnMessages(logger, prefix) };
}

/** Of the updater: Kea has other ids there, and none for a reload that is over. */
export function defineUpdaterLifeMessages(): LifeMessages {
  const dctl = defineMessages("dctl", {
    DCTL_STARTING: info("DhcpDdns starting, pid: {pid}, version: {version}", "The daemon begins to start."),
    DCTL_ALREADY_RUNNING: ALREADY_RUNNING,
    DCTL_CONFIG_COMPLETE: info("server has completed configuration: {what} ({file})", "Configured and serving by it."),
    // Kea's level is fatal: it says so at a start only.
    DCTL_CONFIG_FILE_LOAD_FAIL: error("DhcpDdns reason: {error}", "The file has faults; each has a line."),
    DCTL_CFG_FILE_RELOAD_SIGNAL_RECVD: info(
      "OS signal 1 received, or config-reload: reloading configuration from file: {file}",
      "Service goes on by the old configuration meanwhile.",
    ),
    DCTL_CFG_FILE_RELOAD_ERROR: error(
      "configuration reload failed: {error}, reverting to current configuration.",
      "Service goes on by the old configuration.",
    ),
    DCTL_SHUTDOWN: info("DhcpDdns has shut down, pid: {pid}, version: {version}", "All that was taken is on disk."),
  });
  const ddns = defineMessages("dhcpddns", {
    DHCP_DDNS_STARTED: info("{program} server version {version} started: {what}", "The daemon is up."),
    DHCP_DDNS_FAILED: fatal("application experienced a fatal error: {error}", "The error says what to mend."),
    DHCP_DDNS_DYNAMIC_RECONFIGURATION_SUCCESS: RECONFIGURED,
  });
  return {
    ...defineOwnMessages("dhcpddns", "DHCP_DDNS_"),
    STARTING: dctl.DCTL_STARTING,
    STARTED: ddns.DHCP_DDNS_STARTED,
    ALREADY_RUNNING: dctl.DCTL_ALREADY_RUNNING,
    CONFIG_COMPLETE: dctl.DCTL_CONFIG_COMPLETE,
    CONFIG_LOAD_FAIL: dctl.DCTL_CONFIG_FILE_LOAD_FAIL,
    DYNAMIC_RECONFIGURATION: dctl.DCTL_CFG_FILE_RELOAD_SIGNAL_RECVD,
    DYNAMIC_RECONFIGURATION_SUCCESS: ddns.DHCP_DDNS_DYNAMIC_RECONFIGURATION_SUCCESS,
    DYNAMIC_RECONFIGURATION_FAIL: dctl.DCTL_CFG_FILE_RELOAD_ERROR,
    INIT_FAIL: ddns.DHCP_DDNS_FAILED,
    SHUTDOWN: dctl.DCTL_SHUTDOWN,
  };
}
