/** A packet is decided about as it would be for a client, whatever that takes. */
import { startingWith } from "@kotare/core/extensions/testing/module-file";
import { buildMessage4, type Message4Fields } from "@kotare/testkit/build-message4";
import { describe, expect, it } from "vitest";
import { macOf } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";
import type { TestServer4Options } from "../testing/test-server4-options.ts";

const SUBNET = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] };

const start = (config: Dhcp4Text = {}, options: TestServer4Options = {}) =>
  TestServer4.start({ "valid-lifetime": 600, subnet4: [SUBNET], ...config }, options);

const extended = (contributions: string) =>
  start({ "hooks-libraries": [{ library: startingWith(`return { ${contributions} };`), parameters: {} }] });

function ask(server: TestServer4, fields: Message4Fields = {}) {
  const payload = buildMessage4({ type: 1, xid: 1, chaddr: macOf(1), ...fields });
  return server.ask("packet-explain", { packet: Buffer.from(payload).toString("hex") });
}

async function outcomeOf(server: TestServer4, fields: Message4Fields = {}): Promise<unknown> {
  const { result, arguments: explained } = await ask(server, fields);
  expect(result).toBe(0);
  return explained?.["outcome"];
}

const OFFER = "DHCPOFFER of 192.0.2.10 for 600 s";

it("says that the service is off", async () => {
  const server = await start();
  await server.ask("dhcp-disable");
  expect(await outcomeOf(server)).toMatch(/^no answer: the service is switched off/);
  await server.ask("dhcp-enable");
  expect(await outcomeOf(server)).toBe(OFFER);
});

it("says which option is broken, and what is known so far", async () => {
  const server = await start();
  const { arguments: explained } = await ask(server, { options: [[61, [1]]] });
  expect(explained).toMatchObject({ outcome: "no answer: option 61 at offset 245: has 1 bytes instead of 2 to 255" });
  expect(explained).not.toHaveProperty("reply");
  const sections = explained?.["sections"] as { title: string }[] | undefined;
  expect(sections?.map(({ title }) => title)).toEqual(["message"]);
});

it("a fault of ours is an error that names it", async () => {
  const server = await start(
    {},
    {
      random() {
        throw new TypeError("planted");
      },
    },
  );
  expect(await ask(server)).toMatchObject({ result: 1, text: expect.stringContaining("planted") });
});

describe("extensions", () => {
  it.each(["load", "isSlow: true, load"])("are asked for facts (%s)", async (load) => {
    const server = await extended(
      `facts: { ${load}: async (keys) => new Map(keys.map((key) => [key, "a fact"])) },
       identify: ({ mac }, ask) => ({ classes: ask(mac) === "a fact" ? ["found"] : [] })`,
    );
    const { arguments: explained } = await ask(server);
    expect(explained).toMatchObject({ outcome: OFFER });
    const sections = explained?.["sections"] as { title: string; lines: string[] }[];
    expect(sections.find(({ title }) => title === "classes")?.lines[0]).toContain("found");
    expect(server.leases()).toEqual([]);
  });

  it("that refuse a client, or fail, are named", async () => {
    const refusing = await extended(`identify: () => ({ drop: "not today" })`);
    expect(await outcomeOf(refusing)).toMatch(/^no answer: .*not today/);
    const failing = await extended(`identify: () => { throw new Error("no idea"); }`);
    expect(await outcomeOf(failing)).toMatch(/^no answer: .*no idea/);
  });

  it("that never say what they are asked do not hold it up for ever", async () => {
    const server = await extended(
      `facts: { load: async (keys) => new Map(keys.map((key) => [key, 1])) },
       identify: (query, ask) => { for (let i = 0; ask(String(i)) !== undefined; i++); return {}; }`,
    );
    expect(await ask(server)).toMatchObject({ result: 1, text: "what it takes to decide kept changing" });
  });
});

it("reservations in a host database are asked for", async () => {
  const reserved = { "hw-address": macOf(1), "ip-address": "192.0.2.99" };
  const server = await start({ subnet4: [{ ...SUBNET, reservations: [reserved] }] }, { keepsHostsElsewhere: true });
  expect(await outcomeOf(server)).toBe("DHCPOFFER of 192.0.2.99 for 600 s");
});
