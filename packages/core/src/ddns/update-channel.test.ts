import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { openUpdateChannel, type UpdateChannel } from "./update-channel.ts";

/** Nobody else's: a port that was let go of is free. */
const ADDRESS = "127.0.0.21";

const opened: Disposable[] = [];

afterEach(() => {
  for (const each of opened.splice(0)) each[Symbol.dispose]();
});

async function listen(port = 0): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.bind(port, ADDRESS);
  await once(socket, "listening");
  return socket;
}

function open(port: number) {
  const received: string[] = [];
  const refusals: Error[] = [];
  let wake = () => {};
  const channel: UpdateChannel = openUpdateChannel(
    { address: ADDRESS, port, senderAddress: "", senderPort: 0 },
    {
      onDatagram: (bytes) => {
        received.push(Buffer.from(bytes).toString());
        wake();
      },
      onRefusal: (error) => {
        refusals.push(error);
        wake();
      },
    },
  );
  opened.push(channel);
  /** Resolves when something else has happened. */
  const next = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  return { channel, received, refusals, next };
}

describe("the socket to the DNS updater", () => {
  it("sends also what it is given before it is open, and hears the answers", async () => {
    const updater = await listen();
    const { channel, received, next } = open(updater.address().port);
    updater.on("message", (bytes, { port, address }) => updater.send(`heard ${bytes}`, port, address));
    channel.send(Buffer.from("one"));
    await next();
    channel.send(Buffer.from("two"));
    await next();
    expect(received).toEqual(["heard one", "heard two"]);
    updater.close();
  });

  it("tells of each refusal, also of one that the kernel tells the next datagram, and goes on", async () => {
    const gone = await listen();
    const { port } = gone.address();
    gone.close();
    await once(gone, "close");
    const { channel, received, refusals, next } = open(port);
    for (let i = 0; i < 5; i++) channel.send(Buffer.from(`lost ${i}`));
    while (refusals.length < 2) await next();
    expect(refusals.every((error) => error.message.includes("ECONNREFUSED"))).toBe(true);
    const updater = await listen(port);
    updater.on("message", (bytes, from) => updater.send(`heard ${bytes}`, from.port, from.address));
    // The refusal that is still to be told may take one with it.
    while (received.length === 0) {
      channel.send(Buffer.from("again"));
      await next();
    }
    expect(received[0]).toBe("heard again");
    updater.close();
  });
});
