/** Messages that no correct client or relay sends: what is broken costs the option or the message, as on Kea. */
import { hex, text, u16, u32 } from "@kotare/testkit/payloads";
import { ipv6Bytes } from "../../wire/ipv6-text.ts";
import type { Option } from "../../wire/message4.ts";
import { encodeOptions6, MessageType6 } from "../../wire/message6.ts";
import { asks, tells } from "../scene.ts";
import { client, home, homePrefix, na, pd, query, type RelaySpec, relayed, solicit } from "./client.ts";
import { LAN } from "./lan.ts";
import { bind, binds } from "./play.ts";
import type { Exchange6, Scene6 } from "./stage.ts";

/** A SOLICIT of client `number` with these options behind the usual ones. */
function saying(number: number, ...options: readonly Option[]): ReturnType<typeof solicit> {
  return solicit(client(number), [na(1, home(number))], { options });
}

/** A SOLICIT with these options only. */
function only(number: number, ...options: readonly Option[]): ReturnType<typeof solicit> {
  return { ...query(client(number), MessageType6.SOLICIT, []), options };
}

function withDuid(number: number, length: number): Exchange6 {
  const duid = Uint8Array.from({ length }, (_, i) => (i < 2 ? i * 4 : number));
  return tells(`a DUID of ${length} bytes`, only(number, [1, duid], na(1, home(number))));
}

function iaWith(code: 3 | 25, number: number, ...inner: readonly Option[]): Option {
  return [code, Buffer.concat([u32(number, 0, 0), encodeOptions6(inner)])];
}

function address(text: string, ...inner: readonly Option[]): Option {
  return [5, Buffer.concat([ipv6Bytes(text), u32(0, 0), encodeOptions6(inner)])];
}

function prefix(text: string, length: number, ...inner: readonly Option[]): Option {
  return [26, Buffer.concat([u32(0, 0), Buffer.of(length), ipv6Bytes(text), encodeOptions6(inner)])];
}

