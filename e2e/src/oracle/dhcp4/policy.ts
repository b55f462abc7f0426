/** What else the configuration decides: identity, lifetimes, boot fields, shared networks, full pools, allocators. */
import { hex, ip, u32 } from "@kotare/testkit/payloads";
import { asks, tells } from "../scene.ts";
import { client, discover, extend, inform, initReboot, macClientId, release, selecting, unicast } from "./client.ts";
import { LAN } from "./lan.ts";
import { bind, binds } from "./play.ts";
import type { Exchange4, Scene4 } from "./stage.ts";

const ONE = client(1, macClientId(client(1).mac));

const identity: Exchange4[] = [
  {
    title: "one client-id on two network cards",
    async play(script) {
      await bind(script, ONE, { wanted: "10.0.0.101" });
      await script.ask(
        "the other card discovers",
        discover(client(2, ONE.clientId), { options: [[50, ip("10.0.0.102")]] }),
      );
      await script.tell("the other card renews", extend(client(2, ONE.clientId), "10.0.0.101"), unicast("10.0.0.101"));
    },
  },
  {
    title: "one network card with another client-id",
    async play(script) {
      await bind(script, client(3, hex("ff00000001")), { wanted: "10.0.0.103" });
      await script.ask("DISCOVER", discover(client(3, hex("ff00000002")), { options: [[50, ip("10.0.0.113")]] }));
      await script.ask("DISCOVER without one", discover(client(3), { options: [[50, ip("10.0.0.123")]] }));
    },
  },
  {
    title: "a client that gains a client-id, as from boot loader to system",
    async play(script) {
      await bind(script, client(4), { wanted: "10.0.0.104" });
      const ack = await bind(script, client(4, hex("0001020304")), { wanted: "10.0.0.114" });
      await script.tell("RELEASE", release(client(4, hex("0001020304")), ack.yiaddr), unicast(ack.yiaddr));
    },
  },
  {
    title: "INIT-REBOOT and RELEASE with another client-id",
    async play(script) {
      await bind(script, client(5, hex("0005")), { wanted: "10.0.0.105" });
      await script.tell("INIT-REBOOT", initReboot(client(5, hex("0006")), "10.0.0.105"));
      await script.tell("RELEASE", release(client(5, hex("0006")), "10.0.0.105"), unicast("10.0.0.105"));
      await script.ask("renews", extend(client(5, hex("0005")), "10.0.0.105"), unicast("10.0.0.105"));
    },
  },
  binds("a long client-id", client(6, new Uint8Array(200).fill(7)), { wanted: "10.0.0.106" }),
];

function wantsLifetime(seconds: number, number: number): Exchange4 {
  return binds(`the client wants ${seconds} s`, client(number), {
    wanted: `10.0.0.${100 + number}`,
    options: [[51, u32(seconds)]],
  });
}

const lifetimes: Exchange4[] = [
  binds("the client wants none", client(1), { wanted: "10.0.0.101" }),
  ...[0, 100, 2000, 3000, 6000, 9000, 0xffff_ffff].map((seconds, index) => wantsLifetime(seconds, 10 + index)),
  tells("option 51 is too short", discover(client(20), { options: [[51, hex("0e10")]] })),
];

const oneSubnet = [LAN];
const noLifetimeOptions = { subnet4: oneSubnet };

const boot: Exchange4[] = [
  binds("global, subnet and host", client(1), { wanted: "10.0.0.101", prl: [1, 3, 66, 67] }),
  binds("a host's boot file, the subnet's server", client(2), { prl: [1, 66, 67] }),
  asks(
    "a PXE client",
    discover(client(3), {
      prl: [1, 3, 43, 60, 66, 67, 128, 129],
      options: [
        [50, ip("10.0.0.103")],
        [60, Buffer.from("PXEClient:Arch:00007:UNDI:003016")],
        [93, hex("0007")],
        [94, hex("010310")],
        [97, hex("0001020304050607080910111213141516")],
      ],
    }),
  ),
];

