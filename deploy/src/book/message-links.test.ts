import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { allMessages } from "./all-messages.ts";
import { idsIn, messageLinks } from "./message-links.ts";

const ids = new Set(["DHCP4_STARTED"]);

test.each([
  ["look for `DHCP4_STARTED`.", "look for [`DHCP4_STARTED`](messages/DHCP4_STARTED.md)."],
  ["`DHCP4_OTHER` and DHCP4_STARTED", undefined],
  ["```\n`DHCP4_STARTED`\n```", undefined],
])("%j", (text, expected) => {
  expect(messageLinks(text, ids)).toBe(expected ?? text);
});

test("each message that a chapter names is one of ours", () => {
  const known = new Set(allMessages().map(({ id }) => id));
  const docs = join(import.meta.dirname, "../../../docs");
  const unknown = readdirSync(docs)
    .filter((name) => name.endsWith(".md"))
    .flatMap((name) => idsIn(readFileSync(join(docs, name), "utf8")).map((id) => `${name}: ${id}`))
    .filter((each) => !known.has(each.split(": ")[1]!));
  expect(unknown).toEqual([]);
});
