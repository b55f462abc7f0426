/** One connection of who asks for leases: its queries, and their answers at the pace at which they are read. */
import type { Socket } from "node:net";
import type { Seconds } from "../../base/clock.ts";
import { DecodeError } from "../../base/decode-error.ts";
import type { Lease } from "../../leases/model/lease.ts";
import { followLeases } from "./follow-feed.ts";
import { FrameReader, framesOf, recycle } from "./frames.ts";
import type { LeaseFeed } from "./lease-feed.ts";
import type { AnswerWriter, Asked, QueryFamily, Refusal } from "./queries.ts";
import type { SharedPace } from "./shared-pace.ts";

/** So many queries of a connection are worked on at a time, where the configuration does not say. */
const USUAL_QUERIES = 8;
/** RFC 7724 §8.1, RFC 7653 §9.1: after so long a requester that reads nothing is given up. */
const SLOW_READER: Seconds = 120;

export interface RequesterParts<L extends Lease> {
  readonly family: QueryFamily<L>;
  readonly feed: LeaseFeed<L>;
  readonly pace: SharedPace;
  /** Whole seconds, as leases have them. */
  now(): Seconds;
  readonly rules: RequesterRules;
  /** Has TLS on a connection from now on; one that does not come to it is closed. */
  secure(socket: Socket, onSecure: (secured: Socket) => void): void;
  /** @param count of leases that have been told */
  onTold(count: number): void;
  onQuery(): void;
  onFault(why: string): void;
  onClose(): void;
}

export interface RequesterRules {
  readonly maxQueries: number;
  readonly idleTime: Seconds;
  /** Whether changes may be asked for, and whether without TLS. */
  readonly active: "no" | "secure" | "insecure";
  readonly hasTls: boolean;
}

export class Requester<L extends Lease> {
  readonly #parts: RequesterParts<L>;
  #stream: Socket;
  #isSecure = false;
  #frames = new FrameReader();
  readonly #waiting: Uint8Array[] = [];
  #running = 0;
  /** Who tells an active query what there is. */
  #following: AnswerWriter<L> | undefined;

  constructor(socket: Socket, parts: RequesterParts<L>) {
    this.#parts = parts;
    this.#stream = socket;
    socket.setNoDelay(true);
    this.#use(socket);
  }

  /** RFC 7724 §7.4, RFC 7653 §8.4: who follows changes hears that there will be no more. */
  close(): void {
    const stream = this.#stream;
    if (this.#following !== undefined && stream.writable && stream.writableLength === 0) {
      stream.end(this.#following.refuse("terminated", this.#parts.now()));
      stream.destroySoon();
    } else stream.destroy();
  }

  /** @param patience in seconds */
  #limitIdleTime(patience: Seconds): void {
    this.#stream.setTimeout(patience * 1000);
  }

  #use(stream: Socket): void {
    this.#stream = stream;
    stream.on("close", () => this.#parts.onClose());
    stream.on("error", (error) => this.#parts.onFault(error.message));
    stream.on("data", (bytes) => this.#take(bytes));
    stream.on("timeout", () => this.close());
    this.#limitIdleTime(this.#parts.rules.idleTime);
  }

  #take(bytes: Uint8Array): void {
    // Its end has been told.
    if (!this.#stream.writable) return;
    try {
      this.#waiting.push(...this.#frames.push(bytes));
    } catch (error) {
      this.#giveUp(error);
      return;
    }
    this.#next();
  }

  /** No more is read than can be worked on (RFC 6926 §8.1, RFC 5460 §6.2). */
  #next(): void {
    const most = this.#parts.rules.maxQueries || USUAL_QUERIES;
    while (this.#running < most && this.#waiting.length > 0 && this.#stream.writable) {
      this.#serve(this.#waiting.shift()!);
    }
    if (this.#waiting.length > 0) this.#stream.pause();
    else this.#stream.resume();
  }

  #serve(message: Uint8Array): void {
    let asked: Asked<L>;
    try {
      const localAddress = this.#stream.localAddress ?? "";
      asked = this.#parts.family.read(message, { localAddress, now: this.#parts.now() });
    } catch (error) {
      this.#giveUp(error);
      return;
    }
    this.#parts.onQuery();
    switch (asked.kind) {
      case "bulk":
        this.#run(this.#tell(asked));
        break;
      case "active":
        // It goes on for as long as the connection, and leaves room for others beside it.
        void this.#follow(asked);
        break;
      case "refused":
        if (asked.isLast) this.#end(asked.answer);
        else this.#run(this.#write(asked.answer));
        break;
      case "tls":
        this.#secure(asked);
        break;
      case "foreign":
        this.#giveUp(new DecodeError("type", 0, `is ${asked.type}, which asks for no leases here`));
    }
  }

  #run(work: Promise<unknown>): void {
    this.#running += 1;
    void work.finally(() => {
      this.#running -= 1;
      this.#next();
    });
  }

