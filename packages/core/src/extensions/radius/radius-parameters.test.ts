/** Values that make no sense, which Kea takes. */
import { expect, it } from "vitest";
import { z } from "zod";
import { parameterTools } from "../parameter-tools.ts";
import { radiusParameters } from "./radius-parameters.ts";

const tools = parameterTools({ "option-def": [], "client-classes": [], "shared-networks": [] }, 4);
const read = (parameters: object) => radiusParameters({ ...tools, z }).parse(parameters);

it.each([
  [{ timeout: 0 }, { timeout: 1 }, "timeout 0 leaves a server no time to answer: it counts as 1"],
  [{ timeout: 601 }, { timeout: 600 }, "timeout 601 counts as 600"],
  [{ retries: 101 }, { retries: 100 }, "retries 101 count as 100"],
  [{ realm: [] }, { realm: "" }, "realm is no text, and has no effect"],
  [
    { accounting: { servers: [{ name: "a", port: 0, secret: "b" }] } },
    {},
    "server a has port 0, where nobody can be asked",
  ],
])("%j is taken as %j, with a warning", (given, taken, warning) => {
  expect(read(given)).toMatchObject({ ...taken, warnings: [warning] });
});

it("what makes sense has no warning", () => {
  const given = { timeout: 600, retries: 100, realm: "example.org", deadtime: 0xffff_ffff };
  expect(read(given)).toMatchObject({ ...given, warnings: [] });
});
