import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { formatJson, formatParts, JsonList } from "../../kea-json.ts";
import { ConfigAnswer } from "./config-answer.ts";

/** With a list that is made while it is written. */
const answer = () =>
  new ConfigAnswer("Dhcp4", () => ({ subnet4: JsonList.of([1, 2, 3], (id) => ({ id })), "valid-lifetime": 7200 }));

const TEXT = '{ "Dhcp4": { "subnet4": [ { "id": 1 }, { "id": 2 }, { "id": 3 } ], "valid-lifetime": 7200 } }';
const HASH = createHash("sha256").update(TEXT).digest("hex").toUpperCase();

it("the hash is that of the text", async () => {
  expect([...formatParts(answer().file)].join("")).toBe(TEXT);
  expect(await answer().hash()).toBe(HASH);
});

it("the text and its hash are made at one go, however they are written", () => {
  const both = `${TEXT.slice(0, -2)}, "hash": "${HASH}" }`;
  expect([...formatParts({ arguments: answer().withHash() })].join("")).toBe(`{ "arguments": ${both} }`);
  expect(formatJson(answer().withHash())).toBe(both);
});

it("nothing is made before it is asked for", () => {
  let made = 0;
  const list = JsonList.of([1, 2, 3], () => ++made);
  const parts = formatParts(new ConfigAnswer("Dhcp4", () => ({ list })).withHash());
  for (const part of parts) if (part === ", ") break;
  expect(made).toBe(2);
});