const twoSubnets = [
  {
    id: 1,
    subnet: "10.0.0.0/24",
    pools: [{ pool: "10.0.0.10/32" }, { pool: "10.0.0.12 - 10.0.0.12" }],
    "option-data": [{ name: "routers", data: "10.0.0.254" }],
  },
  {
    id: 2,
    subnet: "10.3.0.0/24",
    pools: [{ pool: "10.3.0.10-10.3.0.12" }],
    "option-data": [{ name: "routers", data: "10.3.0.254" }],
    "valid-lifetime": 500,
  },
];

const network: Exchange4[] = [
  {
    title: "full subnets overflow into the next one, and then nobody is served",
    async play(script) {
      for (let number = 1; number <= 5; number++) await bind(script, client(number));
      await script.tell("DISCOVER", discover(client(6)));
      await script.ask("renews in the second", extend(client(3), "10.3.0.10"), unicast("10.3.0.10"));
      await script.tell("releases", release(client(4), "10.3.0.11"), unicast("10.3.0.11"));
      await script.pause(1.1); // Kea gives a released address to others only in the next second
      await bind(script, client(6));
      await script.tell("its former holder asks", discover(client(4)));
    },
  },
  {
    title: "an address of the second subnet wanted",
    async play(script) {
      await script.tell("releases", release(client(3), "10.3.0.10"), unicast("10.3.0.10"));
      await bind(script, client(7), { wanted: "10.3.0.10" });
      await script.ask("INIT-REBOOT", initReboot(client(7), "10.3.0.10"));
    },
  },
];

const timing: Exchange4[] = [
  binds("bound", client(1), { wanted: "10.0.0.101", prl: [51, 58, 59] }),
  binds("bound without asking for the times", client(2), { wanted: "10.0.0.102", prl: [1] }),
];

const again: Exchange4[] = [
  {
    title: "renewed at once, and by INIT-REBOOT",
    async play(script) {
      await script.nextSecond();
      await bind(script, client(1), { wanted: "10.0.0.101" });
      await script.ask("RENEWING", extend(client(1), "10.0.0.101"), unicast("10.0.0.101"));
      await script.ask("INIT-REBOOT", initReboot(client(1), "10.0.0.101"));
      await script.ask("DISCOVER", discover(client(1)));
    },
  },
];

const young: Exchange4[] = [
  {
    title: "a lease that is young",
    async play(script) {
      await script.nextSecond();
      await bind(script, client(2), { wanted: "10.0.0.102" });
      await script.pause(3);
      const offer = await script.ask("DISCOVER", discover(client(2)));
      await script.ask("SELECTING", selecting(client(2), offer));
      await script.ask("RENEWING", extend(client(2), "10.0.0.102"), unicast("10.0.0.102"));
    },
  },
];

const expiry: Exchange4[] = [
  {
    title: "a lease ends and its address goes to the next, then back",
    async play(script) {
      await bind(script, client(1));
      await script.tell("nothing is free", discover(client(2)));
      // Kea counts whole seconds, and a lease of two of them is over in the third.
      await script.pause(3.5);
      await bind(script, client(2), { options: [[12, Buffer.from("two")]] });
      await script.tell("the former holder renews", extend(client(1), "10.0.0.10"), unicast("10.0.0.10"));
      // What is compared of the lease file at last has been reclaimed.
      await script.pause(4.5);
    },
  },
];

const elsewhere: Exchange4[] = [
  tells("DISCOVER", discover(client(1))),
  tells("REQUEST", selecting(client(1), { yiaddr: "10.9.0.1", options: [[54, ip("10.0.0.1")]] })),
  tells("RENEWING", extend(client(1), "10.9.0.1"), unicast("10.9.0.1")),
  tells("INFORM", inform(client(1), "10.8.0.1"), unicast("10.8.0.1")),
];

