/**
 * Kea as oracle: every exchange is played on Kea 2.6.3 and on dhcp4d, and the answers must agree field by field, except
 * where `deliberate-differences4.ts` gives a reason.
 */
import { deliberateDifferences4 } from "../../src/oracle/deliberate-differences4.ts";
import { scenes4 } from "../../src/oracle/dhcp4/scenes.ts";
import { stage4 } from "../../src/oracle/dhcp4/stage.ts";
import { testScenes } from "../../src/oracle/suite.ts";

testScenes(stage4, scenes4, deliberateDifferences4);
