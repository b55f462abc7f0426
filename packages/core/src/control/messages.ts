/** What is said of commands and of the sockets they come in by. Ids and levels are Kea's where Kea knows the event. */
import { debug, defineMessages, error, info, warn } from "../log/catalogue.ts";
import { DebugLevel } from "../log/levels.ts";

export const commandMessages = defineMessages("commands", {
  COMMAND_RECEIVED: info("received command '{command}'", "Somebody who may use the control socket has sent it."),
  COMMAND_ARGUMENT_IGNORED: warn(
    "command '{command}' knows no argument '{argument}'; it did without",
    "The answer was given as if the argument were not there, as Kea does. Is it spelled right?",
  ),
  COMMAND_PROCESS_ERROR: error(
    "command '{command}' failed: {error}",
    "A fault in the program itself; it cost this command. Please report it with this line.",
  ),
  COMMAND_ACCEPTOR_START: info("taking commands at {path}", "The control socket is open."),
  COMMAND_SOCKET_UNIX_FAILED: error(
    "cannot open the control socket {path}: {error}; trying again in {seconds} s",
    "Packets are served all the same. Is the folder there and writable, or another server running?",
  ),
  COMMAND_SOCKET_CONNECTION_CLOSED: debug(
    DebugLevel.command,
    "connection at {path} closed: {why}",
    "The other end went silent, sent no command, did not take its answer, or gave way to newer ones.",
  ),
});
