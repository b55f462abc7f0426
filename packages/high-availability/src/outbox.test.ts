/** Changes on their way to a partner that takes them late, in any order, rejects them, or does not answer. */
import type { CommandAnswer } from "@kotare/extension";
import { expect, it } from "vitest";
import { Outbox } from "./outbox.ts";
import { exchange, lease4 } from "./testing/exchanges.ts";

const DONE: CommandAnswer = { result: 0 };

interface Given {
  readonly "ip-address": string;
  readonly expire: number;
  readonly rows?: string;
  readonly leases?: readonly Given[];
}

/** The partner answers when the test says so, but for what commands it has. */
function outbox(most = 0, commands: readonly string[] = [], family: 4 | 6 = 4) {
  const asked: { readonly what: string; answer(with_: CommandAnswer | Error): void }[] = [];
  const box = new Outbox(family, most, (command, args) => {
    if (command === "list-commands") return Promise.resolve({ result: 0, arguments: commands });
    const { "ip-address": address, expire, rows, leases } = args as Given;
    const what = rows ?? leases?.map((lease) => lease["ip-address"]).join() ?? `${address} ${expire}`;
    return new Promise((resolve, reject) => {
      const answer = (given: CommandAnswer | Error) => (given instanceof Error ? reject(given) : resolve(given));
      asked.push({ what: `${command} ${what.replaceAll("\n", ";")}`, answer });
    });
  });
  const send = (...[number, ...changes]: Parameters<typeof exchange>) =>
    box.send(box.pack(exchange(number, ...changes)));
  const keep = (isLater: boolean, ...[number, ...changes]: Parameters<typeof exchange>) =>
    box.keep(box.pack(exchange(number, ...changes)), isLater);
  return { box, asked, send, keep, turn: () => new Promise(setImmediate) };
}

it("those of an address go one after the other, others beside each other", async () => {
  const { asked, send, turn } = outbox();
  const sent = [lease4(1, 1000), lease4(2), lease4(1, 1001)].map((lease) => send(1, ["put", lease]));
  await turn();
  expect(asked.map(({ what }) => what)).toEqual(["lease4-update 192.0.2.1 1100", "lease4-update 192.0.2.2 1100"]);
  asked[0]!.answer(DONE);
  await turn();
  expect(asked[2]?.what).toBe("lease4-update 192.0.2.1 1101");
  for (const each of asked) each.answer(DONE);
  expect(await Promise.all(sent)).toEqual([undefined, undefined, undefined]);
});

// docs/high-availability.md: what happens when a client asks again whose lease the partner did not get?
it("a lease that is relied on is sent only while the partner may not have it", async () => {
  const { asked, send, turn } = outbox();
  await send(1, ["rely", lease4(1)]);
  expect(asked).toEqual([]);
  const lost = send(1, ["put", lease4(1)]);
  await turn();
  asked[0]!.answer(new Error("gone"));
  await expect(lost).rejects.toThrow("gone");
  const again = send(1, ["rely", lease4(1)]);
  await turn();
  expect(asked).toHaveLength(2);
  asked[1]!.answer(DONE);
  await again;
  await send(1, ["rely", lease4(1)]);
  expect(asked).toHaveLength(2);
});

it("it is told why the partner rejects a change", async () => {
  const { asked, send, turn } = outbox();
  const first = send(1, ["put", lease4(1)]);
  await turn();
  asked[0]!.answer({ result: 4, text: "no such subnet" });
  expect(await first).toEqual({ why: "no such subnet", isPlaceless: false });
  const second = send(1, ["remove", lease4(1)]);
  await turn();
  asked[1]!.answer({ result: 3 });
  expect(await second).toBeUndefined();
  expect(asked[1]!.what).toBe("lease4-del 192.0.2.1 1100");
});

// docs/high-availability.md: what happens when both servers work on the same lease, or one rejects it?
it("a partner that is busy with the lease is asked again, but not for ever", async () => {
  const { asked, send, turn } = outbox();
  const busy = { result: 4, text: "ResourceBusy: IP address:192.0.2.1 could not be updated." } as const;
  const sent = send(1, ["put", lease4(1)]);
  for (let i = 0; i < 4; i++) {
    await turn();
    asked[i]!.answer(busy);
  }
  expect((await sent)?.why).toContain("ResourceBusy");
  expect(asked).toHaveLength(4);
});

