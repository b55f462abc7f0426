/**
 * A part of soak: a pair of Kea becomes a pair of ours while clients ask all the time. None loses its address, and none is
 * refused for longer than the pair is configured to wait. Then one is away while as many others get leases, and comes back.
 */
import { join } from "node:path";
import type { Host } from "./lab/lab.ts";
import { delay, type Program } from "./lab/program.ts";
import { acknowledgedLeases, LEASES, loadCommand, reportOf } from "./load/load.ts";
import { sendCommand } from "./subject/command.ts";
import { inPair } from "./subject/in-pair.ts";
import { isHeld } from "./subject/lease-file.ts";
import { inState } from "./subject/pair.ts";
import type { Server, Subject } from "./subject/server.ts";
import { decodeMessage4, MessageType4, typeOf } from "./wire/message4.ts";
import { Wire } from "./wire/wire.ts";

export interface PairSoak {
  /** Of whom the pair is at first. */
  readonly subject: Subject;
  /** Those that get leases while a server is away. */
  readonly clients: number;
  /** Exchanges a second. */
  readonly rate: number;
  readonly check: (what: string, good: boolean, detail?: string) => void;
}

/** Milliseconds: the longest silence of a partner as `pairConfig` has it, a heartbeat, and a busy machine. */
const LONGEST = 10_000;
/** Milliseconds of load before and behind each step. */
const AROUND = 3000;
const SUBNET = { id: 1, subnet: "10.0.0.0/14", pools: [{ pool: "10.1.0.0 - 10.3.255.255" }] };
/** Clients that are there all the time. */
const REGULARS = 5000;

export async function soakPair({ subject, clients, rate, check }: PairSoak): Promise<void> {
  console.log(
    `\n== DHCPv4: a pair of ${subject} becomes a pair of ours under ${rate} exchanges/s of ${REGULARS} clients`,
  );
  await inPair(
    [subject, subject],
    async ({ clients: host, primary, other, start, folder }) => {
      const tell = async (server: string, command: string) => {
        const answer = await sendCommand(join(folder, server, "socket"), command);
        if (JSON.parse(answer).result !== 0) throw new Error(`${command}: ${answer}`);
      };
      using gaps = await Gaps.open(host);
      const load = startLoad(host, rate, { clients: REGULARS });
      const settled = () => delay(AROUND);
      await settled();
      await tell("server1", "ha-maintenance-start");
      await inState(other, "in-maintenance");
      await other.program.stop();
      await settled();
      const standby = await start("server2", "kotare");
      await Promise.all([inState(standby, "hot-standby"), backTogether(primary)]);
      await settled();
      await tell("server2-kotare", "ha-maintenance-start");
      await primary.program.stop();
      await settled();
      const first = await start("server1", "kotare");
      await Promise.all([inState(first, "hot-standby"), backTogether(standby)]);
      await settled();
      load.signal("SIGINT");
      const { steps } = await reportOf(load);
      const given = acknowledgedLeases(load.lines);
      const acks = steps.reduce((sum, { completed }) => sum + completed, 0);
      const moved = steps.flatMap(({ legs }) => legs).reduce((sum, leg) => sum + leg.moved, 0);
      const shared = given.length - new Set(given.map(({ address }) => address)).size;
      check("clients were served all the time", acks > 0, `${acks} ACKs to ${given.length} clients`);
      check("no client has lost its address", moved === 0, `${moved} moved`);
      check("no address was given to two", shared === 0, `${shared} shared`);
      const longest = `${Math.round(gaps.longest)} ms`;
      check(
        "nobody was refused for longer than the pair waits",
        gaps.longest < LONGEST,
        `longest without any ACK: ${longest}`,
      );
      const [here, there] = [first, standby].map(held);
      check(
        "both have the leases of all clients",
        here!.length >= given.length && isSame(here, there),
        String(here!.length),
      );
      standby.program.signal("SIGKILL");
      const crowd = startLoad(host, rate, { clients, exchanges: clients, firstMac: "02:0b:00:00:00:00" });
      await crowd.exited;
      const began = performance.now();
      const again = await start("server2", "kotare");
      await Promise.all([inState(again, "hot-standby"), backTogether(first)]);
      const took = `${(performance.now() - began).toFixed(0)} ms`;
      const [all, fetched] = [first, again].map(held);
      check(
        "who was away has all that was given meanwhile",
        isSame(all, fetched),
        `${fetched!.length} leases, after ${took}`,
      );
    },
    { extra: { subnet4: [SUBNET] } },
  );
}

function backTogether({ program }: Server): Promise<unknown> {
  return program.waitFor(/to HOT-STANDBY state/, { from: program.lines.length });
}

function startLoad(host: Host, rate: number, of: { clients: number; exchanges?: number; firstMac?: string }): Program {
  const crowd = { asks: "", suffix: "", arguments: ["-4", "-i", "eth0"] };
  return host.start(loadCommand({ rate, seconds: 600, crowd, more: LEASES, ...of }));
}

/** Who holds what, in order. */
function held(server: Server): readonly string[] {
  const rows = [...server.leases().values()].filter(isHeld);
  return rows.map(({ address, hwaddr }) => `${address} ${hwaddr}`).toSorted();
}

function isSame(these: readonly string[] | undefined, those: readonly string[] | undefined): boolean {
  return these?.join() === those?.join();
}

/** How long nobody got an ACK. */
class Gaps implements Disposable {
  longest = 0;
  readonly #wire: Wire;
  #last: number | undefined;

  private constructor(wire: Wire) {
    this.#wire = wire;
    wire.listen(({ sourcePort, payload }, isSent) => {
      if (isSent || sourcePort !== 67 || typeOf(decodeMessage4(payload)) !== MessageType4.ACK) return;
      const now = performance.now();
      this.longest = Math.max(this.longest, now - (this.#last ?? now));
      this.#last = now;
    });
  }

  static async open(host: Host): Promise<Gaps> {
    return new Gaps(await Wire.open(host, "eth0"));
  }

  [Symbol.dispose](): void {
    this.#wire[Symbol.dispose]();
  }
}
