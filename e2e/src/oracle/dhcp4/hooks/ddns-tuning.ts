/** Kea's `ddns_tuning`: names by expression, in answers, leases and requests to the DNS updater. */
import { text } from "@kotare/testkit/payloads";
import type { Option } from "../../../wire/message4.ts";
import { client, relayed } from "../client.ts";
import { LAN } from "../lan.ts";
import { wire } from "../names.ts";
import { bind } from "../play.ts";
import type { Exchange4, Scene4 } from "../stage.ts";

/** The name that the expression comes to is what option 60 says. */
const LIBRARY = { library: "libdhcp_ddns_tuning.so", parameters: { "hostname-expr": "option[60].text" } };
const S = 1;
const N = 8;

const host = (name: string): Option => [12, text(name)];
const wanted = (name: string): Option => [60, text(name)];

/** Each step binds a client of its own, numbered from `first`: what the DNS updater is asked for is collected once. */
function bindsAll(title: string, first: number, table: readonly (readonly [string, ...Option[]])[]): Exchange4 {
  return {
    title,
    async play(script) {
      for (const [i, [step, ...options]] of table.entries()) {
        await bind(script, client(first + i), { options, prl: [1, 3, 12, 81] }, step);
      }
    },
  };
}

const beyond = (link: string, second: string) => ({
  via: (query: Parameters<typeof relayed>[0]) => relayed(query, { giaddr: `10.${link}.0.254` }),
  options: [wanted("global"), host(second)],
  prl: [1, 12],
});
const far = (link: number, expression?: string) => ({
  id: 10 + link,
  subnet: `10.${link}.0.0/24`,
  pools: [{ pool: `10.${link}.0.10 - 10.${link}.0.99` }],
  ...(expression === undefined ? {} : { "user-context": { "ddns-tuning": { "hostname-expr": expression } } }),
});

export const ddnsTuningScenes4: readonly Scene4[] = [
  {
    title: "ddns_tuning",
    config: {
      "dhcp-ddns": { "enable-updates": true },
      "ddns-qualifying-suffix": "example.org",
      "valid-lifetime": 7200,
      "client-classes": [{ name: "SKIP_DDNS", test: "option[77].exists" }],
      subnet4: [
        {
          ...LAN,
          reservations: [
            { "hw-address": client(40).mac, hostname: "reserved" },
            { "hw-address": client(41).mac, hostname: "reserved", "client-classes": ["SKIP_DDNS"] },
          ],
        },
        far(1, "'guest-' + int8totext(substring(pkt4.yiaddr, 3, 4))"),
        far(2, ""),
        far(3),
      ],
      "hooks-libraries": [LIBRARY],
    },
    exchanges: [
      bindsAll("host names", 1, [
        ["an expression, no name of its own", wanted("made")],
        ["an expression and a host name", wanted("made2"), host("own2")],
        ["an expression that comes to nothing", host("own6")],
        ["an empty expression, no name", wanted("x")],
        ["the name that it has", wanted("own8"), host("own8")],
        ["the full name that it has", wanted("own9.example.org"), host("own9")],
        ["capitals", wanted("MADE.Example"), host("own10")],
        ["what no host name has", wanted("ma_de!x"), host("own11")],
        ["a complete name", wanted("made.example.net."), host("own12")],
        ["several labels", wanted("a.b"), host("own13")],
        ["an empty label", wanted("a..b"), host("own14")],
        ["too long a label", wanted("x".repeat(64)), host("own16")],
      ]),
      bindsAll("FQDNs", 21, [
        ["an expression and an FQDN", wanted("made3"), wire(S, "own3.example.com.")],
        ["an expression and an FQDN that wants no updates", wanted("made4"), wire(N, "own4.example.com.")],
        ["an expression and a partial FQDN", wanted("made5"), wire(0, "own5")],
        ["an empty label, FQDN", wanted("a..b"), wire(S, "own15.example.com.")],
        ["too long a label, FQDN", wanted("x".repeat(64)), wire(S, "own17.example.com.")],
        ["capitals and FQDN", wanted("MADE.Example."), wire(S, "own18.example.com.")],
        ["a host name and FQDN", wanted("made20"), host("own20"), wire(S, "fqdn20.example.com.")],
        ["kept out of the DNS", wire(S, "own44.example.com."), [77, text("x")]],
      ]),
      bindsAll("reserved, and kept out of the DNS", 40, [
        ["reserved", wanted("made"), host("own")],
        ["reserved, kept out of the DNS", wanted(""), host("own")],
        ["kept out of the DNS", host("own42"), [77, text("x")]],
        ["kept out of the DNS, with an expression", wanted("made43"), host("own43"), [77, text("x")]],
      ]),
      {
        title: "in subnets",
        async play(script) {
          await bind(script, client(51), beyond("1", "own51"), "its own");
          await bind(script, client(52), beyond("2", "own52"), "none");
          await bind(script, client(53), beyond("3", "own53"), "that of all");
        },
      },
    ],
  },
];
