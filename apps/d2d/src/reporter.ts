/** Tells what happens: counts and logs in one place, so that nothing is counted and not logged. */
import type { Seconds } from "@kotare/core/base/clock";
import type { Logger } from "@kotare/core/log/logger";
import type { NameChangeRequest } from "@kotare/core/ncr/name-change-request";
import { Rcode, rcodeName } from "./dns/response.ts";
import { dns, queueFile, receiving, requests } from "./messages.ts";
import { isPrerequisiteRcode } from "./plan/steps.ts";
import type { QueueFileEvent } from "./requests/queue-file-event.ts";
import type { StoredRequest } from "./requests/queue-lines.ts";
import type { DdnsStatistics } from "./statistics.ts";
import type { Answered } from "./update/send-update.ts";

/** What became of a request. */
export type Outcome =
  | { readonly kind: "succeeded" | "nothing-to-do" | "no-forward-domain" | "no-reverse-domain" }
  /** What is set aside is kept beside the queue. */
  | { readonly kind: "given-up" | "set-aside"; readonly why: string };

export class Reporter {
  readonly #log: Logger;
  readonly #statistics: DdnsStatistics;
  readonly #now: () => Seconds;
  #isFull = false;

  constructor(log: Logger, statistics: DdnsStatistics, now: () => Seconds) {
    this.#log = log;
    this.#statistics = statistics;
    this.#now = now;
  }

  taken(stored: StoredRequest): void {
    this.#statistics.global["ncr-received"].add(1, this.#now());
    if (this.#log.isEnabled(receiving.DHCP_DDNS_QUEUE_MGR_QUEUE_RECEIVE)) {
      this.#log.log(receiving.DHCP_DDNS_QUEUE_MGR_QUEUE_RECEIVE, describe(stored));
    }
  }

  invalid(length: number, address: string, port: number, error: string): void {
    this.#statistics.global["ncr-invalid"].add(1, this.#now());
    this.#log.log(receiving.DHCP_DDNS_INVALID_NCR, { length, address, port, error });
  }

  receiveFailed(error: Error): void {
    this.#statistics.global["ncr-error"].add(1, this.#now());
    this.#log.log(receiving.DHCP_DDNS_QUEUE_MGR_RECV_ERROR, { error: error.message });
  }

