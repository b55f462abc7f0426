/** All log messages of the daemons: those that their programs define when they are loaded, and those of built-in extensions. */
import "@kotare/core/program/run-daemon";
import "@kotare/core/server/databases/config-database-messages";
import "@kotare/core/server/leases/lease-database-messages";
import "@kotare/d2d/messages";
import "@kotare/dhcp4d/server4";
import "@kotare/dhcp6d/server6";
import { builtIns } from "@kotare/core/extensions/built-ins";
import { ownMessages } from "@kotare/core/extensions/control/extension-log";
import { definedMessages, type MessageHead } from "@kotare/core/log/catalogue";
import { muteLog } from "@kotare/core/log/mute-log";

export function allMessages(): readonly MessageHead[] {
  // An extension's are defined when it is started.
  for (const builtIn of builtIns.values()) {
    if (builtIn.kind === "extension") ownMessages(builtIn.extension, muteLog());
  }
  return definedMessages();
}
