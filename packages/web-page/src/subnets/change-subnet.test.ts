import { describe, expect, it } from "vitest";
import type { Session } from "../session.ts";
import { loadSubnetText, planNewSubnet, planRemoval, planSubnetChange } from "./change-subnet.ts";

const config = {
  subnet4: [{ id: 1, subnet: "10.0.0.0/24" }],
  "shared-networks": [{ name: "floor", subnet4: [{ id: 2, subnet: "10.0.1.0/24" }] }],
};

const metadata = { "server-tags": ["one", "two"] };
const stored = { id: 2, subnet: "10.0.1.0/24", "shared-network-name": "floor", pools: [], metadata };

/** @param wrong what the daemon says of a configuration */
function daemon(wrong?: string) {
  const asked: unknown[] = [];
  const tested: string[] = [];
  const session = {
    ask: async (...question: unknown[]) => {
      asked.push(question);
      if (question[1] === "remote-subnet4-get-by-id") return { subnets: [stored] };
      return question[1] === "config-get" ? { Dhcp4: config } : undefined;
    },
    sendText: async (_: string, __: string, text: string) => {
      tested.push(text);
      return wrong === undefined ? { result: 0 } : { result: 1, text: wrong };
    },
  } as unknown as Session;
  return { session, asked, tested };
}

const fields = {
  id: "3",
  subnet: " 10.0.3.0/24",
  pools: "10.0.3.10-10.0.3.20, 10.0.3.32/28,",
  network: "",
  isStored: false,
};
const subnet = {
  id: 3,
  subnet: "10.0.3.0/24",
  pools: [{ pool: "10.0.3.10-10.0.3.20" }, { pool: "10.0.3.32/28" }],
};

describe("a new subnet", () => {
  it("is tested in the whole, shown, and added by command", async () => {
    const { session, asked, tested } = daemon();
    const change = await planNewSubnet(session, 4, fields);
    expect(JSON.parse(tested[0]!)).toEqual({ Dhcp4: { ...config, subnet4: [...config.subnet4, subnet] } });
    expect(JSON.parse(change.after)).toEqual(subnet);
    await change.apply();
    await change.write?.();
    expect(asked.slice(1)).toEqual([
      ["dhcp4", "subnet4-add", { subnet4: [subnet] }],
      ["dhcp4", "config-write"],
    ]);
  });

  it("goes into a shared network, if there is one of that name", async () => {
    const { session, asked, tested } = daemon();
    const change = await planNewSubnet(session, 4, { ...fields, network: "floor" });
    expect(JSON.parse(tested[0]!).Dhcp4["shared-networks"][0].subnet4).toHaveLength(2);
    await change.apply();
    expect(asked.at(-1)).toEqual(["dhcp4", "network4-subnet-add", { name: "floor", id: 3 }]);
    await expect(planNewSubnet(session, 4, { ...fields, network: "roof" })).rejects.toThrow("no shared network roof");
  });

  it("is refused in the daemon's words, without places that nobody sees", async () => {
    const { session } = daemon("<wire>:7:9: Dhcp4.subnet4[1].id: 1 is the id of Dhcp4.subnet4[0] too");
    await expect(planNewSubnet(session, 4, fields)).rejects.toThrow(/^Dhcp4\.subnet4\[1\]\.id: 1 is the id/);
  });
});

describe("a subnet of a database", () => {
  it("is put there by command, and taken into force", async () => {
    const { session, asked } = daemon();
    const change = await planNewSubnet(session, 4, { ...fields, network: "floor", isStored: true });
    expect(change.write).toBeUndefined();
    await change.apply();
    expect(asked.slice(1)).toEqual([
      [
        "dhcp4",
        "remote-subnet4-set",
        { subnets: [{ ...subnet, "shared-network-name": "floor" }], "server-tags": ["all"] },
      ],
      ["dhcp4", "config-backend-pull"],
    ]);
  });

  it("is changed there, for the servers that have it", async () => {
    const { session, asked, tested } = daemon();
    const subnet = { id: 2, subnet: "10.0.1.0/24", "valid-lifetime": 7200, metadata };
    const before = await loadSubnetText(session, 4, subnet);
    const { metadata: _, ...shown } = stored;
    expect(JSON.parse(before)).toEqual(shown);
    const after = JSON.stringify({ ...shown, "valid-lifetime": 60 });
    const change = await planSubnetChange(session, 4, subnet, [before, after]);
    const { "shared-network-name": _name, ...made } = { ...shown, "valid-lifetime": 60 };
    expect(JSON.parse(tested[0]!)).toEqual({
      Dhcp4: { ...config, "shared-networks": [{ name: "floor", subnet4: [made] }] },
    });
    expect([change.before, change.after, change.write]).toEqual([before, after, undefined]);
    await change.apply();
    expect(asked.slice(-2)).toEqual([
      [
        "dhcp4",
        "remote-subnet4-set",
        { subnets: [{ ...made, "shared-network-name": "floor" }], "server-tags": ["one", "two"] },
      ],
      ["dhcp4", "config-backend-pull"],
    ]);
  });

  it("is removed there", async () => {
    const { session, asked } = daemon();
    const change = planRemoval(session, 6, {
      id: 8,
      subnet: "2001:db8::/64",
      metadata: { "server-tags": ["all"] },
    });
    expect(change.before).not.toContain("metadata");
    await change.apply();
    expect(asked).toEqual([
      ["dhcp6", "remote-subnet6-del-by-id", { subnets: [{ id: 8 }] }],
      ["dhcp6", "config-backend-pull"],
    ]);
  });
});

it("one of the file is changed in its place", async () => {
  const { session, asked, tested } = daemon();
  const [subnet] = config["shared-networks"][0]!.subnet4;
  const before = await loadSubnetText(session, 4, subnet!);
  const changed = { ...subnet, "valid-lifetime": 60 };
  const change = await planSubnetChange(session, 4, subnet!, [before, JSON.stringify(changed)]);
  expect(JSON.parse(tested[0]!).Dhcp4["shared-networks"]).toEqual([{ name: "floor", subnet4: [changed] }]);
  await change.apply();
  await change.write?.();
  expect(asked.slice(1)).toEqual([
    ["dhcp4", "subnet4-update", { subnet4: [changed] }],
    ["dhcp4", "config-write"],
  ]);
  await expect(planSubnetChange(session, 4, subnet!, [before, "{"])).rejects.toThrow("JSON");
});

it("one is removed by its number", async () => {
  const { session, asked } = daemon();
  await planRemoval(session, 6, { id: 8, subnet: "2001:db8::/64" }).apply();
  expect(asked).toEqual([["dhcp6", "subnet6-del", { id: 8 }]]);
});
