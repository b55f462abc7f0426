import { describe, expect, expectTypeOf, it } from "vitest";
import { parseIpv6Key } from "../ip/ipv6-key.ts";
import { debug, defineMessages, error, info } from "./catalogue.ts";
import type { Logger } from "./logger.ts";
import { RecordingLogger } from "./testing/recording-logger.ts";

const messages = defineMessages("leases", {
  T_PLAIN: info("lease {address} for {client} given", "doc"),
  T_TYPED: error("lease {address:ipv4} hw {hwaddr:hex} cid {clientId:hex} tid {xid:xid}", "doc"),
  T_LEASE: info("{where:ipv6}: {lease:prefix}, {whole:prefix}{name:host}", "doc"),
  T_BARE: debug(40, "nothing to say", "doc"),
});

describe("a message", () => {
  it("knows its id, logger, severity and rank", () => {
    expect(messages.T_PLAIN).toMatchObject({ id: "T_PLAIN", logger: "leases", severity: "INFO", rank: 4 });
    expect(messages.T_BARE).toMatchObject({ severity: "DEBUG", debugLevel: 40, rank: 45 });
  });

  it("puts values where their names stand", () => {
    expect(messages.T_PLAIN.format({ address: "192.0.2.1", client: 7 })).toBe("T_PLAIN lease 192.0.2.1 for 7 given");
    expect(messages.T_BARE.format()).toBe("T_BARE nothing to say");
  });

  it("formats addresses, bytes and transaction ids itself, so that a suppressed line costs no formatting", () => {
    const text = messages.T_TYPED.format({
      address: 0xc0000201,
      hwaddr: Uint8Array.of(1, 0xab),
      clientId: undefined,
      xid: 0xbeef,
    });
    expect(text).toBe("T_TYPED lease 192.0.2.1 hw 01:ab cid - tid 0x0000beef");
  });

  it("formats IPv6 addresses and prefixes, and a host's name where there is one", () => {
    const address = parseIpv6Key("2001:db8::1")!;
    const fields = { where: address, lease: { address: parseIpv6Key("2001:db8:ff00::")!, length: 40 } };
    const lease = { ...fields, whole: { address, length: 128 } };
    const text = "T_LEASE 2001:db8::1: 2001:db8:ff00::/40, 2001:db8::1";
    expect(messages.T_LEASE.format({ ...lease, name: "a\nb" })).toBe(`${text}, host a\\x0ab`);
    expect(messages.T_LEASE.format({ ...lease, name: "" })).toBe(text);
    expect(messages.T_LEASE.format({ ...lease, name: undefined })).toBe(text);
  });

  it.each([
    ["a newline", "a\nFAKE_ID line", "a\\x0aFAKE_ID line"],
    ["a terminal sequence", "\u001b[31mred", "\\x1b[31mred"],
    ["a C1 control", "\u009b31m", "\\x9b31m"],
    ["a change of direction", "\u202etxt.exe", "\\u202etxt.exe"],
    ["a line separator", "a\u2028b", "a\\u2028b"],
    ["letters of any script", "Grüße 東京", "Grüße 東京"],
  ])("lets no value break out of the line: %s", (_, value, shown) => {
    expect(messages.T_PLAIN.format({ address: value, client: "c" })).toBe(`T_PLAIN lease ${shown} for c given`);
  });
});

describe("the arguments of log", () => {
  it("are exactly the placeholders of the text", () => {
    const logger = new RecordingLogger();
    logger.log(messages.T_BARE);
    expect(logger.lines).toEqual(["T_BARE nothing to say"]);

    const typed: Logger = logger;
    typed.log(messages.T_BARE);
    typed.log(messages.T_PLAIN, { address: "a", client: 1 });
    expectTypeOf(messages.T_PLAIN.format).parameters.toEqualTypeOf<
      [values: { readonly address: string | number | boolean; readonly client: string | number | boolean }]
    >();
    expectTypeOf(messages.T_BARE.format).parameters.toEqualTypeOf<[]>();
  });
});
