import { beforeEach, describe, expect, it } from "vitest";
import { dhcp4Family } from "../../config/dhcp4-family.ts";
import { parseInside } from "../../config/testing/parse-inside.ts";
import { RecordingLogger } from "../../log/testing/recording-logger.ts";
import type { Daemon } from "../daemon.ts";
import { defineLifeMessages } from "../life-messages.ts";
import { daemonPaths } from "../paths.ts";
import { ConfigChanges } from "./config-changes.ts";

const config = parseInside(dhcp4Family, { "valid-lifetime": 1000 });

describe("a change of the configuration in force", () => {
  let steps: string[];
  let fault: Error | undefined;
  let changes: ConfigChanges<typeof config>;

  beforeEach(() => {
    steps = [];
    fault = undefined;
    const messages = defineLifeMessages("dhcp4", "DHCP4_");
    const daemon = { family: dhcp4Family, messages, describeConfig: () => "" } as unknown as Daemon<typeof config>;
    const paths = daemonPaths({});
    const log = Object.assign(new RecordingLogger(), { reopen: () => {} });
    changes = new ConfigChanges(
      config,
      { daemon, log, paths, file: "a.conf" },
      {
        begin: () => steps.push("begin"),
        use: async (next, isNew) => {
          steps.push(`use ${next["valid-lifetime"]}${isNew ? " anew" : ""}`);
          if (fault !== undefined) throw fault;
        },
        fail: (error) => steps.push(`fail ${error}`),
        end: () => steps.push("end"),
      },
    );
  });

  const longer = (current: typeof config) => ({ ...current, "valid-lifetime": current["valid-lifetime"] * 2 });

  it("is made of the one that is then in force, one change after the other", async () => {
    await Promise.all([changes.change(longer), changes.change(longer), changes.change(() => undefined)]);
    expect(steps).toEqual(["begin", "use 2000", "end", "begin", "use 4000", "end"]);
    expect(changes.current["valid-lifetime"]).toBe(4000);
  });

  it("that fails half-way is told of, and is not the current one", async () => {
    fault = new Error("no room");
    await expect(changes.change(longer)).rejects.toThrow("no room");
    expect(steps).toEqual(["begin", "use 2000", "fail Error: no room", "end"]);
    expect(changes.current["valid-lifetime"]).toBe(1000);
    fault = undefined;
    await changes.change(longer);
    expect(changes.current["valid-lifetime"]).toBe(2000);
  });
});
