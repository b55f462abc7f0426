import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AddressProbe, type ProbeAnswer } from "./address-probe.ts";
import { ip, testInNamespace } from "./testing/namespaced-tests.ts";

const address = (last: number, third = 2) => ((192 << 24) | (0 << 16) | (third << 8) | last) >>> 0;
const OWN = 1;
const NEIGHBOUR = 9;

testInNamespace(import.meta.url, () => {
  let probe: AddressProbe;
  let answers: [number, ProbeAnswer][];
  /** The neighbour: on the other side of a cable, in a network namespace of its own. */
  let far: ChildProcess;

  beforeEach(async () => {
    far = spawn("unshare", ["-n", "sh", "-c", "ip link set lo up; echo; exec sleep 600"], { stdio: "pipe" });
    await once(far.stdout!, "data");
    ip("link set lo up", `link add near type veth peer name wire netns ${far.pid}`, "link set near up");
    ip("addr add 192.0.2.1/24 dev near");
    inFar("ip", "addr", "add", "192.0.2.9/24", "dev", "wire");
    inFar("ip", "link", "set", "wire", "up");
    answers = [];
    probe = new AddressProbe((who, answer) => answers.push([who, answer]));
  });
  afterEach(async () => {
    probe[Symbol.dispose]();
    // The kernel takes it away some time after the namespace, and not before the next test.
    spawnSync("ip", ["link", "del", "near"]);
    far.kill();
    await once(far, "exit");
  });

  const inFar = (...command: string[]) => execFileSync("nsenter", ["-n", "-t", String(far.pid), ...command]);
  /** Asks until there is an answer: a link that has just come up may lose the first question. */
  const answerOf = async (who: number) => {
    const answer = () => {
      probe.ask(who);
      return answers.find(([from]) => from === who)?.[1];
    };
    await expect.poll(answer, { timeout: 30_000 }).toBeDefined();
    return answer();
  };

  describe("an address", () => {
    test("of a neighbour is in use", async () => {
      expect(await answerOf(address(NEIGHBOUR))).toBe("in-use");
    });

    test("of a neighbour that answers no echo is in use, because it answers ARP", async () => {
      inFar("sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=1");
      expect(await answerOf(address(NEIGHBOUR))).toBe("in-use");
    });

    test("of our own is in use", async () => {
      expect(await answerOf(address(OWN))).toBe("in-use");
    });

    test("behind a router that answers is in use", async () => {
      inFar("ip", "addr", "add", "192.0.7.7/32", "dev", "lo");
      inFar("ip", "link", "set", "lo", "up");
      ip("route add 192.0.7.0/24 via 192.0.2.9");
      expect(await answerOf(address(7, 7))).toBe("in-use");
    });

    test("behind a router that knows no way there is unreachable", async () => {
      inFar("sysctl", "-qw", "net.ipv4.ip_forward=1");
      ip("route add 192.0.8.0/24 via 192.0.2.9");
      expect(await answerOf(address(8, 8))).toBe("unreachable");
    });

    test("where no route leads cannot be asked", () => {
      expect(probe.ask(address(9, 99))).toBe("ENETUNREACH");
    });
  });

  test("an interface that goes is no reason to stop", async () => {
    await answerOf(address(NEIGHBOUR));
    ip("link del near");
    await expect.poll(() => probe.ask(address(NEIGHBOUR)), { timeout: 30_000 }).toBe("ENETUNREACH");
  });
});
