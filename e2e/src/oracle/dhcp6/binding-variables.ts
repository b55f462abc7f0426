/** Kea's `binding-variables`: values of expressions over a message and its answer, kept with leases. */
import { client, home, homePrefix, na, pd, renew } from "./client.ts";
import { LAN } from "./lan.ts";
import { bind } from "./play.ts";
import type { Scene6 } from "./stage.ts";

const variables = [
  { name: "duid", expression: "hexstring(option[1].hex, '-')", source: "query" },
  { name: "type", expression: "hexstring(pkt6.msgtype, '')", source: "response" },
  { name: "server", expression: "hexstring(option[2].hex, '')", source: "response" },
];

export const bindingVariableScenes6: readonly Scene6[] = [
  {
    title: "binding-variables",
    config: {
      subnet6: [LAN],
      "hooks-libraries": [{ library: "libdhcp_lease_cmds.so", parameters: { "binding-variables": variables } }],
    },
    exchanges: [
      {
        title: "of all leases",
        async play(script) {
          // What comes out of the lease cache has the seconds that are left.
          await script.nextSecond();
          await bind(script, client(1), [na(1, home(1)), pd(2, homePrefix(1))]);
          await script.ask("RENEW", renew(client(1), [na(1, home(1))]));
        },
      },
    ],
  },
];