it("what is kept is sent later, in order; what finds no room is counted", async () => {
  const { box, asked, keep, turn } = outbox(2);
  for (const number of [1, 2]) keep(true, number, ["put", lease4(number)]);
  expect([box.unsent, box.hasOverflown]).toEqual([0, false]);
  keep(true, 3, ["put", lease4(3)]);
  expect([box.unsent, box.hasOverflown]).toEqual([1, true]);
  const sending = box.sendKept();
  for (let i = 0; i < 2; i++) {
    await turn();
    asked[i]!.answer(DONE);
  }
  await sending;
  expect(asked.map(({ what }) => what)).toEqual(["lease4-update 192.0.2.1 1100", "lease4-update 192.0.2.2 1100"]);
  keep(false, 1, ["put", lease4(1)]);
  expect(box.unsent).toBe(2);
});

it("what is kept goes before what comes later, so that an address ends as it is", async () => {
  const { box, asked, keep, send, turn } = outbox(2);
  for (const number of [2, 1]) keep(true, number, ["remove", lease4(number)]);
  const sending = box.sendKept();
  const later = send(1, ["put", lease4(1, 1001)]);
  for (let i = 0; i < 3; i++) {
    await turn();
    asked[i]?.answer(DONE);
  }
  await Promise.all([sending, later]);
  expect(asked.map(({ what }) => what)).toEqual([
    "lease4-del 192.0.2.2 1100",
    "lease4-del 192.0.2.1 1100",
    "lease4-update 192.0.2.1 1101",
  ]);
});

it("what the partner has not taken is still kept, before what has come since", async () => {
  const { box, asked, keep, turn } = outbox(3);
  for (const number of [1, 2]) keep(true, number, ["put", lease4(number)]);
  const sending = box.sendKept();
  await turn();
  keep(true, 3, ["put", lease4(3)]);
  asked[0]!.answer(DONE);
  asked[1]!.answer(new Error("gone"));
  await expect(sending).rejects.toThrow("gone");
  void box.sendKept();
  await turn();
  expect(asked.slice(2).map(({ what }) => what)).toEqual([
    "lease4-update 192.0.2.2 1100",
    "lease4-update 192.0.2.3 1100",
  ]);
});

it("what the partner answers with an error is not kept any longer: it would do so for ever", async () => {
  const { box, asked, keep, turn } = outbox(3);
  for (const number of [1, 2]) keep(true, number, ["put", lease4(number)]);
  const sending = box.sendKept();
  await turn();
  asked[0]!.answer({ result: 1, text: "no such state" });
  asked[1]!.answer(DONE);
  expect((await sending)?.message).toBe("lease4-update: no such state");
  expect([box.kept, box.unsent]).toEqual([0, 1]);
});

// A Kea before 2.7 knows no such leases.
it("a lease that its host has registered is as good as told where the partner knows no such leases, and no other lease is", async () => {
  const { asked, send, turn } = outbox(0, [], 6);
  const sent = [{ ...lease4(1), state: 4 }, lease4(2)].map((lease) => send(1, ["put", lease]));
  for (let i = 0; i < 3; i++) {
    await turn();
    asked[i]!.answer(i === 2 ? DONE : { result: 1, text: "Invalid state value: 4" });
  }
  expect(await Promise.all(sent)).toEqual([undefined, undefined]);
  expect(asked).toHaveLength(3);
  const other = send(3, ["put", lease4(3)]);
  await turn();
  asked[3]!.answer({ result: 1, text: "no" });
  await expect(other).rejects.toThrow("lease6-bulk-apply: no");
});

it("a lease that is kept for the partner is relied on when the partner has it", async () => {
  const { box, asked, keep, send, turn } = outbox(2);
  keep(true, 1, ["put", lease4(1)]);
  keep(true, 1, ["rely", lease4(1)]);
  expect(box.kept).toBe(1);
  void box.sendKept();
  let isSafe = false;
  void send(1, ["rely", lease4(1)]).then(() => {
    isSafe = true;
  });
  for (let i = 0; i < 2; i++) {
    await turn();
    expect(isSafe).toBe(false);
    asked[i]!.answer(DONE);
  }
  await turn();
  expect(isSafe).toBe(true);
});

