import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { describe, expect, it } from "vitest";
import { buildMessage6, na, option, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

const dns = (address: string) => ({ "option-data": [{ name: "dns-servers", data: address }] });
const CONFIG = { ...dns("2001:db8::53"), subnet6: [{ id: 1, subnet: "2001:db8::/64", ...dns("2001:db8::54") }] };
const ASK_DNS = option(6, "0017");

describe("RFC 8415 §18.3.6: INFORMATION-REQUEST", () => {
  it.each([
    ["of the subnet", "2001:db8::1", "54"],
    ["of the global scope where no subnet fits", "2001:db8:ffff::1", "53"],
  ])("is answered with the options asked for: those %s", async (_, link, last) => {
    const client = new TestClient6(await TestServer6.start(CONFIG), 1);
    client.relays = [{ link }];
    const reply = await client.send(MessageType6.INFORMATION_REQUEST, ASK_DNS);
    expect(reply).toMatchObject({ type: "REPLY", status: undefined, ias: [] });
    expect(Buffer.from(reply!.message.option(23)!).toString("hex")).toBe(`20010db80000000000000000000000${last}`);
  });

  it("RFC 8415 §21.23: is told when to ask again, where that is configured", async () => {
    const data = [{ name: "information-refresh-time", data: "777" }];
    const client = new TestClient6(await TestServer6.start({ ...CONFIG, "option-data": data }), 1);
    const reply = await client.send(MessageType6.INFORMATION_REQUEST, option(6, "0020"));
    expect(reply?.message.u32(32)).toBe(777);
  });

  it("gets the options of its reservation", async () => {
    const reservation = { duid: "00:02:00:00:00:09:00:01", ...dns("2001:db8::55") };
    const config = { ...CONFIG, subnet6: [{ ...CONFIG.subnet6[0], reservations: [reservation] }] };
    const client = new TestClient6(await TestServer6.start(config), 1);
    const reply = await client.send(MessageType6.INFORMATION_REQUEST, ASK_DNS);
    expect(reply?.message.option(23)?.at(-1)).toBe(0x55);
  });

  it("need not say who asks", async () => {
    const server = await TestServer6.start(CONFIG);
    const reply = await server.serve(buildMessage6(MessageType6.INFORMATION_REQUEST, [ASK_DNS]));
    expect(reply?.message.optionCodes()).toEqual([2, 23]);
  });

  it("gets no answer when it wants addresses (§16.12)", async () => {
    const server = await TestServer6.start(CONFIG);
    expect(await new TestClient6(server, 1).send(MessageType6.INFORMATION_REQUEST, na(1))).toBeUndefined();
    expect(server.drops).toEqual(["unwanted-ia"]);
  });
});
