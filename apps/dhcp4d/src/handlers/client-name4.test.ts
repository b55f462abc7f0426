import { text } from "@kotare/testkit/payloads";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { macOf, type Query4Change, TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";

const LAN = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] };

interface Told {
  /** Option 12 of the ACK. */
  readonly hostName: string | undefined;
  /** Option 81 of the ACK: flags, and the name as it stands there. */
  readonly fqdn: string | undefined;
  /** What the lease has. */
  readonly lease: string;
}

async function tell(options: Query4Change["options"], config: Dhcp4Text = {}): Promise<Told> {
  const server = await TestServer4.start({ subnet4: [LAN], ...config });
  const ack = await new TestClient4(server, 1).bind({ options: options ?? [] });
  expect(server.drops()).toEqual([]);
  const fqdn = ack.option(81);
  // RFC 4702 §2.2: what a server sends as RCODE1 and RCODE2.
  if (fqdn !== undefined) expect([fqdn[1], fqdn[2]]).toEqual([255, 255]);
  return {
    hostName: ack.text(12),
    fqdn: fqdn && `${fqdn[0]} ${Buffer.from(fqdn.slice(3)).toString("latin1")}`,
    lease: server.lease(ack.yiaddr)!.hostname,
  };
}

const reserved = (hostname: string) => ({
  subnet4: [{ ...LAN, reservations: [{ "hw-address": macOf(1), hostname }] }],
});
const host = (name: string) => [[12, text(name)] as const];
const fqdn = (flags: number, name: string) => [[81, [flags, 0, 0, ...text(name)]] as const];
const suffix = { "ddns-qualifying-suffix": "example.org." };

describe("RFC 2132 §3.14: the host name", () => {
  it.each<[string, Query4Change["options"], Dhcp4Text, string | undefined, string]>([
    ["of a client without one is none", [], {}, undefined, ""],
    ["comes back and stands in the lease", host("laptop"), {}, "laptop", "laptop"],
    ["is in lower case", host("LapTop"), {}, "laptop", "laptop"],
    ["gets the suffix when it is one label", host("laptop"), suffix, "laptop.example.org", "laptop.example.org"],
    ["with a domain keeps it", host("laptop.example.net"), suffix, "laptop.example.net", "laptop.example.net"],
    ["loses its final dot", host("laptop."), {}, "laptop", "laptop"],
    ["loses trailing NULs (RFC 2132 §2)", host("laptop\0\0"), {}, "laptop", "laptop"],
    [
      "has no characters that names must not have",
      host("my laptop!"),
      { "hostname-char-replacement": "-" },
      "my-laptop-",
      "my-laptop-",
    ],
    ["of none but such characters is none (CVE-2025-11232)", host("!!!"), {}, undefined, ""],
    ["that is empty is none", host(""), {}, undefined, ""],
    ["of NULs is none", host("\0\0"), {}, undefined, ""],
    ["is the reserved one where there is one", host("laptop"), reserved("printer"), "printer", "printer"],
    ["that is reserved is told to a client that asks for it", [[55, [12]]], reserved("printer"), "printer", "printer"],
    [
      "that is reserved gets the suffix",
      host("x"),
      { ...suffix, ...reserved("printer") },
      "printer.example.org",
      "printer.example.org",
    ],
  ])("%s", async (_, options, config, hostName, lease) => {
    expect(await tell(options, config)).toEqual({ hostName, fqdn: undefined, lease });
  });
});

describe("RFC 4702 §4: the client FQDN", () => {
  const S = 1;
  const O = 2;
  const E = 4;
  const N = 8;

  it.each<[string, Query4Change["options"], Dhcp4Text, string, string]>([
    [
      "is answered with N: we send no updates",
      fqdn(0, "laptop.example.net"),
      {},
      `${N} laptop.example.net`,
      "laptop.example.net.",
    ],
    ["with S is overruled", fqdn(S, "laptop.example.net"), {}, `${N | O} laptop.example.net`, "laptop.example.net."],
    ["with N keeps it", fqdn(N, "laptop.example.net"), {}, `${N} laptop.example.net`, "laptop.example.net."],
    ["that is partial gets the suffix", fqdn(0, "laptop"), suffix, `${N} laptop.example.org`, "laptop.example.org."],
    [
      "in wire form is answered in wire form",
      [[81, [E, 0, 0, 1, 97, 2, 98, 99, 0]]],
      {},
      `${N | E} \u0001a\u0002bc\0`,
      "a.bc.",
    ],
    [
      "has no characters that names must not have",
      fqdn(0, "my host!.example.net"),
      {},
      `${N} myhost.example.net`,
      "myhost.example.net.",
    ],
    [
      "that is empty is made of the address",
      fqdn(0, ""),
      { ...suffix, "ddns-generated-prefix": "dyn" },
      `${N} dyn-192-0-2-10.example.org`,
      "dyn-192-0-2-10.example.org.",
    ],
    [
      "is the reserved name where there is one",
      fqdn(0, "laptop.example.net"),
      { ...suffix, ...reserved("printer") },
      `${N} printer.example.org`,
      "printer.example.org.",
    ],
  ])("%s", async (_, options, config, answer, lease) => {
    const told = await tell(options, config);
    expect([told.fqdn?.replace(/\.$/, ""), told.lease]).toEqual([answer, lease]);
  });

  it.each(["!!!", "a.!.b"])("that loses a whole label, such as %s, is none (CVE-2025-11232)", async (name) => {
    expect(await tell(fqdn(S, name), suffix)).toEqual({ hostName: undefined, fqdn: undefined, lease: "" });
  });

  it("with an empty label costs the packet, or the option with lenient-option-parsing (ChangeLog 2519)", async () => {
    const options = fqdn(0, "a..b");
    await expect(tell(options)).rejects.toThrow("DISCOVER was answered with undefined");
    const lenient = { compatibility: { "lenient-option-parsing": true } };
    expect(await tell(options, lenient)).toEqual({ hostName: undefined, fqdn: undefined, lease: "" });
  });

  it("that has no room for the suffix costs the name, not the lease", async () => {
    const label = "x".repeat(63);
    const long = { "ddns-qualifying-suffix": [label, label, label, "y".repeat(60)].join(".") };
    expect((await tell(fqdn(0, "laptop"), long)).lease).toBe("");
  });

  it("comes before the host name, which is then not told", async () => {
    const told = await tell([...host("other"), ...fqdn(0, "laptop.example.net")]);
    expect([told.hostName, told.lease]).toEqual([undefined, "laptop.example.net."]);
  });
});

it.each([12, 81])("CVE-2019-6473, CVE-2022-2929: any bytes in option %i cost at most the packet", async (code) => {
  const server = await TestServer4.start({ ...suffix, subnet4: [LAN] });
  const client = new TestClient4(server, 1);
  const lengths = [0, 1, 2, 3, 62, 63, 64, 65, 250, 253, 254, 255].map((length) => new Uint8Array(length).fill(97));
  const any = fc.uint8Array({ maxLength: 255 });
  await fc.assert(
    fc.asyncProperty(any, async (payload) => {
      const dropped = server.drops().length;
      const offer = await client.discover({ options: [[code, payload]] });
      expect(offer === undefined).toBe(server.drops().length > dropped);
      if (offer === undefined) expect(server.drops().at(-1)).toBe("malformed");
    }),
    { numRuns: 300, examples: lengths.map((payload) => [payload]) },
  );
});