const options: Exchange6[] = [
  withDuid(1, 0),
  withDuid(2, 1),
  withDuid(3, 2),
  withDuid(4, 3),
  withDuid(5, 128),
  withDuid(6, 130),
  withDuid(7, 131),
  withDuid(8, 1300),
  tells("a DUID of zeros", only(9, [1, hex("000000")], na(1, home(9)))),
  tells("no DUID", only(10, na(1, home(10)))),
  tells("two DUIDs", only(11, [1, client(11).duid], [1, client(12).duid], na(1, home(11)))),
  tells("a server identifier of 0 bytes in a REQUEST", {
    ...query(client(13), MessageType6.REQUEST, []),
    options: [[1, client(13).duid], [2, new Uint8Array()], na(1, home(13))],
  }),
  asks("an option nobody knows", saying(14, [4711, hex("0102")], [0xffff, new Uint8Array()], [0, hex("00")])),
  tells("an IA_NA of 0 bytes", only(15, [1, client(15).duid], [3, new Uint8Array()])),
  tells("an IA_NA of 11 bytes", only(16, [1, client(16).duid], [3, new Uint8Array(11)])),
  asks("an IA_NA of 12 bytes", only(17, [1, client(17).duid], [3, new Uint8Array(12)])),
  tells("an IA_PD of 11 bytes", only(18, [1, client(18).duid], [25, new Uint8Array(11)])),
  tells("an address of 23 bytes", only(19, [1, client(19).duid], iaWith(3, 1, [5, new Uint8Array(23)]))),
  tells("a prefix of 24 bytes", only(20, [1, client(20).duid], iaWith(25, 1, [26, new Uint8Array(24)]))),
  tells("a prefix in an IA_NA", only(21, [1, client(21).duid], iaWith(3, 1, prefix("2001:db8:8000:2100::", 56)))),
  tells("an address in an IA_PD", only(22, [1, client(22).duid], iaWith(25, 1, address(home(22))))),
  tells("a prefix of 0 bits", only(23, [1, client(23).duid], pd(1, "::/0"))),
  tells("a prefix of 128 bits", only(24, [1, client(24).duid], pd(1, "2001:db8:8000:2400::/128"))),
  tells("a prefix of 129 bits", only(25, [1, client(25).duid], pd(1, "2001:db8:8000:2500::/129"))),
  tells("a prefix of 255 bits", only(26, [1, client(26).duid], pd(1, "2001:db8:8000:2600::/255"))),
  asks("an address of zeros", saying(27, na(2, "::"))),
  tells("a multicast address", only(28, [1, client(28).duid], na(1, "ff02::1"))),
  tells("an inner option longer than its association", {
    ...only(29),
    options: [
      [1, client(29).duid],
      [3, Buffer.concat([u32(1, 0, 0), u16(5, 24), ipv6Bytes(home(29))])],
    ],
  }),
  tells("half an option header in an association", {
    ...only(30),
    options: [
      [1, client(30).duid],
      [3, Buffer.concat([u32(1, 0, 0), hex("0005 00")])],
    ],
  }),
  asks("options that belong elsewhere in an association", {
    ...only(31),
    options: [[1, client(31).duid], iaWith(3, 1, [1, hex("0102")], [6, u16(23)], [9, hex("00")], address(home(31)))],
  }),
  tells("an association in an association", {
    ...only(32),
    options: [[1, client(32).duid], iaWith(3, 1, address(home(132)), na(2, home(32)), pd(3, homePrefix(32)))],
  }),
  asks("options in an address", {
    ...only(33),
    options: [[1, client(33).duid], iaWith(3, 1, address(home(33), [13, hex("0000")], [6, u16(23)]))],
  }),
  asks("options in a prefix", {
    ...only(34),
    options: [[1, client(34).duid], iaWith(25, 1, prefix("2001:db8:8000:2200::", 56, [67, hex("4000")]))],
  }),
  asks("an address beside the associations", saying(35, address(home(135)), prefix("2001:db8:8000:2300::", 56))),
  tells("an elapsed time of 1 byte", only(36, [1, client(36).duid], [8, hex("00")], na(1, home(36)))),
  tells("an elapsed time of 3 bytes", only(37, [1, client(37).duid], [8, hex("000000")], na(1, home(37)))),
  tells("a status of 1 byte", saying(38, [13, hex("00")])),
  tells("Rapid Commit with something in it", saying(39, [14, hex("0102")])),
  tells("a user class cut short", saying(40, [15, hex("0005 6162")])),
  tells("an empty user class", saying(41, [15, new Uint8Array()])),
  tells("a vendor class of 3 bytes", saying(42, [16, hex("000009")])),
  tells("a vendor class cut short", saying(43, [16, hex("00000009 0005 6162")])),
  tells("vendor options of 3 bytes", saying(44, [17, hex("000009")])),
  tells("vendor options cut short", saying(45, [17, hex("00000009 0001 0005 6162")])),
  tells("an empty FQDN", saying(46, [39, new Uint8Array()])),
  binds("an FQDN of flags only", client(47), [na(1, home(47))], { options: [[39, hex("01")]] }),
  tells("an FQDN with a label beyond its end", saying(48, [39, hex("01 3f6162")])),
  tells("an FQDN with a compressed label", saying(49, [39, hex("01 c00c")])),
  tells("an FQDN of two roots", saying(50, [39, hex("01 0000")])),
  tells("an authentication", saying(51, [11, hex("00")])),
  tells("a relay message from a client", saying(52, [9, hex("01000000")])),
  tells("an interface-id from a client", saying(53, [18, text("port 7")])),
  tells("two server identifiers", {
    ...query(client(54), MessageType6.REQUEST, [na(1, home(54))]),
    options: [
      [1, client(54).duid],
      [2, hex("000200007ed901020304")],
      [2, hex("000200007ed901020304")],
      na(1, home(54)),
    ],
  }),
  {
    title: "the server is well after all that",
    play: async (script) => void (await bind(script, client(60), [na(1, home(60)), pd(1, homePrefix(60))])),
  },
];

type Spoil = (payload: Uint8Array) => Uint8Array;

const cut =
  (count: number): Spoil =>
  (payload) =>
    payload.subarray(0, payload.length - count);
const first =
  (count: number): Spoil =>
  (payload) =>
    payload.subarray(0, count);
const appended =
  (...bytes: readonly number[]): Spoil =>
  (payload) =>
    Buffer.concat([payload, Uint8Array.from(bytes)]);
const patched =
  (at: number, ...bytes: readonly number[]): Spoil =>
  (payload) => {
    const copy = Uint8Array.from(payload);
    copy.set(bytes, at);
    return copy;
  };

const FLOOR: RelaySpec = { link: "2001:db8::2", options: [[18, text("port")]] };
const RELAY_HEADER = 34;

function direct(title: string, number: number, spoil: Spoil): Exchange6 {
  return { title, play: (script) => script.tellBytes("it", saying(number), spoil) };
}

