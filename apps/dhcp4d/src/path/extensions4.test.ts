/** Extensions in the packet path: what they say counts, and a fault of theirs costs the packet that they were asked about. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startingWith } from "@kotare/core/extensions/testing/module-file";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { macOf, TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

const EXAMPLES = new URL("../../../../deploy/extensions/", import.meta.url);
const SUBNET = {
  id: 7,
  subnet: "192.0.2.0/24",
  pools: [
    { pool: "192.0.2.10-192.0.2.19", "client-class": "printers" },
    { pool: "192.0.2.100-192.0.2.199", "client-class": "others" },
  ],
};
const CLASSES = [{ name: "printers" }, { name: "others", test: "not member('printers')" }];

function start(library: string, parameters: object = {}): Promise<TestServer4> {
  return TestServer4.start({
    subnet4: [SUBNET],
    "client-classes": CLASSES,
    "hooks-libraries": [{ library, parameters }],
  });
}

async function addressOf(server: TestServer4, number: number): Promise<string | undefined> {
  return (await new TestClient4(server, number).discover())?.yiaddr;
}

describe("identify", () => {
  it("gives classes that tests of other classes see", async () => {
    const library = startingWith(`return { identify: ({ mac, type, family, interface: name, option }) => ({
      classes: mac === "${macOf(1)}" && type === "DHCPDISCOVER" && family === 4 && name === "eth0" ? ["printers"] : [],
    }) };`);
    const server = await start(library);
    expect(await addressOf(server, 1)).toBe("192.0.2.10");
    expect(await addressOf(server, 2)).toBe("192.0.2.100");
  });

  it("reads options and the client identifier", async () => {
    const library = startingWith(`return { identify(query) {
      const vendor = query.option(60);
      return vendor?.toString() === query.clientId?.toString() ? { classes: ["printers"] } : undefined;
    } };`);
    const server = await start(library);
    const ask = (bytes: number[]) =>
      new TestClient4(server, 1, { clientId: Uint8Array.of(1, 2, 3) }).discover({ options: [[60, bytes]] });
    expect((await ask([1, 2, 3]))?.yiaddr).toBe("192.0.2.10");
    expect((await ask([1, 2, 4]))?.yiaddr).toBe("192.0.2.100");
  });

  it.each([
    ["throws", 'throw new TypeError("planted");', "planted"],
    ["gives a promise", 'return Promise.reject(new Error("nobody waits"));', "identify has to answer at once"],
    ["gives no names", "return { classes: [1] };", "identify gave classes that are not names"],
    ["gives no list", 'return { classes: "printers" };', "every is not a function"],
  ])("if it %s, only the packet concerned is lost", async (_, fault, words) => {
    const body = `return { identify({ mac }) { if (mac === "${macOf(1)}") { ${fault} } return { classes: ["printers"] }; } };`;
    const server = await start(startingWith(body));
    const messages = [1, 2, 1].map((number) => new TestClient4(server, number).discoverMessage());
    const replies = await server.serve(...messages);
    expect(replies.map(({ chaddr }) => chaddr)).toEqual([macOf(2)]);
    expect(server.drops()).toEqual(["extension-failed", "extension-failed"]);
    expect(server.counts()).toMatchObject({ "pkt4-receive-drop": 2, "pkt4-processing-failed": 2 });
    const told = server.log.lines.filter((line) => line.startsWith("EXTENSION_FAILED"));
    expect(told).toEqual([expect.stringContaining("extension test failed; 1 packets not answered: ")]);
    expect(told[0]).toContain(words);
    expect(server.log.lines.find((line) => line.startsWith("DHCP4_PACKET_DROP"))).toContain(
      "dropped, extension-failed: an extension has a fault; see the log (-) extension test: ",
    );
  });
});

it("the example of MAC addresses gives a class, and sees changes of its file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "macs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "macs");
  writeFileSync(file, `# printers\n${macOf(1).toUpperCase()} # first floor\n\n`);
  const server = await start(fileURLToPath(new URL("mac-classes.mjs", EXAMPLES)), { file, class: "printers" });
  expect(await addressOf(server, 1)).toBe("192.0.2.10");
  expect(await addressOf(server, 2)).toBe("192.0.2.100");
  writeFileSync(`${file}.new`, macOf(2));
  renameSync(`${file}.new`, file);
  await vi.waitFor(
    () => expect(server.log.lines).toContain(`EXTENSION_SAYS_INFO mac-classes: ${file} has 1 addresses now`),
    60_000,
  );
  expect(await addressOf(server, 2)).toBe("192.0.2.11");
});
