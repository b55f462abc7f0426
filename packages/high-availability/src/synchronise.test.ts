/** Leases of the partner: what is taken over of them, and what comes of a partner that does not give them. */
import type { CommandAnswer, Lease } from "@kotare/extension";
import { expect, it } from "vitest";
import { type SyncSettings, synchronise } from "./synchronise.ts";
import { lease4 } from "./testing/exchanges.ts";

const SETTINGS: SyncSettings = {
  family: 4,
  serverName: "a",
  pageLimit: 2,
  patience: 60,
  index: 0,
  has: (id) => id === 1,
};

/** @param fails a command that the partner does not know */
async function play(theirs: readonly Lease[], ours: readonly Lease[], fails = "") {
  const asked: string[] = [];
  const held = new Map(ours.map((lease) => [lease["ip-address"], lease]));
  const partner = async (command: string, args: object): Promise<CommandAnswer> => {
    asked.push(command);
    if (command === fails) return { result: 1, text: "planted" };
    if (command !== "lease4-get-page") return { result: 0 };
    const { from, limit } = args as { from: string; limit: number };
    const at = theirs.findIndex((lease) => lease["ip-address"] === from) + 1;
    const leases = theirs.slice(at, at + limit);
    return { result: leases.length === 0 ? 3 : 0, arguments: { count: leases.length, leases } };
  };
  const own = async (command: string, args: object): Promise<CommandAnswer> => {
    const { "ip-address": address, expire, ...rest } = args as Lease & { expire: number };
    const found = held.get(address);
    if (command === "lease4-get") return found === undefined ? { result: 3 } : { result: 0, arguments: found };
    held.set(address, { ...rest, "ip-address": address, cltt: expire - rest["valid-lft"] });
    return { result: 0 };
  };
  const taken = await synchronise(partner, own, SETTINGS).catch((error: Error) => error.message);
  return { taken, asked, held: [...held.values()].map(({ "ip-address": address, cltt }) => `${address} ${cltt}`) };
}

it("the newer of two leases stays, and leases that only one of the two has", async () => {
  const { taken, held } = await play(
    [lease4(1, 1000), lease4(2, 1000), lease4(3, 1000)],
    [lease4(2, 999), lease4(3, 1000), lease4(4, 7)],
  );
  expect(taken).toBe(2);
  expect(held.toSorted()).toEqual(["192.0.2.1 1000", "192.0.2.2 1000", "192.0.2.3 1000", "192.0.2.4 7"]);
});

it("the partner's service is off for each page, and on when all is there", async () => {
  const { asked } = await play([lease4(1), lease4(2)], []);
  const page = ["dhcp-disable", "lease4-get-page"];
  expect(asked).toEqual([...page, ...page, "ha-sync-complete-notify"]);
});

it("a partner that does not know how to be told of the end is told to go on", async () => {
  const { taken, asked } = await play([], [], "ha-sync-complete-notify");
  expect(taken).toBe(0);
  expect(asked.at(-1)).toBe("dhcp-enable");
});

it.each(["dhcp-disable", "lease4-get-page"])("if %s fails, its service is on again", async (command) => {
  const { taken, asked } = await play([lease4(1)], [], command);
  expect(taken).toContain("planted");
  expect(asked.at(-1)).toBe("dhcp-enable");
});
