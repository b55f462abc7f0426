import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { expect, it } from "vitest";
import { readInTurns } from "./read-in-turns.ts";

const MiB = 2 ** 20;

it("megabytes that are there are read in many turns of the main loop, all of them", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const sender = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [receiver] = await once(server, "connection");
  let inTurn = 0;
  let most = 0;
  let all = 0;
  let isOver = false;
  const turn = () => {
    most = Math.max(most, inTurn);
    inTurn = 0;
    if (!isOver) setImmediate(turn);
  };
  turn();
  readInTurns(receiver, (piece) => {
    inTurn += piece.length;
    all += piece.length;
  });
  sender.end(Buffer.alloc(16 * MiB));
  await once(receiver, "end");
  isOver = true;
  server.close();
  expect(all).toBe(16 * MiB);
  expect(most).toBeGreaterThan(0);
  // Node has read one piece more when it stops.
  expect(most).toBeLessThanOrEqual(2 * 64 * 1024);
});
