/** What classes change in DHCPv6: who may have which address and prefix, and which options and times go with it. */
import { text, u16, u32 } from "@kotare/testkit/payloads";
import type { Option } from "../../wire/message4.ts";
import { tells } from "../scene.ts";
import { type Client, client, inform, na, pd, solicit } from "./client.ts";
import { LAN } from "./lan.ts";
import { binds } from "./play.ts";
import type { Exchange6, Scene6 } from "./stage.ts";

const PHONE = { name: "phone", test: "option[15].hex == 0x000570686f6e65" };
const ORO = [21, 23, 31, 41, 59];

/** Option 15 with one class. */
function kind(name: string): Option {
  return [15, Buffer.concat([u16(name.length), text(name)])];
}

/** A client of a kind, who wants all that classes may give. */
function a(name: string, number: number, title = `a ${name}`): Exchange6 {
  return binds(title, client(number), [na(1), pd(2)], { oro: ORO, options: [kind(name)] });
}

const duidOf = ({ duid }: Client) => Buffer.from(duid).toString("hex");
const option = (name: string, data: string) => ({ name, data });

const guards: Scene6 = {
  title: "classes: pools for some",
  config: {
    "client-classes": [PHONE, { name: "port", "template-test": "option[15].hex" }],
    subnet6: [
      {
        ...LAN,
        pools: [
          { pool: "2001:db8::10-2001:db8::1f", "client-class": "phone" },
          { pool: "2001:db8::20-2001:db8::2f", "client-class": "KNOWN" },
          { pool: "2001:db8::30-2001:db8::3f", "client-class": "vip" },
          { pool: "2001:db8::40-2001:db8::4f", "client-class": "UNKNOWN" },
        ],
        "pd-pools": [
          { prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56, "client-class": "phone" },
          { prefix: "2001:db8:9000::", "prefix-len": 48, "delegated-len": 56, "client-class": "vip" },
        ],
        reservations: [{ duid: duidOf(client(2)) }, { duid: duidOf(client(3)), "client-classes": ["vip"] }],
      },
    ],
  },
  exchanges: [a("phone", 1), a("toaster", 2, "a known toaster"), a("toaster", 4)],
};

const gifts: Scene6 = {
  title: "classes: what they give",
  config: {
    "valid-lifetime": 4000,
    "preferred-lifetime": 3000,
    "option-data": [option("new-posix-timezone", "global"), option("bootfile-url", "http://global")],
    "client-classes": [
      { name: "vip", "option-data": [option("sip-server-dns", "sip.example.org")] },
      { name: "plain", test: "not member('vip')", "option-data": [option("bootfile-url", "http://plain")] },
      {
        ...PHONE,
        "valid-lifetime": 600,
        "preferred-lifetime": 400,
        "option-data": [option("new-posix-timezone", "phones"), option("dns-servers", "2001:db8::9")],
      },
      {
        name: "second",
        test: "member('phone')",
        "valid-lifetime": 700,
        "option-data": [option("new-posix-timezone", "second"), option("bootfile-url", "http://second")],
      },
    ],
    subnet6: [{ ...LAN, reservations: [{ duid: duidOf(client(3)), "client-classes": ["vip"] }] }],
  },
  exchanges: [
    a("phone", 1),
    a("toaster", 2),
    a("phone", 3, "a phone with a reservation that gives a class"),
    {
      title: "a phone that wants options only",
      play: async (script) => void (await script.ask("it", inform(client(4), { oro: ORO, options: [kind("phone")] }))),
    },
  ],
};

const late: Scene6 = {
  title: "classes: on request",
  config: {
    "client-classes": [
      {
        name: "a",
        test: "member('ALL')",
        "only-if-required": true,
        "option-data": [option("bootfile-url", "http://a")],
      },
      {
        name: "b",
        test: "option[15].exists",
        "only-if-required": true,
        "option-data": [option("new-posix-timezone", "b")],
      },
      {
        name: "c",
        test: "option[3].exists",
        "only-if-required": true,
        "option-data": [option("sip-server-dns", "c.example")],
      },
    ],
    "shared-networks": [
      {
        name: "floor",
        interface: "eth0",
        "require-client-classes": ["b"],
        subnet6: [
          {
            ...LAN,
            "require-client-classes": ["a"],
            pools: [{ pool: "2001:db8::10 - 2001:db8::fff", "require-client-classes": ["c"] }],
          },
        ],
      },
    ],
  },
  exchanges: [a("phone", 1), binds("without option 15", client(2), [na(1)], { oro: ORO })],
};

const dropped: Scene6 = {
  title: "classes: DROP",
  config: {
    "client-classes": [{ name: "DROP", test: "option[16].exists or member('UNKNOWN') and option[15].exists" }],
    subnet6: [{ ...LAN, reservations: [{ duid: duidOf(client(3)) }] }],
  },
  exchanges: [
    binds("without option 15", client(1), [na(1)]),
    tells(
      "with option 16",
      solicit(client(2), [na(1)], { options: [[16, Buffer.concat([u32(311), u16(1), text("x")])]] }),
    ),
    a("printer", 3, "a known printer"),
    tells("an unknown printer", solicit(client(4), [na(1)], { options: [kind("printer")] })),
  ],
};

export const classScenes6: readonly Scene6[] = [guards, gifts, late, dropped];
