import { expect, it } from "vitest";
import { writeCommandReference } from "./command-reference.ts";

it("docs/commands.md says what the definitions of the commands say", async () => {
  await expect(writeCommandReference()).toMatchFileSnapshot("../../../../docs/commands.md");
});
