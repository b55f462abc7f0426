/** Kea as oracle of classes: the same expressions and packets on Kea 2.6.3 and on our daemons. */
import { testClasses } from "./src/oracle/classes/suite.ts";
import { classes4 } from "./src/oracle/dhcp4/classes.ts";

testClasses(classes4);
