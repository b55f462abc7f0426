/** Kept connections to the other server of a pair: its commands, over HTTP. */
import { Agent, type IncomingMessage, request } from "node:http";
import type { CommandAnswer } from "@kotare/extension";
import type { Peer } from "./parameters.ts";

/** Commands at a time: the other end makes leases that come together durable together. */
const CONNECTIONS = 32;
/** Characters of an answer: a page of leases may have many. */
const LONGEST = 256 * 1024 * 1024;

export class PartnerLink {
  readonly #peer: Peer;
  readonly #service: "dhcp4" | "dhcp6";
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

  constructor(peer: Peer, family: 4 | 6) {
    this.#peer = peer;
    this.#service = `dhcp${family}`;
  }

  /** Rejects when there is no answer in time, or none that is one. @param args JSON @param patience milliseconds */
  async ask(command: string, args: object, patience: number): Promise<CommandAnswer> {
    const body = JSON.stringify({ arguments: args, command, service: [this.#service] });
    let response: IncomingMessage;
    try {
      response = await this.#send(body, patience);
    } catch (error) {
      // A connection that was kept has been closed at the other end: the command has not been read.
      if (!(error instanceof ClosedConnection)) throw error;
      response = await this.#send(body, patience);
    }
    const text = await readAll(response);
    if (response.statusCode !== 200) throw new Error(`${command}: HTTP status ${response.statusCode}`);
    return readAnswer(JSON.parse(text), command);
  }

  close(): void {
    this.#agent.destroy();
  }

  #send(body: string, patience: number): Promise<IncomingMessage> {
    const { url, "basic-auth-user": user, "basic-auth-password": password = "" } = this.#peer;
    const options = {
      agent: this.#agent,
      method: "POST",
      headers: { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) },
      timeout: patience,
      ...(user !== undefined && { auth: `${user}:${password}` }),
    };
    return new Promise((resolve, reject) => {
      const sent = request(url, options, resolve);
      sent.on("timeout", () => sent.destroy(new Error(`no answer in ${patience / 1000} s`)));
      sent.on("error", (error: NodeJS.ErrnoException) =>
        reject(sent.reusedSocket && error.code === "ECONNRESET" ? new ClosedConnection() : error),
      );
      sent.end(body);
    });
  }
}

class ClosedConnection extends Error {}

async function readAll(response: IncomingMessage): Promise<string> {
  let text = "";
  response.setEncoding("utf8");
  for await (const piece of response as AsyncIterable<string>) {
    text += piece;
    if (text.length > LONGEST) throw new Error("its answer is too long");
  }
  return text;
}

/** A list with one answer. */
function readAnswer(answers: unknown, command: string): CommandAnswer {
  const answer: unknown = Array.isArray(answers) ? answers[0] : undefined;
  if (typeof answer !== "object" || answer === null || !("result" in answer)) {
    throw new Error(`${command}: its answer is none`);
  }
  return answer as CommandAnswer;
}
