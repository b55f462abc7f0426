/** Kea's language of expressions: what each part of it says about a packet. */
import { describe, expect, it } from "vitest";
import { formatHex } from "../base/hex.ts";
import { dhcp4Spaces } from "../dhcp4/options/dhcp4-spaces.ts";
import { dhcp6Spaces } from "../dhcp6/options/dhcp6-spaces.ts";
import { compileOptionDefs } from "../options/option-spaces.ts";
import { EvaluationError } from "./expression.ts";
import { expressions4, type Subject4, vendorClassOf4 } from "./expressions4.ts";
import { expressions6, type Subject6, vendorClassOf6 } from "./expressions6.ts";
import { compileCondition, compileValue } from "./parser.ts";
import { options6, subject4, subject6 } from "./testing/subjects.ts";

const { spaces } = compileOptionDefs(
  [
    { name: "outer", code: 130, type: "uint16", encapsulate: "one" },
    { name: "middle", code: 1, type: "empty", space: "one", encapsulate: "two" },
    { name: "inner", code: 5, type: "string", space: "two" },
  ],
  dhcp4Spaces,
);
const language4 = { family: expressions4, spaces };
const language6 = { family: expressions6, spaces: dhcp6Spaces };

const holds4 = (text: string, subject: Subject4 = subject4()) =>
  compileCondition(text, language4).expression.evaluate(subject);
const holds6 = (text: string, subject: Subject6 = subject6()) =>
  compileCondition(text, language6).expression.evaluate(subject);
const value4 = (text: string, subject: Subject4 = subject4()) =>
  Buffer.from(compileValue(text, language4).expression.evaluate(subject)).toString("latin1");
const hex6 = (text: string, subject: Subject6 = subject6()) =>
  formatHex(compileValue(text, language6).expression.evaluate(subject), "");

describe("constants", () => {
  it.each([
    ["'example'", "6578616d706c65"],
    ["''", ""],
    ["'Zürich'", "5ac3bc72696368"],
    ["0x5a7d", "5a7d"],
    ["0X5A7", "05a7"],
    ["123", "0000007b"],
    ["4294967295", "ffffffff"],
    ["10.0.0.1", "0a000001"],
    ["2001:db8::1", "20010db8000000000000000000000001"],
    ["::", "00000000000000000000000000000000"],
    ["::ffff:10.0.0.1", "00000000000000000000ffff0a000001"],
  ])("%s", (text, hex) => {
    expect(hex6(text)).toBe(hex);
  });
});

describe("conditions", () => {
  it.each([
    ["'a' == 'a'", true],
    ["'a' == 'b'", false],
    ["'a' == 'ab'", false],
    ["0x61 == 'a'", true],
    ["not 'a' == 'a'", false],
    ["not not 'a' == 'a'", true],
    // `not` first, then `and`, then `or`.
    ["not 'a' == 'b' and 'a' == 'a'", true],
    ["not 'a' == 'b' and 'a' == 'b'", false],
    ["'a' == 'a' or 'a' == 'b' and 'a' == 'b'", true],
    ["('a' == 'a' or 'a' == 'b') and 'a' == 'b'", false],
    ["'a' == 'b' and 'a' == 'b' or 'a' == 'a'", true],
    ["'a' + 'b' == 'ab'", true],
    ["('a' + 'b') == ('ab')", true],
    ["\n('a'\t== 'a')\n and\n'b'=='b' ", true],
  ])("%s", (text, expected) => {
    expect(holds4(text)).toBe(expected);
  });

  it("are looked at only as far as they decide: what comes behind may even be impossible", () => {
    expect(holds4("'a' == 'a' or uint8totext(0x0102) == ''")).toBe(true);
    expect(holds4("'a' == 'b' and uint8totext(0x0102) == ''")).toBe(false);
  });
});

