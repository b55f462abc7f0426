/** `libdhcp_flex_option.so`, in DHCPv4. */
import { expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

/** Option 15 is configured; the client calls itself `alice`, and its vendor class is `v`. */
async function replyWith(entry: object) {
  const server = await TestServer4.start({
    subnet4: [{ id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] }],
    "option-data": [
      { name: "domain-name", data: "example.org" },
      { name: "one", space: "bag", data: "x" },
      { name: "bag" },
    ],
    "option-def": [
      { name: "own", code: 200, type: "uint16" },
      { name: "bag", code: 201, type: "empty", encapsulate: "bag" },
      { name: "one", code: 1, type: "string", space: "bag" },
      { name: "two", code: 2, type: "uint16", space: "bag" },
    ],
    "client-classes": [{ name: "named", test: "option[12].exists" }],
    "hooks-libraries": [{ library: "libdhcp_flex_option.so", parameters: { options: [entry] } }],
  });
  const client = new TestClient4(server, 1);
  return (await client.discover({
    options: [
      [12, Buffer.from("alice")],
      [60, [0x76]],
      [55, [15, 201]],
    ],
  }))!;
}

it.each<[object, number, string | undefined]>([
  [{ code: 67, add: "concat(option[host-name].text, '.boot')" }, 67, "alice.boot"],
  [{ name: "boot-file-name", add: "ifelse(option[61].exists, 'x', '')" }, 67, undefined],
  [{ code: 15, add: "'other'" }, 15, "example.org"],
  [{ code: 15, supersede: "'other'" }, 15, "other"],
  [{ code: 15, supersede: "''" }, 15, "example.org"],
  [{ code: 15, remove: "option[60].text == 'v'" }, 15, undefined],
  [{ code: 15, remove: "option[60].text == 'w'" }, 15, "example.org"],
  [{ name: "own", add: "'513'", "csv-format": true }, 200, "\x02\x01"],
  [{ name: "own", add: "'many'", "csv-format": true }, 200, undefined],
  [{ code: 67, add: "'a'", "client-class": "named" }, 67, "a"],
  [{ code: 67, add: "'a'", "client-class": "unnamed" }, 67, undefined],
  [{ code: 67, add: "addrtotext(option[12].hex)" }, 67, undefined],
  [{ name: "bag", "sub-options": [{ name: "two", add: "'7'", "csv-format": true }] }, 201, "\x01\x01x\x02\x02\0\x07"],
  [{ code: 201, "sub-options": [{ code: 1, add: "'y'" }] }, 201, "\x01\x01x"],
  [{ code: 201, "sub-options": [{ code: 1, supersede: "'y'" }] }, 201, "\x01\x01y"],
  [{ code: 201, "client-class": "unnamed", "sub-options": [{ code: 1, supersede: "'y'" }] }, 201, "\x01\x01x"],
  [{ code: 201, "sub-options": [{ code: 1, remove: "member('named')" }] }, 201, undefined],
  [{ code: 201, "sub-options": [{ code: 1, remove: "member('named')", "container-remove": false }] }, 201, ""],
  [{ code: 43, "sub-options": [{ code: 1, add: "'foobar'" }] }, 43, "\x01\x06foobar"],
  [{ code: 43, "sub-options": [{ code: 1, add: "'foobar'", "container-add": false }] }, 43, undefined],
  [
    { code: 125, "sub-options": [{ space: "vendor-4491", code: 2, add: "192.0.2.53" }] },
    125,
    "\0\0\x11\x8b\x06\x02\x04\xc0\0\x025",
  ],
  [
    {
      code: 125,
      "sub-options": [
        { space: "vendor-4491", code: 2, add: "'a'" },
        { space: "vendor-9", code: 2, add: "'b'" },
      ],
    },
    125,
    "\0\0\x11\x8b\x03\x02\x01a",
  ],
])("%j: option %i is %s", async (entry, code, expected) => {
  const payload = (await replyWith(entry)).option(code);
  expect(payload && Buffer.from(payload).toString("latin1")).toBe(expected);
});
