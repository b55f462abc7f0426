/** All log messages of the daemons: those that their programs define when they are loaded. */
import "@kotare/core/program/run-daemon";
import "@kotare/d2d/messages";
import "@kotare/dhcp4d/server4";
import "@kotare/dhcp6d/server6";
import { definedMessages, type MessageHead } from "@kotare/core/log/catalogue";

export function allMessages(): readonly MessageHead[] {
  return definedMessages();
}
