import { describe, expect, it } from "vitest";
import { na, option, type Part6, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

const LAN = {
  id: 1,
  subnet: "2001:db8::/64",
  pools: [{ pool: "2001:db8::10-2001:db8::1f" }],
  reservations: [{ duid: "00:02:00:00:00:09:00:02", hostname: "desk" }],
};

async function ask(isLenient: boolean, number: number, parts: readonly Part6[], relayOptions: readonly Part6[] = []) {
  const server = await TestServer6.start({
    "mac-sources": ["remote-id"],
    compatibility: { "lenient-option-parsing": isLenient },
    "option-data": [{ name: "config-file", space: "vendor-4491", data: "cm.cfg", "always-send": true }],
    subnet6: [LAN],
  });
  const client = new TestClient6(server, number);
  client.relays = [{ link: "2001:db8::1", options: relayOptions }];
  return { server, reply: await client.request(na(1), ...parts) };
}

describe("lenient-option-parsing", () => {
  it.each<readonly [string, readonly Part6[]]>([
    ["a name with an empty label", [option(39, "00016100016200")]],
    ["a name with N and S at once", [option(39, "050161")]],
    ["vendor options without an enterprise", [option(17, "0000")]],
    ["sub-options of a vendor cut short", [option(17, "0000118b0001")]],
    ["a vendor class without an enterprise", [option(16, "00")]],
  ])("bears %s, which costs the packet otherwise", async (_, parts) => {
    const strict = await ask(false, 1, parts);
    expect(strict.reply).toBeUndefined();
    expect(strict.server.drops).toEqual(["malformed"]);
    const { reply } = await ask(true, 1, parts);
    expect(reply?.ias[0]).toContain(" 2001:db8::10 ");
    expect(reply?.message.option(39)).toBeUndefined();
  });

  it.each<readonly [string, readonly Part6[]]>([
    ["a remote-id without an enterprise", [option(37, "0000")]],
    ["half the type of a link", [option(79, "00")]],
    ["supplied options cut short", [option(66, "0041")]],
  ])("or not, a relay's %s costs the relay's word and not the client's service", async (_, relayOptions) => {
    const { reply } = await ask(false, 1, [], relayOptions);
    expect(reply?.ias[0]).toContain(" 2001:db8::10 ");
  });

  it("keeps the reserved name where the client's is broken", async () => {
    const { server } = await ask(true, 2, [option(39, "00016100016200")]);
    expect(server.lease("address", "2001:db8::10")?.hostname).toBe("desk");
  });

  it.each([
    ["a DUID of no bytes", [option(1)]],
    ["an association cut short", [option(3, "0000")]],
    ["a prefix of 129 bits", [option(25, `${"00".repeat(12)}001a0019${"00".repeat(8)}81${"00".repeat(16)}`)]],
  ])("does not bear %s", async (_, parts) => {
    const { server } = await ask(true, 1, parts);
    expect(server.drops).toHaveLength(1);
  });
});
