/** What logging has to say about itself. */
import { defineMessages, error, warn } from "./catalogue.ts";

export const logMessages = defineMessages("", {
  LOG_LINES_LOST: warn(
    "{count} log lines were lost before this one",
    "The destination took lines more slowly than they came, or could not be written for a while. Service went on. " +
      "Raise the severity of busy loggers such as `kea-dhcp4.packets`, or write to a faster place.",
  ),
  LOG_OUTPUT_FAILED: error(
    "cannot write to log output {output}: {error}; lines for it are dropped until it works again",
    "The file or socket of a logger cannot be written; each new line tries again. For a file, look at the permissions " +
      "of its directory and at the space left on the disk.",
  ),
});
