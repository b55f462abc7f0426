/** Commands and keys that came after Kea 2.6, sent to Kea 3.0 and to us; and those of Stork, which wants a Kea 3. */

import { editCalls4, editCalls6, editConfigs, toolEdits4, toolEdits6 } from "../../src/oracle/commands/edit-calls.ts";
import { pairCalls, pairConfig } from "../../src/oracle/commands/pair-calls.ts";
import { perfmonCalls, perfmonConfig } from "../../src/oracle/commands/perfmon-calls.ts";
import {
  reservationCalls4,
  reservationCalls6,
  reservationConfigs,
} from "../../src/oracle/commands/reservation-calls.ts";
import { selectCalls4, selectCalls6, selectConfigs } from "../../src/oracle/commands/select-calls.ts";
import { socketCalls } from "../../src/oracle/commands/socket-calls.ts";
import { storkCalls } from "../../src/oracle/commands/stork-calls.ts";
import { testCalls } from "../../src/oracle/commands/suite.ts";
import { deliberateCommands3 } from "../../src/oracle/deliberate-differences-commands.ts";

testCalls(
  "kea3",
  [
    { family: 4, title: "Stork", calls: storkCalls[4], byHttp: true },
    { family: 6, title: "Stork", calls: storkCalls[6], byHttp: true },
    { family: 4, title: "control sockets", calls: socketCalls },
    { family: 6, title: "a pair", calls: pairCalls, config: pairConfig },
    { family: 4, title: "reservations", calls: reservationCalls4, config: reservationConfigs[4] },
    { family: 6, title: "reservations", calls: reservationCalls6, config: reservationConfigs[6] },
    { family: 4, title: "perfmon", calls: perfmonCalls, config: perfmonConfig },
    { family: 6, title: "perfmon", calls: perfmonCalls, config: perfmonConfig },
    { family: 4, title: "selection of subnets", calls: selectCalls4, config: selectConfigs[4] },
    { family: 6, title: "selection of subnets", calls: selectCalls6, config: selectConfigs[6] },
    { family: 4, title: "edits", calls: editCalls4, config: editConfigs[4] },
    { family: 6, title: "edits", calls: editCalls6, config: editConfigs[6] },
    { family: 4, title: "edits of tools", calls: toolEdits4, config: editConfigs[4], byHttp: true },
    { family: 6, title: "edits of tools", calls: toolEdits6, config: editConfigs[6], byHttp: true },
  ],
  deliberateCommands3,
);
