/** What an answer tells of leases, as a line of text for tests. */
import { readU32 } from "../../../../base/big-endian.ts";
import { formatHex } from "../../../../base/hex.ts";
import { OptionIndex6 } from "../../../../dhcp6/option-index6.ts";
import { Option6 } from "../../../../dhcp6/option6.ts";
import { formatIpv6Key, readIpv6Key } from "../../../../ip/ipv6-key.ts";

/** `duid 0002 clt 5 2001:db8::10 10/20 2001:db8:1::/56 1/2 relays …`, or `links …`; empty where nothing is told. */
export function readLeaseData6(message: OptionIndex6): string {
  const links = message.option(Option6.lqClientLink);
  if (links !== undefined) {
    const count = links.length / 16;
    return ["links", ...Array.from({ length: count }, (_, i) => formatIpv6Key(readIpv6Key(links, 16 * i)))].join(" ");
  }
  const data = message.option(Option6.clientData);
  if (data === undefined) return "";
  const options = new OptionIndex6(data, 0, data.length, "");
  const words: (string | number)[] = [];
  options.eachOption((code, at, length) => {
    if (code === Option6.clientId) words.push("duid", formatHex(data.subarray(at, at + length), ""));
    if (code === Option6.cltTime) words.push("clt", readU32(data, at));
    if (code === Option6.iaAddress) {
      words.push(formatIpv6Key(readIpv6Key(data, at)), `${readU32(data, at + 16)}/${readU32(data, at + 20)}`);
    }
    if (code === Option6.iaPrefix) {
      words.push(`${formatIpv6Key(readIpv6Key(data, at + 9))}/${data[at + 8]}`);
      words.push(`${readU32(data, at)}/${readU32(data, at + 4)}`);
    }
  });
  return [...words, ...readRelays(options.option(Option6.lqRelayData) ?? message.option(Option6.lqRelayData))].join(
    " ",
  );
}

/** From the one next to the server on: hop count, link, peer, and what else they have said. */
function readRelays(payload: Uint8Array | undefined): readonly string[] {
  if (payload === undefined) return [];
  const peer = formatIpv6Key(readIpv6Key(payload));
  const words = ["relayed from", peer];
  for (let bytes: Uint8Array | undefined = payload.subarray(16); bytes !== undefined; ) {
    const [link, from] = [formatIpv6Key(readIpv6Key(bytes, 2)), formatIpv6Key(readIpv6Key(bytes, 18))];
    const options = new OptionIndex6(bytes, 34, bytes.length, "");
    const codes = options.optionCodes().filter((code) => code !== Option6.relayMessage);
    words.push(`hop ${bytes[1]} link ${link} peer ${from} options ${codes.join(",")}`);
    bytes = options.option(Option6.relayMessage);
  }
  return words;
}
