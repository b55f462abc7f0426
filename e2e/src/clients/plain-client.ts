/** A DHCP client of our own, for when none can be had: DISCOVER, REQUEST, and it sets the address. */
import type { Host } from "../lab/lab.ts";
import { addressBytes, type Message, type Option, optionOf, typeOf } from "../wire/message.ts";
import { buildMessage, Probe } from "../wire/probe.ts";

const WANTED: Option = [55, Uint8Array.of(1, 3, 6, 15, 51, 54)];
const OFFER = 2;
const ACK = 5;

/** Gets a lease and tells `say` about it. @throws Error when no server answers within 10 s */
export async function getLease(host: Host, device: string, say: (line: string) => void): Promise<void> {
  using probe = await Probe.open(host, device);
  const mac = host.mac(device);

  async function ask(expected: number, options: readonly Option[]): Promise<Message> {
    for (let attempt = 0; attempt < 10; attempt++) {
      probe.send(buildMessage({ mac, options }));
      const answer = await probe.next(1000);
      if (answer !== undefined && typeOf(answer.message) === expected) return answer.message;
    }
    throw new Error("no server answers");
  }

  say("looking for a server");
  const offer = await ask(OFFER, [[53, Uint8Array.of(1)], WANTED]);
  say(`offered ${offer.yiaddr}, asking for it`);
  const own: Option[] = [
    [50, addressBytes(offer.yiaddr)],
    [54, optionOf(offer, 54) ?? new Uint8Array(4)],
  ];
  const ack = await ask(ACK, [[53, Uint8Array.of(3)], ...own, WANTED]);
  const mask = optionOf(ack, 1)?.join(".") ?? "255.255.255.255";
  host.ip("address", "add", `${ack.yiaddr}/${mask}`, "dev", device);
  say(`lease of ${ack.yiaddr} obtained`);
}
