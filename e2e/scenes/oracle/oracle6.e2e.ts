/** As `oracle4.e2e.ts`, for dhcp6d and `deliberate-differences6.ts`. */
import { deliberateDifferences6 } from "../../src/oracle/deliberate-differences6.ts";
import { scenes6 } from "../../src/oracle/dhcp6/scenes.ts";
import { stage6 } from "../../src/oracle/dhcp6/stage.ts";
import { testScenes } from "../../src/oracle/suite.ts";

testScenes(stage6, scenes6, deliberateDifferences6);
