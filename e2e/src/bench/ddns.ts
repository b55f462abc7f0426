/** Rows of the DNS updater: the same requests through ours and through Kea's into one BIND, all updates signed. */
import { createSocket } from "node:dgram";
import { join } from "node:path";
import type { NameChangeRequest } from "@kotare/core/ncr/name-change-request";
import { encodeRequest } from "@kotare/core/ncr/ncr-datagram";
import { NameServer } from "../dns/name-server.ts";
import { crowd, FORWARD, REVERSE } from "../dns/requests.ts";
import { DnsUpdater, UPDATER_PORT } from "../dns/updater.ts";
import { Lab } from "../lab/lab.ts";
import { delay } from "../lab/program.ts";
import type { Subject } from "../subject/server.ts";
import { median } from "./bed.ts";
import type { Effort, Measured, Row } from "./row.ts";

const REQUESTS = 10_000;
/**
 * Requests on their way at a time. Kea loses what is beyond a socket's buffer, 166, and has the DNS server busy with these;
 * ours says that it is done when its log is written, up to 20 ms later, so that so few would be all that it is given.
 */
const WINDOWS: Readonly<Record<Subject, number>> = { kotare: 1000, kea: 150 };
const BURST_SECONDS = 1.5;
/** Milliseconds without progress after which what is missing counts as lost. */
const PATIENCE = 5000;

interface Bed {
  readonly dns: NameServer;
  readonly updater: DnsUpdater;
  /** Requests that the updater has told to be carried out. */
  done(): number;
  send(request: NameChangeRequest): void;
}

async function onBed<T>(subject: Subject, play: (bed: Bed) => Promise<T>): Promise<T> {
  await using lab = new Lab();
  await using dns = await NameServer.start({ folder: join(lab.folder, "dns"), zones: [FORWARD, REVERSE] });
  const options = { subject, folder: join(lab.folder, "d2"), forward: [FORWARD], reverse: [REVERSE], servers: [dns] };
  await using updater = await DnsUpdater.start(options);
  let done = 0;
  updater.program.follow((line) => {
    if (line.includes("DHCP_DDNS_ADD_SUCCEEDED")) done++;
  });
  const socket = createSocket("udp4");
  try {
    return await play({
      dns,
      updater,
      done: () => done,
      send: (request) => socket.send(encodeRequest(request, Date.now() / 1000), UPDATER_PORT, "127.0.0.1"),
    });
  } finally {
    socket.close();
  }
}

interface Run {
  readonly perSecond: number;
  /** Microseconds of CPU time a request. */
  readonly cpu: number;
  readonly bindCpu: number;
}

/** Sends as fast as requests are carried out. */
function windowed(subject: Subject, count: number): Promise<Run> {
  return onBed(subject, async ({ dns, updater, done, send }) => {
    const requests = crowd(count);
    const [began, before, bindBefore] = [performance.now(), updater.usage.cpu, dns.usage.cpu];
    let lastProgress = began;
    for (let sent = 0, before = 0; done() < count; ) {
      while (sent < count && sent - done() < WINDOWS[subject]) send(requests[sent++]!);
      await delay(1);
      const now = performance.now();
      if (done() > before) lastProgress = now;
      else if (now - lastProgress > PATIENCE)
        throw new Error(`${subject} has lost ${sent - done()} of ${sent} requests`);
      before = done();
    }
    const seconds = (performance.now() - began) / 1000;
    const perRequest = (cpu: number) => (1e6 * cpu) / count;
    return {
      perSecond: count / seconds,
      cpu: perRequest(updater.usage.cpu - before),
      bindCpu: perRequest(dns.usage.cpu - bindBefore),
    };
  });
}

/** Sends all of them within `BURST_SECONDS`, whatever becomes of them. @returns how many never arrived */
function burst(subject: Subject, count: number): Promise<number> {
  return onBed(subject, async ({ done, send }) => {
    const requests = crowd(count);
    const began = performance.now();
    for (let sent = 0; sent < count; ) {
      const due = (count * (performance.now() - began)) / (1000 * BURST_SECONDS);
      while (sent < Math.min(count, due)) send(requests[sent++]!);
      await delay(1);
    }
    for (let last = -1; done() > last && done() < count; ) {
      last = done();
      await delay(PATIENCE);
    }
    return count - done();
  });
}

export function ddnsRows(): Row[] {
  return [
    {
      family: undefined,
      name: "ddns",
      async measure({ repeats, scale }: Effort, say): Promise<readonly Measured[]> {
        const count = Math.max(1000, Math.round(REQUESTS * scale));
        const runs: Record<Subject, Run[]> = { kotare: [], kea: [] };
        for (let i = 0; i < repeats; i++) {
          for (const subject of ["kotare", "kea"] as const) {
            const run = await windowed(subject, count);
            runs[subject].push(run);
            const { perSecond, cpu, bindCpu } = run;
            const costs = `${Math.round(cpu)} µs of CPU a request, BIND ${Math.round(bindCpu)} µs`;
            say(`   ${subject}: ${Math.round(perSecond)} requests/s, ${costs}`);
          }
        }
        const values = {
          kotare: median(runs.kotare.map(({ perSecond }) => perSecond)),
          kea: median(runs.kea.map(({ perSecond }) => perSecond)),
        };
        const ratio = values.kotare / values.kea;
        const measure = `${count} names, forward and reverse, signed`;
        return [{ measure, unit: "requests/s", values, ratio, target: "≥ 3", met: ratio >= 3 }];
      },
    },
    {
      family: undefined,
      name: "ddns-burst",
      async measure(_effort, say): Promise<readonly Measured[]> {
        const values = { kotare: await burst("kotare", REQUESTS), kea: await burst("kea", REQUESTS) };
        say(`   lost: kotare ${values.kotare}, kea ${values.kea}`);
        const measure = `lost of ${REQUESTS} requests within ${BURST_SECONDS} s`;
        const ratio = values.kea === 0 ? 0 : values.kotare / values.kea;
        return [{ measure, unit: "requests", values, ratio, target: "none of ours", met: values.kotare === 0 }];
      },
    },
  ];
}
