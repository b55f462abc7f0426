/** What happens to leases of DHCPv4, in all the ways that Kea's hooks are told of. */
import { text } from "@kotare/testkit/payloads";
import type { Option } from "../../wire/message4.ts";
import {
  client,
  decline,
  discover,
  extend,
  inform,
  initReboot,
  macClientId,
  type Relay4,
  relayed,
  release,
  unicast,
} from "../dhcp4/client.ts";
import { LAN } from "../dhcp4/lan.ts";
import { bind } from "../dhcp4/play.ts";
import type { Speech4 } from "../dhcp4/stage.ts";
import type { Acts } from "./play-events.ts";

const AGENT: Relay4 = {
  giaddr: "10.1.0.1",
  agent: [
    [1, text("port 7")],
    [2, Uint8Array.of(2, 255, 3)],
    [6, text("carol")],
  ],
};
const AGENTS: readonly (readonly Option[])[] = [
  [],
  [[1, text("c")]],
  [[2, text("r")]],
  [
    [1, new Uint8Array(0)],
    [6, Uint8Array.of(1)],
  ],
];
const named = (name: string) => ({ options: [[12, text(name)] as const], secs: 7, flags: 0x8000 });

export const acts4: Acts<Speech4> = {
  config: {
    "valid-lifetime": 6735,
    // In the one, leases are written at each renewal; in the other, young ones are confirmed as they stand.
    subnet4: [
      { ...LAN, "cache-threshold": 0.000001 },
      {
        id: 2,
        subnet: "10.1.0.0/24",
        pools: [{ pool: "10.1.0.10 - 10.1.0.99" }],
        "valid-lifetime": 100_000,
        "cache-threshold": 0.25,
      },
      // Of which the forensic log says nothing; and a lease without end.
      {
        id: 3,
        subnet: "10.2.0.0/24",
        pools: [{ pool: "10.2.0.10 - 10.2.0.99" }],
        "user-context": { "legal-logging": false },
      },
      { id: 4, subnet: "10.3.0.0/24", pools: [{ pool: "10.3.0.10 - 10.3.0.99" }], "valid-lifetime": 0xffff_ffff },
    ],
  },
  async play(script, command) {
    const one = client(1, macClientId(client(1).mac));
    const { yiaddr: first } = await bind(script, one, named("alice"));
    await script.ask("RENEWING", extend(one, first, named("alice")), unicast(first));
    await script.ask("INIT-REBOOT, with another name", initReboot(one, first, named("bob")));
    const two = client(2, text("printable"));
    const { yiaddr: second } = await bind(script, two, { via: (query) => relayed(query, AGENT) });
    await script.ask("RENEWING past the relay", extend(two, second), unicast(second));
    await script.ask("REBINDING", ...relayed(extend(two, second), AGENT));
    await script.ask("an offer", discover(client(3)));
    await script.ask("INFORM", inform(client(4), "10.0.0.230"));
    await script.ask("NAK", initReboot(client(5), "192.0.2.1"));
    await script.tell("RELEASE", release(one, first));
    await script.tell("RELEASE through the relay", ...relayed(release(two, second), AGENT));
    const { yiaddr: sixth } = await bind(script, client(6));
    await script.tell("DECLINE", decline(client(6), sixth));
    const context = { "user-context": { b: [1, "x"], a: null } };
    await add(command, 7, "10.0.0.250", { "valid-lft": 300, "client-id": "01:02", ...context });
    await command("lease4-update", { ...leaseOf(7, "10.0.0.250"), "valid-lft": 90_061, origin: "ha-partner" });
    await add(command, 30, "10.0.0.251", {});
    await command("lease4-del", { "ip-address": "10.0.0.251" });
    await add(command, 30, "10.0.0.251", {});
    await command("lease4-del", { "identifier-type": "hw-address", identifier: client(30).mac, "subnet-id": 1 });
    // The address is of no pool: the client gets another one.
    await bind(script, client(7));
    const expire = Math.floor(Date.now() / 1000) - 10;
    const over = { "valid-lft": 60, expire };
    await add(command, 8, "10.0.0.181", { ...over, hostname: "eight" });
    await script.ask("a client whose lease is over", initReboot(client(8), "10.0.0.181"));
    await add(command, 9, "10.0.0.182", { ...over, hostname: "nine" });
    await bind(script, client(10), { wanted: "10.0.0.182" });
    for (const remove of [false, true]) {
      const last = remove ? 1 : 0;
      await add(command, 11 + last, `10.0.0.21${last}`, over);
      await add(command, 13 + last, `10.0.0.22${last}`, { ...over, state: 1 });
      await command("leases-reclaim", { remove });
    }
    await bind(script, client(20), { via: (query) => relayed(query, { giaddr: "10.2.0.1" }) });
    for (const [i, agent] of AGENTS.entries()) {
      await bind(script, client(21 + i), { via: (query) => relayed(query, { giaddr: "10.1.0.1", agent }) });
    }
    await bind(script, client(29, text("a\tb")), {
      wanted: "10.3.0.10",
      via: (query) => relayed(query, { giaddr: "10.3.0.1" }),
    });
  },
};

function add(command: (name: string, args: object) => Promise<unknown>, number: number, address: string, more: object) {
  return command("lease4-add", { ...leaseOf(number, address), ...more });
}

function leaseOf(number: number, address: string): object {
  return { "ip-address": address, "hw-address": client(number).mac };
}
