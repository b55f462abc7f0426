/** Messages that no correct client sends: what is broken costs the option or the message, as on Kea. */
import { hex, ip, text } from "@kotare/testkit/payloads";
import { MessageType4, type Option } from "../../wire/message4.ts";
import { asks, tells } from "../scene.ts";
import { client, discover, query } from "./client.ts";
import { LAN } from "./lan.ts";
import { bind } from "./play.ts";
import type { Exchange4, Scene4 } from "./stage.ts";

/** A DISCOVER of client `number` with these options behind the usual ones. */
function saying(number: number, ...options: Option[]): ReturnType<typeof discover> {
  return discover(client(number), { options: [[50, ip(`10.0.0.${100 + number}`)], ...options] });
}

const options: Exchange4[] = [
  asks("an option nobody knows", saying(1, [222, hex("0102")], [254, new Uint8Array()])),
  asks("host name twice", saying(2, [12, text("a")], [12, text("b")])),
  tells("requested address too short", query(client(3), MessageType4.DISCOVER, [[50, hex("0a0000")]])),
  asks("requested address too long", query(client(3), MessageType4.DISCOVER, [[50, hex("0a00006705")]])),
  tells("empty requested address", query(client(3), MessageType4.DISCOVER, [[50, new Uint8Array()]])),
  tells("empty client identifier", saying(4, [61, new Uint8Array()])),
  tells("client identifier of one byte", saying(5, [61, hex("01")])),
  asks("client identifier of two bytes", saying(6, [61, hex("0102")])),
  tells("empty host name", saying(7, [12, new Uint8Array()])),
  tells("host name of NULs", saying(8, [12, hex("0000")])),
  tells("maximum message size of one byte", saying(9, [57, hex("05")])),
  tells("server identifier too short", saying(10, [54, hex("0a00")])),
  tells("empty message type", {
    mac: client(11).mac,
    options: [
      [53, new Uint8Array()],
      [55, hex("01")],
    ],
  }),
  asks("message type of two bytes", {
    mac: client(11).mac,
    options: [
      [53, hex("0101")],
      [50, hex("0a00006f")],
      [55, hex("01")],
    ],
  }),
  tells("no message type: BOOTP", { mac: client(11).mac, options: [[55, hex("01")]] }),
  tells("no options at all", { mac: client(11).mac, options: [] }),
  tells("message type twice", {
    mac: client(12).mac,
    options: [
      [53, hex("01")],
      [53, hex("03")],
      [50, hex("0a000070")],
      [55, hex("01")],
    ],
  }),
  tells("short FQDN", saying(13, [81, hex("0500")])),
  tells("FQDN with a label beyond its end", saying(14, [81, hex("050000 3f6162")])),
  tells("vendor options cut short", saying(15, [125, hex("00001100")])),
  tells("vendor class cut short", saying(16, [124, hex("00001100 09 01")])),
  asks("vendor option 43 cut short", saying(17, [43, hex("0109 02")])),
  asks("user class", saying(18, [77, hex("04 69505845")])),
  tells("option 82 with a cut sub-option, not relayed", saying(19, [82, hex("0109")])),
  tells("subnet selection too short", saying(20, [118, hex("0a00")])),
  {
    title: "a list of wanted options in two parts (RFC 3396)",
    async play(script) {
      await script.ask(
        "DISCOVER",
        query(
          client(21),
          MessageType4.DISCOVER,
          [
            [50, ip("10.0.0.121")],
            [55, hex("0103")],
            [55, hex("062a")],
          ],
          { prl: null },
        ),
      );
    },
  },
  {
    title: "a client identifier in two parts (RFC 3396)",
    async play(script) {
      const parts: Option[] = [
        [61, hex("00010203")],
        [61, hex("04050607")],
      ];
      await bind(script, client(22), { wanted: "10.0.0.122", options: parts });
    },
  },
];

const AT_OP = 0;
const AT_HLEN = 2;
const AT_COOKIE = 236;

/** The encoded message with bytes replaced at an offset. */
function patched(at: number, ...bytes: number[]): (payload: Uint8Array) => Uint8Array {
  return (payload) => {
    const copy = Uint8Array.from(payload);
    copy.set(bytes, at);
    return copy;
  };
}