const OURS = ["lease4-get-rows"];

it("one of ours is told in rows, of all that has gathered in one command", async () => {
  const { asked, send, turn } = outbox(0, OURS);
  const sent = [1, 2, 3].map((number) => send(number, ["put", lease4(number)]));
  await turn();
  expect(asked.map(({ what }) => what)).toEqual([
    "lease4-bulk-apply 192.0.2.1,100,1000;192.0.2.2,100,1000;192.0.2.3,100,1000;",
  ]);
  const later = [send(4, ["remove", lease4(4)]), send(1, ["put", lease4(1, 1001)]), send(5, ["put", lease4(5)])];
  await turn();
  expect(asked).toHaveLength(1);
  asked[0]!.answer(DONE);
  await Promise.all(sent);
  await turn();
  expect(asked[1]!.what).toBe("lease4-bulk-apply 192.0.2.4,0,1000;192.0.2.1,100,1001;192.0.2.5,100,1000;");
  asked[1]!.answer(DONE);
  await Promise.all(later);
});

it.each([1, 4] as const)("a command for many that fails with %s is given again for each", async (result) => {
  const { asked, send, turn } = outbox(0, OURS);
  const sent = [1, 2].map((number) => send(number, ["put", lease4(number)]));
  await turn();
  asked[0]!.answer({ result, text: "no such subnet" });
  await turn();
  expect(asked[1]!.what).toBe("lease4-bulk-apply 192.0.2.1,100,1000;");
  asked[1]!.answer({ result: 4, text: "no such subnet" });
  await turn();
  expect(asked[2]!.what).toBe("lease4-bulk-apply 192.0.2.2,100,1000;");
  asked[2]!.answer(DONE);
  expect(await Promise.all(sent)).toEqual([{ why: "no such subnet", isPlaceless: false }, undefined]);
});

it.each([
  ["a Kea", ["lease6-bulk-apply"], false],
  ["one of ours", ["lease6-get-rows"], true],
] as const)("%s that has taken some of many leases has rejected the others", async (_, commands, isPlaceless) => {
  const { asked, send, turn } = outbox(0, commands, 6);
  const sent = [1, 2].map((number) => send(number, ["put", lease4(number)]));
  await turn();
  const failed = { "ip-address": "192.0.2.2", type: "IA_NA", result: 1, "error-message": "no" };
  asked[0]!.answer({ result: 0, arguments: { "failed-leases": [failed] } });
  expect(await Promise.all(sent)).toEqual([undefined, { why: "no", isPlaceless }]);
});

it("a lease is not confirmed by what was told of it before", async () => {
  const { asked, box, send, turn } = outbox();
  const sent = [send(1, ["put", lease4(1)]), send(1, ["put", lease4(1, 1001)])];
  await turn();
  asked[0]!.answer(DONE);
  await sent[0];
  expect(box.pack(exchange(1, ["rely", lease4(1, 1001)])).changes).toHaveLength(1);
  await turn();
  asked[1]!.answer(DONE);
  await sent[1];
  const known = box.pack(exchange(1, ["rely", lease4(1, 1001)]));
  expect(known.changes).toHaveLength(0);
  box.mistrust([{ client: "", changes: [{ kind: "put", address: "192.0.2.1", lease: undefined, row: "" }] }]);
  expect(box.pack(exchange(1, ["rely", lease4(1, 1001)])).changes).toHaveLength(1);
});

it("who does not answer has nobody wait any longer, and is looked at anew", async () => {
  const { asked, send, turn } = outbox(0, OURS);
  const sent = [1, 2, 3].map(async (number) => {
    const sending = send(number, ["put", lease4(number)]);
    await turn();
    return sending;
  });
  await turn();
  expect(asked).toHaveLength(1);
  asked[0]!.answer(new Error("gone"));
  for (const each of await Promise.allSettled(sent)) expect(each).toMatchObject({ reason: new Error("gone") });
  void send(4, ["put", lease4(4)]);
  await turn();
  expect(asked.at(-1)!.what).toBe("lease4-bulk-apply 192.0.2.4,100,1000;");
});
