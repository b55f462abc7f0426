import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bookLinks } from "./book-links.ts";

test.each([
  ["[a](docs/commands.md#get) and [b](commands.md)", "[a](commands.md#get) and [b](commands.md)"],
  ["[`x`](../deploy/examples/pxe4.conf)", "[`x`](examples.md#pxe4conf)"],
  ["[the\nway](ARCHITECTURE.md)", "the\nway"],
  ["[here](#there) [web](https://example.org/a.md) ![pic](web-page/a.webp)", undefined],
  ["no [link] (at all)", undefined],
])("%j", (text, expected) => {
  expect(bookLinks(text, (file) => file === "commands.md")).toBe(expected ?? text);
});

test("each file of docs has its place in the manual", () => {
  const docs = join(import.meta.dirname, "../../../docs");
  const listed = readFileSync(join(docs, "SUMMARY.md"), "utf8");
  const files = readdirSync(docs).filter((name) => name.endsWith(".md") && name !== "SUMMARY.md");
  expect(files.filter((name) => !listed.includes(`](${name})`))).toEqual([]);
});

test("each picture is in a chapter", () => {
  const docs = join(import.meta.dirname, "../../../docs");
  const chapters = readdirSync(docs).filter((name) => name.endsWith(".md"));
  const text = chapters.map((name) => readFileSync(join(docs, name), "utf8")).join("");
  const pictures = ["figures", "web-page"].flatMap((folder) =>
    readdirSync(join(docs, folder)).map((name) => `${folder}/${name}`),
  );
  expect(pictures.filter((name) => !text.includes(`](${name})`))).toEqual([]);
});
