import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import { loopbackDrops } from "./loopback-drops.ts";

it("what a socket has no room for is counted, and what it takes is not", async () => {
  const [full, other] = [createSocket("udp6"), createSocket("udp6")];
  onTestFinished(() => {
    for (const socket of [full, other]) socket.close();
  });
  for (const socket of [full, other]) {
    socket.bind({ address: "::1" });
    await once(socket, "listening");
  }
  const { port } = full.address();
  full.setRecvBufferSize(4096);
  let taken = 0;
  full.on("message", () => void taken++);
  const COUNT = 100;
  const sent = Array.from(
    { length: COUNT },
    () => new Promise((resolve) => other.send(new Uint8Array(1000), port, "::1", resolve)),
  );
  await Promise.all(sent);
  await expect.poll(async () => taken + (await loopbackDrops(port))).toBe(COUNT);
  expect(taken).toBeLessThan(COUNT);
  expect(await loopbackDrops(other.address().port)).toBe(0);
});
