/** Kept connections to another server of a pair: its commands, over HTTP or HTTPS. */
import { Agent, type IncomingMessage, request } from "node:http";
import { request as requestOverTls, Agent as TlsAgent } from "node:https";
import { createSecureContext } from "node:tls";
import { isDeepStrictEqual } from "node:util";
import type { CommandAnswer } from "@kotare/extension";
import type { Peer } from "../parameters/parameters.ts";
import { loginOf, readTls, tlsFilesOf } from "./credentials.ts";

/** Commands at a time: the other end makes leases that come together durable together. */
const CONNECTIONS = 32;
/** Characters of an answer: a page of leases may have many. */
const LONGEST = 256 * 1024 * 1024;

/** How commands get to a partner. */
export type Link = Pick<PartnerLink, "ask" | "close" | "reload">;
export type Connect = (peer: Peer, family: 4 | 6) => Link;

export class PartnerLink {
  readonly #peer: Peer;
  readonly #service: "dhcp4" | "dhcp6";
  #secrets: Secrets;
  #agent: Agent;

  /** @throws where a file of the peer's cannot be read, or used */
  constructor(peer: Peer, family: 4 | 6) {
    this.#peer = peer;
    this.#service = `dhcp${family}`;
    this.#secrets = readSecrets(peer);
    this.#agent = agentWith(this.#secrets);
  }

  /** Reads files anew. What is under way comes to its end. @throws as the constructor does */
  reload(): void {
    const secrets = readSecrets(this.#peer);
    if (isDeepStrictEqual(secrets, this.#secrets)) return;
    this.#agent = agentWith(secrets);
    this.#secrets = secrets;
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
    const { url } = this.#peer;
    const { login, tls } = this.#secrets;
    const options = {
      agent: this.#agent,
      method: "POST",
      headers: { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) },
      timeout: patience,
      ...(login !== undefined && { auth: `${login.user}:${login.password}` }),
    };
    return new Promise((resolve, reject) => {
      const sent = tls === undefined ? request(url, options, resolve) : requestOverTls(overTls(url), options, resolve);
      sent.on("timeout", () => sent.destroy(new Error(`no answer in ${patience / 1000} s`)));
      sent.on("error", (error: NodeJS.ErrnoException) =>
        reject(sent.reusedSocket && error.code === "ECONNRESET" ? new ClosedConnection() : error),
      );
      sent.end(body);
    });
  }
}

class ClosedConnection extends Error {}

type Secrets = ReturnType<typeof readSecrets>;

function readSecrets(peer: Peer) {
  const files = tlsFilesOf(peer);
  return { login: loginOf(peer), tls: files && readTls(files) };
}

function agentWith({ tls }: Secrets): Agent {
  const kept = { keepAlive: true, maxSockets: CONNECTIONS };
  if (tls === undefined) return new Agent(kept);
  createSecureContext(tls);
  // As Kea: whoever has a certificate of the trust anchor may be the partner, whatever its name.
  return new TlsAgent({ ...kept, ...tls, checkServerIdentity: () => undefined });
}

function overTls(url: URL): URL {
  const secure = new URL(url);
  secure.protocol = "https:";
  if (url.protocol === "http:" && url.port === "") secure.port = "80";
  return secure;
}

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
