/** DHCPv4 over DHCPv6 on the stages on which starts rehearse: each daemon with another one that does nothing but its part. */
import type { SendBatch } from "@kotare/netio/transports/datagram";
import type { Clock } from "../../base/clock.ts";
import { MessageType6 } from "../../dhcp6/message-type6.ts";
import { MessageWriter6 } from "../../dhcp6/message-writer6.ts";
import { Message6 } from "../../dhcp6/message6.ts";
import { Option6 } from "../../dhcp6/option6.ts";
import type { Ipv4 } from "../../ip/ipv4.ts";
import { type Ipv6Key, parseIpv6Key } from "../../ip/ipv6-key.ts";
import { muteLog } from "../../log/mute-log.ts";
import type { ServedInterface } from "../interfaces/served-interfaces.ts";
import type { Ports } from "../interfaces/sockets.ts";
import type { ServerMessages } from "../messages.ts";
import type { Way } from "../packets/rehearse.ts";
import { encodeOver6Query, encodeOver6Response, readOver6 } from "./over6-messages.ts";
import type { OpenPeer, Peer } from "./peer-socket.ts";
import { Tunnel4 } from "./tunnel4.ts";
import { Tunnel6 } from "./tunnel6.ts";

const ROOM = 1024;
const CLIENT = parseIpv6Key("fe80::200:5eff:fe00:5301")!;
const RELAY = parseIpv6Key("2001:db8::1")!;

function peer(send: Peer["send"]): Peer {
  return { isOn: true, configure: () => undefined, send, check: async () => {}, [Symbol.dispose]: () => undefined };
}

/** What a client sends. Of every second one a relay speaks. */
export function over6Query(client: number, message: Uint8Array): Uint8Array {
  const buffer = new Uint8Array(ROOM);
  const writer = new MessageWriter6(buffer, 0, ROOM);
  if (client % 2 === 1) {
    writer.beginRelay(MessageType6.RELAY_FORW, 0, RELAY, CLIENT).openOption(Option6.relayMessage);
  }
  writer.begin(MessageType6.DHCPV4_QUERY, 0).option(Option6.dhcpv4Message, message);
  return buffer.subarray(0, writer.finish());
}

/** dhcp4d's way to its clients. @param served where they are @param messages theirs of DHCPv4, as of `Way` */
export function rehearsedOver4(
  served: ServedInterface<Ipv4>,
  messages: Way<Ipv4>["messages"],
  told: ServerMessages,
  clock: Pick<Clock, "monotonic">,
): Way<Ipv4> {
  let answers: Uint8Array[] = [];
  let pass: (bytes: Uint8Array) => void = () => undefined;
  const open: OpenPeer = (onDatagram) => {
    pass = onDatagram;
    return peer((bytes) => void answers.push(readOver6(new Message6(bytes), MessageType6.DHCPV4_RESPONSE).payload));
  };
  const tunnel = new Tunnel4(muteLog(), told, clock, open);
  tunnel.update(new Map([[served.index, { ...served, loopback: false, ipv4: [] }]]));
  tunnel.open({
    serve: (transport) => transport.start(() => undefined),
    newSendBatch: () => undefined,
    served: () => served,
  });
  const buffer = new Uint8Array(ROOM);
  return {
    messages,
    receive(sent) {
      for (const [i, message] of sent.entries()) {
        const way = { interfaceName: served.name, source: i % 2 === 1 ? RELAY : CLIENT, sourcePort: 546 };
        const length = encodeOver6Query(new Message6(over6Query(i, message)), way, buffer, 0, ROOM);
        pass(buffer.slice(0, length));
      }
      return tunnel.receive(sent.length)!;
    },
    async takeAnswers() {
      const taken = answers;
      answers = [];
      return taken;
    },
  };
}

/** dhcp6d's end, where the DHCPv4 server answers each message with itself. @param newSendBatch where answers leave */
export function rehearsedTunnel6(
  served: ServedInterface<Ipv6Key>,
  told: ServerMessages,
  ports: Ports,
  newSendBatch: () => SendBatch<Ipv6Key>,
): Tunnel6 {
  const open: OpenPeer = (onDatagram) =>
    peer((bytes) => {
      const query = new Message6(bytes);
      const { way, payload } = readOver6(query, MessageType6.DHCPV4_QUERY);
      onDatagram(encodeOver6Response(query, way, payload)!);
    });
  const tunnel = new Tunnel6(muteLog(), told, ports, () => undefined, open);
  tunnel.open({ serve: () => undefined, newSendBatch, served: () => served });
  return tunnel;
}
