import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { definedMessages } from "@kotare/core/log/catalogue";
import { expect, test } from "vitest";
import { allMessages } from "./all-messages.ts";

const top = join(import.meta.dirname, "../../..");

/** Of daemons and their packages; files that define messages are loaded by this. */
function sources(): readonly string[] {
  return ["packages", "apps"].flatMap((kind) =>
    readdirSync(join(top, kind)).flatMap((name) =>
      readdirSync(join(top, kind, name, "src"), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
        .map((file) => join(top, kind, name, "src", file)),
    ),
  );
}

test("each message has a page, wherever it is defined", async () => {
  const known = allMessages().map(({ id }) => id);
  const defining = sources().filter((file) => /^export const \w+ = defineMessages\(/m.test(readFileSync(file, "utf8")));
  expect(defining.length).toBeGreaterThan(5);
  for (const file of defining) await import(file);
  expect(definedMessages().map(({ id }) => id)).toEqual(known);
});
