/** What goes wrong between d2d and its DNS servers, and that in the end the zones hold what was asked for. */
import { mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { NameChangeRequest } from "@kotare/core/ncr/name-change-request";
import { createRandom } from "@kotare/core/storage/testing/crash-disk";
import { describe, expect, test } from "vitest";
import { FaultyPath, type Spoil } from "../../src/dns/faulty-path.ts";
import { KEY, NameServer, type NameServerOptions } from "../../src/dns/name-server.ts";
import { RequestSender } from "../../src/dns/request-sender.ts";
import { add, crowd, FORWARD, REVERSE4, remove } from "../../src/dns/requests.ts";
import { DnsUpdater, type UpdaterOptions } from "../../src/dns/updater.ts";
import { Lab } from "../../src/lab/lab.ts";
import { hasOtherClocks, otherClock } from "../../src/lab/other-clock.ts";
import { delay, findProgram } from "../../src/lab/program.ts";

const ZONES = [FORWARD, REVERSE4];

interface Stage {
  readonly lab: Lab;
  readonly dns: NameServer;
  readonly sender: RequestSender;
  /** Starts d2d, which ends with the stage. */
  start(change?: Partial<UpdaterOptions>): Promise<DnsUpdater>;
}

async function stage(
  play: (stage: Stage) => Promise<void>,
  dnsOptions: Partial<NameServerOptions> = {},
): Promise<void> {
  await using lab = new Lab();
  await using dns = await NameServer.start({ folder: join(lab.folder, "dns"), zones: ZONES, ...dnsOptions });
  using sender = new RequestSender();
  const options = { folder: join(lab.folder, "d2"), forward: [FORWARD], reverse: [REVERSE4], servers: [dns] };
  const started: DnsUpdater[] = [];
  const start = async (change: Partial<UpdaterOptions> = {}) => {
    const updater = await DnsUpdater.start({ ...options, ...change });
    started.push(updater);
    return updater;
  };
  try {
    await play({ lab, dns, sender, start });
  } finally {
    for (const updater of started) await updater.program.stop("SIGKILL");
  }
}

/** What the zones must hold when all of `requests` are carried out: names without data that only makes them longer. */
function expectedNames(requests: readonly NameChangeRequest[]): string[] {
  const held = new Map<string, string>();
  for (const { change, fqdn, address } of requests) {
    if (change === "add") held.set(fqdn, address);
    else if (held.get(fqdn) === address) held.delete(fqdn);
  }
  return [...held].map(([fqdn, address]) => `${fqdn} ${address}`).sort();
}

async function namesIn(dns: NameServer): Promise<string[]> {
  const forward = (await dns.records(FORWARD)).flatMap((record) => {
    const [name, , type, data] = record.split(" ");
    return type === "A" ? [`${name} ${data}`] : [];
  });
  return forward.sort();
}

async function addressesIn(dns: NameServer): Promise<string[]> {
  const reverse = (await dns.records(REVERSE4)).flatMap((record) => {
    const [owner, , type, name] = record.split(" ");
    return type === "PTR" ? [`${name} ${owner!.split(".").slice(0, 4).reverse().join(".")}`] : [];
  });
  return reverse.sort();
}

/** Waits until the zones are as they must be, in both directions. */
async function expectZones(dns: NameServer, requests: readonly NameChangeRequest[], patience = 60_000): Promise<void> {
  const expected = expectedNames(requests);
  const end = performance.now() + patience;
  while (performance.now() < end) {
    const found = [await namesIn(dns), await addressesIn(dns)];
    if (isDeepStrictEqual(found, [expected, expected])) return;
    await delay(200);
  }
  expect(await namesIn(dns)).toEqual(expected);
  expect(await addressesIn(dns)).toEqual(expected);
}

/** Clients that come, take other names and addresses, and go; each request after the ones it depends on. */
function history(clients: number, turns: number): NameChangeRequest[] {
  const numbers = createRandom(7);
  const random = (below: number) => Math.floor(below * numbers());
  const requests: NameChangeRequest[] = [];
  const names = Array.from({ length: clients }, () => "");
  for (let turn = 0; turn < turns; turn++) {
    const client = random(clients);
    const address = `10.1.0.${client}`;
    const before = names[client]!;
    if (before !== "") requests.push(remove(before, address, client));
    names[client] = random(4) === 0 ? "" : `name-${client}-${random(3)}`;
    if (names[client] !== "") requests.push(add(names[client], address, client));
  }
  return requests;
}

/** A sender has no two requests in flight that have something in common. */
async function sendInOrder(sender: RequestSender, requests: readonly NameChangeRequest[]): Promise<void> {
  let batch: NameChangeRequest[] = [];
  const busy = new Set<string>();
  for (const request of requests) {
    if (busy.has(request.fqdn) || busy.has(request.address)) {
      await sender.send(batch);
      batch = [];
      busy.clear();
    }
    batch.push(request);
    busy.add(request.fqdn).add(request.address);
  }
  await sender.send(batch);
}

describe.skipIf(findProgram("named") === undefined)("needs bind9", () => {
  test("killed in the middle of 1,000 updates, again and again", () =>
    stage(async ({ dns, sender, start }) => {
      const requests = crowd(1000);
      let updater = await start();
      const sent = sender.send(requests, 200);
      for (let i = 0; i < 4; i++) {
        await delay(60 + 40 * i);
        await updater.program.stop("SIGKILL");
        updater = await start();
      }
      await sent;
      await expectZones(dns, requests);
    }));

  test("clients that change names while it is killed", () =>
    stage(async ({ dns, sender, start }) => {
      const requests = history(40, 600);
      let updater = await start();
      const sent = sendInOrder(sender, requests);
      for (let i = 0; i < 4; i++) {
        await delay(100 + 50 * i);
        await updater.program.stop("SIGKILL");
        updater = await start();
      }
      await sent;
      await expectZones(dns, requests);
    }));

  test("the DNS server is stopped for a while, and d2d restarted meanwhile", () =>
    stage(async ({ dns, sender, start }) => {
      let updater = await start();
      const requests = crowd(300);
      await sender.send(requests.slice(0, 100));
      await dns.stop();
      await sender.send(requests.slice(100, 200));
      await updater.program.waitFor(/DHCP_DDNS_ZONE_WAITS zone lab\.example\. cannot be updated/);
      await updater.program.stop();
      updater = await start();
      await updater.program.waitFor(/DHCP_DDNS_QUEUE_FILE_LOADED \d+ requests/);
      await sender.send(requests.slice(200));
      await dns.restart();
      await updater.program.waitFor(/DHCP_DDNS_ZONE_RECOVERED/);
      await expectZones(dns, requests);
    }));

  test("a wrong secret and an unknown key are told apart in words; a reload mends them", () =>
    stage(async ({ dns, sender, start }) => {
      const secret = "AAAAAAAAAAAAAAAAAAAAAA==";
      const updater = await start({ key: { ...KEY, secret }, severity: "DEBUG" });
      await sender.send([add("h", "10.0.0.1", 1)]);
      await updater.program.waitFor(/ZONE_WAITS .*BADSIG: the server has another secret for key lab-key/);
      await updater.reload({ key: { ...KEY, name: "unknown" } });
      await updater.program.waitFor(/ZONE_WAITS .*BADKEY: the server knows no key unknown/);
      await updater.reload({ key: KEY });
      await updater.program.waitFor(/DHCP_DDNS_ADD_SUCCEEDED/);
      expect(dns.ask(`h.${FORWARD}`, "A")).toEqual(["10.0.0.1"]);
      for (const each of [secret, KEY.secret]) expect(updater.program.output).not.toContain(each);
    }));

  describe.skipIf(!hasOtherClocks)("needs faketime", () => {
    test("a clock that is 10 minutes behind is named, and nothing lost", () =>
      stage(async ({ dns, sender, start }) => {
        let updater = await start({ under: otherClock(-600) });
        await sender.send([add("h", "10.0.0.1", 1)]);
        await updater.program.waitFor(
          /ZONE_WAITS .*BADTIME: the server's clock is (?:599|600|601) seconds ahead of ours/,
        );
        await updater.program.stop();
        updater = await start();
        await updater.program.waitFor(/DHCP_DDNS_ADD_SUCCEEDED/);
        expect(dns.ask(`h.${FORWARD}`, "A")).toEqual(["10.0.0.1"]);
        await updater.program.stop();
      }));
  });

  test("REFUSED: requests wait until the server takes them", () =>
    stage(
      async ({ dns, sender, start }) => {
        const updater = await start();
        const requests = crowd(20);
        await sender.send(requests);
        await updater.program.waitFor(/DHCP_DDNS_SERVER_FAILED .*REFUSED/);
        await dns.stop();
        await dns.restart({ takesUpdates: true });
        await expectZones(dns, requests);
      },
      { takesUpdates: false },
    ));

  test("REFUSED for good: set aside after a while, or for want of room, and then honest requests are served", () =>
    stage(
      async ({ lab, dns, sender, start }) => {
        const kotare = { "max-queue-size": 30, "set-aside-after": 10 };
        const updater = await start({ extra: { "user-context": { kotare } } });
        await sender.send(crowd(300), 20);
        await updater.program.waitFor(/REQUEST_SET_ASIDE .*there is no room for more; .*REFUSED/);
        await updater.program.waitFor(/REQUEST_SET_ASIDE .*refused for 10 seconds; .*REFUSED/, { timeout: 60_000 });
        expect(readFileSync(join(lab.folder, "d2", "kotare-ddns-queue.bad"), "latin1")).toContain("host-0.lab.example");
        await dns.stop();
        await dns.restart({ takesUpdates: true });
        const honest = crowd(50, 1000);
        await sender.send(honest.slice(0, 1));
        await updater.program.waitFor(/ZONE_RECOVERED/);
        await sender.send(honest.slice(1), 20);
        await updater.program.waitFor(/DHCP_DDNS_ADD_SUCCEEDED .*host-1049/);
        for (const { fqdn, address } of honest) expect(dns.ask(fqdn, "A")).toEqual([address]);
      },
      { takesUpdates: false },
    ));

  test("SERVFAIL: requests wait until the server can write its journal again", () =>
    stage(async ({ lab, dns, sender, start }) => {
      // BIND cannot make its journal where a folder is.
      const journal = join(lab.folder, "dns", `${FORWARD}.zone.jnl`);
      mkdirSync(journal);
      const updater = await start();
      const requests = crowd(20);
      await sender.send(requests);
      await updater.program.waitFor(/DHCP_DDNS_SERVER_FAILED .*SERVFAIL/);
      rmdirSync(journal);
      await expectZones(dns, requests);
    }));

  test.each([
    ["half of all answers are lost", ["back"]],
    ["half of all packets are lost, in both directions", ["there", "back"]],
  ])("%s", (_, ways) =>
    stage(async ({ dns, sender, start }) => {
      const random = createRandom(5);
      let lost = 0;
      using path = await FaultyPath.open(dns, (datagram, way) => {
        if (!ways.includes(way) || random() < 0.5) return [datagram];
        lost++;
        return [];
      });
      await start({
        servers: [path],
        extra: { "dns-server-timeout": 100 },
      });
      const requests = crowd(12);
      for (const request of requests) await sender.send([request]);
      await expectZones(dns, requests, 90_000);
      expect(lost).toBeGreaterThan(5);
    }),
  );

  test("forged and damaged answers are not believed, and the genuine one is", () =>
    stage(async ({ dns, sender, start }) => {
      const refused = (answer: Buffer, rcode: number) => {
        const forged = Buffer.from(answer);
        forged[3] = (forged[3]! & 0xf0) | rcode;
        return forged;
      };
      const spoil: Spoil = (datagram, direction) => {
        if (direction === "there") return [datagram];
        const unsigned = Buffer.from(datagram.subarray(0, 12));
        unsigned.fill(0, 4);
        const otherId = Buffer.from(datagram);
        otherId[0]! ^= 255;
        const loop = Buffer.from(datagram);
        loop.writeUInt16BE(0xc00c, 12);
        const cut = datagram.subarray(0, datagram.length - 7);
        return [unsigned, otherId, loop, cut, refused(datagram, 5), refused(datagram, 0).subarray(0, 11), datagram];
      };
      using path = await FaultyPath.open(dns, spoil);
      const updater = await start({ servers: [path] });
      const requests = [
        ...crowd(5),
        ...crowd(5).map((request) => ({ ...request, change: "remove" as const })),
        ...crowd(2),
      ];
      for (const request of requests) await sender.send([request]);
      await expectZones(dns, requests);
      // Lines are written a moment after what they tell of.
      for (const why of [/the answer is not signed/, /signature is wrong/, /bad pointer/]) {
        await updater.program.waitFor(why);
      }
      expect(updater.program.output).not.toContain("DHCP_DDNS_ADD_FAILED");
    }));

  test("the second server of a zone does when the first is dead; a dead zone holds up no other", () =>
    stage(async ({ dns, sender, start }) => {
      const dead = { address: "127.0.0.1", port: 9 };
      const servers = [dead, dns].map(({ address, port }) => ({ "ip-address": address, port }));
      const domain = (name: string, of: typeof servers) => ({ name, "key-name": KEY.name, "dns-servers": of });
      const updater = await start({
        extra: {
          "forward-ddns": {
            "ddns-domains": [domain(`dead.${FORWARD}.`, servers.slice(0, 1)), domain(FORWARD, servers)],
          },
        },
      });
      await sender.send([add("x.dead", "10.9.9.9", 999), ...crowd(50).map((each) => ({ ...each, ttl: 300 }))]);
      await updater.program.waitFor(/DHCP_DDNS_ZONE_WAITS zone dead\.lab\.example\./);
      await expectZones(dns, crowd(50), 5000);
    }));

  test("what is no request is counted and logged, and the next one is served", () =>
    stage(async ({ dns, sender, start }) => {
      const updater = await start();
      const deep = Buffer.from(`..${"[".repeat(60_000)}`);
      deep.writeUInt16BE(deep.length - 2);
      for (const bytes of [
        Buffer.alloc(0),
        Buffer.from([0]),
        Buffer.from([0, 9, 123]),
        deep,
        Buffer.alloc(60_000, 255),
      ]) {
        sender.sendRaw(bytes);
      }
      await sender.send([add("h", "10.0.0.1", 1)]);
      await updater.program.waitFor(/DHCP_DDNS_ADD_SUCCEEDED/);
      expect(dns.ask(`h.${FORWARD}`, "A")).toEqual(["10.0.0.1"]);
      expect(updater.program.lines.filter((line) => line.includes("DHCP_DDNS_INVALID_NCR"))).toHaveLength(5);
    }));
});
