import { describe, expect, it } from "vitest";
import { writeMetrics } from "../../control/metrics/metric.ts";
import { NO_DATABASES } from "../../hosts/database/host-source.ts";
import { metricsOfHosts, statusOfHosts } from "./host-health.ts";

const hosts = (...areUp: readonly boolean[]) => ({
  ...NO_DATABASES,
  databases: areUp.map((isUp, i) => ({ name: `database ${i}`, isUp })),
});
const told = (...areUp: readonly boolean[]) => [...writeMetrics(metricsOfHosts(hosts(...areUp)))].join("");

describe("the databases of reservations", () => {
  it("are told each in status-get, with what is away", () => {
    expect(statusOfHosts(hosts(true, false))).toEqual({
      "hosts-databases": [
        { name: "database 0", status: "ready" },
        { name: "database 1", status: "failed" },
      ],
    });
  });

  it("are up for Prometheus if all of them are", () => {
    expect(told(true, true)).toContain("\nkotare_host_databases_up 1\n");
    expect(told(true, false)).toContain("\nkotare_host_databases_up 0\n");
  });

  it("are not told of where there are none", () => expect([statusOfHosts(hosts()), told()]).toEqual([{}, ""]));
});
