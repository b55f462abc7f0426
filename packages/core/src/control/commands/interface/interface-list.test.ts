import { listInterfaces } from "@kotare/netio/interfaces/interfaces";
import { expect, it } from "vitest";
import type { DhcpContext } from "../../dhcp-context.ts";
import { interfaceList, interfaceRedetect } from "./interface-list.ts";

it.each([interfaceList, interfaceRedetect])(
  "$name shows the host's own interfaces under Kea's names",
  async (command) => {
    const interfaces = [...listInterfaces().values()].map((link) => ({ ...link, isServed: link.loopback }));
    const context = { interfaces: () => interfaces } as unknown as DhcpContext;
    const answer = await command.call({}, context);
    expect(answer).toMatchObject({
      result: 0,
      text: `${interfaces.length} interface${interfaces.length === 1 ? "" : "s"} detected.`,
    });
    const shown = (answer.arguments as { interfaces: { name: string }[] }).interfaces;
    expect(shown.find(({ name }) => name === "lo")).toEqual({
      name: "lo",
      index: 1,
      mac: "00:00:00:00:00:00",
      type: 772,
      addresses: expect.arrayContaining(["127.0.0.1"]),
      "flag-loopback": true,
      "flag-up": true,
      "flag-running": true,
      "flag-multicast": false,
      "flag-broadcast": false,
      "in-use": true,
    });
  },
);