function viaRelay(title: string, number: number, spoil: Spoil): Exchange6 {
  const [message, route] = relayed(saying(number), FLOOR);
  return { title, play: (script) => script.tellBytes("it", message, spoil, route) };
}

/** The carried message alone is changed, and the lengths around it are right again. */
function carried(spoil: Spoil): Spoil {
  return (payload) => {
    const at = RELAY_HEADER + 8 + 4;
    const message = spoil(payload.subarray(at));
    return Buffer.concat([payload.subarray(0, at - 2), u16(message.length), message]);
  };
}

const withoutMessage: Spoil = (payload) => payload.subarray(0, RELAY_HEADER + 8);

const messages: Exchange6[] = [
  direct("an empty datagram", 1, first(0)),
  direct("1 byte", 2, first(1)),
  direct("3 bytes", 3, first(3)),
  direct("a header alone", 4, first(4)),
  direct("the last byte is missing", 5, cut(1)),
  direct("the last option is missing half", 6, cut(3)),
  direct("one more byte", 7, appended(0)),
  direct("three more bytes", 8, appended(0, 0, 0)),
  direct("an empty option of code 0 more", 9, appended(0, 0, 0, 0)),
  direct("an option longer than the message", 10, appended(0, 23, 0, 9, 1)),
  direct("an option of 65535 bytes", 11, appended(0, 23, 255, 255)),
  direct("the first option is longer than the message", 12, patched(6, 255, 255)),
  viaRelay("relayed: a header alone", 20, first(RELAY_HEADER)),
  viaRelay("relayed: half a header", 21, first(20)),
  viaRelay("relayed: 1 byte", 22, first(1)),
  viaRelay("relayed: nothing is carried", 23, withoutMessage),
  viaRelay("relayed: the last byte is missing", 24, cut(1)),
  viaRelay("relayed: one more byte", 25, appended(0)),
  viaRelay("relayed: an empty message is carried", 26, carried(first(0))),
  viaRelay("relayed: 3 bytes are carried", 27, carried(first(3))),
  viaRelay("relayed: what is carried lacks its last byte", 28, carried(cut(1))),
  viaRelay("relayed: a RELAY-REPL", 29, patched(0, 13)),
  viaRelay("relayed: an ADVERTISE is carried", 30, carried(patched(0, 2))),
  viaRelay("relayed: a RELAY-REPL is carried", 31, carried(patched(0, 13))),
  viaRelay("relayed: a message of an unknown type is carried", 32, carried(patched(0, 99))),
  {
    title: "relayed: two messages are carried",
    play: (script) => {
      const [message, route] = relayed(saying(33), FLOOR);
      const second = Buffer.concat([u16(9, 4), Buffer.of(1, 2, 3, 4)]);
      return script.tellBytes("it", message, (payload) => Buffer.concat([payload, second]), route);
    },
  },
  {
    title: "relayed: the message comes before the other options",
    async play(script) {
      const [message, route] = relayed(saying(34), { link: FLOOR.link });
      const id = encodeOptions6(FLOOR.options!);
      await script.tellBytes("it", message, (payload) => Buffer.concat([payload, id]), route);
    },
  },
  ...(
    [
      ["a remote-id of 3 bytes", [37, hex("000009")]],
      ["a client link-layer address of 1 byte", [79, hex("00")]],
      ["an empty subscriber-id", [38, new Uint8Array()]],
      ["RSOO cut short", [66, hex("0041 0005 01")]],
      ["an empty RSOO", [66, new Uint8Array()]],
      ["a relay source port of 1 byte", [135, hex("00")]],
      ["vendor options of 3 bytes", [17, hex("000009")]],
      ["a client's options", [1, hex("0102")]],
      ["two interface-ids", [18, text("second")]],
    ] as const
  ).map(([title, option], i) =>
    tells(`relayed: ${title}`, ...relayed(saying(40 + i), { ...FLOOR, options: [...FLOOR.options!, option] })),
  ),
  {
    title: "the server is well after all that",
    play: async (script) => void (await bind(script, client(60), [na(1, home(60)), pd(1, homePrefix(60))])),
  },
];

const ON_LINK = [{ ...LAN, relay: { "ip-addresses": ["2001:db8::2"] } }];

export const hostileScenes: Scene6[] = [
  { title: "broken options", config: { subnet6: ON_LINK }, exchanges: options },
  {
    title: "broken options, lenient",
    config: { compatibility: { "lenient-option-parsing": true }, subnet6: ON_LINK },
    exchanges: options,
  },
  { title: "broken messages", config: { subnet6: ON_LINK }, exchanges: messages },
];
