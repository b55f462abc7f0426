/** What the life of a process has to say, whichever daemon it is. */
import { debug, defineMessages, error, info, warn } from "../log/catalogue.ts";
import { DebugLevel } from "../log/levels.ts";

export const daemonMessages = defineMessages("", {
  DAEMON_UNEXPECTED_ERROR: error(
    "unexpected error, service goes on: {trace}",
    "A fault in the program itself. It cost at most what was being done at that moment. Please report it with this line.",
  ),
  DAEMON_STALLED: info(
    "the main loop was held for {milliseconds} ms; packets had to wait that long",
    "Something kept the processor for more than 10 ms at a stretch: a busy machine, too little memory, or a fault in the " +
      "program. Of some seconds only the longest time is logged.",
  ),
  DAEMON_PID_FILE_UNUSABLE: warn(
    "the pid file {path} cannot be written: {error}; service goes on without it",
    "Tools that look for the process by its pid file will not find it, and nothing stops a second instance on the same " +
      "configuration. Make the directory writable, or name another one in KEA_PIDFILE_DIR.",
  ),
  DAEMON_SUPERVISOR_UNREACHABLE: debug(
    DebugLevel.detail,
    "the service manager at {socket} did not take a message: {error}",
    "NOTIFY_SOCKET is set, but nobody listens there.",
  ),
});
