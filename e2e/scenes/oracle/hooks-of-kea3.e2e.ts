/** What only Kea 3 has, its hooks above all, played on it and on us: what answers and leases are. */
import { describe } from "vitest";
import { deliberateHooks4, deliberateHooks6 } from "../../src/oracle/deliberate-differences-hooks.ts";
import { bindingVariableScenes4 } from "../../src/oracle/dhcp4/hooks/binding-variables.ts";
import { bootpScenes4 } from "../../src/oracle/dhcp4/hooks/bootp.ts";
import { ddnsTuningScenes4 } from "../../src/oracle/dhcp4/hooks/ddns-tuning.ts";
import { hookScenes4 } from "../../src/oracle/dhcp4/hooks/flex.ts";
import { leasequeryScenes4 } from "../../src/oracle/dhcp4/hooks/leasequery.ts";
import { limitsScenes4 } from "../../src/oracle/dhcp4/hooks/limits.ts";
import { pingCheckScenes4 } from "../../src/oracle/dhcp4/hooks/ping-check.ts";
import { stage4 } from "../../src/oracle/dhcp4/stage.ts";
import { v6OnlyScenes4 } from "../../src/oracle/dhcp4/v6-only.ts";
import { bindingVariableScenes6 } from "../../src/oracle/dhcp6/binding-variables.ts";
import { ddnsTuningScenes6 } from "../../src/oracle/dhcp6/ddns-tuning.ts";
import { hookScenes6 } from "../../src/oracle/dhcp6/hooks.ts";
import { leasequeryScenes6 } from "../../src/oracle/dhcp6/leasequery.ts";
import { limitsScenes6 } from "../../src/oracle/dhcp6/limits.ts";
import { registrationScenes6 } from "../../src/oracle/dhcp6/registrations.ts";
import { stage6 } from "../../src/oracle/dhcp6/stage.ts";
import { testScenes } from "../../src/oracle/suite.ts";

describe("DHCPv4", () =>
  testScenes(
    stage4,
    [
      ...hookScenes4,
      ...ddnsTuningScenes4,
      ...pingCheckScenes4,
      ...bootpScenes4,
      ...limitsScenes4,
      ...v6OnlyScenes4,
      ...leasequeryScenes4,
      ...bindingVariableScenes4,
    ],
    deliberateHooks4,
    "kea3",
  ));
describe("DHCPv6", () =>
  testScenes(
    stage6,
    [
      ...hookScenes6,
      ...ddnsTuningScenes6,
      ...limitsScenes6,
      ...leasequeryScenes6,
      ...bindingVariableScenes6,
      ...registrationScenes6,
    ],
    deliberateHooks6,
    "kea3",
  ));
