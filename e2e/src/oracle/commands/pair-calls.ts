/** Commands of a pair, to a standby whose primary is not there. */
import type { DhcpConfig } from "../../subject/server.ts";
import { parseCalls } from "./call.ts";

const peer = (name: string, role: string, port: number) => ({ name, role, url: `http://127.0.0.1:${port}/` });

const pair = {
  "this-server-name": "server2",
  mode: "hot-standby",
  "multi-threading": { "enable-multi-threading": false },
  peers: [peer("server1", "primary", 8001), peer("server2", "standby", 8002)],
};

export const pairConfig: DhcpConfig = {
  "hooks-libraries": [
    { library: "libdhcp_lease_cmds.so" },
    { library: "libdhcp_ha.so", parameters: { "high-availability": [pair] } },
  ],
};

const NAMES = ["", ' {"server-name":"server1"}', ' {"server-name":"nosuch"}', ' {"server-name":5}', ' {"foo":1}'];
const named = (command: string) => NAMES.map((args) => command + args).join("\n");

export const pairCalls = parseCalls(`
list-commands
${named("ha-heartbeat")}
${named("ha-reset")}
${named("ha-continue")}
${named("ha-scopes")}
ha-scopes {"scopes":5}
ha-scopes {"scopes":[]}
ha-scopes {"scopes":["server1"]}
ha-heartbeat
ha-scopes {"scopes":["nosuch"]}
ha-scopes {"scopes":[5]}
ha-scopes {"scopes":["server1"],"server-name":"nosuch"}
${named("ha-sync")}
ha-sync {"server-name":"server2"}
ha-sync {"server-name":"server1","max-period":0}
ha-sync {"server-name":"server1","max-period":"x"}
ha-sync {"server-name":"server1","max-period":60}
${named("ha-sync-complete-notify")}
ha-sync-complete-notify {"origin":2000,"origin-id":2000,"server-name":"server1"}
ha-sync-complete-notify {"origin":"ha-partner"}
${named("ha-maintenance-notify")}
ha-maintenance-notify {"cancel":5}
ha-maintenance-notify {"cancel":true}
ha-maintenance-notify {"cancel":false,"server-name":"server1"}
ha-heartbeat
ha-maintenance-start
ha-maintenance-notify {"cancel":true,"server-name":"server1"}
ha-heartbeat
ha-maintenance-cancel
ha-maintenance-start
ha-heartbeat
status-get
ha-maintenance-start {"server-name":"nosuch"}
ha-reset
`);
