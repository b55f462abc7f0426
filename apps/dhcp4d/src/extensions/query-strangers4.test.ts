/** Requesters by TCP that do what none should: their own loss, and nobody else's. */
import { runs } from "@kotare/core/base/testing/runs";
import { subOptions } from "@kotare/testkit/build-message4";
import { cut, type Mutation, mutate, overwrite } from "@kotare/testkit/mutations";
import { frame, QueryConnection } from "@kotare/testkit/query-connection";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { HOST, isDone, PORT, QueryStage4, query, readLine } from "../testing/query-stage4.ts";

const byRelay = (xid = 7) => query({ xid }, [82, subOptions([12, [1, 2, 3]])]);

it("of a thousand connections as many stay as may, and they are served", async () => {
  const stage = await QueryStage4.start({ "max-requester-connections": 5 });
  await stage.bind(1, 7);
  const all = await Promise.all(
    Array.from({ length: 1000 }, () => QueryConnection.open(HOST, PORT, HOST).catch(() => undefined)),
  );
  await vi.waitUntil(() => Number(stage.metric("kotare_leasequery_refused_total")) >= 900, { timeout: 60_000 });
  expect(Number(stage.metric("kotare_leasequery_connections"))).toBeLessThanOrEqual(5);
  for (const connection of all) connection?.[Symbol.dispose]();
  await vi.waitUntil(() => stage.metric("kotare_leasequery_connections") === 0, { timeout: 60_000 });
  expect(await stage.ask(byRelay())).toEqual(["ACTIVE 192.0.2.10", "DONE"]);
});

it("who asks without end and reads nothing is not read any more, and closed after a while", async () => {
  const stage = await QueryStage4.start({ "max-requester-idle-time": 1 });
  for (let number = 1; number <= 50; number++) await stage.bind(number, 7);
  const silent = await stage.connect();
  silent.socket.pause();
  const questions = Buffer.concat(Array.from({ length: 500 }, () => frame(query())));
  for (let i = 0; i < 400; i++) silent.socket.write(questions);
  let left = silent.socket.writableLength;
  // Others are served meanwhile. A machine that is away for a second ends what they ask, too.
  await vi.waitFor(async () => expect(await stage.ask(byRelay())).toHaveLength(51), 60_000);
  const isClosed = () => {
    if (!silent.socket.destroyed) left = silent.socket.writableLength;
    return stage.metric("kotare_leasequery_connections") === 0;
  };
  await vi.waitUntil(isClosed, { timeout: 60_000 });
  // What kernels have room for has been taken from it, of 49 MB.
  expect(left).toBeGreaterThan(20e6);
});

it("who leaves in the middle of an answer costs nothing more", async () => {
  const stage = await QueryStage4.start({ "max-leases-per-fetch": 1 });
  for (let number = 1; number <= 50; number++) await stage.bind(number, 7);
  const connection = await stage.connect();
  connection.send(query());
  await connection.next();
  connection[Symbol.dispose]();
  await vi.waitUntil(() => stage.metric("kotare_leasequery_connections") === 0, { timeout: 60_000 });
  expect(await stage.ask(byRelay())).toHaveLength(51);
});

describe("broken queries", () => {
  const mutation: fc.Arbitrary<Mutation> = fc.oneof(
    fc
      .tuple(fc.integer({ max: 999, min: 0 }), fc.integer({ min: 0, max: 255 }))
      .map(([share, value]) => overwrite(share / 1000, value)),
    // Behind the magic cookie most changes matter.
    fc
      .tuple(fc.integer({ max: 999, min: 0 }), fc.integer({ min: 0, max: 255 }))
      .map(([share, value]) => overwrite(share / 1000, value, 238)),
    fc.integer({ min: 0, max: 999 }).map((share) => cut(share / 1000)),
  );
  const corpus = [
    query(),
    byRelay(),
    query({ chaddr: "02:00:00:00:00:01", htype: 1 }, [55, [153, 156, 157]]),
    query({}, [61, [1, 2, 1]], [154, [0, 0, 0, 1]], [155, [255, 255, 255, 255]]),
    query({ type: 16 }, [154, [0, 0, 0, 0]]),
    query({ type: 18 }),
    query({}, [221, [255]], [118, [192, 0, 2, 1]]),
  ];

  it("are answered, or end their connection, and the next one is served", async () => {
    const stage = await QueryStage4.start(
      { "max-requester-connections": 1000 },
      { "active-leasequery": { insecure: true } },
    );
    await stage.bind(1, 7);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...corpus), fc.array(mutation, { minLength: 1, maxLength: 4 })), {
          minLength: 1,
          maxLength: 8,
        }),
        async (broken) => {
          using connection = await QueryConnection.open(HOST, PORT, HOST);
          connection.send(...broken.map(([message, mutations]) => mutate(message, mutations)));
          connection.socket.end();
          const patience = connection.until(() => false);
          using other = await QueryConnection.open(HOST, PORT, HOST);
          other.send(byRelay(99));
          expect((await other.until(isDone)).map(readLine)).toEqual(["ACTIVE 192.0.2.10", "DONE"]);
          connection[Symbol.dispose]();
          await patience;
        },
      ),
      { numRuns: runs(100) },
    );
    expect(stage.server.log.lines.filter((line) => /TypeError|RangeError/.test(line))).toEqual([]);
  });
});