describe("functions on bytes", () => {
  it.each([
    ["substring('foobar', 0, 6)", "foobar"],
    ["substring('foobar', 3, 3)", "bar"],
    ["substring('foobar', 3, all)", "bar"],
    ["substring('foobar', 1, 4)", "ooba"],
    ["substring('foobar', -5, 4)", "ooba"],
    ["substring('foobar', -1, -3)", "oba"],
    ["substring('foobar', 4, -2)", "ob"],
    ["substring('foobar', 1, -5)", "f"],
    ["substring('foobar', 10, 2)", ""],
    ["substring('foobar', 6, 1)", ""],
    ["substring('foobar', 6, -2)", ""],
    ["substring('foobar', -7, 9)", ""],
    ["substring('', 0, all)", ""],
    ["concat('foo', 'bar')", "foobar"],
    ["'foo' + 'bar' + '' + 'baz'", "foobarbaz"],
    ["split('one.two..four', '.', 1)", "one"],
    ["split('one.two..four', '.', 2)", "two"],
    ["split('one.two..four', '.', 3)", ""],
    ["split('one.two..four', '.', 4)", "four"],
    ["split('one.two..four', '.', 5)", ""],
    ["split('one.two', '.', 0)", ""],
    ["split('one.two', '.', -1)", ""],
    ["split('a-b.c', '.-', 3)", "c"],
    ["split('', '.', 1)", ""],
    ["split('one', '', 1)", "one"],
    ["lcase('LoWeR-[@`{')", "lower-[@`{"],
    ["ucase('uPpEr-[@`{')", "UPPER-[@`{"],
    ["lcase('AZaz')", "azaz"],
    ["ucase('AZaz')", "AZAZ"],
    ["split('one', '', 2)", ""],
    ["hexstring('foo', '-')", "66-6f-6f"],
    ["hexstring('foo', '')", "666f6f"],
    ["hexstring('', ':')", ""],
    ["ifelse('a' == 'a', 'us', 'them')", "us"],
    ["ifelse('a' == 'b', 'us', 'them')", "them"],
    ["addrtotext(192.10.0.1)", "192.10.0.1"],
    ["addrtotext(2003:db8::)", "2003:db8::"],
    ["addrtotext('')", ""],
    ["int8totext(-1)", "-1"],
    ["int8totext(0xff)", "-1"],
    ["int16totext(-1)", "-1"],
    ["int16totext(0x7fff)", "32767"],
    ["int32totext(-1)", "-1"],
    ["uint8totext(255)", "255"],
    ["uint16totext(0xffff)", "65535"],
    ["uint32totext(4294967295)", "4294967295"],
    ["uint16totext('')", ""],
  ])("%s", (text, expected) => {
    expect(value4(text)).toBe(expected);
  });

  it.each(["uint8totext(0x0102)", "int16totext(0x01)", "uint32totext(0x010203)", "addrtotext('abc')"])(
    "%s fails when a packet comes, as in Kea",
    (text) => {
      const { expression } = compileValue(text, language4);
      expect(() => expression.evaluate(subject4())).toThrow(EvaluationError);
    },
  );

  it("do not build values of any length", () => {
    expect(value4(`'${"x".repeat(262_143)}' + 'x'`)).toHaveLength(262_144);
    expect(() => value4(`'${"x".repeat(262_144)}' + 'x'`)).toThrow(/more than 262144/);
    const text = Array.from({ length: 12 }).reduce<string>((inner) => `hexstring(${inner}, '::::')`, "option[60].hex");
    const { expression } = compileValue(text, language4);
    expect(() => expression.evaluate(subject4([[60, "x".repeat(250)]]))).toThrow(/more than 262144/);
  });
});

describe("match", () => {
  it.each([
    ["match('foo.*bar', 'foo(any)bar')", true],
    ["match('foo', 'foobar')", false],
    ["match('(foo|bar)+[0-9]{2}', 'foobar42')", true],
    ["match('[[:alpha:]]+', 'abc')", true],
    // Bytes, not characters; a line's end is a byte like others.
    ["match('a.b', 0x610a62)", true],
    ["match('...', 0xffff00)", true],
    ["match('', '')", true],
  ])("%s", (text, expected) => {
    expect(holds4(text)).toBe(expected);
  });

  it("takes time in proportion to the value where a backtracking engine would never end", () => {
    const subject = subject4(Array.from({ length: 250 }, () => [60, "a".repeat(250)] as const));
    expect(holds4("match('(a|a|aa)+b', option[60].hex)", subject)).toBe(false);
  });
});

describe("classes", () => {
  const subject = subject4([], ["ALL", "KNOWN", "foo bar"]);
  it.each([
    ["member('foo bar')", true],
    ["member('foo')", false],
    ["known", true],
    ["unknown", false],
    ["not known", false],
  ])("%s", (text, expected) => {
    expect(holds4(text, subject)).toBe(expected);
  });

  it("that are asked for are told, with their places", () => {
    const { members } = compileCondition("member('a') or not (member('b') and unknown)", language4);
    expect([...members]).toEqual([
      ["a", 7],
      ["b", 27],
      ["KNOWN", 36],
    ]);
  });
});

