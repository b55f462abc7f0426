import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { frame, QueryConnection } from "./query-connection.ts";

it("a server that says less than it should is told apart from one that has closed", async () => {
  const server = createServer((socket) => socket.write(Buffer.concat([frame(Buffer.of(7)), Buffer.of(0, 9, 1)])));
  onTestFinished(() => void server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  using connection = await QueryConnection.open("127.0.0.1", (server.address() as AddressInfo).port, undefined, 50);
  await expect(connection.until(() => false)).rejects.toThrow(
    "for 50 ms the server has neither told more nor closed: 1 messages had come, the last one 07, and 3 bytes of another one",
  );
});