function spoilt(title: string, number: number, spoil: (payload: Uint8Array) => Uint8Array): Exchange4 {
  return { title, play: (script) => script.tellBytes("it", saying(number), spoil) };
}

function appended(...bytes: number[]): (payload: Uint8Array) => Uint8Array {
  return (payload) => Buffer.concat([payload, Uint8Array.from(bytes)]);
}

/** The END option and whatever follows taken off, other bytes put there. */
function ended(...bytes: number[]): (payload: Uint8Array) => Uint8Array {
  return (payload) => Buffer.concat([payload.subarray(0, payload.length - 1), Uint8Array.from(bytes)]);
}

/** Options in `sname` and `file`, announced by option 52. */
function overloaded(value: number): (payload: Uint8Array) => Uint8Array {
  return (payload) => {
    const copy = Buffer.from(payload);
    copy.set([12, 4, ...text("laid"), 255], 44);
    copy.set([55, 2, 1, 42, 255], 108);
    return ended(52, 1, value, 255)(copy);
  };
}

const bytes: Exchange4[] = [
  spoilt("a reply sent to the server", 1, patched(AT_OP, 2)),
  spoilt("op 0", 1, patched(AT_OP, 0)),
  spoilt("op 9", 1, patched(AT_OP, 9)),
  spoilt("another cookie", 2, patched(AT_COOKIE, 1, 2, 3, 4)),
  spoilt("no end option", 3, ended()),
  spoilt("an option's length is missing", 4, ended(12)),
  spoilt("an option is longer than the message", 5, ended(12, 20, 65)),
  spoilt("padding before the end", 6, ended(0, 0, 0, 255)),
  spoilt("padding and rubbish behind the end", 7, appended(0, 0, 99, 200, 1, 2, 3)),
  spoilt("only a header", 8, (payload) => payload.subarray(0, AT_COOKIE)),
  spoilt("a header and the cookie", 8, (payload) => payload.subarray(0, AT_COOKIE + 4)),
  spoilt("100 bytes", 9, (payload) => payload.subarray(0, 100)),
  spoilt("an empty datagram", 10, () => new Uint8Array()),
  spoilt("hardware length 0", 11, patched(AT_HLEN, 0)),
  spoilt("hardware length 16", 12, patched(AT_HLEN, 16)),
  spoilt("hardware length 17", 13, patched(AT_HLEN, 17)),
  spoilt("hardware length 255", 14, patched(AT_HLEN, 255)),
  spoilt("hardware type 32", 15, patched(1, 32)),
  spoilt("options in file", 16, overloaded(1)),
  spoilt("options in sname", 17, overloaded(2)),
  spoilt("options in both", 18, overloaded(3)),
  spoilt("overload of an unknown value", 19, overloaded(9)),
  {
    title: "a client identifier makes up for an empty hardware address",
    play: (script) =>
      script.tell("DISCOVER", discover({ mac: client(20).mac, clientId: hex("0099") }, { hlen: 0, flags: 0x8000 })),
  },
  {
    title: "the server is well after all that",
    play: async (script) => void (await bind(script, client(21), { wanted: "10.0.0.121" })),
  },
  {
    title: "the hardware address differs from the frame's",
    async play(script) {
      const other = { sourceMac: "02:cc:00:00:00:01" };
      await script.ask("DISCOVER", saying(22), other);
    },
  },
  tells("sent by the server's own address", saying(23), { source: "10.0.0.1", sourceMac: "02:cc:00:00:00:02" }),
  asks("sent to the server's address without one of its own", saying(24), { destination: "10.0.0.1", sourcePort: 68 }),
  tells("sent to another server", saying(25), {
    destination: "10.0.0.99",
    sourcePort: 68,
    destinationMac: "02:00:00:00:00:01",
  }),
];

export const hostileScenes: Scene4[] = [
  { title: "broken options", config: { subnet4: [LAN] }, exchanges: options },
  {
    title: "broken options, lenient",
    config: { compatibility: { "lenient-option-parsing": true }, subnet4: [LAN] },
    exchanges: options,
  },
  { title: "broken messages", config: { subnet4: [LAN] }, exchanges: bytes },
];
