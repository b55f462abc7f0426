/** Every message type in every client state of RFC 2131 §4.3 and §4.4, direct, with and without `authoritative`. */
import { ip } from "@kotare/testkit/payloads";
import { type Message4, MessageType4 } from "../../wire/message4.ts";
import {
  type Client,
  client,
  decline,
  discover,
  extend,
  inform,
  initReboot,
  macClientId,
  numberOf,
  query,
  release,
  selecting,
  unicast,
} from "./client.ts";
import { LAN } from "./lan.ts";
import type { Exchange4, Scene4, Script4 } from "./stage.ts";

/** Every client wants an address of its own, so that no exchange depends on what those before it were given. */
function discoverHome(script: Script4, who: Client): Promise<Message4> {
  return script.ask("DISCOVER", discover(who, { options: [[50, ip(`10.0.0.${100 + numberOf(who)}`)]] }));
}

/** DISCOVER, OFFER, REQUEST, ACK. */
async function bind(script: Script4, who: Client): Promise<Message4> {
  return script.ask("REQUEST in SELECTING", selecting(who, await discoverHome(script, who)));
}

const discovers: Exchange4[] = [
  {
    title: "DISCOVER without an address wanted",
    play: async (script) => void (await script.ask("DISCOVER", discover(client(1)))),
  },
  {
    title: "DISCOVER with the broadcast flag",
    play: async (script) => void (await script.ask("DISCOVER", discover(client(2), { flags: 0x8000, secs: 7 }))),
  },
  {
    title: "DISCOVER wants a free address of the pool",
    play: async (script) =>
      void (await script.ask("DISCOVER", discover(client(3), { options: [[50, ip("10.0.0.77")]] }))),
  },
  {
    title: "DISCOVER wants an address outside the pool",
    play: async (script) =>
      void (await script.ask("DISCOVER", discover(client(4), { options: [[50, ip("10.0.0.222")]] }))),
  },
  {
    title: "DISCOVER wants an address of another network",
    play: async (script) =>
      void (await script.ask("DISCOVER", discover(client(5), { options: [[50, ip("192.0.2.5")]] }))),
  },
  {
    title: "DISCOVER wants an address somebody holds",
    async play(script) {
      const held = await bind(script, client(6));
      await script.ask("DISCOVER", discover(client(7), { options: [[50, ip(held.yiaddr)]] }));
    },
  },
  {
    title: "DISCOVER of a client that holds a lease",
    async play(script) {
      await bind(script, client(8));
      await script.ask("DISCOVER again", discover(client(8)));
    },
  },
  {
    title: "DISCOVER of a client that holds a lease and wants another address",
    async play(script) {
      await bind(script, client(9));
      await script.ask("DISCOVER again", discover(client(9), { options: [[50, ip("10.0.0.88")]] }));
    },
  },
  {
    title: "DISCOVER with ciaddr set",
    play: async (script) => void (await script.ask("DISCOVER", discover(client(11), { ciaddr: "10.0.0.99" }))),
  },
];

