/** Lines of the queue's file: `+ID SECONDS {request}` when a request is taken, `-ID` when it is done with. */
import type { Seconds } from "@kotare/core/base/clock";
import { DecodeError } from "@kotare/core/base/decode-error";
import type { NameChangeRequest } from "@kotare/core/ncr/name-change-request";
import { formatRequest, parseRequest } from "@kotare/core/ncr/ncr-datagram";

export interface StoredRequest {
  /** Grows from request to request. */
  readonly id: number;
  /** Wall time. */
  readonly received: Seconds;
  readonly request: NameChangeRequest;
}

export type QueueLine =
  | { readonly kind: "taken"; readonly stored: StoredRequest }
  | { readonly kind: "done"; readonly id: number }
  | { readonly kind: "bad"; readonly what: string };

/** With room for as many again that follow: a larger one would make the next ids equal. */
const LARGEST_ID = 2 ** 52;
/** The year 9000: what is written has a date in it. */
const LATEST: Seconds = 221_845_392_000;

/** Bytes of a line without the name, roughly; the file has no more. */
const LINE_BYTES = 330;

/** Bytes that a request takes in the file, roughly, and in memory not many more. */
export function sizeOf({ fqdn }: NameChangeRequest): number {
  return LINE_BYTES + fqdn.length;
}

export function formatTaken({ id, received, request }: StoredRequest): string {
  return `+${id} ${Math.floor(received)} ${formatRequest(request, received)}\n`;
}

export function formatDone(id: number): string {
  return `-${id}\n`;
}

const LINE = /^(?:-(?<done>\d+)|\+(?<id>\d+) (?<received>\d+) (?<request>\{.*\}))$/;

/** @param text without its end */
export function parseQueueLine(text: string): QueueLine {
  const fields = LINE.exec(text)?.groups;
  if (fields === undefined) return { kind: "bad", what: "is no line of a queue" };
  if (fields["done"] !== undefined) return { kind: "done", id: Number(fields["done"]) };
  const id = Number(fields["id"]);
  const received = Number(fields["received"]);
  if (id > LARGEST_ID) return { kind: "bad", what: `the number ${fields["id"]} is larger than ${LARGEST_ID}` };
  if (received > LATEST) return { kind: "bad", what: `the time ${fields["received"]} is later than ${LATEST}` };
  try {
    return { kind: "taken", stored: { id, received, request: parseRequest(fields["request"]!) } };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { kind: "bad", what: error.message };
  }
}
