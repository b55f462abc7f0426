/** What is wrong in an expression is told with its place; nothing that an operator writes brings the parser down. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../base/testing/runs.ts";
import { dhcp4Spaces } from "../dhcp4/options/dhcp4-spaces.ts";
import { dhcp6Spaces } from "../dhcp6/options/dhcp6-spaces.ts";
import { EvaluationError, ExpressionError } from "./expression.ts";
import { expressions4 } from "./expressions4.ts";
import { expressions6 } from "./expressions6.ts";
import { compileCondition, compileValue } from "./parser.ts";
import { subject4 } from "./testing/subjects.ts";

const language4 = { family: expressions4, spaces: dhcp4Spaces };
const language6 = { family: expressions6, spaces: dhcp6Spaces };

/** Offset and message of the error. */
function errorOf(compile: () => unknown): readonly [number, string] {
  try {
    compile();
  } catch (error) {
    if (error instanceof ExpressionError) return [error.offset, error.message];
    throw error;
  }
  throw new Error("there is no error");
}

describe("errors of a condition", () => {
  it.each<[text: string, offset: number, message: RegExp]>([
    ["", 0, /nothing in it/],
    ["  \n ", 0, /nothing in it/],
    ["'a'", 0, /a value where a condition should be: compare it with ==/],
    ["option[60].hex", 0, /a value where a condition/],
    ["'a' ==", 6, /expected a condition or a value instead of the end/],
    ["'a' == 'b' == 'c'", 11, /expected an operator or the end instead of "=="/],
    ["'a' == ('b' == 'c')", 7, /a condition where a value should be/],
    ["'a' == 'a' and 'b'", 15, /a value where a condition/],
    ["'a' or 'b' == 'b'", 0, /a value where a condition/],
    ["not 'a'", 4, /a value where a condition/],
    ["'a' != 'b'", 4, /"!" has no meaning here: write "not/],
    ['"a" == "b"', 0, /text stands in single quotes/],
    ["'a == 'b'", 8, /the quote is never closed/],
    ["('a' == 'a'", 11, /expected "\)" instead of the end/],
    ["'a' == 'a')", 10, /expected an operator or the end instead of "\)"/],
    ["option[60.hex == 'a'", 9, /expected "\]" instead of "\."/],
    ["option[].hex == 'a'", 7, /expected option code instead of "\]"/],
    ["option[300].exists", 7, /300 is no option code: expected 0 to 255/],
    ["option[foo].exists", 7, /space "dhcp4" has no option "foo"/],
    ["option[1].foo == 'a'", 10, /expected hex, text, exists or option instead of "foo"/],
    ["option[82].option[bar].exists", 18, /space "dhcp-agent-options-space" has no option "bar"/],
    ["pkt.foo == 'a'", 4, /"foo" is no field: expected pkt.iface, pkt.src, pkt.dst, pkt.len/],
    ["pkt6.msgtype == 1", 0, /there is no pkt6 in DHCPv4/],
    ["relay6[0].peeraddr == ::", 0, /there is no relay6 in DHCPv4/],
    ["foo('a') == 'a'", 0, /"foo" is no function and no part of a packet/],
    ["substring('a', 'b', 1) == 'a'", 15, /expected start instead of "b"/],
    ["substring('a', 0) == 'a'", 16, /expected ","/],
    ["split('a', '.', all) == 'a'", 16, /expected field number/],
    ["ifelse('a', 'b', 'c') == 'a'", 7, /a value where a condition/],
    ["int8totext(300) == 'a'", 11, /300 is out of range: expected -128 to 127/],
    ["5000000000 == 'a'", 0, /5000000000 is no integer/],
    ["10.0.0.256 == pkt.src", 0, /"10.0.0.256" is no address/],
    ["fe80::1::2 == pkt.src", 0, /"fe80::1::2" is no address/],
    ["match('(', 'a')", 6, /'\(' is no regular expression: .*missing closing/],
    ["match(option[1].hex, 'a')", 6, /expected a regular expression in single quotes/],
    ["member(foo)", 7, /expected a class's name in single quotes/],
    ["vendor[-1].exists", 7, /-1 is no enterprise number/],
    ["vendor-class[1].option[1].exists", 16, /expected "data" instead of "option"/],
    ["KNOWN", 0, /"KNOWN" is no function/],
  ])("%j", (text, offset, message) => {
    const [at, what] = errorOf(() => compileCondition(text, language4));
    expect(what).toMatch(message);
    expect(at).toBe(offset);
  });

  it("of DHCPv6", () => {
    expect(errorOf(() => compileCondition("relay4[1].exists", language6))[1]).toMatch(/no relay4 in DHCPv6/);
    expect(errorOf(() => compileCondition("pkt4.mac == 'a'", language6))[1]).toMatch(/no pkt4 in DHCPv6/);
    expect(errorOf(() => compileCondition("relay6[32].peeraddr == ::", language6))[1]).toMatch(/expected -32 to 31/);
  });
});

it("a condition is no value of a template", () => {
  expect(errorOf(() => compileValue("known", language4))).toEqual([0, "is a condition where a value should be"]);
});

describe("size", () => {
  it("an expression of 100,000 characters works", () => {
    const terms = Array.from({ length: 6000 }, (_, i) => `option[${i % 250}].exists`);
    for (const text of [terms.join(" or "), terms.join(" and not "), `${"not ".repeat(25_000)}option[53].exists`]) {
      expect(text.length).toBeGreaterThan(100_000);
      expect(typeof compileCondition(text, language4).expression.evaluate(subject4())).toBe("boolean");
    }
    const sum = Array.from({ length: 6000 }, () => "option[12].hex").join(" + ");
    expect(compileValue(sum, language4).expression.evaluate(subject4([[12, "abc"]]))).toHaveLength(18_000);
  });

  it.each([
    ["parentheses", (inner: string) => `(${inner})`],
    ["functions", (inner: string) => `ifelse(${inner} == '', '', '') == ''`],
  ])("%s may be nested 100 deep, and 10,000 are refused", (_, wrap) => {
    const nest = (depth: number) => {
      let text = "('' == '')";
      if (wrap("").startsWith("(")) for (let i = 0; i < depth; i++) text = wrap(text);
      else text = `${"ifelse('' == '', ".repeat(depth)}''${", '')".repeat(depth)} == ''`;
      return text;
    };
    expect(compileCondition(nest(100), language4).expression.evaluate(subject4())).toBe(true);
    expect(compileCondition(nest(390), language4).expression.evaluate(subject4())).toBe(true);
    expect(errorOf(() => compileCondition(nest(10_000), language4))[1]).toMatch(/nested more than 400 deep/);
  });
});

describe("properties", () => {
  const word = fc.constantFrom(
    ..."( ) [ ] , . == + * and or not option hex text exists relay4 pkt4 mac substring split ifelse all".split(" "),
    ..."member known match vendor vendor-class enterprise data 1 -1 82 0x0a 'a' '.' '(' 10.0.0.1 :: concat".split(" "),
  );
  it("any words give an expression or an error inside the text", () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), (words) => {
        const text = words.join(" ");
        try {
          compileCondition(text, language4);
        } catch (error) {
          if (!(error instanceof ExpressionError)) throw error;
          expect(error.offset).toBeGreaterThanOrEqual(0);
          expect(error.offset).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: runs(750) },
    );
  });

  it("any text gives an expression or an error", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(() => {
          try {
            compileCondition(text, language4);
          } catch (error) {
            if (!(error instanceof ExpressionError)) throw error;
          }
        }).not.toThrow();
      }),
    );
  });

  it("any bytes of a client give an answer or an evaluation error", () => {
    const texts = [
      "option[82].option[1].option[2].hex == relay4[2].text",
      "vendor[*].option[1].hex + vendor-class[0].data[3] == vendor[4491].option[2].text",
      "match('(a*)*b', option[12].hex) or uint16totext(option[57].hex) == addrtotext(option[50].hex)",
      "hexstring(option[61].text + option[81].text + option[43].option[1].hex, ':') == option[55].text",
    ];
    const compiled = texts.map((text) => compileCondition(text, language4).expression);
    const option = fc.tuple(
      fc.constantFrom(12, 43, 50, 55, 57, 61, 81, 82, 124, 125),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => `0x${Buffer.from(bytes).toString("hex")}`),
    );
    fc.assert(
      fc.property(fc.array(option, { maxLength: 12 }), (options) => {
        const subject = subject4(options);
        for (const expression of compiled) {
          try {
            expression.evaluate(subject);
          } catch (error) {
            if (!(error instanceof EvaluationError)) throw error;
          }
        }
      }),
      { numRuns: runs(250) },
    );
  });
});
