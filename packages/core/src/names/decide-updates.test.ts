import { expect, it } from "vitest";
import { decideUpdates } from "./decide-updates.ts";

/** The letters of the flags that are set. */
function letters(flags: Readonly<Record<string, boolean>>): string {
  return Object.keys(flags)
    .filter((letter) => flags[letter] === true)
    .join("");
}

const CASES = ["", "S", "N"].flatMap((asked) =>
  [true, false].flatMap((sendsUpdates) =>
    [true, false].flatMap((overrideNoUpdate) =>
      [true, false].map((overrideClientUpdate) => ({ asked, sendsUpdates, overrideNoUpdate, overrideClientUpdate })),
    ),
  ),
);

/** What is done (F at the name, R at the address) and told, as Kea 2.6.3 does it. */
const EXPECTED: Readonly<Record<string, string>> = {
  // asked, override-no-update, override-client-update
  "/true/true": "FR, told SO",
  "/true/false": "R, told ",
  "/false/true": "FR, told SO",
  "/false/false": "R, told ",
  "S/true/true": "FR, told S",
  "S/true/false": "FR, told S",
  "S/false/true": "FR, told S",
  "S/false/false": "FR, told S",
  "N/true/true": "FR, told SO",
  "N/true/false": "FR, told SO",
  "N/false/true": ", told N",
  "N/false/false": ", told N",
};

it.each(CASES)("RFC 4702 §4, RFC 4704 §6: %j", ({ asked, ...rules }) => {
  const updates = decideUpdates({ serverUpdates: asked === "S", noUpdates: asked === "N" }, rules);
  const { forward: F, reverse: R, serverUpdates: S, overridden: O, noUpdates: N } = updates;
  const key = [asked, rules.overrideNoUpdate, rules.overrideClientUpdate].join("/");
  // Without updates nobody's wish is overridden but that of who wants one from us.
  const expected = rules.sendsUpdates ? EXPECTED[key] : `, told ${asked === "S" ? "ON" : "N"}`;
  expect(`${letters({ F, R })}, told ${letters({ S, O, N })}`).toBe(expected);
});
