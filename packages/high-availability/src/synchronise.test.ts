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
  ahead: 0,
  index: 0,
  isOnly: true,
  has: (id) => id === 1,
};
const OURS = ["ha-sync-begin-notify"];

/** @param fails a command that the partner does not know */
async function play(theirs: readonly Lease[], commands: readonly string[] = [], fails = "", settings = SETTINGS) {
  const asked: string[] = [];
  const applied: unknown[] = [];
  const partner = async (command: string, args: object): Promise<CommandAnswer> => {
    if (command === "list-commands") return { result: 0, arguments: commands };
    asked.push(command);
    if (command === fails) return { result: 1, text: "planted" };
    const { from } = args as { from: string };
    const at = theirs.findIndex((lease) => lease["ip-address"] === from) + 1;
    const leases = theirs.slice(at, at + 2);
    const last = leases.length < 2 ? undefined : leases.at(-1)!["ip-address"];
    if (command === "lease4-get-page") return { result: leases.length === 0 ? 3 : 0, arguments: { leases } };
    if (command !== "lease4-get-rows") return { result: 0 };
    const rows = leases.map(({ "ip-address": address, hostname }) => `${address};${hostname && `${hostname}\n`}`);
    return { result: 0, arguments: { rows: rows.join(""), last } };
  };
  const own = async (command: string, args: object): Promise<CommandAnswer> => {
    const {
      leases = [],
      rows,
      "newer-only": isNewerOnly,
    } = args as { leases?: Lease[]; rows?: string; "newer-only": boolean };
    expect([command, isNewerOnly]).toEqual(["lease4-bulk-apply", true]);
    // One that is not as leases are here.
    if (leases.length > 1 && leases.some(({ hostname }) => hostname === "odd")) return { result: 1 };
    if (leases[0]?.hostname === "odd" || rows?.includes("odd")) return { result: 1 };
    applied.push(rows ?? leases.map(({ "ip-address": address, state }) => `${address} ${state}`).join());
    return { result: 0, arguments: { count: rows === undefined ? leases.length : 1 } };
  };
  const taken = await synchronise(partner, own, settings).catch((error: Error) => error.message);
  return { taken, asked, applied };
}

// docs/high-availability.md: what happens when a server comes back, and has 100,000 leases to fetch?
it("a Kea's leases come in pages; its service is off for each, and on when all is there", async () => {
  const { taken, asked, applied } = await play([lease4(1), lease4(2), lease4(3)]);
  const page = ["dhcp-disable", "lease4-get-page"];
  expect(asked).toEqual([...page, ...page, "ha-sync-complete-notify"]);
  expect([taken, applied]).toEqual([3, ["192.0.2.1 0,192.0.2.2 0", "192.0.2.3 0"]]);
});

it("states that only Kea 3 has are what they are here, and a lease that cannot be here costs no other", async () => {
  const odd = { ...lease4(1), hostname: "odd" };
  const { taken, applied } = await play([odd, { ...lease4(2), state: 3 }, { ...lease4(3), state: 4 }]);
  expect([taken, applied]).toEqual([2, ["192.0.2.2 2", "192.0.2.3 0"]]);
});

it("a row that cannot be here costs no other", async () => {
  const named = (number: number, hostname: string) => ({ ...lease4(number), hostname });
  const { taken, applied } = await play([named(1, "odd"), named(2, "even")], OURS);
  expect([taken, applied]).toEqual([1, ["192.0.2.2;even\n"]]);
});

it("rows that are together too long for a command are applied one after the other, whole", async () => {
  const long = (number: number, length: number) => ({ ...lease4(number), hostname: "x".repeat(length) });
  const { applied } = await play([long(1, 5000), long(2, 5000), long(3, 200_000), long(4, 10), long(5, 10)], OURS);
  expect(applied.map((rows) => (rows as string).replaceAll(/x+\n/g, ""))).toEqual([
    "192.0.2.1;",
    "192.0.2.2;",
    "192.0.2.3;",
    "192.0.2.4;",
    "192.0.2.5;",
  ]);
  const { applied: together } = await play([long(1, 10), long(2, 10)], OURS);
  expect(together).toEqual([`192.0.2.1;${"x".repeat(10)}\n192.0.2.2;${"x".repeat(10)}\n`]);
});

// docs/high-availability.md: what happens when a server comes back, and has 100,000 leases to fetch?
it("one of ours gives rows while it serves, and tells its changes meanwhile", async () => {
  const { taken, asked, applied } = await play([lease4(1), lease4(2), lease4(3)], OURS);
  expect(asked).toEqual(["ha-sync-begin-notify", "lease4-get-rows", "lease4-get-rows", "ha-sync-complete-notify"]);
  expect([taken, applied]).toEqual([2, ["192.0.2.1;192.0.2.2;", "192.0.2.3;"]]);
});

it("packets come between what is applied, and the next page is asked for before", async () => {
  const happened: string[] = [];
  const partner = async (command: string, args: object): Promise<CommandAnswer> => {
    if (command === "list-commands") return { result: 0, arguments: OURS };
    const { from } = args as { from?: string };
    if (command !== "lease4-get-rows") return { result: 0 };
    happened.push(`asked from ${from}`);
    return { result: 0, arguments: { rows: "row\n", last: from === "start" ? "192.0.2.1" : undefined } };
  };
  const tick = () => {
    happened.push("a packet");
    packets = setImmediate(tick);
  };
  let packets = setImmediate(tick);
  const own = async (): Promise<CommandAnswer> => {
    happened.push("applied");
    return { result: 0, arguments: { count: 1 } };
  };
  await synchronise(partner, own, SETTINGS);
  clearImmediate(packets);
  const order = happened.filter((each, i) => each !== happened[i - 1]);
  expect(order.slice(0, 6)).toEqual([
    "asked from start",
    "asked from 192.0.2.1",
    "a packet",
    "applied",
    "a packet",
    "applied",
  ]);
});

it("of several relationships each has leases of its subnets only", async () => {
  const theirs = [lease4(1), { ...lease4(2), "subnet-id": 2 }, lease4(3)];
  for (const commands of [OURS, []]) {
    const { applied } = await play(theirs, commands, "", { ...SETTINGS, isOnly: false });
    expect(applied).toEqual(["192.0.2.1 0", "192.0.2.3 0"]);
  }
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

it.each([{ commands: [] }, { commands: OURS }])("pages that never end do, of $commands", async ({ commands }) => {
  const { taken } = await play(
    [1, 2, 3, 2].map((number) => lease4(number)),
    commands,
  );
  expect(taken).toBe("its leases do not end: those behind 192.0.2.2 end with that one");
});

it.each(["ha-sync-begin-notify", "lease4-get-rows", "ha-sync-complete-notify"])(
  "if %s fails at one of ours, nothing counts as fetched",
  async (command) => {
    expect((await play([lease4(1)], OURS, command)).taken).toContain("planted");
  },
);
