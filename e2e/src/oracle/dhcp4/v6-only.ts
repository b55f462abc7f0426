/** RFC 8925: clients that do without IPv4 where the network prefers that. */
import { asks } from "../scene.ts";
import { client, discover, selecting } from "./client.ts";
import { LAN } from "./lan.ts";
import { binds } from "./play.ts";
import type { Scene4 } from "./stage.ts";

const asking = { prl: [1, 3, 51, 54, 58, 108] };
const taken = { yiaddr: "10.0.0.17", options: [] };

export const v6OnlyScenes4: readonly Scene4[] = [
  {
    title: "IPv6-only preferred",
    config: {
      subnet4: [{ ...LAN, "option-data": [...LAN["option-data"], { name: "v6-only-preferred", data: "1800" }] }],
    },
    exchanges: [
      asks("a client that can do without", discover(client(1), asking)),
      asks("wants a certain address all the same", selecting(client(1), taken, asking)),
      binds("a client that cannot", client(2)),
    ],
  },
];
