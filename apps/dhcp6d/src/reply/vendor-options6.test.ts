import { beforeEach, describe, expect, it } from "vitest";
import { na, option, type Part6, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

let server: TestServer6;

beforeEach(async () => {
  server = await TestServer6.start({
    "option-def": [
      { name: "first", code: 1, space: "vendor-3561", type: "string" },
      { name: "second", code: 2, space: "vendor-3561", type: "uint8" },
    ],
    "option-data": [
      { name: "config-file", space: "docsis3-v6", data: "cm.cfg" },
      { code: 77, space: "vendor-4491", "csv-format": false, data: "07", "always-send": true },
      { name: "vendor-opts", data: "3561", "always-send": true },
      { name: "first", space: "vendor-3561", data: "abc", "always-send": true },
      { name: "second", space: "vendor-3561", data: "7" },
      { name: "vendor-opts", data: "9", "always-send": true },
    ],
    subnet6: [{ id: 7, subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::10-2001:db8::1f" }] }],
  });
});

/** Options 17 of an ADVERTISE, in hexadecimal. */
async function vendors(...parts: Part6[]): Promise<string[] | undefined> {
  const reply = await new TestClient6(server, 1).solicit(na(1), ...parts);
  return reply?.message.everyOption(17).map((payload) => Buffer.from(payload).toString("hex"));
}

const IMAGINARY = "00000009";
const FIRST = "00000de9" + "00010003616263";
const ALWAYS = "0000118b" + "004d000107";
const FILE_AND_ALWAYS = "0000118b" + "00210006636d2e636667" + "004d000107";
/** Enterprise 4491 (CableLabs), with a request list of its own in sub-option 1. */
const docsis = (requested = "") => {
  const length = (requested.length / 2).toString(16).padStart(4, "0");
  return option(17, `0000118b0001${length}${requested}`);
};

describe("RFC 8415 §21.17: option 17", () => {
  it("is sent to everybody where the configuration says so, with what is always sent", async () => {
    expect(await vendors()).toEqual([IMAGINARY, FIRST]);
  });

  it.each([
    ["option 17 names", option(17, "0000118b")],
    ["option 16 names", option(16, "0000118b000161")],
  ])("carries what is always sent to the vendor that %s", async (_, part) => {
    expect(await vendors(part)).toEqual([IMAGINARY, FIRST, ALWAYS]);
  });

  it("carries what a DOCSIS device lists in sub-option 1", async () => {
    expect(await vendors(docsis("00200021"))).toEqual([IMAGINARY, FIRST, FILE_AND_ALWAYS]);
    expect(await vendors(docsis())).toEqual([IMAGINARY, FIRST, ALWAYS]);
  });

  it("comes once a vendor, for several vendors in the order of the client", async () => {
    expect(await vendors(docsis("0021"), option(17, "00000de9"))).toEqual([IMAGINARY, FILE_AND_ALWAYS, FIRST]);
  });

  it.each([
    ["17", option(17, "0000118b0001")],
    ["16", option(16, "00118b")],
  ])("of the client that is broken (%s) costs the packet", async (_, part) => {
    expect(await vendors(part)).toBeUndefined();
    expect(server.drops).toEqual(["malformed"]);
  });
});
