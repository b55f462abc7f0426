import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CommandFrame, type Framed, MAX_COMMAND } from "./command-frame.ts";

/** What comes of pieces of text, one after the other. */
function push(...pieces: string[]): Framed {
  const frame = new CommandFrame();
  let framed: Framed = { kind: "more" };
  for (const piece of pieces) {
    framed = frame.push(Buffer.from(piece, "latin1"));
    if (framed.kind !== "more") break;
  }
  return framed;
}

describe("the end of a command", () => {
  it.each([
    '{"command":"version-get"}',
    '{"a":{"b":[{}]}}',
    '{"a":"}"}',
    '{"a":"\\"}","b":"\\\\"}',
    "{ # }\n }",
    "{ // }\n }",
    "{ /* } * / **/ }",
    "# first\n/* second */ {}",
    "[{}]",
  ])("is found in %s, however it is cut, and whatever follows", (text) => {
    expect(push(text)).toEqual({ kind: "whole", text });
    expect(push(...text)).toEqual({ kind: "whole", text });
    expect(push(`${text}\n{"another":1}`)).toEqual({ kind: "whole", text });
    for (let at = 1; at < text.length; at++) expect(push(text.slice(0, at))).toEqual({ kind: "more" });
  });

  it.each([
    ["garbage", "invalid first character g"],
    ['"x"', 'invalid first character "'],
    ["}", "invalid first character }"],
    ["\x00", "invalid first character \x00"],
    ["{ / }", '"/" does not begin a comment'],
    ["[".repeat(200_000), "brackets are nested more than 100 deep"],
  ])("is given up at %.20s", (text, what) => {
    expect(push(text)).toEqual({ kind: "bad", what });
  });

  it("is not waited for beyond what a command may have", () => {
    const frame = new CommandFrame();
    const piece = Buffer.alloc(MAX_COMMAND / 64, " ");
    frame.push(Buffer.from("{"));
    for (let i = 1; i < 64; i++) expect(frame.push(piece).kind).toBe("more");
    expect(frame.push(piece)).toEqual({ kind: "bad", what: `the command is longer than ${MAX_COMMAND} bytes` });
  });

  it("is where the JSON ends, for any JSON", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (value, rest) => {
        const text = Buffer.from(JSON.stringify(value)).toString("latin1");
        expect(push(text + rest)).toEqual({ kind: "whole", text });
      }),
    );
  });
});
