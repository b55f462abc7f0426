import { describe, expect, it } from "vitest";
import { LeaseState } from "../../../leases/model/lease.ts";
import type { Lease4 } from "../../../leases/model/lease4.ts";
import type { Answer } from "../../answer.ts";
import { slicesOf } from "../../channel/slices.ts";
import { formatParts } from "../../kea-json.ts";
import type { LeaseContext } from "../lease/lease-context.ts";
import { answerClient, streamPage } from "./answer-leases.ts";

/** Every tenth has no hardware address, every seventh is only on offer. */
const leases = Array.from(
  { length: 1000 },
  (_, address): Lease4 => ({
    address,
    hwaddr: Uint8Array.of(...(address % 10 === 0 ? [] : [address & 255, address >> 8])),
    clientId: undefined,
    validLifetime: 1,
    cltt: 1,
    subnetId: 1,
    poolId: 0,
    state: address % 7 === 0 ? LeaseState.offered : LeaseState.assigned,
    fqdnFwd: false,
    fqdnRev: false,
    hostname: "",
    userContext: "",
  }),
);
const held = leases.filter(({ state }) => state === LeaseState.assigned).map(({ address }) => address);

let steps = 0;
const context = {
  family: 4,
  page: async (after: number | undefined, limit: number) => {
    steps++;
    return leases.filter(({ address }) => address > (after ?? -1)).slice(0, limit);
  },
  describe: ({ address }: Lease4) => address,
} as unknown as LeaseContext<Lease4>;

async function read(answer: Answer): Promise<unknown> {
  let text = "";
  for await (const slice of slicesOf(formatParts(answer))) text += slice;
  return JSON.parse(text);
}

describe("a page of leases", () => {
  it.each([
    [undefined, 1],
    [undefined, 64],
    [100, 300],
    [900, 4_294_967_295],
    [999, 5],
  ])("behind %s has at most %i, and how many there are", async (after, limit) => {
    const page = held.filter((address) => address > (after ?? -1)).slice(0, limit);
    expect(await read(streamPage(context, after, limit))).toEqual({
      arguments: { leases: page, count: page.length },
      result: page.length === 0 ? 3 : 0,
      text: `${page.length} IPv4 lease(s) found.`,
    });
  });

  it("has its writer rest every now and then, also where a store has all at hand and nobody wants any", () => {
    const page = (after: number | undefined, limit: number) => {
      return leases.filter(({ address }) => address > (after ?? -1)).slice(0, limit);
    };
    const parts = [...formatParts(streamPage({ ...context, page }, undefined, 1, () => false))];
    expect(parts.filter((part) => part instanceof Promise)).toHaveLength(Math.floor(leases.length / 64));
  });

  it("is looked for no further than it goes", async () => {
    steps = 0;
    await read(streamPage(context, undefined, 10));
    expect(steps).toBe(1);
  });
});

describe("the leases of a client", () => {
  it("without a name are looked for among all", async () => {
    const nobodys = held.filter((address) => address % 10 === 0);
    expect(await read(answerClient(context, new Uint8Array(0), [], (lease) => lease.hwaddr))).toMatchObject({
      arguments: { leases: nobodys },
    });
    expect(await read(answerClient(context, new Uint8Array(0), [], (lease) => lease.clientId))).toMatchObject({
      arguments: { leases: held },
    });
  });
});
