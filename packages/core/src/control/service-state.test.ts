import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { originOf, ServiceState } from "./service-state.ts";

let service: ServiceState;
beforeEach(() => {
  vi.useFakeTimers();
  service = new ServiceState();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the service", () => {
  it("is off until everybody who switched it off switches it on", () => {
    service.disable(1);
    service.disable(2000);
    service.enable(1);
    expect(service.isOn).toBe(false);
    service.enable(2000);
    expect(service.isOn).toBe(true);
  });

  it("is on again by itself when the time is over", () => {
    service.disable(1, 20);
    vi.advanceTimersByTime(19_999);
    expect(service.isOn).toBe(false);
    vi.advanceTimersByTime(1);
    expect(service.isOn).toBe(true);
  });

  it("stays off when it is switched off again meanwhile", () => {
    service.disable(1, 20);
    service.disable(1);
    vi.advanceTimersByTime(60_000);
    expect(service.isOn).toBe(false);
  });

  it("says who switched it off", () => {
    service.disable(1001);
    service.disable(2000);
    expect(service.describe()).toEqual({
      "disabled-by-db-connection": [],
      "disabled-by-local-command": [1001],
      "disabled-by-remote-command": [2000],
      "disabled-by-user": false,
      "globally-disabled": true,
    });
  });
});

it.each([
  [{}, 1],
  [{ origin: "user" }, 1],
  [{ origin: "ha-partner" }, 2000],
  [{ origin: 2002 }, 2002],
  [{ origin: "user", "origin-id": 2003 }, 2003],
])("%j is origin %i", (given, origin) => {
  expect(originOf(given)).toBe(origin);
});
