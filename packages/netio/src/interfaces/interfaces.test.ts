import { createSocket } from "node:dgram";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findInterface, ip, testInNamespace } from "../testing/namespaced-tests.ts";
import { holdPort } from "../transports/hold-port.ts";
import { turns } from "../transports/transport.contract.ts";
import type { Interface, InterfaceWatch } from "./interface.ts";
import { watchInterfaces } from "./interfaces.ts";

testInNamespace(import.meta.url, () => {
  describe("watchInterfaces", () => {
    /** Makes the change and waits until the watch shows what is expected of the interface. */
    async function expectChange(
      command: string,
      name: string,
      expected: Partial<Interface> | undefined,
    ): Promise<void> {
      let changed: () => void = () => undefined;
      const watch: InterfaceWatch = watchInterfaces(() => changed());
      const find = () => [...watch.interfaces.values()].find((link) => link.name === name);
      const shows = () => (expected === undefined ? find() === undefined : matches(find(), expected));
      expect(shows(), "before the change").toBe(false);
      ip(command);
      while (!shows()) {
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
      watch[Symbol.dispose]();
    }

    function matches(link: Interface | undefined, expected: Partial<Interface>): boolean {
      try {
        expect(link).toMatchObject(expected);
        return true;
      } catch {
        return false;
      }
    }

    // Each row goes on from the one before.
    test.each([
      {
        title: "an interface comes",
        command: "link add a0 type veth peer name b0",
        name: "a0",
        expected: { up: false },
      },
      {
        title: "goes up without a carrier",
        command: "link set a0 up",
        name: "a0",
        expected: { up: true, running: false },
      },
      { title: "its other end goes up", command: "link set b0 up", name: "a0", expected: { running: true } },
      {
        title: "gets an IPv4 address",
        command: "addr add 192.0.2.1/24 dev a0",
        name: "a0",
        expected: { ipv4: [{ address: 0xc0000201, prefixLength: 24 }] },
      },
      {
        title: "gets another, which comes second",
        command: "addr add 192.0.2.9/32 dev a0",
        name: "a0",
        expected: {
          ipv4: [
            { address: 0xc0000201, prefixLength: 24 },
            { address: 0xc0000209, prefixLength: 32 },
          ],
        },
      },
      {
        title: "loses one",
        command: "addr del 192.0.2.1/24 dev a0",
        name: "a0",
        expected: { ipv4: [{ address: 0xc0000209, prefixLength: 32 }] },
      },
      {
        title: "gets an address with another end",
        command: "addr replace 192.0.2.20 peer 192.0.2.21/32 dev b0",
        name: "b0",
        expected: { ipv4: [{ address: 0xc0000214, prefixLength: 32 }] },
      },
      { title: "changes its MTU", command: "link set a0 mtu 1400", name: "a0", expected: { mtu: 1400 } },
      {
        title: "changes its MAC address",
        command: "link set b0 address 02:00:00:00:00:07",
        name: "b0",
        expected: { mac: Uint8Array.of(2, 0, 0, 0, 0, 7) },
      },
      { title: "goes down", command: "link set b0 down", name: "a0", expected: { up: true, running: false } },
      { title: "is renamed", command: "link set b0 name c0", name: "c0", expected: { up: false } },
      { title: "goes away", command: "link del c0", name: "a0", expected: undefined },
    ])("$title", ({ command, name, expected }) => expectChange(command, name, expected));

    test("says nothing about changes that we do not look at", async () => {
      // The loopback interface changes nothing by itself: no carrier, no duplicate address detection.
      ip("link set lo up");
      let calls = 0;
      using watch = watchInterfaces(() => calls++);
      // The kernel has queued its messages when the command ends.
      ip("link set lo alias inside");
      await turns(5);
      expect(calls).toBe(0);
      ip("addr add 192.0.2.7/24 dev lo");
      await turns(5);
      expect(calls).toBe(1);
      expect(watch.interfaces.get(1)?.ipv4).toContainEqual({ address: 0xc0000207, prefixLength: 24 });
      ip("addr del 192.0.2.7/24 dev lo");
    });

    test("goes on after more changes at once than its socket holds", async () => {
      ip("link add j0 type veth peer name k0");
      using watch = watchInterfaces(() => undefined);
      const find = () => watch.interfaces.get(findInterface("j0").index);
      // The event loop stands still meanwhile.
      ip(...Array.from({ length: 400 }, (_, i) => `link set j0 mtu ${1000 + i}`));
      await turns(5);
      expect(find()?.mtu).toBe(1399);
      ip("link set j0 mtu 1400");
      await turns(5);
      expect(find()?.mtu).toBe(1400);
      ip("link del j0");
    });

    test("the loopback interface is one", () => {
      expect(findInterface("lo")).toMatchObject({
        index: 1,
        loopback: true,
        type: 772,
        master: undefined,
        vlan: undefined,
      });
    });

    test("an IPv6 address is tentative at first", async () => {
      ip("link add d0 type veth peer name e0");
      // The detection lasts longer than any test.
      writeFileSync("/proc/sys/net/ipv6/conf/d0/dad_transmits", "1000");
      ip("link set e0 up");
      await expectChange("link set d0 up", "d0", {
        ipv6: [expect.objectContaining({ prefixLength: 64, tentative: true })],
      });
      ip("link del d0");
    });
  });

  describe("holdPort", () => {
    /** Sends to a port of the loopback interface; `refused` says whether the kernel has answered that nobody is there. */
    async function probe(
      port: number,
    ): Promise<{ refused: boolean; answer: Promise<unknown>; [Symbol.dispose](): void }> {
      const socket = createSocket("udp4");
      const result = { refused: false, answer: once(socket, "error"), [Symbol.dispose]: () => socket.close() };
      result.answer.then(
        () => {
          result.refused = true;
        },
        () => undefined,
      );
      socket.connect(port, "127.0.0.1");
      await once(socket, "connect");
      await new Promise((resolve) => socket.send("x", resolve));
      return result;
    }

    test("keeps the kernel from answering that the port is unreachable", async () => {
      ip("link set lo up");
      using before = await probe(67);
      await before.answer;
      const hold = holdPort(67, "lo");
      using held = await probe(67);
      using free = await probe(69);
      // What was sent first would have been answered first.
      await free.answer;
      await turns(5);
      expect(held.refused).toBe(false);
      hold[Symbol.dispose]();
      using after = await probe(67);
      await after.answer;
    });

    test("says that another has the port, per interface", () => {
      ip("link add f0 type veth peer name g0");
      using _f = holdPort(67, "f0");
      using _g = holdPort(67, "g0");
      expect(() => holdPort(67, "f0")).toThrow(/EADDRINUSE.*UDP port 67 on f0/);
      ip("link del f0");
    });

    test("says that there is no such interface", () => {
      expect(() => holdPort(67, "nowhere0")).toThrow(/ENODEV.*nowhere0/);
    });
  });
});
