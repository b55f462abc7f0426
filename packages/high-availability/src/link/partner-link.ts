/** Kept connections to another server of a pair: its commands, over HTTP or HTTPS. */
import { Agent, type ClientRequest, type IncomingMessage, type RequestOptions, request } from "node:http";
import { request as requestOverTls, Agent as TlsAgent } from "node:https";
import { createSecureContext } from "node:tls";
import { isDeepStrictEqual } from "node:util";
import type { CommandAnswer } from "@kotare/extension";
import type { Peer } from "../parameters/relationship-schema.ts";
import { ClosedConnection, COMMANDS, CommandStream, LONGEST_LINE, NoStream } from "./command-stream.ts";
import { loginOf, readTls, tlsFilesOf } from "./credentials.ts";

/** Commands at a time: the other end makes leases that come together durable together. */
const CONNECTIONS = 32;
/** Characters of an answer: a page of leases may have many. */
const LONGEST = 256 * 1024 * 1024;
/** Milliseconds for which one that has no stream for us is not asked for another: it may be another one then. */
const WITHOUT_STREAM = 60_000;

/** Codes of errors at a connection that the other end has closed while it was kept. */
const CLOSED: ReadonlySet<string | undefined> = new Set(["ECONNRESET", "EPIPE"]);

/** A command is a request of its own, or one of a stream, which only those of ours have. */
export type Way = "request" | "stream";

/** How commands get to a partner. */
export type Link = Pick<PartnerLink, "ask" | "close" | "reload">;
export type Connect = (peer: Peer, family: 4 | 6) => Link;

export class PartnerLink {
  readonly #peer: Peer;
  readonly #service: "dhcp4" | "dhcp6";
  #secrets: Secrets;
  #agent: Agent;
  /** The one in use, or being opened. */
  #stream: Promise<CommandStream> | undefined;
  #streamlessUntil = 0;

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
    this.#leaveStream((stream) => stream.end());
  }

  /** Rejects when there is no answer in time, or none that is one. @param args JSON @param patience milliseconds */
  async ask(command: string, args: object, patience: number, way: Way = "request"): Promise<CommandAnswer> {
    if (way === "stream" && performance.now() >= this.#streamlessUntil) {
      const line = JSON.stringify({ arguments: args, command });
      const answer = Buffer.byteLength(line) > LONGEST_LINE ? undefined : await this.#askInStream(line, patience);
      if (answer !== undefined) return readAnswer(JSON.parse(answer), command);
    }
    const body = JSON.stringify({ arguments: args, command, service: [this.#service] });
    const response = await again(() => this.#post(body, patience));
    const text = await readAll(response);
    if (response.statusCode !== 200) throw new Error(`${command}: HTTP status ${response.statusCode}`);
    const answers: unknown = JSON.parse(text);
    // A list with one answer.
    return readAnswer(Array.isArray(answers) ? answers[0] : undefined, command);
  }

  close(): void {
    this.#agent.destroy();
    this.#leaveStream((stream) => stream.destroy());
  }

  /** Takes leave of the one that is there. */
  #leaveStream(leave: (stream: CommandStream) => void): void {
    void this.#stream?.then(leave, () => undefined);
    this.#stream = undefined;
  }

  /** @returns `undefined` where the other end has no streams */
  async #askInStream(line: string, patience: number): Promise<string | undefined> {
    try {
      return await again(async () => (await this.#openStream(patience)).ask(line, patience));
    } catch (error) {
      if (!(error instanceof NoStream)) throw error;
      this.#streamlessUntil = performance.now() + WITHOUT_STREAM;
      return undefined;
    }
  }

  #openStream(patience: number): Promise<CommandStream> {
    if (this.#stream !== undefined) return this.#stream;
    const forget = () => {
      if (this.#stream === opened) this.#stream = undefined;
    };
    const opened = CommandStream.open(this.#request({ method: "CONNECT", path: COMMANDS, timeout: patience }), forget);
    opened.catch(forget);
    this.#stream = opened;
    return opened;
  }

  #post(body: string, patience: number): Promise<IncomingMessage> {
    const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
    const sent = this.#request({ method: "POST", headers, timeout: patience });
    return new Promise((resolve, reject) => {
      sent.on("response", resolve);
      sent.on("timeout", () => sent.destroy(new Error(`no answer in ${patience / 1000} s`)));
      sent.on("error", (error: NodeJS.ErrnoException) =>
        reject(sent.reusedSocket && CLOSED.has(error.code) ? new ClosedConnection(error.message) : error),
      );
      sent.end(body);
    });
  }

  #request(options: RequestOptions): ClientRequest {
    const { url } = this.#peer;
    const { login, tls } = this.#secrets;
    const all = {
      agent: this.#agent,
      ...options,
      ...(login !== undefined && { auth: `${login.user}:${login.password}` }),
    };
    return tls === undefined ? request(url, all) : requestOverTls(overTls(url), all);
  }
}

/** Again where a connection that was kept turns out to be closed: all that were kept may be, and one more is new then. */
async function again<T>(attempt: () => Promise<T>): Promise<T> {
  for (let kept = CONNECTIONS; ; kept--) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ClosedConnection) || kept === 0) throw error;
    }
  }
}

type Secrets = ReturnType<typeof readSecrets>;

function readSecrets(peer: Peer) {
  const files = tlsFilesOf(peer);
  return { login: loginOf(peer), tls: files && readTls(files) };
}

function agentWith({ tls }: Secrets): Agent {
  const kept = { keepAlive: true, maxSockets: CONNECTIONS };
  if (tls === undefined) return new Agent(kept);
  createSecureContext(tls);
  // A Kea refuses connections that take up the TLS session of another one. As Kea: whoever has a certificate of the trust anchor
  // may be the partner, whatever its name.
  return new TlsAgent({ ...kept, ...tls, maxCachedSessions: 0, checkServerIdentity: () => undefined });
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

function readAnswer(answer: unknown, command: string): CommandAnswer {
  if (typeof answer !== "object" || answer === null || !("result" in answer)) {
    throw new Error(`${command}: its answer is none`);
  }
  return answer as CommandAnswer;
}
