/** A DHCP client of our own, for when none can be had: DISCOVER, REQUEST, and it sets the address. */
import type { Host } from "../lab/lab.ts";
import { acceptOffer, getOffer } from "../wire/dora.ts";
import { optionOf } from "../wire/message4.ts";
import { Probe4 } from "../wire/probe4.ts";

/** Gets a lease and tells `say` about it. @throws Error when no server answers */
export async function getLease(host: Host, device: string, say: (line: string) => void): Promise<void> {
  using probe = await Probe4.open(host, device);
  const mac = host.mac(device);
  say("looking for a server");
  const offer = await getOffer(probe, mac);
  say(`offered ${offer.yiaddr}, asking for it`);
  const ack = await acceptOffer(probe, mac, offer);
  const mask = optionOf(ack, 1)?.join(".") ?? "255.255.255.255";
  host.ip("address", "add", `${ack.yiaddr}/${mask}`, "dev", device);
  say(`lease of ${ack.yiaddr} obtained`);
}
