import type { Section } from "@kotare/core/control/explanation";
import { describe, expect, it } from "vitest";
import { buildMessage6, na, option, type Part6, pd, serverId } from "../testing/test-client6.ts";
import { type Dhcp6Text, TestServer6 } from "../testing/test-server6.ts";
import { makeMessage6 } from "./make-message6.ts";

const [SOLICIT, REQUEST, RELEASE] = [1, 3, 8];

const config: Dhcp6Text = {
  "valid-lifetime": 1000,
  "preferred-lifetime": 500,
  "relay-supplied-options": ["65"],
  "option-data": [{ name: "dns-servers", data: "2001:db8::53" }],
  "client-classes": [
    { name: "modem", test: "option[17].exists" },
    { name: "all", test: "option[1].exists", "option-data": [{ name: "sntp-servers", data: "2001:db8::5" }] },
  ],
  subnet6: [
    {
      id: 1,
      subnet: "2001:db8::/64",
      pools: [{ pool: "2001:db8::10-2001:db8::13", "option-data": [{ name: "domain-search", data: "pool.example" }] }],
      "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 54, "delegated-len": 56 }],
      reservations: [
        {
          duid: "00:03:00:01:02:00:00:00:00:01",
          "ip-addresses": ["2001:db8::99"],
          hostname: "one.example.org",
          "option-data": [{ name: "new-posix-timezone", data: "EST5" }],
        },
      ],
    },
  ],
};

interface Explained {
  readonly outcome: string;
  readonly sections: readonly Section[];
  readonly reply?: string;
}

async function explain(server: TestServer6, type: number, parts: readonly Part6[]) {
  const packet = Buffer.from(buildMessage6(type, parts)).toString("hex");
  const answer = await server.ask("packet-explain", { packet });
  expect(answer).toMatchObject({ result: 0 });
  const explained = answer.arguments as unknown as Explained;
  return { ...explained, of: Object.fromEntries(explained.sections.map(({ title, lines }) => [title, lines])) };
}

const duid = (last: string) => option(1, `000300010200000000${last}`);
/** 23 to 31, 41 and 56. */
const wishes = option(6, "00170018001f00290038");

describe("a client with a reservation", () => {
  const explained = async () => explain(await TestServer6.start(config), SOLICIT, [duid("01"), na(1), pd(2), wishes]);

  it("is told what comes of it", async () => {
    const { outcome, of } = await explained();
    expect(outcome).toBe("ADVERTISE, with 2001:db8::99, 2001:db8:8000::/56");
    expect(of["leases"]).toEqual([
      "IA_NA 1, T1 250 s, T2 400 s",
      "  2001:db8::99, outside of all pools of 2001:db8::/64, for 1000 s, preferred 500 s",
      "  why: it is reserved for the client",
      "IA_PD 2, T1 250 s, T2 400 s",
      "  2001:db8:8000::/56, in a pool from 2001:db8:8000:: on of 2001:db8::/64, for 1000 s, preferred 500 s",
      "  why: any would do, and nobody has had it; the allocator is iterative",
    ]);
    expect(of["reservations"]).toEqual([
      "looked for by duid",
      "2001:db8::/64 (id 1): by duid 00:03:00:01:02:00:00:00:00:01",
      "  2001:db8::99",
      "  host name one.example.org",
    ]);
  });

  it("is told its classes, and how its subnet was found", async () => {
    const { of } = await explained();
    expect(of["classes"]).toEqual([
      "ALL, all, KNOWN",
      "modem: no, option[17].exists is false",
      "all: yes, option[1].exists is true",
    ]);
    expect(of["subnet"]).toEqual([
      "by interface eth0: none",
      "by address 2001:db8::1: 2001:db8::/64 (id 1)",
      "selected: 2001:db8::/64 (id 1)",
    ]);
  });

  it("is told where each option comes from, and what is not sent", async () => {
    const { of } = await explained();
    expect(of["options"]!.filter((line) => !line.endsWith("the exchange itself"))).toEqual([
      "23 dns-servers 2001:db8::53 <- global",
      "31 sntp-servers 2001:db8::5 <- class all",
      "41 new-posix-timezone EST5 <- reservation",
      "not sent, since no scope has it: 24 domain-search, 56 ntp-server",
    ]);
  });
});

it("names the rule by which a lease is chosen, and changes nothing", async () => {
  const server = await TestServer6.start(config);
  const rules = async () =>
    (await explain(server, REQUEST, [duid("02"), serverId, na(1), wishes])).of["leases"]?.slice(2);
  const any = ["  why: any would do, and nobody has had it; the allocator is iterative"];
  expect(await rules()).toEqual(any);
  expect(await rules()).toEqual(any);
  expect(server.leases()).toEqual([]);
  await server.serve(buildMessage6(SOLICIT, [duid("02"), na(1)]));
  expect(await rules()).toEqual(["  why: the client was offered it"]);
  await server.serve(buildMessage6(REQUEST, [duid("02"), serverId, na(1)]));
  expect(await rules()).toEqual(["  why: the client has had it"]);
  const { of } = await explain(server, REQUEST, [duid("02"), serverId, na(1), wishes]);
  expect(of["options"]).toContain("24 domain-search pool.example. <- pool 2001:db8::10-2001:db8::13");
});

it("explains a RELEASE, a message for another server, and a broken one", async () => {
  const server = await TestServer6.start(config);
  const lease = await server.serve(buildMessage6(REQUEST, [duid("02"), serverId, na(1)]));
  expect(lease).toBeDefined();
  const held = na(1, "2001:db8::10");
  const released = await explain(server, RELEASE, [duid("02"), serverId, held]);
  expect(released.outcome).toMatch(/^REPLY, released: 2001:db8::10/);
  const foreign = await explain(server, REQUEST, [duid("02"), option(2, "00030001aabbccddeeff"), na(1)]);
  expect(foreign.outcome).toMatch(/^no answer: .*RFC 8415/);
  expect(foreign.reply).toBeUndefined();
  const answer = await server.ask("packet-explain", { packet: "0100" });
  expect(answer.arguments).toMatchObject({
    outcome: expect.stringMatching(/^no answer: the message cannot be decoded/),
  });
});

it("an option that a relay supplies is told as such", async () => {
  const server = await TestServer6.start(config);
  const message = makeMessage6({
    type: undefined,
    mac: "02:00:00:00:00:03",
    clientId: undefined,
    relay: "2001:db8::1",
    address: "2001:db8::12",
    ask: [65],
    options: [],
  });
  // Option 66 with option 65, a domain name, behind what the relay has.
  const packet = `${Buffer.from(message).toString("hex")}00420009004100050361626300`;
  const { arguments: explained } = await server.ask("packet-explain", { packet });
  const { outcome, sections } = explained as unknown as Explained;
  expect(outcome).toBe("ADVERTISE, with 2001:db8::12, 2001:db8:8000::/56");
  expect(sections.find(({ title }) => title === "options")?.lines).toContainEqual(
    expect.stringMatching(/^65 .* <- a relay \(option 66\)$/),
  );
  expect(sections.find(({ title }) => title === "leases")?.lines[2]).toBe(
    "  why: the client asks for it, and nobody has had it",
  );
});
