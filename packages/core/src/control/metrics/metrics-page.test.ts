import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { basic, TestListener, usersOf } from "../http/testing/test-listener.ts";
import { daemonMetrics } from "./daemon-metrics.ts";
import { METRICS, metricsPage } from "./metrics-page.ts";
import { readMetrics } from "./testing/read-metrics.ts";

const life = {
  version: { short: "1.2", extended: "", build: "" },
  age: () => ({ uptime: 60, reload: 7 }),
  leftOut: () => 3,
};

let test: TestListener;

beforeEach(async () => {
  const access = (words: "read" | string[]) => ({ "user-context": { kotare: { access: words } } });
  test = new TestListener();
  test.pages.set(
    METRICS,
    metricsPage(async () => daemonMetrics("dhcp4", life, test.listener.guard, { longest: () => 7 })),
  );
  await test.open({
    users: usersOf([
      { user: "prometheus", password: "p", ...access([METRICS]) },
      { user: "reader", password: "p", ...access("read") },
      { user: "other", password: "p", ...access(["x"]) },
    ]),
  });
});
afterEach(() => test[Symbol.dispose]());

const get = (user: string) => fetch(test.url(METRICS), { headers: basic(user, "p") });

describe("GET /metrics", () => {
  it.each(["prometheus", "reader"])("answers %s in the format that Prometheus reads", async (user) => {
    const answer = await get(user);
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const metrics = readMetrics(await answer.text());
    expect(metrics.get("kotare_config_parts_left_out")?.samples.get("kotare_config_parts_left_out")).toBe(3);
    const held = "kotare_main_loop_held_seconds";
    expect(metrics.get(held)?.samples.get(held)).toBe(0.007);
    expect([...metrics.get("kotare_build_info")!.samples.keys()]).toEqual([
      'kotare_build_info{service="dhcp4",version="1.2"}',
    ]);
  });

  it("counts wrong logins", async () => {
    await fetch(test.url(METRICS), { headers: basic("reader", "guess") });
    const metrics = readMetrics(await (await get("prometheus")).text());
    expect(metrics.get("kotare_failed_logins_total")?.samples.get("kotare_failed_logins_total")).toBe(1);
  });

  it("is refused to who has not its right, and to who has not logged in", async () => {
    expect((await get("other")).status).toBe(403);
    expect((await fetch(test.url(METRICS))).status).toBe(401);
  });

  it("is all that its right is for", async () => {
    expect((await test.post('{ "command": "x" }', basic("prometheus", "p"))).status).toBe(403);
  });
});
