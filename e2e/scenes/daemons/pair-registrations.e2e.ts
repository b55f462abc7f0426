/** A host registers its address (RFC 9686) with a pair, of which one server may be a Kea that knows nothing of that. */
import { expect, test, vi } from "vitest";
import { client } from "../../src/oracle/dhcp6/client.ts";
import { registering } from "../../src/oracle/dhcp6/registrations.ts";
import { inPair, type Subjects } from "../../src/subject/in-pair.ts";
import { inState } from "../../src/subject/pair.ts";
import { findDaemon } from "../../src/subject/server.ts";
import { isThorough } from "../../src/subject/thorough.ts";
import { linkLocal } from "../../src/wire/ipv6-text.ts";
import { encodeMessage6, MessageType6 } from "../../src/wire/message6.ts";
import { Probe6 } from "../../src/wire/probe6.ts";

const OWN = "2001:db8::5:1";

const pairs: readonly Subjects[] = [
  ["kotare", "kea"],
  ["kotare", "kea3"],
  ["kotare", "kotare"],
];
const areHere = (pair: Subjects) => pair.every((subject) => findDaemon(subject, 6) !== undefined);

test.each(pairs.filter(areHere).slice(0, isThorough ? pairs.length : 1))(
  "%s and %s: it is answered, and the two go on as before",
  (...pair) =>
    inPair(
      pair,
      async ({ clients, primary, start, other }) => {
        using probe = await Probe6.open(clients, "eth0");
        const who = client(1);
        const [message, route] = registering(who, OWN);
        const { program } = primary;
        const from = program.lines.length;
        let xid = 0;
        await vi.waitFor(async () => {
          const payload = encodeMessage6({ relays: [], ...message, xid: ++xid });
          probe.send(payload, { sourceMac: who.mac, source: linkLocal(who.mac), sourcePort: 547, ...route });
          expect((await probe.next(1000))?.message.type).toBe(MessageType6.ADDR_REG_REPLY);
        }, 60_000);
        for (let beat = 1; beat <= 2; beat++) await program.waitFor(/'ha-heartbeat'/, { from: program.lines.length });
        expect(program.lines.slice(from).filter((line) => line.includes("HA_STATE_TRANSITION"))).toEqual([]);
        // It fetches a lease of which it knows nothing.
        await other.program.stop();
        await inState(await start("server2"), "load-balancing");
        expect([...primary.leases().keys()]).toEqual([OWN]);
      },
      { mode: "load-balancing", family: 6 },
    ),
);