describe("DHCPv4: fields of the packet", () => {
  it.each([
    ["pkt.iface == 'eth0'"],
    ["pkt.src == 192.0.2.254"],
    ["pkt.dst == 192.0.2.1"],
    ["pkt.len == 244"],
    ["pkt4.mac == 0x020000000001"],
    ["pkt4.hlen == 6"],
    ["pkt4.htype == 1"],
    ["pkt4.ciaddr == 10.0.0.1"],
    ["pkt4.yiaddr == 10.0.0.2"],
    ["pkt4.siaddr == 10.0.0.3"],
    ["pkt4.giaddr == 192.0.2.254"],
    ["pkt4.msgtype == 1"],
    ["pkt4.transid == 0xdeadbeef"],
    ["hexstring(pkt4.mac, ':') == '02:00:00:00:00:01'"],
  ])("%s", (text) => {
    expect(holds4(text)).toBe(true);
  });
});

describe("DHCPv4: options", () => {
  const relay = "0x0104 6574683 10206 020000000099".replaceAll(" ", "");
  const subject = subject4([
    [12, "host\0\0"],
    [60, "PXEClient:Arch:00007"],
    [61, "0xff00"],
    [77, ""],
    [82, relay],
    [93, "0x0007"],
    [130, "0x0102 01050503 616263".replaceAll(" ", "")],
  ]);
  it.each([
    ["option[60].hex == 'PXEClient:Arch:00007'"],
    ["option[vendor-class-identifier].text == 'PXEClient:Arch:00007'"],
    ["substring(option[60].hex, 0, 9) == 'PXEClient'"],
    ["option[12].hex == 'host'"],
    ["option[61].hex == 0xff00"],
    ["option[77].exists and option[77].hex == ''"],
    ["not option[99].exists and option[99].hex == ''"],
    ["option[93].hex == 0x0007"],
    ["option[93].text == 'type=093, len=002: 7(uint16)'"],
    ["option[82].exists and option[82].option[1].hex == 'eth1'"],
    ["option[82].option[2].hex == 0x020000000099"],
    ["relay4[1].hex == 'eth1' and relay4[circuit-id].exists"],
    ["not relay4[9].exists and relay4[9].hex == ''"],
    ["not option[61].option[1].exists and option[61].option[1].hex == ''"],
    ["option[130].option[1].exists"],
    ["option[130].option[1].option[5].hex == 'abc'"],
    ["option[outer].option[middle].option[inner].text == 'abc'"],
    ["not option[130].option[2].option[5].exists"],
  ])("%s", (text) => {
    expect(holds4(text, subject)).toBe(true);
  });

  it("RFC 3396 §7: several pieces are one", () => {
    const pieces = subject4([
      [60, "abc"],
      [82, "0x010161"],
      [60, "def"],
      [82, "0x010162"],
    ]);
    expect(value4("option[60].hex + relay4[1].hex", pieces)).toBe("abcdefab");
  });

  it.each(["0x01", "0x0105", "0x010561", "0x02016101ff"])("a broken option 82 (%s) has no sub-option", (payload) => {
    expect(holds4("relay4[1].exists", subject4([[82, payload]]))).toBe(false);
  });
});

describe("DHCPv4: vendors (RFC 3925)", () => {
  const subject = subject4([
    [124, "0x0000000a 04 03666f6f 0000118b 0a 03626172 05 7a6f6f6d21".replaceAll(" ", "")],
    [125, "0x0000000a 03 0101aa 0000118b 07 0101bb 0202ccdd".replaceAll(" ", "")],
  ]);
  it.each([
    ["vendor[*].exists and vendor[0].exists and vendor[10].exists and vendor[4491].exists"],
    ["not vendor[11].exists"],
    ["vendor.enterprise == 10 and vendor-class.enterprise == 10"],
    ["vendor[10].option[1].hex == 0xaa"],
    ["vendor[4491].option[1].hex == 0xbb"],
    ["vendor[4491].option[2].exists and not vendor[10].option[2].exists"],
    // Kea looks at the first vendor only.
    ["vendor[*].option[2].hex == 0xccdd"],
    ["vendor-class[4491].exists and vendor-class[*].exists and not vendor-class[1].exists"],
    ["vendor-class[10].data == 'foo' and vendor-class[*].data == 'foo'"],
    ["vendor-class[4491].data[0] == 'bar' and vendor-class[4491].data[1] == 'zoom!'"],
    ["vendor-class[4491].data[2] == '' and vendor-class[4491].data[4294967295] == ''"],
    ["option[125].option[2].hex == 0xccdd"],
  ])("%s", (text) => {
    expect(holds4(text, subject)).toBe(true);
  });

  it.each(["0x", "0x0000", "0x0000000a09aa"])("broken ones (%s) are none", (payload) => {
    expect(holds4("vendor[*].exists or vendor.enterprise == 10", subject4([[125, payload]]))).toBe(false);
  });

  it("name the class that option 60 gives", () => {
    expect(Buffer.from(vendorClassOf4(subject4([[60, "docsis3.0"]]))).toString()).toBe("docsis3.0");
    expect(Buffer.from(vendorClassOf4(subject4([[60, "0x610000"]]))).toString()).toBe("a");
    expect(vendorClassOf4(subject4()).length).toBe(0);
  });
});

