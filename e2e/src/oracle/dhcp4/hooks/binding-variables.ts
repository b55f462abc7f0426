/** Kea's `binding-variables`: values of expressions over a message and its answer, kept with leases. */
import { text } from "@kotare/testkit/payloads";
import { client, discover, extend, relayed, unicast } from "../client.ts";
import { LAN } from "../lan.ts";
import { bind } from "../play.ts";
import type { Scene4 } from "../stage.ts";

const variables = [
  { name: "vendor", expression: "option[60].text", source: "query" },
  { name: "domain", expression: "option[15].text", source: "response" },
  { name: "bytes", expression: "option[61].hex", source: "query" },
  { name: "hex", expression: "hexstring(pkt4.mac, ':')", source: "query" },
  { name: "type", expression: "hexstring(pkt4.msgtype, '')", source: "response" },
  { name: "yiaddr", expression: "addrtotext(pkt4.yiaddr)", source: "response" },
  { name: "fails", expression: "substring(option[99].hex, 0, 1)", source: "query" },
  { name: "classed", expression: "ifelse(member('late'), 'yes', 'no')", source: "query" },
  { name: "none", expression: "option[99].text", source: "query" },
  { name: "offer", expression: "option[51].hex", source: "response" },
];

const LIBRARY = [{ library: "libdhcp_lease_cmds.so", parameters: { "binding-variables": variables } }];

export const bindingVariableScenes4: readonly Scene4[] = [
  {
    title: "binding-variables",
    config: {
      "client-classes": [{ name: "late", "only-in-additional-list": true, test: "option[60].exists" }],
      // What is confirmed as it stands is not written anew by Kea, whatever has changed.
      "cache-threshold": 0.000001,
      "store-extended-info": true,
      subnet4: [{ ...LAN, "evaluate-additional-classes": ["late"] }],
      "hooks-libraries": LIBRARY,
    },
    exchanges: [
      {
        title: "of a client",
        async play(script) {
          await bind(script, client(1), { wanted: "10.0.0.101", options: [[60, text("phone")]] });
        },
      },
      {
        title: "of others",
        async play(script) {
          await bind(script, client(2, Uint8Array.of(0, 1, 34, 92, 65)), {
            wanted: "10.0.0.102",
            options: [[60, Uint8Array.of(34, 44, 92, 10, 65)]],
          });
          await bind(script, client(3), {
            wanted: "10.0.0.103",
            via: (query) => relayed(query, { giaddr: "10.0.0.254", agent: [[1, text("port")]] }),
          });
        },
      },
      {
        title: "that change",
        async play(script) {
          await bind(script, client(4), { wanted: "10.0.0.104", options: [[60, text("phone")]] });
          await script.ask(
            "RENEW",
            extend(client(4), "10.0.0.104", { options: [[60, text("tablet")]] }),
            unicast("10.0.0.104"),
          );
          await bind(script, client(5), { wanted: "10.0.0.105", options: [[60, text("phone")]] });
          await script.ask("RENEW without", extend(client(5), "10.0.0.105"), unicast("10.0.0.105"));
        },
      },
    ],
  },
  {
    title: "binding-variables, offer-lifetime",
    config: { "offer-lifetime": 60, subnet4: [LAN], "hooks-libraries": LIBRARY },
    exchanges: [
      {
        title: "of an offer",
        async play(script) {
          await script.ask("DISCOVER", discover(client(1), { options: [[60, text("phone")]] }));
        },
      },
    ],
  },
];
