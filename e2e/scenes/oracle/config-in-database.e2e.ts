/**
 * Configuration that we have put into a database that we have made, taken from it by Kea 2.6.3, by 3.0.4 and by us: the answers
 * must agree, as they must where it is in a file.
 */
import { afterAll, beforeAll, describe, expect } from "vitest";
import { deliberateDifferences4 } from "../../src/oracle/deliberate-differences4.ts";
import { deliberateDifferences6 } from "../../src/oracle/deliberate-differences6.ts";
import { mergeScenes } from "../../src/oracle/dhcp4/merge.ts";
import { optionScenes as options4 } from "../../src/oracle/dhcp4/options.ts";
import { precedenceScenes } from "../../src/oracle/dhcp4/precedence.ts";
import { stage4 } from "../../src/oracle/dhcp4/stage.ts";
import { subnetScenes as scenes4 } from "../../src/oracle/dhcp4/subnets.ts";
import { optionScenes as options6 } from "../../src/oracle/dhcp6/options.ts";
import { stage6 } from "../../src/oracle/dhcp6/stage.ts";
import { subnetScenes as scenes6 } from "../../src/oracle/dhcp6/subnets.ts";
import type { Difference } from "../../src/oracle/difference.ts";
import { MovedConfig } from "../../src/oracle/moved-config.ts";
import { testScenes } from "../../src/oracle/suite.ts";
import { type DatabaseServer, databaseKinds } from "../../src/subject/database-server.ts";
import { isThorough } from "../../src/subject/thorough.ts";

const escaped: Difference = {
  fields: ["option 41"],
  reason: "A comma that is escaped in a text of the database is part of it, as in a file. Kea cuts the text there.",
};

const inherited: Difference = {
  fields: ["option 51", "option 58"],
  reason:
    "A subnet of the file inherits times from the database's global scope and shared network, as it inherits all else. Kea leaves it those that the file has there.",
};
const ofTheFile = [
  "a subnet of the file in a network that both have",
  "a subnet of the file in a network of the file",
  "a subnet that the database puts into a network",
  "a subnet of the same prefix with another number",
];

describe.each(databaseKinds)("$name", ({ name, package: debian, start }) => {
  describe.skipIf(start === undefined)(`needs ${debian}`, () => {
    let databases: DatabaseServer;
    let configs: MovedConfig;
    let configs30: MovedConfig;

    beforeAll(async () => {
      databases = await start!();
      configs = new MovedConfig(databases, (database) => databases.create(database));
      configs30 = new MovedConfig(databases, (database) => databases.createForKea30(database));
    });
    afterAll(async () => {
      await databases?.stop();
      expect(configs.count).toBeGreaterThan(3);
    });

    // As for reservations: one family in each, and all with E2E_CLIENTS=all.
    const family = name === "PostgreSQL" ? 4 : 6;
    const differences = [...deliberateDifferences4, ...ofTheFile.map((exchange) => ({ ...inherited, exchange }))];
    if (isThorough || family === 4) {
      const scenes = [...scenes4, ...precedenceScenes, ...options4, ...mergeScenes];
      describe("DHCPv4", () => testScenes(stage4, scenes, differences, "kea", () => configs));
    }
    if (isThorough || family === 6) {
      const scenes = isThorough ? [...scenes4, ...mergeScenes] : mergeScenes.slice(0, 1);
      describe("DHCPv4, Kea 3.0", () => testScenes(stage4, scenes, differences, "kea3", () => configs30));
    }
    const differences6 = [...deliberateDifferences6, escaped];
    if (isThorough || family === 6) {
      describe("DHCPv6", () => testScenes(stage6, [...scenes6, ...options6], differences6, "kea", () => configs));
    }
    if (isThorough || family === 4) {
      const scenes = isThorough ? [...scenes6, ...options6] : [...scenes6.slice(0, 1), ...options6.slice(0, 1)];
      describe("DHCPv6, Kea 3.0", () => testScenes(stage6, scenes, differences6, "kea3", () => configs30));
    }
  });
});
