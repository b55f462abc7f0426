/**
 * `one-client.main.mjs PORT`: plays one DHCPv4 client behind a relay, over the loopback interface, against a server on that UDP
 * port. Prints the address that it was given. `check-system` runs it: it needs no rights and no other interface.
 */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { buildMessage4, type OptionBytes, subOptions } from "@kotare/testkit/build-message4";
import { type ReadMessage4, readMessage4 } from "@kotare/testkit/read-message4";

const LOOPBACK = "127.0.0.1";
const [DISCOVER, REQUEST] = [1, 3];
/** How often a client asks, and for how long, in milliseconds. */
const [AGAIN, PATIENCE] = [500, 30_000];

const port = Number(process.argv[2]);
const socket = createSocket("udp4").bind(0, LOOPBACK);
await once(socket, "listening");

const offer = await ask("OFFER", DISCOVER, []);
const address = offer.yiaddr.split(".").map(Number);
const ack = await ask("ACK", REQUEST, [
  [50, address],
  [54, offer.option(54) ?? []],
]);
console.log(ack.yiaddr);
socket.close();

/** Asks again and again: the server may not have begun. */
async function ask(answer: string, type: number, options: readonly OptionBytes[]): Promise<ReadMessage4> {
  // RFC 8357: the relay's port is not the usual one, which the server has itself.
  const relay = subOptions([19, []]);
  const message = buildMessage4({ type, hops: 1, giaddr: LOOPBACK, options: [...options, [82, relay]] });
  const send = () => socket.send(message, port, LOOPBACK);
  const timer = setInterval(send, AGAIN);
  send();
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    for (;;) {
      const [bytes] = (await once(socket, "message", { signal })) as [Uint8Array];
      const read = readMessage4(bytes);
      if (read.type === answer) return read;
    }
  } catch (error) {
    throw new Error(`no ${answer} came from UDP port ${port} within ${PATIENCE / 1000} s`, { cause: error });
  } finally {
    clearInterval(timer);
  }
}
