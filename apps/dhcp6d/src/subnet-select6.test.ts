import { beforeEach, describe, expect, it } from "vitest";
import { TestServer6 } from "./testing/test-server6.ts";

let server: TestServer6;
beforeEach(async () => {
  server = await TestServer6.start({
    "client-classes": [{ name: "staff" }],
    subnet6: [
      { id: 1, subnet: "2001:db8:1::/64", interface: "eth7" },
      { id: 2, subnet: "2001:db8:2::/64", "interface-id": "port7" },
      { id: 3, subnet: "2001:db8:3::/64", relay: { "ip-addresses": ["2001:db8:ffff::1"] } },
      { id: 4, subnet: "2001:db8:4::/64", "client-classes": ["staff"] },
    ],
  });
});

const ask = async (given?: object) => {
  const { result, text } = await server.ask("subnet6-select-test", given);
  return [result, text];
};
const selected = (id: number) => [0, `selected subnet '2001:db8:${id}::/64' id ${id}`];
const none = [3, "no subnet selected"];

describe("subnet6-select-test", () => {
  it.each([
    [{ interface: "eth7" }, selected(1)],
    [{ interface: "eth9" }, none],
    [{ remote: "2001:db8:2::7" }, selected(2)],
    [{ link: "2001:db8:1::1" }, selected(1)],
    [{ link: "2001:db8:ffff::1" }, selected(3)],
    [{ link: "2001:db8:1::1", "interface-id": "'port7'" }, selected(2)],
    [{ link: "2001:db8:1::1", "interface-id": "706f727437" }, selected(2)],
    [{ link: "2001:db8:1::1", "interface-id": "'port8'" }, selected(1)],
    [{ "interface-id": "'port7'" }, none],
    [{ link: "::", "interface-id": "'port7'" }, none],
    [{ link: "2001:db8:9::1", remote: "2001:db8:2::7" }, none],
    [{ link: "2001:db8:4::1" }, none],
    [{ link: "2001:db8:4::1", classes: ["staff"] }, selected(4)],
  ])("%j", async (given, answer) => {
    expect(await ask(given)).toEqual(answer);
  });

  it("what is no interface-id is an error that says what would be one", async () => {
    expect(await ask({ link: "2001:db8:1::1", "interface-id": "port7" })).toEqual([
      1,
      expect.stringContaining("single quotes"),
    ]);
  });
});
