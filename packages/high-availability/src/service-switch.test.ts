import { expect, it } from "vitest";
import { ServiceSwitch } from "./service-switch.ts";

it("what one has switched off stays off when another one lets go of it", async () => {
  const off = new Set<unknown>();
  const command = async (name: string, args?: object) => {
    const { "origin-id": origin } = args as { "origin-id": number };
    expect(origin).toBeGreaterThanOrEqual(1000);
    expect(origin).toBeLessThan(2000);
    if (name === "dhcp-disable") off.add(origin);
    else off.delete(origin);
    return { result: 0 } as const;
  };
  const [former, present] = [new ServiceSwitch(command), new ServiceSwitch(command)];
  former.switch(false);
  present.switch(false);
  former.switch(true);
  await expect.poll(() => off.size).toBe(1);
  present.switch(true);
  await expect.poll(() => off.size).toBe(0);
});
