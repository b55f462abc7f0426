import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agentIdOf, agentOptionsOf, withAgentOptions } from "./agent-options4.ts";

const option82 = Uint8Array.of(1, 2, 0xab, 0xcd);
const KEA_TEXT = '{ "ISC": { "relay-agent-info": { "sub-options": "0x0102ABCD" } } }';

describe("relay agent information in a lease's user context", () => {
  it("is written as Kea writes it", () => {
    expect(withAgentOptions("", option82)).toBe(KEA_TEXT);
  });

  it("has the ids that leases are found by, as Kea has them", () => {
    const text = withAgentOptions("", Uint8Array.of(2, 3, 1, 2, 3, 12, 2, 9, 9, 2, 1, 7));
    expect(text).toBe(
      '{ "ISC": { "relay-agent-info": { "relay-id": "0909", "remote-id": "010203", "sub-options": "0x02030102030C020909020107" } } }',
    );
    expect(agentIdOf(text, "relay-id")).toEqual(Uint8Array.of(9, 9));
    expect(agentIdOf(text, "remote-id")).toEqual(Uint8Array.of(1, 2, 3));
    expect(agentIdOf(KEA_TEXT, "remote-id")).toBeUndefined();
    expect(agentIdOf('{"ISC":{"relay-agent-info":"0x020107"}}', "remote-id")).toEqual(Uint8Array.of(7));
  });

  it("leaves what is there besides", () => {
    const text = withAgentOptions('{ "note": [ 1, "a" ], "ISC": { "other": true } }', option82);
    expect(JSON.parse(text)).toEqual({
      note: [1, "a"],
      ISC: { other: true, "relay-agent-info": { "sub-options": "0x0102ABCD" } },
    });
  });

  it("replaces what was kept before", () => {
    expect(withAgentOptions(withAgentOptions("", Uint8Array.of(9)), option82)).toBe(KEA_TEXT);
  });

  it("is read back, also in the form that Kea wrote before 2.3", () => {
    expect(agentOptionsOf(KEA_TEXT)).toEqual(option82);
    expect(agentOptionsOf('{ "ISC": { "relay-agent-info": "0x0102ABCD" } }')).toEqual(option82);
  });

  it.each([
    "",
    "{}",
    "[]",
    "null",
    "7",
    "not JSON",
    '{"ISC":null}',
    '{"ISC":7}',
    '{"ISC":{"relay-agent-info":[]}}',
    '{"ISC":{"relay-agent-info":{"sub-options":7}}}',
    '{"ISC":{"relay-agent-info":"0xGG"}}',
  ])("is not found in %s", (text) => {
    expect(agentOptionsOf(text)).toBeUndefined();
    expect(agentOptionsOf(withAgentOptions(text, option82))).toEqual(option82);
  });

  it("survives any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 600 }), (bytes) => {
        expect(agentOptionsOf(withAgentOptions("", bytes))).toEqual(bytes);
      }),
    );
  });
});
