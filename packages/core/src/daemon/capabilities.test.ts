import { expect, it } from "vitest";
import { capabilityAdvice, missingCapabilities } from "./capabilities.ts";

const needed = ["CAP_NET_BIND_SERVICE", "CAP_NET_RAW"] as const;

it.each([
  ["root", "CapEff:\t000001ffffffffff", []],
  ["an ordinary user", "CapEff:\t0000000000000000", ["CAP_NET_BIND_SERVICE", "CAP_NET_RAW"]],
  ["a service with both ambient capabilities", "CapEff:\t0000000000002400", []],
  ["a service with low ports only", "CapEff:\t0000000000000400", ["CAP_NET_RAW"]],
  ["a service with raw sockets only", "CapEff:\t0000000000002000", ["CAP_NET_BIND_SERVICE"]],
  ["another system", "Name:\tnode", []],
])("what %s lacks is known from /proc", (_, line, missing) => {
  expect(missingCapabilities(needed, `CapPrm:\t000001ffffffffff\n${line}\nCapBnd:\t000001ffffffffff\n`)).toEqual(
    missing,
  );
});

it("the advice names the capability and two ways to give it", () => {
  const advice = capabilityAdvice(["CAP_NET_RAW"]);
  expect(advice).toContain("AmbientCapabilities=CAP_NET_RAW");
  expect(advice).toContain("setcap 'cap_net_raw=ep'");
});
