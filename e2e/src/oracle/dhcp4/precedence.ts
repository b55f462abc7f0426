/** Options that are configured and that the exchange itself has, too; and what a NAK says. */

import { hex, ip, text } from "@kotare/testkit/payloads";
import { MessageType4 } from "../../wire/message4.ts";
import { asks, tells } from "../scene.ts";
import { client, extend, inform, initReboot, query, relayed, selecting, unicast } from "./client.ts";
import { LAN } from "./lan.ts";
import { bind, binds } from "./play.ts";
import type { Exchange4, Scene4 } from "./stage.ts";

const option = (name: string, data: string, more: object = {}) => ({ name, data, ...more });
const ALL = [1, 3, 12, 51, 54, 58, 59, 61, 81, 118];

/** A relay that no subnet is for. */
const NOWHERE = { giaddr: "10.9.0.1" };

const exchanges: Exchange4[] = [
  binds("nothing sent, all asked for", client(1), { prl: ALL }),
  binds("a name sent and asked for", client(2), { prl: ALL, options: [[12, text("alice")]] }),
  binds("a name sent and not asked for", client(3), { prl: [3], options: [[12, text("bob")]] }),
  binds("an FQDN sent and asked for", client(4), {
    prl: ALL,
    options: [[81, hex("05 00 00 066c6170746f70 03636f6d 00")]],
  }),
  binds("an FQDN sent, host name asked for", client(5), {
    prl: [3, 12],
    options: [[81, hex("05 00 00 066c6170746f70 03636f6d 00")]],
  }),
  binds("a client identifier sent and asked for", client(6, hex("01 02 03 04 05 06 07")), { prl: ALL }),
  asks("INFORM", inform(client(7), "10.0.0.230", { prl: ALL }), { source: "10.0.0.230" }),
  asks("INFORM of a mask only", inform(client(8), "10.0.0.230", { prl: [1] }), { source: "10.0.0.230" }),
  asks("INFORM with a name", inform(client(9), "10.0.0.230", { prl: ALL, options: [[12, text("carol")]] }), {
    source: "10.0.0.230",
  }),
  asks("INFORM without a list", inform(client(9), "10.0.0.230", { prl: null }), { source: "10.0.0.230" }),
  asks("INFORM of an address of the pool", inform(client(10), "10.0.0.150", { prl: ALL }), { source: "10.0.0.150" }),
  asks(
    "INFORM of an address of the pool with an FQDN",
    inform(client(10), "10.0.0.150", { prl: ALL, options: [[81, hex("05 00 00")]] }),
    { source: "10.0.0.150" },
  ),
  asks("INFORM with a reserved name", inform(client(20), "10.0.0.240", { prl: ALL }), { source: "10.0.0.240" }),
  asks("INFORM with a reserved name, not asked for", inform(client(20), "10.0.0.240", { prl: [3] }), {
    source: "10.0.0.240",
  }),
  asks("118 sent", query(client(11), MessageType4.DISCOVER, [[118, ip("10.0.0.0")]], { prl: ALL })),
];

const refusals: Exchange4[] = [
  {
    title: "a NAK names the interface's address",
    async play(script) {
      const held = await bind(script, client(12));
      await script.ask("SELECTING", selecting(client(13), held));
      await script.ask("INIT-REBOOT", initReboot(client(12), "10.0.0.177"));
      await script.ask("RENEWING", extend(client(13), held.yiaddr), unicast(held.yiaddr));
      await script.ask("relayed", ...relayed(selecting(client(13), held), { giaddr: "10.0.0.99" }));
    },
  },
  tells("REBINDING: an address of the network that is in no pool", extend(client(14), "10.0.0.230")),
  asks(
    "a relay of no network, SELECTING us",
    ...relayed(selecting(client(14), { yiaddr: "10.9.0.10", options: [] }), NOWHERE),
  ),
  tells(
    "a relay of no network, SELECTING another",
    ...relayed(selecting(client(15), { yiaddr: "10.9.0.10", options: [[54, ip("10.0.0.9")]] }), NOWHERE),
  ),
  tells("a relay of no network, INIT-REBOOT", ...relayed(initReboot(client(14), "10.9.0.10"), NOWHERE)),
  tells("a relay of no network, REBINDING", ...relayed(extend(client(14), "10.9.0.10"), NOWHERE)),
  tells("a relay of no network, nothing wanted", ...relayed(query(client(14), MessageType4.REQUEST, []), NOWHERE)),
];

const LAN_WITH_NAMES = {
  ...LAN,
  pools: [{ pool: "10.0.0.10-10.0.0.199", "option-data": [option("routers", "10.0.0.3")] }],
  reservations: [{ "hw-address": client(20).mac, hostname: "reserved" }],
};

const OPTIONS = [
  option("host-name", "configured"),
  option("subnet-mask", "255.255.0.0"),
  option("dhcp-renewal-time", "78"),
  option("dhcp-rebinding-time", "79"),
  option("subnet-selection", "10.0.0.0"),
];

const CONFIG = {
  "ddns-replace-client-name": "when-not-present",
  "ddns-qualifying-suffix": "example.org",
  "option-data": OPTIONS,
  subnet4: [LAN_WITH_NAMES],
};

const ELSEWHERE = {
  ...LAN,
  "option-data": [option("dhcp-server-identifier", "10.0.0.2")],
};

export const precedenceScenes: readonly Scene4[] = [
  { title: "precedence", config: CONFIG, exchanges },
  {
    title: "precedence, always sent",
    config: { ...CONFIG, "option-data": OPTIONS.map((each) => ({ ...each, "always-send": true })) },
    exchanges,
  },
  {
    title: "precedence, what only the exchange gives",
    config: {
      "option-data": [
        option("dhcp-lease-time", "77"),
        option("dhcp-client-identifier", "010203"),
        option("fqdn", "1, 0, 0, configured.example.org"),
      ],
      subnet4: [LAN],
    },
    exchanges: [
      binds("configured for a lease", client(1), { prl: ALL }),
      asks("configured for INFORM", inform(client(7), "10.0.0.230", { prl: ALL }), { source: "10.0.0.230" }),
    ],
  },
  { title: "refusals", config: { subnet4: [ELSEWHERE] }, exchanges: refusals },
  { title: "refusals, authoritative", config: { authoritative: true, subnet4: [ELSEWHERE] }, exchanges: refusals },
];
