/** Changes on their way to a partner that takes them late, in any order, rejects them, or does not answer. */
import type { CommandAnswer } from "@kotare/extension";
import { expect, it } from "vitest";
import { Outbox } from "./outbox.ts";
import { exchange, lease4 } from "./testing/exchanges.ts";

const DONE: CommandAnswer = { result: 0 };

/** The partner answers when the test says so. */
function outbox(most = 0) {
  const asked: { readonly what: string; answer(with_: CommandAnswer | Error): void }[] = [];
  const box = new Outbox(4, most, (command, args) => {
    const { "ip-address": address, expire } = args as { "ip-address": string; expire: number };
    return new Promise((resolve, reject) => {
      const answer = (given: CommandAnswer | Error) => (given instanceof Error ? reject(given) : resolve(given));
      asked.push({ what: `${command} ${address} ${expire}`, answer });
    });
  });
  return { box, asked, turn: () => new Promise(setImmediate) };
}

it("those of an address go one after the other, others beside each other", async () => {
  const { box, asked, turn } = outbox();
  const sent = [lease4(1, 1000), lease4(2), lease4(1, 1001)].map((lease) => box.send(exchange(1, ["put", lease])));
  await turn();
  expect(asked.map(({ what }) => what)).toEqual(["lease4-update 192.0.2.1 1100", "lease4-update 192.0.2.2 1100"]);
  asked[0]!.answer(DONE);
  await turn();
  expect(asked[2]?.what).toBe("lease4-update 192.0.2.1 1101");
  for (const each of asked) each.answer(DONE);
  expect(await Promise.all(sent)).toEqual([1, 2, 3].map(() => ({ rejected: undefined })));
});

it("a lease that is relied on is sent only while the partner may not have it", async () => {
  const { box, asked, turn } = outbox();
  await box.send(exchange(1, ["rely", lease4(1)]));
  expect(asked).toEqual([]);
  const lost = box.send(exchange(1, ["put", lease4(1)]));
  await turn();
  asked[0]!.answer(new Error("gone"));
  await expect(lost).rejects.toThrow("gone");
  const again = box.send(exchange(1, ["rely", lease4(1)]));
  await turn();
  expect(asked).toHaveLength(2);
  asked[1]!.answer(DONE);
  await again;
  await box.send(exchange(1, ["rely", lease4(1)]));
  expect(asked).toHaveLength(2);
});

it("what the partner rejects is told, with its client, until it accepts something of it", async () => {
  const { box, asked, turn } = outbox();
  const first = box.send(exchange(1, ["put", lease4(1)]));
  await turn();
  asked[0]!.answer({ result: 4, text: "no such subnet" });
  expect(await first).toEqual({ rejected: "the partner rejects it: no such subnet" });
  expect(box.rejected).toBe(1);
  const second = box.send(exchange(1, ["remove", lease4(1)]));
  await turn();
  asked[1]!.answer({ result: 3 });
  expect(await second).toEqual({ rejected: undefined });
  expect(asked[1]!.what).toBe("lease4-del 192.0.2.1 1100");
  expect(box.rejected).toBe(0);
});

it("a partner that is busy with the lease is asked again, but not for ever", async () => {
  const { box, asked, turn } = outbox();
  const busy = { result: 4, text: "ResourceBusy: IP address:192.0.2.1 could not be updated." } as const;
  const sent = box.send(exchange(1, ["put", lease4(1)]));
  for (let i = 0; i < 4; i++) {
    await turn();
    asked[i]!.answer(busy);
  }
  expect((await sent).rejected).toContain("ResourceBusy");
  expect(asked).toHaveLength(4);
});

it("what is kept is sent later, in order; what finds no room is counted", async () => {
  const { box, asked, turn } = outbox(2);
  for (const number of [1, 2]) box.keep(exchange(number, ["put", lease4(number)]), true);
  expect([box.unsent, box.hasOverflown]).toEqual([0, false]);
  box.keep(exchange(3, ["put", lease4(3)]), true);
  expect([box.unsent, box.hasOverflown]).toEqual([1, true]);
  const sending = box.sendKept();
  for (let i = 0; i < 2; i++) {
    await turn();
    asked[i]!.answer(DONE);
  }
  await sending;
  expect(asked.map(({ what }) => what)).toEqual(["lease4-update 192.0.2.1 1100", "lease4-update 192.0.2.2 1100"]);
  box.keep(exchange(1, ["put", lease4(1)]), false);
  expect(box.unsent).toBe(2);
});