const requests: Exchange4[] = [
  {
    title: "SELECTING: the address offered",
    play: async (script) => void (await bind(script, client(20, macClientId(client(20).mac)))),
  },
  {
    title: "SELECTING: another server",
    async play(script) {
      const offer = await discoverHome(script, client(21));
      const elsewhere = { ...offer, options: [[54, ip("10.0.0.2")]] } as const;
      await script.tell("REQUEST", selecting(client(21), elsewhere));
    },
  },
  {
    title: "SELECTING: another address than offered",
    async play(script) {
      const offer = await discoverHome(script, client(22));
      await script.ask("REQUEST", selecting(client(22), { ...offer, yiaddr: "10.0.0.90" }));
    },
  },
  {
    title: "SELECTING: an address outside the pool",
    async play(script) {
      const offer = await discoverHome(script, client(23));
      await script.tell("REQUEST", selecting(client(23), { ...offer, yiaddr: "10.0.0.201" }));
    },
  },
  {
    title: "SELECTING: an address somebody holds",
    async play(script) {
      const held = await bind(script, client(24));
      const offer = await discoverHome(script, client(25));
      await script.ask("REQUEST", selecting(client(25), { ...offer, yiaddr: held.yiaddr }));
    },
  },
  {
    title: "SELECTING: sent twice",
    async play(script) {
      const ack = await bind(script, client(26));
      await script.ask("REQUEST again", selecting(client(26), ack));
    },
  },
  {
    title: "SELECTING: no DISCOVER before",
    async play(script) {
      const offer = { yiaddr: "10.0.0.86", options: [] };
      await script.ask("REQUEST", selecting(client(27), offer));
    },
  },
  {
    title: "REQUEST with neither ciaddr nor a requested address",
    play: async (script) => void (await script.ask("REQUEST", query(client(28), MessageType4.REQUEST, []))),
  },
  {
    title: "INIT-REBOOT: the address held",
    async play(script) {
      const ack = await bind(script, client(30));
      await script.ask("REQUEST", initReboot(client(30), ack.yiaddr));
    },
  },
  {
    title: "INIT-REBOOT: another address of the pool",
    async play(script) {
      await bind(script, client(31));
      await script.ask("REQUEST", initReboot(client(31), "10.0.0.80"));
    },
  },
  {
    title: "INIT-REBOOT: an address of another network",
    async play(script) {
      await bind(script, client(32));
      await script.ask("REQUEST", initReboot(client(32), "192.0.2.7"));
    },
  },
  {
    title: "INIT-REBOOT: somebody else's address",
    async play(script) {
      const held = await bind(script, client(33));
      await bind(script, client(34));
      await script.ask("REQUEST", initReboot(client(34), held.yiaddr));
    },
  },
  {
    title: "INIT-REBOOT: a client without a lease, broadcast flag set",
    async play(script) {
      await script.tell("free address of the pool", initReboot(client(35), "10.0.0.81", { flags: 0x8000 }));
      await script.tell("address outside the pool", initReboot(client(35), "10.0.0.240", { flags: 0x8000 }));
      await script.tell("address of another network", initReboot(client(35), "192.0.2.8", { flags: 0x8000 }));
    },
  },
  {
    title: "RENEWING: the address held",
    async play(script) {
      const ack = await bind(script, client(40));
      await script.ask("REQUEST", extend(client(40), ack.yiaddr), unicast(ack.yiaddr));
    },
  },
  {
    title: "RENEWING: another address than held",
    async play(script) {
      await bind(script, client(41));
      await script.ask("REQUEST", extend(client(41), "10.0.0.82"), unicast("10.0.0.82"));
    },
  },
  {
    title: "RENEWING: a client without a lease",
    async play(script) {
      await script.tell("free address", extend(client(42), "10.0.0.83"), unicast("10.0.0.83"));
      await script.tell("address outside the pool", extend(client(42), "10.0.0.241"), unicast("10.0.0.241"));
    },
  },
  {
    title: "RENEWING: somebody else's address",
    async play(script) {
      const held = await bind(script, client(43));
      await script.tell("REQUEST", extend(client(44), held.yiaddr), unicast(held.yiaddr));
    },
  },
  {
    title: "REBINDING: the address held",
    async play(script) {
      const ack = await bind(script, client(50));
      await script.ask("REQUEST", extend(client(50), ack.yiaddr), { source: ack.yiaddr });
    },
  },
  {
    title: "REBINDING: the address held, broadcast flag set",
    async play(script) {
      const ack = await bind(script, client(51));
      await script.ask("REQUEST", extend(client(51), ack.yiaddr, { flags: 0x8000 }), { source: ack.yiaddr });
    },
  },
  {
    title: "REBINDING: a client without a lease",
    play: (script) => script.tell("REQUEST", extend(client(52), "10.0.0.84"), { source: "10.0.0.84" }),
  },
  {
    title: "REBINDING: an address of another network",
    play: (script) => script.tell("REQUEST", extend(client(53), "192.0.2.9"), { source: "192.0.2.9" }),
  },
];