  async #tell({ leases, answers }: Asked<L> & { kind: "bulk" }): Promise<void> {
    try {
      for await (const page of leases) {
        await this.#parts.pace.turn();
        if (page.length === 0) continue;
        if (!(await this.#write(answers.leases(page, this.#parts.now())))) return;
        this.#parts.onTold(page.length);
      }
      await this.#write(answers.done(true, this.#parts.now()));
    } catch (error) {
      // A database that does not answer.
      this.#parts.onFault((error as Error).message);
      await this.#write(answers.done(false, this.#parts.now()));
    }
  }

  async #follow({ since, isWanted, answers }: Asked<L> & { kind: "active" }): Promise<void> {
    const { family, feed, pace, now, onTold } = this.#parts;
    const refusal = this.#whyNot();
    if (refusal !== undefined) {
      this.#end(answers.refuse(refusal, now()));
      return;
    }
    this.#following = answers;
    this.#limitIdleTime(SLOW_READER);
    try {
      await followLeases({
        since,
        isWanted,
        answers,
        family,
        feed,
        pace,
        now,
        write: (bytes) => this.#write(bytes),
        onTold,
        stream: this.#stream,
      });
    } catch (error) {
      this.#parts.onFault((error as Error).message);
      this.#end(answers.refuse("terminated", now()));
    } finally {
      this.#following = undefined;
    }
  }

  /** RFC 7724 §8.1, §8.3, RFC 7653 §9.1, §9.4: an active query needs TLS, and a connection with no other request. */
  #whyNot(): Refusal | undefined {
    const { active } = this.#parts.rules;
    if (active === "no") return "not-supported";
    if (active === "secure" && !this.#isSecure) return "not-allowed";
    return this.#following !== undefined || this.#running > 0 ? "not-allowed" : undefined;
  }

  /** RFC 7724 §8.2, RFC 7653 §9.3: what ends an active query ends its connection. */
  #end(answer: Uint8Array): void {
    if (this.#stream.writable) this.#stream.end(answer);
  }

  /** RFC 7724 §8.2, RFC 7653 §9.2: before anything else, or not at all. */
  #secure({ accepted, refused }: Asked<L> & { kind: "tls" }): void {
    const isIdle =
      this.#running === 0 && this.#following === undefined && this.#waiting.length === 0 && !this.#frames.isInside;
    const isFresh = !this.#isSecure && isIdle;
    if (!this.#parts.rules.hasTls || !isFresh) {
      this.#run(this.#write(refused));
      return;
    }
    const plain = this.#stream;
    plain.removeAllListeners("data");
    // From now on the other one's silence counts.
    plain.setTimeout(0);
    plain.write(accepted);
    this.#parts.secure(plain, (secured) => {
      this.#isSecure = true;
      this.#frames = new FrameReader();
      this.#use(secured);
    });
  }

  /** Waits for who reads slowly. @returns false when there is nobody to write to any more */
  async #write(bytes: Uint8Array): Promise<boolean> {
    const stream = this.#stream;
    if (!stream.writable) return false;
    if (bytes.length > 0 && !this.#send(bytes)) await drained(stream);
    return stream.writable;
  }

  /** @returns whether there is room for more */
  #send(bytes: Uint8Array): boolean {
    const stream = this.#stream;
    if (!this.#isSecure) return stream.write(bytes, () => recycle(bytes));
    const end = bytes.byteOffset + bytes.length;
    let hasRoom = true;
    for (const frame of framesOf(bytes)) {
      const isLast = frame.byteOffset + frame.length === end;
      hasRoom = stream.write(frame, isLast ? () => recycle(bytes) : undefined);
    }
    return hasRoom;
  }

  #giveUp(error: unknown): void {
    if (!(error instanceof DecodeError)) throw error;
    this.#parts.onFault(error.message);
    this.close();
  }
}

function drained(stream: Socket): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      stream.off("drain", end);
      stream.off("close", end);
      resolve();
    };
    stream.on("drain", end);
    stream.on("close", end);
  });
}
