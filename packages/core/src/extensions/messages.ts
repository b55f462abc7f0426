/** What the log says of extensions, and what extensions say in it. */
import { debug, defineMessages, error, info, warn } from "../log/catalogue.ts";
import { DebugLevel } from "../log/levels.ts";

export const legalMessages = defineMessages("legal-log", {
  LEGAL_LOG_SYSLOG: info("{entry}", "A line of the forensic log. It goes to the syslog of the forensic log only."),
});

export const extensionMessages = defineMessages("hooks", {
  EXTENSION_STARTED: info("extension {name} of {library} is started", "It does its part from now on."),
  EXTENSION_FAILED: error(
    "extension {name} failed; {count} packets not answered: {trace}",
    "The extension has thrown an error, or has not done in time what it was asked. Only the packets that it was asked about are lost. Ask whoever wrote it.",
  ),
  EXTENSION_HOLDS: warn(
    "extension {name} held the main loop for {milliseconds} ms in {what}",
    "All packets had to wait that long. What takes time belongs into a part that may wait. Said for each extension once in ten seconds at most.",
  ),
  EXTENSION_OBSERVER_FAILED: error(
    "{text}",
    "Packets were served all the same. Ask whoever wrote the extension. Said for each extension once in ten seconds at most.",
  ),
  EXTENSION_OBSERVER_SLOW: warn(
    "extension {text}",
    "4,096 events may wait for it. Packets were served all the same. The number counts from its start. Said for each extension once in ten seconds at most.",
  ),
  EXTENSION_COMMAND_HIDDEN: warn(
    "command {command} of extension {name} is not there: {owner} has a command of this name",
    "Whoever sends it has the other one's answer. Give the extension's command another name.",
  ),
  EXTENSION_STOP_FAILED: warn("{error} while it was stopped", "What it had open may be open still. Service goes on."),
  EXTENSION_SAYS_ERROR: error("{name}: {text}", "In the extension's own words."),
  EXTENSION_SAYS_WARN: warn("{name}: {text}", "In the extension's own words."),
  EXTENSION_SAYS_INFO: info("{name}: {text}", "In the extension's own words."),
  EXTENSION_SAYS_DEBUG: debug(DebugLevel.trace, "{name}: {text}", "In the extension's own words."),
});
