import { expect, test } from "vitest";
import { sendUpdate } from "./send-update.ts";

const nowhere = { address: "127.0.0.1", port: 9, key: undefined };
const options = { timeout: 50, now: () => 0, onIgnored: () => {} };

test("an update that cannot be made is an answer like any other", async () => {
  const content = { zone: `${"a".repeat(64)}.`, prerequisites: [], updates: [] };
  expect(await sendUpdate(nowhere, content, options)).toEqual({
    kind: "refused",
    why: expect.stringContaining("the update cannot be made: "),
  });
});
