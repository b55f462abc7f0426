/** book.main.mjs TOP FOLDER: writes the chapters of the manual: those of TOP/docs, and those that are made from definitions. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dhcpDdnsFamily } from "@kotare/core/config/dhcp-ddns-family";
import { dhcp4Family } from "@kotare/core/config/dhcp4-family";
import { dhcp6Family } from "@kotare/core/config/dhcp6-family";
import { z } from "zod";
import { allMessages } from "./book/all-messages.ts";
import { bookLinks } from "./book/book-links.ts";
import { exampleChapter } from "./book/example-chapter.ts";
import { keyChapter } from "./book/key-chapter.ts";
import { messageLinks } from "./book/message-links.ts";
import { messageList, messagePages } from "./book/message-pages.ts";
import type { KeySchema } from "./config-page.ts";

const families = { dhcp4d: dhcp4Family, dhcp6d: dhcp6Family, d2d: dhcpDdnsFamily };

const [top, folder] = process.argv.slice(2);
if (top === undefined || folder === undefined) throw new Error("usage: book.main.mjs TOP FOLDER");
mkdirSync(join(folder, "messages"), { recursive: true });
cpSync(join(top, "docs"), folder, { recursive: true });
cpSync(join(top, "README.md"), join(folder, "README.md"));
const SUMMARY = "SUMMARY.md";
const messages = allMessages();
const ids = new Set(messages.map(({ id }) => id));
const chapters = readdirSync(folder).filter((name) => name.endsWith(".md") && name !== SUMMARY);
for (const chapter of chapters) {
  const text = readFileSync(join(folder, chapter), "utf8");
  const linked = bookLinks(text, (file) => chapters.includes(file));
  write(chapter, messageLinks(linked, ids));
}
const contents = [readFileSync(join(folder, SUMMARY), "utf8").trimEnd()];
write("examples.md", exampleChapter(join(top, "deploy/examples")));
contents.push("- [Example configurations](examples.md)");
for (const [daemon, { schema }] of Object.entries(families)) {
  const json = z.toJSONSchema(schema, { io: "input" });
  write(`keys-${daemon}.md`, keyChapter(daemon, json as KeySchema));
  contents.push(`- [Keys of ${daemon}](keys-${daemon}.md)`);
}
write("messages.md", messageList(messages));
contents.push("- [Log messages](messages.md)");
for (const { name, title, text } of messagePages(messages)) {
  write(`messages/${name}.md`, text);
  contents.push(`  - [${title.replaceAll("_", "\\_")}](messages/${name}.md)`);
}
write(SUMMARY, `${contents.join("\n")}\n`);

function write(name: string, text: string): void {
  writeFileSync(join(folder!, name), text);
}