it.each(["0x", "0x00", "0x0000"])("text with nothing in it (%s) counts as absent (RFC 2132 §2)", (payload) => {
  expect(holds4("option[12].exists or option[82].option[19].exists", subject4([[12, payload]]))).toBe(false);
  expect(holds4("option[12].hex == '' and option[12].text == ''", subject4([[12, payload]]))).toBe(true);
  expect(holds4("option[77].exists", subject4([[77, payload]]))).toBe(true);
});

describe("DHCPv6", () => {
  const subject = subject6(
    [
      [1, "0x00030001020000000001"],
      [3, `0x0000000100000000ffffffff${options6([[5, `0x20010db8${"00".repeat(12)}0000000a0000000b`]])}`],
      [16, "0x0000118b 0003 666f6f 0003 626172".replaceAll(" ", "")],
      [17, "0x0000000a 0001 0001 aa".replaceAll(" ", "")],
      [17, "0x0000118b 0001 0001 bb 0002 0001 63".replaceAll(" ", "")],
    ],
    [
      [[18, "near"]],
      [
        [18, "far"],
        [37, "0x0000118b62"],
      ],
    ],
  );
  it.each([
    ["pkt6.msgtype == 1 and pkt6.transid == 0x00abcdef"],
    ["pkt.src == fe80::1 and pkt.dst == ff02::1:2 and pkt.iface == 'eth0'"],
    ["option[1].hex == 0x00030001020000000001"],
    ["substring(option[clientid].hex, 0, 2) == 0x0003"],
    ["option[3].option[5].exists and not option[3].option[26].exists"],
    ["substring(option[3].option[5].hex, 0, 16) == 2001:db8::"],
    ["relay6[0].option[18].hex == 'far' and relay6[1].option[18].hex == 'near'"],
    ["relay6[-1].option[interface-id].hex == 'near' and relay6[-2].option[18].hex == 'far'"],
    ["relay6[0].option[37].exists and not relay6[1].option[37].exists"],
    ["not relay6[2].option[18].exists and relay6[2].option[18].hex == ''"],
    ["relay6[0].peeraddr == fe80::b and relay6[0].linkaddr == 2001:db8::2"],
    ["relay6[-1].peeraddr == fe80::a and relay6[2].peeraddr == '' and relay6[-3].linkaddr == ''"],
    ["vendor[10].option[1].hex == 0xaa and vendor[4491].option[1].hex == 0xbb"],
    ["vendor[4491].option[2].exists and vendor.enterprise == 10"],
    ["vendor-class[4491].data == 'foo' and vendor-class[*].data[1] == 'bar'"],
    ["vendor-class.enterprise == 4491 and not vendor-class[10].exists"],
  ])("%s", (text) => {
    expect(holds6(text, subject)).toBe(true);
  });

  it("names the class that the first text of option 16 gives", () => {
    expect(Buffer.from(vendorClassOf6(subject)).toString()).toBe("foo");
    expect(vendorClassOf6(subject6()).length).toBe(0);
  });
});

it("what of the packet is looked at can be shown", () => {
  const { sights } = compileCondition(
    "option[60].hex == 'x' and (member('a') or lcase( option[12].hex )=='b')",
    language4,
  );
  const subject = subject4([[60, "y"]], ["a"]);
  expect(sights.map(({ text, evaluate }) => [text, evaluate(subject)])).toEqual([
    ["option[60].hex", new Uint8Array(Buffer.from("y"))],
    ["member('a')", true],
    ["lcase( option[12].hex )", new Uint8Array(0)],
  ]);
});
