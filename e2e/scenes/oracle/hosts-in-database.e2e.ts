/**
 * Reservations that we have put into a database, served from it by Kea 2.6.3 and by us: the answers must agree, as they must
 * where reservations are in the configuration.
 */
import { afterAll, beforeAll, describe } from "vitest";
import { deliberateDifferences4 } from "../../src/oracle/deliberate-differences4.ts";
import { deliberateDifferences6 } from "../../src/oracle/deliberate-differences6.ts";
import { reservationScenes as scenes4 } from "../../src/oracle/dhcp4/reservations.ts";
import { stage4 } from "../../src/oracle/dhcp4/stage.ts";
import { reservationScenes as scenes6 } from "../../src/oracle/dhcp6/reservations.ts";
import { stage6 } from "../../src/oracle/dhcp6/stage.ts";
import { MovedHosts } from "../../src/oracle/moved-hosts.ts";
import { testScenes } from "../../src/oracle/suite.ts";
import { type DatabaseServer, databaseKinds } from "../../src/subject/database-server.ts";
import { isThorough } from "../../src/subject/thorough.ts";

describe.each(databaseKinds)("$name", ({ name, package: debian, start }) => {
  describe.skipIf(start === undefined)(`needs ${debian}`, () => {
    let databases: DatabaseServer;
    let hosts: MovedHosts;

    beforeAll(async () => {
      databases = await start!();
      hosts = new MovedHosts(databases, undefined);
    });
    afterAll(() => databases?.stop());

    // Each takes half of a minute: so one family in each, and all with E2E_CLIENTS=all.
    const family = name === "PostgreSQL" ? 4 : 6;
    if (isThorough || family === 4) {
      describe("DHCPv4", () => testScenes(stage4, scenes4, deliberateDifferences4, "kea", () => hosts));
    }
    if (isThorough || family === 6) {
      describe("DHCPv6", () => testScenes(stage6, scenes6, deliberateDifferences6, "kea", () => hosts));
    }
  });
});
