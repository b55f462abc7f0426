/** Kea's hooks, played on Kea 3 and on us: what answers and leases are with them. */
import { hookScenes4 } from "../../src/oracle/dhcp4/hooks.ts";
import { stage4 } from "../../src/oracle/dhcp4/stage.ts";
import { testScenes } from "../../src/oracle/suite.ts";

testScenes(stage4, hookScenes4, [], "kea3");
