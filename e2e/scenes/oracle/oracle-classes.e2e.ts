/** Kea as oracle of classes: the same expressions and packets on Kea 2.6.3 and on our daemons. */
import { testClasses } from "../../src/oracle/classes/suite.ts";
import { classes4 } from "../../src/oracle/dhcp4/classes.ts";
import { classes6 } from "../../src/oracle/dhcp6/classes.ts";

testClasses(classes4);
testClasses(classes6);
