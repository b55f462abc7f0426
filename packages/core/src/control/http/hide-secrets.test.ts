import { expect, it } from "vitest";
import { hideSecrets } from "./hide-secrets.ts";

async function hidden(pieces: readonly string[]): Promise<string> {
  let text = "";
  const given = async function* () {
    yield* pieces;
  };
  for await (const piece of hideSecrets(given())) text += piece;
  return text;
}

const TEXT =
  '{ "a": "password", "password": "p\\"q\\\\", "password-file": "f", "basic-auth-password":"", "n": { "secret" : "s, }" }, "user": "secret" }';
const HIDDEN =
  '{ "a": "password", "password": "*****", "password-file": "f", "basic-auth-password":"*****", "n": { "secret" : "*****" }, "user": "secret" }';

it("hides what passwords and secrets are, and nothing else", async () => {
  expect(await hidden([TEXT])).toBe(HIDDEN);
});

it("hides them wherever the text is cut", async () => {
  for (let at = 0; at <= TEXT.length; at++) expect(await hidden([TEXT.slice(0, at), TEXT.slice(at)])).toBe(HIDDEN);
  expect(await hidden([...TEXT])).toBe(HIDDEN);
});
