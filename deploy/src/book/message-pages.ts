/** The pages of the manual about log messages: one for each, and a list of them. */
import type { MessageHead } from "@kotare/core/log/catalogue";
import { cellOf, escapeMarkup } from "./markdown.ts";

export interface Page {
  /** Of its file, without `.md`. */
  readonly name: string;
  readonly title: string;
  readonly text: string;
}

/** @param messages in the order of their ids */
export function messagePages(messages: readonly MessageHead[]): readonly Page[] {
  return messages.map((message) => ({ name: message.id, title: message.id, text: pageOf(message) }));
}

export function messageList(messages: readonly MessageHead[]): string {
  const rows = messages.map(
    ({ id, severity, logger, text }) =>
      `| [${escapeMarkup(id)}](messages/${id}.md) | ${severity} | ${logger} | ${cellOf(text)} |`,
  );
  return [
    "# Log messages",
    "",
    "Each message has an id, which stays the same, and where Kea has such a message it is Kea's. Search for the id to find out what it means and what to do.",
    "",
    "| id | severity | logger | text |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function pageOf({ id, severity, debugLevel, logger, text, doc }: MessageHead): string {
  const level = severity === "DEBUG" ? `DEBUG, from debug level ${debugLevel} on` : severity;
  return [
    `# ${escapeMarkup(id)}`,
    "",
    `> ${escapeMarkup(text)}`,
    "",
    escapeMarkup(doc),
    "",
    `Severity: ${level}. Logger: \`${logger}\`.`,
    "",
  ].join("\n");
}
