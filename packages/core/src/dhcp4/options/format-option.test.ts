import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHex } from "../../base/hex.ts";
import { runs } from "../../base/testing/runs.ts";
import { formatOption } from "../../options/format-option.ts";
import { compileOptionDefs } from "../../options/option-spaces.ts";
import { dhcp4Spaces } from "./dhcp4-spaces.ts";

describe("formatOption", () => {
  it.each([
    [3, "c0000201c0000202", "3 routers 192.0.2.1, 192.0.2.2"],
    [12, "7072696e746572", "12 host-name printer"],
    [12, "636166c3a9", "12 host-name café"],
    [12, "636166e9", "12 host-name café"],
    [43, "0104c0000201", "43 vendor-encapsulated-options {1 0xc0000201}"],
    [80, "", "80 0x"],
    [82, "01046574683013000000", "82 dhcp-agent-options {1 circuit-id 65746830; 19 relay-port; 0 0x}"],
    [122, "070101", "122 cablelabs-client-conf {7 tsp-use-tgt true}"],
    [125, "0000118b050103020100", "125 vivso-suboptions 4491 {1 oro 2, 1, 0}"],
    [230, "ab01", "230 0xab01"],
  ])("shows option %i %s as %s", (code, hex, text) => {
    expect(formatOption(code, parseHex(hex)!, dhcp4Spaces)).toBe(text);
  });

  it.each([
    [3, "c00002", "3 routers 0xc00002 (malformed)"],
    [19, "0101", "19 ip-forwarding 0x0101 (malformed)"],
    [82, "0105", "82 dhcp-agent-options 0x0105 (malformed)"],
    [12, "", "12 host-name 0x (malformed)"],
  ])("shows malformed option %i %s in hexadecimal", (code, hex, text) => {
    expect(formatOption(code, parseHex(hex)!, dhcp4Spaces)).toBe(text);
  });

  it("knows the options of a configuration", () => {
    const { spaces } = compileOptionDefs(
      [
        { name: "own", code: 230, type: "uint8", encapsulate: "inside" },
        { name: "deep", code: 1, space: "inside", type: "ipv4-address" },
      ],
      dhcp4Spaces,
    );
    expect(formatOption(230, parseHex("070104c0000201")!, spaces)).toBe("230 own 7 {1 deep 192.0.2.1}");
  });

  it("lets no control character of a client through", () => {
    expect(formatOption(12, parseHex("610a1b5b306d62c285")!, dhcp4Spaces)).toBe("12 host-name a\\x0a\\x1b[0mb\\x85");
  });

  it("ends long text", () => {
    expect(formatOption(12, new Uint8Array(5000).fill(0x61), dhcp4Spaces).length).toBeLessThan(1100);
  });

  it("never throws, whatever the bytes (defects-and-pain 2.4, CVE-2015-8373)", () => {
    fc.assert(
      fc.property(fc.nat(255), fc.uint8Array({ maxLength: 80 }), (code, payload) => {
        const text = formatOption(code, payload, dhcp4Spaces);
        expect(text.startsWith(String(code))).toBe(true);
        expect(text).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: runs(500) },
    );
  });
});
