/** The servers of a zone: tried in order until one answers; the one that last did is tried first for a while. */
import type { Clock, Milliseconds } from "@kotare/core/base/clock";
import { Rcode, rcodeName } from "../dns/response.ts";
import type { Reporter } from "../reporter.ts";
import type { DnsServer, Zone } from "../zones/zones.ts";
import { sendUpdate, type UpdateContent } from "./send-update.ts";

export type Asked =
  | { readonly kind: "rcode"; readonly rcode: number }
  /** No server can be asked: all of them answer that they will not, or some do not answer. */
  | { readonly kind: "unavailable"; readonly why: string; readonly isRefused: boolean };

/** Kea's. */
const TRIES = 3;
/** After which time the first server is tried first again. */
const PREFERENCE: Milliseconds = 30_000;

/** Another server may know better. */
const ASK_ANOTHER: ReadonlySet<number> = new Set([Rcode.SERVFAIL, Rcode.NOTIMP, Rcode.REFUSED, Rcode.NOTAUTH]);
/** The server does not do updates, or not of this zone, or not for us, whatever is in them. */
const NOT_AT_ALL: ReadonlySet<number> = new Set([Rcode.NOTIMP, Rcode.NOTAUTH]);

export interface ServerParts {
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly timeout: Milliseconds;
  readonly send?: typeof sendUpdate;
}

export class ZoneServers {
  readonly #zone: Zone;
  readonly #parts: ServerParts;
  readonly #send: typeof sendUpdate;
  #preferred = 0;
  #preferredUntil: Milliseconds = 0;
  /** Why those fail that do, which is told once. */
  readonly #failures = new Map<DnsServer, string>();

  constructor(zone: Zone, parts: ServerParts) {
    this.#zone = zone;
    this.#parts = parts;
    this.#send = parts.send ?? sendUpdate;
  }

  /** @param count how many requests share the update */
  async ask(content: UpdateContent, count: number): Promise<Asked> {
    const { servers, name } = this.#zone;
    const { clock, reporter } = this.#parts;
    const first = clock.monotonic() < this.#preferredUntil ? this.#preferred : 0;
    const reasons: string[] = [];
    let refusal: number | undefined;
    let isRefused = servers.length > 0;
    for (let i = 0; i < servers.length; i++) {
      const at = (first + i) % servers.length;
      const server = servers[at]!;
      const answer = await this.#try(server, content, count);
      if (answer.kind === "rcode" && !ASK_ANOTHER.has(answer.rcode)) {
        if (at !== 0 && at !== first) this.#preferredUntil = clock.monotonic() + PREFERENCE;
        this.#preferred = at;
        this.#failures.delete(server);
        return answer;
      }
      const why = answer.kind === "rcode" ? `it answers ${rcodeName(answer.rcode)}` : answer.why;
      if (answer.kind === "rcode" && !NOT_AT_ALL.has(answer.rcode)) refusal ??= answer.rcode;
      if (answer.kind === "silent") isRefused = false;
      reasons.push(`${formatServer(server)}: ${why}`);
      if (this.#failures.get(server) !== why) reporter.serverFailed(name, formatServer(server), why);
      this.#failures.set(server, why);
    }
    if (refusal !== undefined) return { kind: "rcode", rcode: refusal };
    return { kind: "unavailable", why: reasons.join("; "), isRefused };
  }

  async #try(server: DnsServer, content: UpdateContent, count: number) {
    const { clock, reporter, timeout } = this.#parts;
    const label = formatServer(server);
    for (let tries = 1; ; tries++) {
      reporter.updateSent(content.zone, label, server.key?.name, count);
      const answer = await this.#send(server, content, {
        timeout,
        now: () => clock.wall(),
        onIgnored: (why) => reporter.answerIgnored(content.zone, label, why),
      });
      reporter.updateAnswered(content.zone, label, server.key?.name, answer);
      if (answer.kind !== "silent" || tries === TRIES) return answer;
    }
  }
}

function formatServer({ address, port }: DnsServer): string {
  return `${address.includes(":") ? `[${address}]` : address}:${port}`;
}
