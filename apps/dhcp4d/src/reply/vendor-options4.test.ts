import { hex } from "@kotare/testkit/payloads";
import { beforeEach, describe, expect, it } from "vitest";
import { type Query4Change, TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

let server: TestServer4;
let alice: TestClient4;

beforeEach(async () => {
  server = await TestServer4.start({
    "option-def": [
      { name: "first", code: 1, space: "vendor-3561", type: "string" },
      { name: "second", code: 2, space: "vendor-3561", type: "uint8" },
    ],
    "option-data": [
      { name: "tftp-servers", space: "vendor-4491", data: "192.0.2.9" },
      { code: 5, space: "vendor-4491", "csv-format": false, data: "0505", "always-send": true },
      { name: "first", space: "vendor-3561", data: "abc", "always-send": true },
      { name: "second", space: "vendor-3561", data: "7" },
    ],
    subnet4: [{ id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] }],
  });
  alice = new TestClient4(server, 1);
});

/** Option 125 of an OFFER, in hexadecimal. */
async function vendors(options: Query4Change["options"] = []): Promise<string | undefined> {
  const payload = (await alice.discover({ options: [[55, [125]], ...options] }))?.option(125);
  return payload && Buffer.from(payload).toString("hex");
}

/** Enterprise 4491 (CableLabs), with a request list of its own in sub-option 1. */
const docsis = (...requested: number[]) =>
  [125, [...hex("0000118b"), requested.length + 2, 1, requested.length, ...requested]] as const;

describe("RFC 3925 §4: option 125", () => {
  it("is not sent to a client that names no vendor", async () => {
    expect(await vendors()).toBeUndefined();
  });

  it("is not sent to a client of a vendor for which nothing is configured", async () => {
    expect(await vendors([[125, hex("00000009 00")]])).toBeUndefined();
  });

  it("carries what is always sent to the vendor that option 125 names", async () => {
    expect(await vendors([[125, hex("00000de9 00")]])).toBe("00000de9 05 0103616263".replaceAll(" ", ""));
  });

  it("carries it also to the vendor that option 124 names", async () => {
    expect(await vendors([[124, hex("00000de9 04 03 616263")]])).toBe("00000de9050103616263");
  });

  it("carries what a DOCSIS device lists in sub-option 1", async () => {
    expect(await vendors([docsis(2)])).toBe("0000118b 0a 0204c0000209 05020505".replaceAll(" ", ""));
    expect(await vendors([docsis()])).toBe("0000118b 04 05020505".replaceAll(" ", ""));
  });

  it("serves several vendors in one option, each in the order of the client", async () => {
    const both = [...hex("00000de9 00"), ...docsis(2)[1]];
    expect(await vendors([[125, both]])).toBe("00000de90501036162630000118b0a0204c000020905020505");
  });

  it("that is configured of several vendors is sent of those that the client does not name, too, as in Kea", async () => {
    const always = { "always-send": true };
    server.reconfigure({
      "option-data": [
        { name: "vivso-suboptions", data: "4491", ...always },
        { name: "tftp-servers", space: "vendor-4491", data: "192.0.2.9", ...always },
        { name: "vivso-suboptions", data: "3561", ...always },
        { code: 1, space: "vendor-3561", "csv-format": false, data: "616263", ...always },
      ],
      subnet4: [{ id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] }],
    });
    const [cable, dsl] = ["0000118b060204c0000209", "00000de9050103616263"];
    expect(await vendors()).toBe(cable + dsl);
    expect(await vendors([[124, hex("00000de9 04 03 616263")]])).toBe(cable + dsl);
    expect(await vendors([[124, hex("0000118b 04 03 616263")]])).toBe(cable + dsl);
  });

  it("is sent although the client does not ask for it by option 55", async () => {
    const offer = await alice.discover({ options: [[125, hex("00000de9 00")]] });
    expect(offer!.option(125)).toEqual(hex("00000de9 05 0103616263"));
  });

  it.each([
    ["125", [125, hex("00000de9 09 01")] as const],
    ["124", [124, hex("00000d")] as const],
  ])("of the client that is broken (%s) costs the packet", async (_, option) => {
    expect(await vendors([option])).toBeUndefined();
    expect(server.drops()).toEqual(["malformed"]);
  });
});
