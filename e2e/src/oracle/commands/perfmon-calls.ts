/** Commands of Kea's perfmon. */
import type { DhcpConfig } from "../../subject/server.ts";
import { parseCalls } from "./call.ts";

export const perfmonConfig: DhcpConfig = {
  "hooks-libraries": [
    { library: "libdhcp_perfmon.so", parameters: { "enable-monitoring": true, "interval-width-secs": 5 } },
  ],
};

export const perfmonCalls = parseCalls(`
  perfmon-get-all-durations
  perfmon-get-all-durations { "result-set-format": false }
  perfmon-control
  perfmon-control {}
  perfmon-control { "enable-monitoring": false }
  perfmon-control { "enable-monitoring": true, "stats-mgr-reporting": false }
  perfmon-control { "enable-monitoring": "no" }
  perfmon-control
`);
