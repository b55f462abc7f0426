import { beforeEach, describe, expect, it } from "vitest";
import type { DhcpContext } from "../../dhcp-context.ts";
import { interfaceAdd } from "./interface-add.ts";

/** Those in the configuration, and how often it has been changed. */
let listed: readonly string[];
let changes: number;

beforeEach(() => {
  listed = ["eth0"];
  changes = 0;
});

async function add(family: 4 | 6, ...interfaces: string[]) {
  const context = {
    family,
    interfaces: () => ["eth0", "eth1"].map((name) => ({ name, isServed: listed.includes(name) })),
    changeInterfaces: async (change: (before: readonly string[]) => readonly string[] | undefined) => {
      const after = change(listed);
      if (after === undefined) return;
      listed = after;
      changes++;
    },
  } as unknown as DhcpContext;
  const { result, text } = await interfaceAdd.call({ interfaces }, context);
  return [result, text];
}

describe("interface-add", () => {
  it("adds to what is served, and says what is not there yet", async () => {
    expect(await add(4, "eth1", "eth7/192.0.2.1")).toEqual([0, "Operation succeeded. Not served yet: eth7."]);
    expect(listed).toEqual(["eth0", "eth1", "eth7/192.0.2.1"]);
  });

  it("of what is there already changes nothing", async () => {
    expect(await add(4, "eth0")).toEqual([0, "Operation succeeded."]);
    expect(changes).toBe(0);
  });

  it("of anything wrong adds nothing", async () => {
    expect(await add(4, "eth1", "eth0/192.0.2.1")).toEqual([
      1,
      expect.stringContaining('"eth0/192.0.2.1" is listed twice'),
    ]);
    expect(await add(6, "eth0/192.0.2.1")).toEqual([1, expect.stringContaining("does not end in an IPv6 address")]);
    expect(await add(4)).toEqual([1, expect.stringContaining("arguments.interfaces")]);
    expect(changes).toBe(0);
  });
});
