/** What is said of commands and of the sockets they come in by. Ids and levels are Kea's where Kea knows the event. */
import { debug, defineMessages, error, info, warn } from "../log/catalogue.ts";
import { DebugLevel } from "../log/levels.ts";

export const commandMessages = defineMessages("commands", {
  COMMAND_RECEIVED: info("Received command '{command}'", "Somebody who may use the control socket has sent it."),
  COMMAND_CARRIED_OUT: info(
    "{caller} changed something with '{command}': result {result}, {text}",
    "The audit trail: who has sent a command that changes something, by which way, and what became of it. Result 0 is " +
      "done; others have changed nothing, or not all.",
  ),
  COMMAND_PASSED_ON: info(
    "{caller} sent '{command}', which changes something, on to {service}: result {result}",
    "The audit trail of what another daemon was asked by way of this one; its own log has the rest.",
  ),
  COMMAND_ARGUMENT_IGNORED: warn(
    "command '{command}' has no argument '{argument}', which is ignored",
    "The answer was given as if the argument were not there, as Kea does. Is it misspelled?",
  ),
  COMMAND_PROCESS_ERROR: error(
    "command '{command}' failed: {error}",
    "A fault in the program itself; it cost this command. Please report it with this line.",
  ),
  COMMAND_ACCEPTOR_START: info(
    "Starting to accept connections via unix domain socket bound to {path}",
    "The control socket is open.",
  ),
  COMMAND_SOCKET_UNIX_FAILED: error(
    "cannot open the control socket {path}: {error}; trying again in {seconds} s",
    "Packets are served all the same. Is the folder there and writable, or another server running?",
  ),
  COMMAND_SOCKET_CONNECTION_CLOSED: debug(
    DebugLevel.command,
    "connection at {path} closed: {why}",
    "The other end went silent, sent no command, did not take its answer, or gave way to newer ones.",
  ),
  HTTP_COMMAND_MGR_SERVICE_STARTED: info(
    "started {protocol} service bound to address: {address} port: {port}",
    "Commands are taken there.",
  ),
  HTTP_COMMAND_MGR_SERVICE_STOPPING: info(
    "Server is stopping {protocol} service bound to address {address} port {port}",
    "The daemon stops, or the configuration does not name it any more.",
  ),
  HTTP_COMMAND_MGR_HTTPS_SERVICE_UPDATED: info(
    "reused HTTPS service bound to address: {address} port: {port} and updated TLS settings",
    "The certificate, its key or the trust anchor has changed on disk: new connections have the new one.",
  ),
  HTTP_COMMAND_MGR_HTTPS_SERVICE_REUSE_FAILED: error(
    "cannot take the changed TLS files of the HTTPS service at {address} port {port} into use: {error}",
    "The ones before stay in use. Certificate and key must belong together; when both are there it is tried again.",
  ),
  COMMAND_SOCKET_HTTP_FAILED: error(
    "cannot take commands at {address} port {port}: {error}; trying again in {seconds} s",
    "Packets are served all the same. Is the address one of this host's, the port free, the certificate readable?",
  ),
  COMMAND_SOCKET_HTTP_OPEN: error(
    "no commands are taken at {address} port {port}: anybody who reaches it could send them, since nobody has to log in",
    'Write "authentication" into the control socket, with at least one client, or start the daemon with -X to have it so.',
  ),
  HTTP_ANSWER_FAILED: warn(
    "the answer to {client} cannot be finished: {why}",
    "Another daemon that was asked has gone, or a fault in the program itself.",
  ),
});

export const authMessages = defineMessages("auth", {
  HTTP_CLIENT_REQUEST_NOT_AUTHORIZED: warn(
    "login from {client} refused: the user or the password is wrong ({failures} times from there)",
    "After some failures one login from there is checked each second, so that guessing takes too long.",
  ),
  HTTP_AUTH_FILE_UNREADABLE: error(
    "a user of the service at {address} port {port} cannot log in: {error}",
    "The file with the name or the password cannot be read; the other users are not touched. Mend it and reload.",
  ),
});
