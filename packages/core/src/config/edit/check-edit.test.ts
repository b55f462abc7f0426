import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../../base/testing/runs.ts";
import { dhcp4Family } from "../dhcp4-family.ts";
import { formatFault } from "../fault.ts";
import { configOf } from "../testing/parse-body.ts";
import { checkEdit } from "./check-edit.ts";
import { tree4 } from "./config-tree.ts";

const subnets = [1, 2, 3, 4].map((id) => `{ "id": ${id}, "subnet": "10.${id}.0.0/24" }`).join(",");
const inNetwork = [5, 6].map((id) => `{ "id": ${id}, "subnet": "10.${id}.0.0/24" }`).join(",");
const before = configOf(`"client-classes": [{ "name": "a" }, { "name": "b", "test": "member('a')" }],
  "subnet4": [${subnets}], "shared-networks": [{ "name": "m" }, { "name": "n", "subnet4": [${inNetwork}] }]`);

function bad(subnet: (typeof before.subnet4)[number]) {
  const [pool] = configOf('"subnet4": [{ "id": 1, "subnet": "10.9.0.0/24", "pools": [{ "pool": "10.9.0.0/30" }] }]')
    .subnet4[0]!.pools;
  return { ...subnet, pools: [pool!] };
}

const faultsOf = (after: typeof before) => checkEdit(tree4, before, after, dhcp4Family.check).map(formatFault);

describe("errors of an edit", () => {
  it("have the place that they have in the whole", () => {
    const changed = (wrong: number) => before.subnet4.map((subnet, i) => (i === wrong ? bad(subnet) : subnet));
    const at = (i: number) => [expect.stringMatching(new RegExp(`^Dhcp4\\.subnet4\\[${i}\\]\\.pools\\[0\\]\\.pool: `))];
    for (const i of [0, 1, 3]) expect(faultsOf({ ...before, subnet4: changed(i) })).toEqual(at(i));
    const [m, n] = before["shared-networks"];
    const networks = [m!, { ...n!, subnet4: [n!.subnet4[0]!, bad(n!.subnet4[1]!)] }];
    expect(faultsOf({ ...before, "shared-networks": networks })).toEqual([
      expect.stringMatching(/^Dhcp4\.shared-networks\[1\]\.subnet4\[1\]\.pools\[0\]\.pool: /),
    ]);
    expect(faultsOf({ ...before, "client-classes": before["client-classes"].slice(1) })).toEqual([
      expect.stringMatching(/^Dhcp4\.client-classes\[0\]\.test: asks for class "a"/),
    ]);
  });

  it("are those of all that is new, wherever it stands, and of nothing else", () => {
    // What becomes of each subnet: gone, left alone, wrong; and what stands in between.
    const fate = fc.constantFrom("gone", "left", "wrong", "good");
    fc.assert(
      fc.property(fc.array(fate, { minLength: 4, maxLength: 4 }), fc.nat(4), (fates, at) => {
        const made = before.subnet4.flatMap((subnet, i) => {
          if (fates[i] === "gone") return [];
          return [fates[i] === "left" ? subnet : fates[i] === "wrong" ? bad(subnet) : { ...subnet, "renew-timer": 1 }];
        });
        const subnet4 = made.toSpliced(at, 0, bad({ ...before.subnet4[0]!, id: 9, subnet: "10.8.0.0/24" }));
        expect(faultsOf({ ...before, subnet4 })).toHaveLength(fates.filter((each) => each === "wrong").length + 1);
      }),
      { numRuns: runs(50) },
    );
  });
});
