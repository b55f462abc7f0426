import { expect, it, vi } from "vitest";
import type { Lease4 } from "../../leases/model/lease4.ts";
import { RelayIndex } from "./relay-index.ts";

/** What a lease says of its relay is the relay's id here. */
const lease = (address: number, userContext: string) => ({ address, userContext }) as Lease4;

function start(): RelayIndex<Lease4> {
  const index = new RelayIndex<Lease4>({
    keyOf: ({ address }) => address,
    idsOf: ({ userContext }, kind) => (kind === "relay-id" && userContext !== "" ? [userContext.slice(0, 2)] : []),
  });
  index.switch(true, async function* () {});
  return index;
}

it("finds the leases of a relay, as they come and go", async () => {
  const index = start();
  index.put(lease(1, "AA"), undefined);
  expect(await index.find("relay-id", "AA")).toEqual([1]);
  index.put(lease(2, "AA"), undefined);
  index.put(lease(3, "BB"), undefined);
  index.put(lease(2, "BB"), lease(2, "AA"));
  expect(await index.find("relay-id", "AA")).toEqual([1]);
  expect(await index.find("relay-id", "BB")).toEqual([3, 2]);
  index.discard(lease(3, "BB"));
  index.put(lease(2, ""), lease(2, "BB"));
  expect(await index.find("relay-id", "BB")).toEqual([]);
  expect(await index.find("remote-id", "AA")).toEqual([]);
});

it("reads a relay of many leases in turns, and none of them twice, though they change meanwhile", async () => {
  const index = start();
  const many = Array.from({ length: 5000 }, (_, address) => address);
  for (const address of many) index.put(lease(address, "AA"), undefined);
  let clock = 0;
  // Each look at the clock is a millisecond later: no turn has more than one step.
  vi.spyOn(performance, "now").mockImplementation(() => clock++);
  const found = index.find("relay-id", "AA");
  let others = 0;
  const timer = setInterval(() => {
    for (const address of many.slice(0, 10)) index.put(lease(address, `AA${++others}`), lease(address, "AA"));
  });
  try {
    expect(await found).toEqual(many);
  } finally {
    clearInterval(timer);
    vi.restoreAllMocks();
  }
  expect(others).toBeGreaterThan(0);
});
