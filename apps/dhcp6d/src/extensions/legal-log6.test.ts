/** `libdhcp_legal_log.so`: what formats see of a message with several leases. Kea's own words are the oracle's matter. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { na, pd, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "legal-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

async function start(parameters: object): Promise<TestClient6> {
  const server = await TestServer6.start({
    "valid-lifetime": 600,
    "preferred-lifetime": 300,
    subnet6: [
      {
        id: 7,
        subnet: "2001:db8::/64",
        interface: "eth0",
        pools: [{ pool: "2001:db8::10-2001:db8::1f" }],
        "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
      },
    ],
    "hooks-libraries": [
      { library: "/x/libdhcp_legal_log.so", parameters: { path: folder, "timestamp-format": "T", ...parameters } },
    ],
  });
  return new TestClient6(server, 1);
}

const lines = () =>
  readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), "latin1").split("\n").slice(0, -1));

/** The lease, in the words of Kea's manual, and the bytes of its association. */
const FORMAT = `ifelse(option[3].exists,
  concat(addrtotext(substring(option[3].option[5].hex, 0, 16)), concat(' ', hexstring(option[3].hex, ''))),
  concat(addrtotext(substring(option[25].option[26].hex, 9, 16)), concat(' ', hexstring(option[25].hex, ''))))`;
/** Preferred for 300 seconds, valid for 600. */
const TIMES = "0000012c00000258";
const ENTRIES = [
  `T 2001:db8::10 00000001000000000000000000050018${"20010db8000000000000000000000010"}${TIMES}`,
  `T 2001:db8::11 00000002000000000000000000050018${"20010db8000000000000000000000011"}${TIMES}`,
  `T 2001:db8:8000:: 000000030000000000000000001a0019${TIMES}38${"20010db8800000000000000000000000"}`,
];

it.each([
  ["without relays", []],
  ["through relays", [{ link: "2001:db8::1" }, { link: "2001:db8::2" }]],
])("an entry has its own lease only, of an answer %s", async (_, relays) => {
  const client = await start({ "response-parser-format": FORMAT });
  client.relays = relays;
  await client.request(na(1), na(2), pd(3));
  expect(lines()).toEqual(ENTRIES);
});

it("a lease that the message does not name has none of its associations", async () => {
  const client = await start({ "request-parser-format": "ifelse(option[3].exists, 'named', 'not named')" });
  await client.request(na(1));
  await client.renew(na(1, "2001:db8::10"));
  expect(lines()).toEqual(["T not named", "T named"]);
});
