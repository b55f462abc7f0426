/** What is said of a database that has configuration. */
import { defineMessages, error, info } from "../../log/catalogue.ts";

export const configDatabase = defineMessages("dhcpsrv", {
  DHCPSRV_CONFIG_DATABASE_OPENED: info(
    "configuration is also in {database}",
    "It answers, and its schema is one that we know.",
  ),
  DHCPSRV_CONFIG_DATABASE_OPEN_FAILED: error(
    "{database} cannot be used: {error}; {next}",
    "At a start nobody is served before the configuration is known. At a reload the configuration before stays in force. The error says whether the address, the password or the schema is wrong.",
  ),
  DHCPSRV_CONFIG_DATABASE_LOST: error(
    "{database} is lost: {error}",
    "Connecting is tried again by itself. Service goes on by the configuration as it is.",
  ),
  DHCPSRV_CONFIG_DATABASE_RECONNECT_FAILED: error(
    "{database} is still lost: {error}; {next}",
    "max-reconnect-tries and reconnect-wait-time say how often connecting is tried, and when.",
  ),
  DHCPSRV_CONFIG_DATABASE_RECOVERED: info("{database} is back", "Changes that were made meanwhile are taken next."),
  DHCPSRV_CONFIG_ROW_INVALID: error(
    "{database}: {fault}",
    "The row has no effect, all others count; what it was before stays in force until the next reload. Correct or delete it.",
  ),
  DHCPSRV_CONFIG_PULL_FAILED: error(
    "configuration cannot be taken from {database}: {error}",
    "Service goes on by the configuration as it is, and the database is looked at again after config-fetch-wait-time.",
  ),
});
