/** Clients that take leases by a relay and then only renew. renewals.main RELAY SERVER CLIENTS RATE SECONDS prints `Renewals` as JSON. */
import { createSocket } from "node:dgram";
import { setTimeout as delay } from "node:timers/promises";
import { ip } from "@kotare/testkit/payloads";
import { RENEWAL_PATIENCE, type Renewals } from "./bench/flood.ts";
import { decodeMessage4, type Message4, MessageType4, type Option } from "./wire/message4.ts";
import { encodeQuery4 } from "./wire/probe4.ts";

const [relay, server, ...numbers] = process.argv.slice(2);
const [clients, rate, seconds] = numbers.map(Number) as [number, number, number];

const socket = createSocket("udp4");
/** By transaction. */
const waiting = new Map<number, (reply: Message4) => void>();
socket.on("message", (bytes) => {
  const reply = decodeMessage4(bytes);
  waiting.get(reply.xid)?.(reply);
  waiting.delete(reply.xid);
});
await new Promise<void>((resolve) => socket.bind(67, relay, resolve));
let xid = 0x5000_0000;

async function ask(client: number, options: readonly Option[], ciaddr = "0.0.0.0") {
  const mac = `06:00:00:00:${(client >> 8).toString(16).padStart(2, "0")}:${(client & 255).toString(16).padStart(2, "0")}`;
  const transaction = xid++;
  const answer = new Promise<Message4 | undefined>((resolve) => {
    waiting.set(transaction, resolve);
    void delay(RENEWAL_PATIENCE).then(() => resolve(undefined));
  });
  socket.send(encodeQuery4({ mac, options, xid: transaction, giaddr: relay!, ciaddr }), 67, server);
  return await answer;
}

const typed = (type: number): Option => [53, Uint8Array.of(type)];

const addresses: string[] = [];
for (let client = 0; client < clients; client++) {
  const offer = await ask(client, [typed(MessageType4.DISCOVER)]);
  const { yiaddr } = offer!;
  await ask(client, [typed(MessageType4.REQUEST), [50, ip(yiaddr)], [54, ip(server!)]]);
  addresses.push(yiaddr);
}
console.log("ready");
await delay(1500);
const delays: number[] = [];
let lost = 0;
const renewals: Promise<void>[] = [];
const began = performance.now();
for (let sent = 0; sent < rate * seconds; sent++) {
  const due = began + (1000 * sent) / rate;
  if (due > performance.now()) await delay(due - performance.now());
  const renew = async () => {
    const start = performance.now();
    const answer = await ask(sent % clients, [typed(MessageType4.REQUEST)], addresses[sent % clients]!);
    if (answer === undefined) lost++;
    delays.push(answer === undefined ? RENEWAL_PATIENCE : performance.now() - start);
  };
  renewals.push(renew());
}
await Promise.all(renewals);
delays.sort((a, b) => a - b);
const result: Renewals = {
  lost,
  median: delays[delays.length >> 1]!,
  p99: delays[Math.floor(delays.length * 0.99)]!,
};
console.log(JSON.stringify(result));
socket.close();