const others: Exchange4[] = [
  {
    title: "RELEASE and come back",
    async play(script) {
      const ack = await bind(script, client(60));
      await script.tell("RELEASE", release(client(60), ack.yiaddr), unicast(ack.yiaddr));
      await bind(script, client(60));
    },
  },
  {
    title: "RELEASE, then INIT-REBOOT and RENEWING",
    async play(script) {
      const ack = await bind(script, client(61));
      await script.tell("RELEASE", release(client(61), ack.yiaddr), unicast(ack.yiaddr));
      await script.tell("INIT-REBOOT", initReboot(client(61), ack.yiaddr));
      await script.tell("RENEWING", extend(client(61), ack.yiaddr), unicast(ack.yiaddr));
    },
  },
  {
    title: "RELEASE of somebody else's address",
    async play(script) {
      const ack = await bind(script, client(62));
      await script.tell("RELEASE", release(client(63), ack.yiaddr), unicast(ack.yiaddr));
      await script.ask("its holder renews", extend(client(62), ack.yiaddr), unicast(ack.yiaddr));
    },
  },
  {
    title: "RELEASE twice, and of what was never leased",
    async play(script) {
      const ack = await bind(script, client(64));
      await script.tell("RELEASE", release(client(64), ack.yiaddr), unicast(ack.yiaddr));
      await script.tell("RELEASE again", release(client(64), ack.yiaddr), unicast(ack.yiaddr));
      await script.tell("RELEASE of a free address", release(client(64), "10.0.0.85"), unicast("10.0.0.85"));
    },
  },
  {
    title: "DECLINE and ask again",
    async play(script) {
      const ack = await bind(script, client(70));
      await script.tell("DECLINE", decline(client(70), ack.yiaddr));
      await bind(script, client(70));
    },
  },
  {
    title: "DECLINE of somebody else's address",
    async play(script) {
      const ack = await bind(script, client(71));
      await script.tell("DECLINE", decline(client(72), ack.yiaddr));
      await script.ask("its holder renews", extend(client(71), ack.yiaddr), unicast(ack.yiaddr));
    },
  },
  {
    title: "DECLINE of an address that was only offered, and of none",
    async play(script) {
      const offer = await discoverHome(script, client(73));
      await script.tell("DECLINE", decline(client(73), offer.yiaddr));
      await script.tell("DECLINE without an address", query(client(73), MessageType4.DECLINE, []));
      await discoverHome(script, client(73));
    },
  },
  {
    title: "INFORM by broadcast",
    play: async (script) =>
      void (await script.ask("INFORM", inform(client(80), "10.0.0.230"), { source: "10.0.0.230" })),
  },
  {
    title: "INFORM by unicast, without a list of wanted options",
    play: async (script) =>
      void (await script.ask("INFORM", inform(client(81), "10.0.0.231", { prl: null }), unicast("10.0.0.231"))),
  },
  {
    title: "INFORM with the broadcast flag",
    play: async (script) =>
      void (await script.ask("INFORM", inform(client(82), "10.0.0.232", { flags: 0x8000 }), { source: "10.0.0.232" })),
  },
  {
    title: "INFORM without ciaddr",
    async play(script) {
      await script.ask("from an address", inform(client(83), "0.0.0.0"), { source: "10.0.0.233" });
      await script.tell("from no address", inform(client(83), "0.0.0.0"));
    },
  },
  {
    title: "INFORM of a client that holds a lease",
    async play(script) {
      const ack = await bind(script, client(84));
      await script.ask("INFORM", inform(client(84), ack.yiaddr), { source: ack.yiaddr });
    },
  },
  {
    title: "OFFER, ACK, NAK and unknown types sent to a server",
    async play(script) {
      for (const type of [2, 5, 6, 9, 10, 13, 18, 0, 255]) {
        await script.tell(`type ${type}`, query(client(85), type as MessageType4, []));
      }
    },
  },
];

/** Last, since Kea offers a different address each time and so gives others to those who come after. */
const repeated: Exchange4[] = [
  {
    title: "DISCOVER sent twice",
    async play(script) {
      await script.ask("DISCOVER", discover(client(10)));
      await script.ask("DISCOVER", discover(client(10)));
    },
  },
];

const timers = { "valid-lifetime": 4000, "renew-timer": 1000, "rebind-timer": 2000 };

export const states: Scene4[] = [
  {
    title: "states",
    config: { ...timers, subnet4: [LAN] },
    exchanges: [...discovers, ...requests, ...others, ...repeated],
  },
  {
    title: "states, authoritative",
    config: { ...timers, authoritative: true, subnet4: [LAN] },
    exchanges: [...requests, ...others],
  },
];
