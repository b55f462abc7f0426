import { describe, expect, it } from "vitest";
import { configPage, type KeySchema } from "./config-page.ts";

const option: KeySchema = {
  type: "object",
  description: "One option.",
  properties: { code: { type: "integer", description: "Its number.", minimum: 0, maximum: 255 } },
};
const root: KeySchema = {
  type: "object",
  properties: {
    Dhcp4: {
      type: "object",
      description: "The server.",
      properties: {
        "valid-lifetime": { type: "integer", unit: "s", default: 7200, description: "How long a lease lasts." },
        mode: { enum: ["raw", "udp"], default: "raw", description: ".dots lead" },
        options: { type: "array", items: option, default: [], description: "Options." },
        more: { type: "array", items: option, description: "More of them." },
        id: { anyOf: [{ type: "integer" }, { type: "string" }], description: "A\\B" },
      },
    },
  },
};

describe("the manual page of a configuration", () => {
  const lines = configPage("dhcp4d", root, { version: "1.2.3", date: "2026-11-27" }).split("\n");

  it("begins with what it is about", () => {
    expect(lines[0]).toBe('.TH DHCP4D.CONF 5 2026-11-27 "Kotare 1.2.3" "Configuration files"');
  });

  it.each([
    ["\\fBvalid\\-lifetime\\fR (integer, in s, default 7200)", "How long a lease lasts."],
    ['\\fBmode\\fR (raw | udp, default "raw")', "\\&.dots lead"],
    ["\\fBoptions\\fR (list of maps)", "Options."],
    ["\\fBid\\fR (integer | string)", "A\\eB"],
    ["\\fBcode\\fR (integer, 0 to 255)", "Its number."],
  ])("says of a key its type, unit, range and default, and what it is: %s", (head, text) => {
    const at = lines.indexOf(head);
    expect(lines.slice(at - 1, at + 2)).toEqual([".TP", head, text]);
  });

  it("lists a map once, under the first path to it", () => {
    expect(lines.filter((line) => line.startsWith(".SS"))).toEqual([".SS Dhcp4", ".SS Dhcp4.options[]"]);
  });
});
