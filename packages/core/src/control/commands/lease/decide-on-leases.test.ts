import { describe, expect, it } from "vitest";
import type { CommitResult, LeaseBatch } from "../../../leases/model/lease-store.ts";
import type { Lease4 } from "../../../leases/model/lease4.ts";
import { done, failed } from "../../answer.ts";
import { decideOnLeases } from "./decide-on-leases.ts";

const lease = { hostname: "a" } as Lease4;
const DURABLE: CommitResult = { kind: "durable" };

/** A store in which look-ups miss so often, and commits end so. */
function storeWith(misses: number, commits: readonly CommitResult[], load = async () => {}) {
  const changes: string[] = [];
  let left = misses;
  let commit = 0;
  const begin = (): LeaseBatch<Lease4> & { look(): void } => {
    let missed = 0;
    return {
      get missed() {
        return missed;
      },
      recalled: 0,
      mayRecall: false,
      isLimited: false,
      countsClasses: false,
      limitReached: () => undefined,
      look() {
        if (left > 0) {
          left--;
          missed++;
        }
      },
      load,
      expired: () => [],
      forgettable: () => [],
      stillHolds: () => true,
      size: 0,
      put: ({ hostname }) => void changes.push(`put ${hostname}`),
      relyOn: () => {},
      abandon: () => {},
      discard: ({ hostname }) => void changes.push(`discard ${hostname}`),
      commit: async () => commits[commit++] ?? DURABLE,
    };
  };
  const decide = () =>
    decideOnLeases({ begin }, (batch) => {
      batch.look();
      return { put: [lease], discard: [lease], answer: done("done") };
    });
  return { decide, changes };
}

describe("a command that changes leases", () => {
  it("changes nothing before what it looks at is loaded", async () => {
    const { decide, changes } = storeWith(2, []);
    expect(await decide()).toEqual(done("done"));
    expect(changes).toEqual(["discard a", "put a"]);
  });

  it("is decided again where others were quicker", async () => {
    const taken: CommitResult = { kind: "taken", changes: new Set([0]) };
    const { decide, changes } = storeWith(0, [taken, DURABLE]);
    expect(await decide()).toEqual(done("done"));
    expect(changes).toHaveLength(4);
  });

  it("gives up where they always are", async () => {
    const taken: CommitResult = { kind: "taken", changes: new Set([0]) };
    expect(await storeWith(0, [taken, taken, taken, taken, taken]).decide()).toEqual(
      failed("The lease keeps changing: others are quicker; try again"),
    );
    expect(await storeWith(100, []).decide()).toMatchObject({ result: 1 });
  });

  it("says so when leases cannot be read or written", async () => {
    const load = () => Promise.reject(new Error("no database"));
    expect(await storeWith(1, [], load).decide()).toEqual(failed("The leases cannot be read: no database"));
    const broken: CommitResult = { kind: "failed", error: new Error("disk full") };
    expect(await storeWith(0, [broken]).decide()).toEqual(failed("The lease cannot be written: disk full"));
  });
});
