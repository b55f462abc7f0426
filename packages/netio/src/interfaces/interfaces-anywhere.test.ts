import { expect, test } from "vitest";
import { listInterfaces } from "./interfaces.ts";
import { NodeInterfaces } from "./node-interfaces.ts";

// On any system, with the interfaces that it has: what the kernel tells by the addon, against what Node makes of it.
test("the kernel tells of each interface what Node does", () => {
  const byName = new Map([...listInterfaces().values()].map((link) => [link.name, link]));
  for (const { name, up, loopback, ipv4, ipv6, mac } of new NodeInterfaces().read().values()) {
    const told = byName.get(name);
    expect(told).toMatchObject({ name, up, loopback, ipv4 });
    // Node may leave out those that are tentative.
    const settled = told?.ipv6.filter(({ tentative }) => !tentative);
    expect(settled?.map(({ address, prefixLength }) => ({ address, prefixLength }))).toEqual(
      ipv6.map(({ address, prefixLength }) => ({ address, prefixLength })),
    );
    if (mac.some((byte) => byte !== 0)) expect(told?.mac).toEqual(mac);
  }
});
