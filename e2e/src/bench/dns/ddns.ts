/** Rows of the DNS updater: the same requests through ours and through Kea's into one BIND, all updates signed. */
import { createSocket } from "node:dgram";
import { join } from "node:path";
import type { NameChangeRequest } from "@kotare/core/ncr/name-change-request";
import { encodeRequest } from "@kotare/core/ncr/ncr-datagram";
import { NameServer } from "../../dns/name-server.ts";
import { crowd, FORWARD, REVERSE4 } from "../../dns/requests.ts";
import { DnsUpdater, UPDATER_PORT } from "../../dns/updater.ts";
import { Lab } from "../../lab/lab.ts";
import { delay } from "../../lab/program.ts";
import type { Subject } from "../../subject/server.ts";
import { inTurn } from "../contest.ts";
import { searchRate } from "../peak.ts";
import { type Effort, type Measured, medians, type Row } from "../row.ts";

const REQUESTS = 10_000;
/** A rate is tried for so long; it is sustained when all is carried out soon after. */
const TRIAL_SECONDS = 2;
const SOON = 500;
const FIRST_RATE = 1000;
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
  await using dns = await NameServer.start({ folder: join(lab.folder, "dns"), zones: [FORWARD, REVERSE4] });
  const options = { subject, folder: join(lab.folder, "d2"), forward: [FORWARD], reverse: [REVERSE4], servers: [dns] };
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

/** The highest rate at which requests come steadily, and each is carried out. */
function findRate(subject: Subject, say: (line: string) => void): Promise<number> {
  return onBed(subject, async (bed) => {
    let sent = 0;
    return await searchRate(FIRST_RATE, async (rate) => {
      const count = rate * TRIAL_SECONDS;
      const [before, cpu, bindCpu] = [bed.done(), bed.updater.usage.cpu, bed.dns.usage.cpu];
      await sendSteadily(bed, crowd(count, sent), TRIAL_SECONDS);
      sent += count;
      const missing = () => count - (bed.done() - before);
      await delay(SOON);
      const isSustained = missing() === 0;
      // What is late must not be in the way of the next.
      for (let last = -1; missing() > 0 && missing() !== last; await delay(PATIENCE)) last = missing();
      const perRequest = (seconds: number) => Math.round((1e6 * seconds) / count);
      const costs = `${perRequest(bed.updater.usage.cpu - cpu)} µs a request, BIND ${perRequest(bed.dns.usage.cpu - bindCpu)} µs`;
      say(`   ${subject}: ${rate}/s ${isSustained ? "sustained" : "too many"}, ${missing()} lost; ${costs}`);
      return isSustained ? rate : undefined;
    });
  });
}

async function sendSteadily({ send }: Bed, requests: readonly NameChangeRequest[], seconds: number): Promise<void> {
  const began = performance.now();
  for (let sent = 0; sent < requests.length; ) {
    const due = (requests.length * (performance.now() - began)) / (1000 * seconds);
    while (sent < Math.min(requests.length, due)) send(requests[sent++]!);
    await delay(1);
  }
}

/** Sends all of them within `BURST_SECONDS`, whatever becomes of them. @returns how many never arrived */
function burst(subject: Subject, count: number): Promise<number> {
  return onBed(subject, async (bed) => {
    const { done } = bed;
    await sendSteadily(bed, crowd(count), BURST_SECONDS);
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
      async measure({ repeats }: Effort, say): Promise<readonly Measured[]> {
        const subjects: readonly Subject[] = ["kotare", "kea"];
        const rates = await inTurn(
          subjects,
          repeats,
          (subject) => findRate(subject, say),
          (subject) => subject,
        );
        const values = medians(rates);
        const ratio = values["kotare"]! / values["kea"]!;
        const measure = "names, forward and reverse, signed, that come steadily";
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