  /** Once for each stretch of time in which nothing is taken, and for each request counted. */
  full(count: number): void {
    this.#statistics.global["queue-mgr-queue-full"].add(1, this.#now());
    if (!this.#isFull) this.#log.log(receiving.DHCP_DDNS_QUEUE_MGR_QUEUE_FULL, { count });
    this.#isFull = true;
  }

  room(): void {
    if (this.#isFull) this.#log.log(receiving.DHCP_DDNS_QUEUE_MGR_RESUMING);
    this.#isFull = false;
  }

  superseded(stored: StoredRequest): void {
    this.#log.log(requests.DHCP_DDNS_REQUEST_SUPERSEDED, describe(stored));
  }

  finished(stored: StoredRequest, outcome: Outcome): void {
    const isAdd = stored.request.change === "add";
    const what = describe(stored);
    switch (outcome.kind) {
      case "succeeded":
        this.#log.log(isAdd ? requests.DHCP_DDNS_ADD_SUCCEEDED : requests.DHCP_DDNS_REMOVE_SUCCEEDED, what);
        break;
      case "nothing-to-do":
        this.#log.log(requests.DHCP_DDNS_REQUEST_DROPPED, what);
        break;
      case "no-forward-domain":
        this.#log.log(requests.DHCP_DDNS_NO_FWD_MATCH_ERROR, what);
        break;
      case "no-reverse-domain":
        this.#log.log(requests.DHCP_DDNS_NO_REV_MATCH_ERROR, what);
        break;
      case "set-aside":
        this.#log.log(requests.DHCP_DDNS_REQUEST_SET_ASIDE, { ...what, why: outcome.why });
        break;
      case "given-up": {
        const message = isAdd ? requests.DHCP_DDNS_ADD_FAILED : requests.DHCP_DDNS_REMOVE_FAILED;
        this.#log.log(message, { ...what, why: outcome.why });
        break;
      }
    }
  }

  retried(stored: StoredRequest, why: string, milliseconds: number): void {
    this.#log.log(requests.DHCP_DDNS_REQUEST_RETRY, { ...describe(stored), why, milliseconds });
  }

  updateSent(zone: string, server: string, key: string | undefined, count: number): void {
    const now = this.#now();
    const { global } = this.#statistics;
    global["update-sent"].add(1, now);
    global[key === undefined ? "update-unsigned" : "update-signed"].add(1, now);
    if (key !== undefined) this.#statistics.key(key)["update-sent"].add(1, now);
    this.#log.log(dns.DHCP_DDNS_UPDATE_REQUEST_SENT, { zone, server, count });
  }

  updateAnswered(zone: string, server: string, key: string | undefined, answer: Answered): void {
    const name = nameOf(answer);
    this.#statistics.global[name].add(1, this.#now());
    if (key !== undefined) this.#statistics.key(key)[name].add(1, this.#now());
    if (answer.kind === "rcode") {
      this.#log.log(dns.DHCP_DDNS_UPDATE_RESPONSE_RECEIVED, { zone, server, rcode: rcodeName(answer.rcode) });
    }
  }

  answerIgnored(zone: string, server: string, why: string): void {
    this.#log.log(dns.DHCP_DDNS_INVALID_RESPONSE, { zone, server, why });
  }

  serverFailed(zone: string, server: string, why: string): void {
    this.#log.log(dns.DHCP_DDNS_SERVER_FAILED, { zone, server, why });
  }

  zoneWaits(zone: string, why: string, count: number, milliseconds: number): void {
    this.#log.log(dns.DHCP_DDNS_ZONE_WAITS, { zone, why, count, milliseconds });
  }

  zoneRecovered(zone: string, count: number): void {
    this.#log.log(dns.DHCP_DDNS_ZONE_RECOVERED, { zone, count });
  }

  queueFile(file: string, event: QueueFileEvent): void {
    switch (event.kind) {
      case "bad-line":
        this.#log.log(queueFile.DHCP_DDNS_QUEUE_FILE_BAD_LINE, { file, line: event.line, error: event.what });
        break;
      case "aside-full":
        this.#log.log(queueFile.DHCP_DDNS_QUEUE_ASIDE_FULL, { file });
        break;
      case "aside-failed":
        this.#log.log(queueFile.DHCP_DDNS_QUEUE_ASIDE_FAILED, { file, error: event.error.message });
        break;
      case "write-failed": {
        const { error, retryAfter } = event;
        const values = { file, error: error.message, milliseconds: retryAfter };
        this.#log.log(queueFile.DHCP_DDNS_QUEUE_FILE_WRITE_FAILED, values);
        break;
      }
      case "write-recovered":
        this.#log.log(queueFile.DHCP_DDNS_QUEUE_FILE_WRITE_RECOVERED, { file });
        break;
    }
  }
}

/** A prerequisite that does not hold is an answer like any other. */
function nameOf(answer: Answered): "update-success" | "update-timeout" | "update-error" {
  if (answer.kind === "silent") return "update-timeout";
  const isServed = answer.kind === "rcode" && (answer.rcode === Rcode.NOERROR || isPrerequisiteRcode(answer.rcode));
  return isServed ? "update-success" : "update-error";
}

function describe({ id, request }: StoredRequest): { readonly id: number; readonly what: string } {
  return { id, what: describeRequest(request) };
}

function describeRequest({ change, fqdn, address, forward, reverse }: NameChangeRequest): string {
  const parts = forward && reverse ? "" : forward ? " (forward only)" : " (reverse only)";
  return `${change} ${fqdn} ${address}${parts}`;
}