const BOOT_HOSTS = [{ "hw-address": client(2).mac, "ip-address": "10.0.0.60", "boot-file-name": "host.img" }];

export const policyScenes: Scene4[] = [
  { title: "identity", config: noLifetimeOptions, exchanges: identity },
  { title: "match-client-id off", config: { "match-client-id": false, subnet4: oneSubnet }, exchanges: identity },
  { title: "echo-client-id off", config: { "echo-client-id": false, subnet4: oneSubnet }, exchanges: identity },
  {
    title: "lifetimes, bounded",
    config: { "min-valid-lifetime": 2000, "valid-lifetime": 4000, "max-valid-lifetime": 8000, subnet4: oneSubnet },
    exchanges: lifetimes,
  },
  { title: "lifetimes, fixed", config: { "valid-lifetime": 4000, subnet4: oneSubnet }, exchanges: lifetimes },
  {
    title: "lifetimes, infinite",
    config: { "valid-lifetime": 0xffff_ffff, "calculate-tee-times": true, subnet4: oneSubnet },
    exchanges: lifetimes.slice(0, 3),
  },
  {
    title: "boot fields",
    config: {
      "next-server": "10.0.0.2",
      "server-hostname": "global.example",
      "boot-file-name": "global.img",
      "option-data": [
        { name: "tftp-server-name", data: "tftp.example" },
        { name: "boot-file-name", data: "option.img" },
      ],
      subnet4: [{ ...LAN, "next-server": "10.0.0.3", "server-hostname": "subnet.example", reservations: BOOT_HOSTS }],
    },
    exchanges: boot,
  },
  {
    title: "shared network",
    config: {
      "valid-lifetime": 1000,
      "shared-networks": [
        {
          name: "floor",
          "valid-lifetime": 700,
          "option-data": [{ name: "domain-name", data: "floor.example" }],
          subnet4: twoSubnets,
        },
      ],
    },
    exchanges: network,
  },
  {
    title: "shared network by interface",
    config: { "shared-networks": [{ name: "floor", interface: "eth0", subnet4: [{ ...twoSubnets[1], id: 9 }] }] },
    exchanges: [asks("served though no address of eth0 is in it", discover(client(1)))],
  },
  {
    title: "times calculated",
    config: {
      "valid-lifetime": 4001,
      "calculate-tee-times": true,
      "t1-percent": 0.4,
      "t2-percent": 0.7,
      subnet4: oneSubnet,
    },
    exchanges: timing,
  },
  {
    title: "times given, rebind before renew",
    config: { "valid-lifetime": 4000, "renew-timer": 3000, "rebind-timer": 2000, subnet4: oneSubnet },
    exchanges: timing,
  },
  {
    title: "times beyond the lifetime",
    config: { "valid-lifetime": 1000, "renew-timer": 3000, "rebind-timer": 5000, subnet4: oneSubnet },
    exchanges: timing,
  },
  {
    title: "lease cache",
    config: { "valid-lifetime": 4000, "cache-threshold": 0.25, subnet4: oneSubnet },
    exchanges: [...again, ...young],
  },
  { title: "offer-lifetime", config: { "offer-lifetime": 60, subnet4: oneSubnet }, exchanges: again },
  {
    title: "expiry",
    config: {
      "valid-lifetime": 2,
      "expired-leases-processing": { "reclaim-timer-wait-time": 1 },
      subnet4: [{ ...LAN, pools: [{ pool: "10.0.0.10-10.0.0.10" }] }],
    },
    exchanges: expiry,
  },
  {
    title: "no subnet for the clients",
    config: {
      authoritative: true,
      subnet4: [{ id: 5, subnet: "10.9.0.0/24", pools: [{ pool: "10.9.0.10-10.9.0.20" }] }],
    },
    exchanges: elsewhere,
  },
  {
    title: "a subnet without pools",
    config: { subnet4: [{ id: 5, subnet: "10.0.0.0/24" }] },
    exchanges: [tells("DISCOVER", discover(client(1)))],
  },
];
