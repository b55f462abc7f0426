/** A scripted exchange: what a client or relay says, and the transcript of what the server answered. */
import { delay } from "../lab/program.ts";
import { encodeMessage, formatMac, type Message } from "../wire/message.ts";
import { type Answer, buildMessage, type Probe, type Query, type Route } from "../wire/probe.ts";

/** Field name → value as text; an unanswered step has no fields. */
export type Fields = Readonly<Record<string, string>>;

/** Everything that came back for one message sent; each answer with all its fields. */
export interface Step {
  readonly title: string;
  /** Sent by `ask`: the script counts on an answer. */
  readonly asked: boolean;
  readonly answers: readonly Fields[];
}

/** Milliseconds: longer than any server thinks, so that silence is meant; and how long a second answer may lag. */
const PATIENCE = 3000;
const SILENCE = 300;
const LAG = 15;

export class Script {
  readonly steps: Step[] = [];
  readonly #probe: Probe;
  /** Both subjects get the same transaction ids. */
  #xid: number;

  constructor(probe: Probe, firstXid: number) {
    this.#probe = probe;
    this.#xid = firstXid;
  }

  /** Sends what a server should answer. @returns the answer; an empty message when there was none */
  async ask(title: string, query: Query, route?: Route): Promise<Message> {
    const message = buildMessage({ xid: this.#xid++, ...query });
    this.#probe.send(message, route);
    return this.#record(title, PATIENCE, message);
  }

  /** Sends what a server should meet with silence, or answers nobody waits for. */
  async tell(title: string, query: Query, route?: Route): Promise<void> {
    const message = buildMessage({ xid: this.#xid++, ...query });
    this.#probe.send(message, route);
    await this.#record(title, SILENCE, message);
  }

  /** Like `tell`, with the payload spoilt on the way: `spoil` gets the encoded message. */
  async tellBytes(
    title: string,
    query: Query,
    spoil: (payload: Uint8Array) => Uint8Array,
    route?: Route,
  ): Promise<void> {
    const message = buildMessage({ xid: this.#xid++, ...query });
    this.#probe.sendBytes(spoil(encodeMessage(message)), { sourceMac: query.mac, ...route });
    await this.#record(title, SILENCE, message);
  }

  pause(seconds: number): Promise<void> {
    return delay(seconds * 1000);
  }

  async #record(title: string, patience: number, query: Message): Promise<Message> {
    const answers: Answer[] = [];
    for (let wait = patience; ; wait = LAG) {
      const answer = await this.#probe.next(wait);
      if (answer === undefined) break;
      answers.push(answer);
    }
    this.steps.push({ title, asked: patience === PATIENCE, answers: answers.map(fieldsOf) });
    return answers[0]?.message ?? { ...query, options: [] };
  }
}

/** Every field of an answer under a name of its own, the frame's addresses included. */
function fieldsOf({ frame, message }: Answer): Fields {
  const fields: Record<string, string> = {
    "frame.destinationMac": frame.destinationMac,
    "frame.source": `${frame.source}:${frame.sourcePort}`,
    "frame.destination": `${frame.destination}:${frame.destinationPort}`,
    op: String(message.op),
    htype: String(message.htype),
    hlen: String(message.hlen),
    hops: String(message.hops),
    xid: message.xid.toString(16),
    secs: String(message.secs),
    flags: message.flags.toString(16),
    ciaddr: message.ciaddr,
    yiaddr: message.yiaddr,
    siaddr: message.siaddr,
    giaddr: message.giaddr,
    chaddr: formatMac(message.chaddr),
    sname: Buffer.from(message.sname).toString("latin1").replace(/\0+$/, ""),
    file: Buffer.from(message.file).toString("latin1").replace(/\0+$/, ""),
  };
  for (const [code, value] of message.options) {
    // Where a long option is split is nobody's business: its fragments are joined (RFC 3396 §7).
    fields[`option ${code}`] = (fields[`option ${code}`] ?? "") + Buffer.from(value).toString("hex");
  }
  return fields;
}
