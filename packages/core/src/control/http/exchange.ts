/** One request to an HTTP socket, and its answer. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { mayUse } from "../access.ts";
import { failed } from "../answer.ts";
import { MAX_COMMAND } from "../channel/command-frame.ts";
import { PatientWriter } from "../channel/patient-writer.ts";
import { readInTurns } from "../channel/read-in-turns.ts";
import { slicesOf } from "../channel/slices.ts";
import type { Commands, UnderstoodCommand } from "../command-table.ts";
import { formatAtOnce, formatJson, formatParts } from "../kea-json.ts";
import { commandMessages } from "../messages.ts";
import { isCrossSite } from "./cross-site.ts";
import { hideSecrets } from "./hide-secrets.ts";
import type { HttpConnection } from "./http-connection.ts";
import { type LoginHost, loggedIn, login } from "./login.ts";
import type { Page, Pages } from "./pages/page.ts";
import { readBody } from "./read-body.ts";
import { Refusal } from "./refusal.ts";
import { sendPieces } from "./send-pieces.ts";
import { SERVICES, type Services } from "./services.ts";
import type { User } from "./users.ts";

const JSON_HEADERS = { "Content-Type": "application/json" };

/** Bytes of answers whose length is said before them, as Kea's clients want it. */
const LONGEST_WHOLE_ANSWER = 8 * 1024 * 1024;
/** Browsers and Prometheus take chunks: what is kept until all of it is made, such as 12 MB of metrics, costs pauses. */
const LONGEST_WHOLE_PAGE = 256 * 1024;

/** Each may be asked once. */
const MOST_SERVICES = SERVICES.length;

const ALLOWED = "GET, HEAD, OPTIONS, POST";

/** What is the same for all requests. */
export interface ExchangeHost extends LoginHost {
  readonly commands: Commands;
  readonly services: Services;
  readonly pages: Pages;
  /** There is no next request on a connection. */
  readonly isClosing: boolean;
  /** @returns false when there is no room for so many bytes more */
  hold(bytes: number): boolean;
}

export class Exchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #connection: HttpConnection;
  readonly #host: ExchangeHost;
  #held = 0;

  constructor(request: IncomingMessage, response: ServerResponse, connection: HttpConnection, host: ExchangeHost) {
    this.#request = request;
    this.#response = response;
    this.#connection = connection;
    this.#host = host;
  }

  /** Resolves when the answer is gone, or the connection. Never rejects. */
  async run(): Promise<void> {
    try {
      const refusal = await this.#answer();
      if (refusal !== undefined) this.#refuse(refusal);
    } catch (error) {
      this.#fail((error as Error).message);
    } finally {
      this.#host.hold(-this.#held);
    }
  }

  #answer(): Promise<Refusal | undefined> | Refusal | undefined {
    const { method, url = "" } = this.#request;
    switch (method) {
      case "POST":
        return this.#command();
      case "GET":
      case "HEAD":
        return this.#page(this.#host.pages.get(url.split("?")[0]!));
      case "OPTIONS":
        this.#response.writeHead(204, this.#headers({ Allow: ALLOWED })).end();
        return undefined;
      default:
        return new Refusal(405, `commands are sent with POST`, { Allow: ALLOWED });
    }
  }

  async #page(page: Page | undefined): Promise<Refusal | undefined> {
    if (page === undefined) return nothingHere();
    if (page.access !== undefined) {
      const user = await login(this.#request, this.#connection, this.#host);
      if (user instanceof Refusal) return user;
      if (!mayUse(user.rights, page.access, "read")) return new Refusal(403, `${user.name} may not see this`);
    }
    const answer = await page.answer(this.#request);
    if (answer === undefined) return nothingHere();
    const { headers, pieces } = answer;
    if (pieces === undefined) this.#response.writeHead(304, this.#headers(headers)).end();
    else await this.#send(headers, pieces, LONGEST_WHOLE_PAGE);
    return undefined;
  }

  async #command(): Promise<Refusal | undefined> {
    const { settings, commands } = this.#host;
    const { headers } = this.#request;
    if (isCrossSite(headers, settings.users === undefined)) return new Refusal(403, "a page of another site sent this");
    const user =
      loggedIn(this.#request, this.#connection, this.#host) ??
      (await login(this.#request, this.#connection, this.#host));
    if (user instanceof Refusal) return user;
    if (!/^application\/json *(?:;|$)/i.test(headers["content-type"] ?? ""))
      return new Refusal(400, '"Content-Type: application/json" is needed');
    const body = await readBody(this.#request, this.#response, (bytes) => this.#hold(bytes));
    if (body instanceof Refusal) return body;
    const reading = commands.understand(body);
    const understood = reading instanceof Promise ? await reading : reading;
    if (understood.kind === "garbage") return new Refusal(400, understood.what);
    if (understood.kind !== "command") {
      if (!this.#sendAtOnce(formatJson([failed(understood.what)]))) await this.#awaitReader();
      return undefined;
    }
    const { name, access } = understood;
    if (!mayUse(user.rights, name, access)) return new Refusal(403, `${user.name} may not use '${name}'`);
    if (understood.services.length > MOST_SERVICES) return new Refusal(400, `there are ${MOST_SERVICES} services`);
    await this.#carryOut(understood, user, body);
    return undefined;
  }

  async #carryOut(understood: UnderstoodCommand, { name, rights }: User, body: string): Promise<void> {
    const { services } = understood;
    const caller = `${name} at ${this.#connection.address}`;
    const isHidden = understood.name === "config-get" && rights !== "write";
    const send = (answers: AsyncIterable<string>) =>
      this.#send(JSON_HEADERS, isHidden ? hideSecrets(answers) : answers, LONGEST_WHOLE_ANSWER);
    if (services.length > 1 || services.some((service) => service !== this.#host.services.own)) {
      await send(this.#answersOf(understood, body, caller));
      return;
    }
    const answer = [await understood.run(caller)];
    const text = isHidden ? undefined : formatAtOnce(answer);
    if (text === undefined) await send(slicesOf(formatParts(answer), () => this.#response.destroyed));
    else if (!this.#sendAtOnce(text)) await this.#awaitReader();
  }

  /** A list, in the order in which the services were named. */
  async *#answersOf(understood: UnderstoodCommand, body: string, caller: string): AsyncGenerator<string> {
    const { services } = this.#host;
    const gone = new AbortController();
    this.#response.once("close", () => gone.abort());
    const isGone = () => gone.signal.aborted && understood.access === "read";
    let gap = "[ ";
    for (const service of understood.services) {
      if (isGone()) return;
      yield gap;
      gap = ", ";
      if (service === services.own) yield* slicesOf(formatParts(await understood.run(caller)), isGone);
      else yield* services.ask(service, body, understood, caller, gone.signal);
    }
    yield " ]";
  }

  #hold(bytes: number): boolean {
    if (!this.#host.hold(bytes)) return false;
    this.#held += bytes;
    return true;
  }

  #headers(own: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const { settings, isClosing } = this.#host;
    if (settings.headers.length === 0 && !isClosing) return own;
    const given = settings.headers.map(({ name, value }) => [name, value] as const);
    return { ...Object.fromEntries(given), ...own, ...(isClosing && { Connection: "close" }) };
  }

  #fail(why: string): void {
    if (this.#response.destroyed) return;
    this.#host.log.log(commandMessages.HTTP_ANSWER_FAILED, { client: this.#connection.address, why });
    if (!this.#response.headersSent) this.#refuse(new Refusal(500, `the answer cannot be made: ${why}`));
    // Cut off in the middle, so that nobody takes it for all there is.
    else this.#request.socket.destroy();
  }

  #refuse(refusal: Refusal): void {
    const { status, text } = refusal;
    const request = this.#request;
    // Who waits to be told before the body is sent sends none.
    const ends = request.headers.expect === undefined ? {} : { Connection: "close" };
    const body = formatJson({ result: status, text });
    const headers = { ...JSON_HEADERS, "Content-Length": `${body.length}`, ...ends };
    this.#response.writeHead(status, this.#headers({ ...headers, ...refusal.headers })).end(body, "latin1");
    // Who writes all of a command before it reads sees the refusal only if all of it is taken.
    let rest = 2 * MAX_COMMAND;
    readInTurns(request, (piece) => {
      rest -= piece.length;
      if (rest < 0) request.socket.destroy();
    });
  }

  /** What most answers are: some hundred bytes, for which the kernel has room. @returns whether it had */
  #sendAtOnce(text: string): boolean {
    const headers = { "Content-Type": JSON_HEADERS["Content-Type"], "Content-Length": `${text.length}` };
    const { socket } = this.#request;
    this.#response.writeHead(200, this.#headers(headers));
    // In one piece with its head: `end` would put an empty one behind it, and to gather two costs a tenth of the request.
    socket.cork();
    this.#response.write(text, "latin1");
    socket.uncork();
    this.#response.end();
    return socket.writableLength === 0;
  }

  /** Of an answer that was sent, and of which the kernel has no room for all. */
  async #awaitReader(): Promise<void> {
    const response = this.#response;
    const writer = new PatientWriter(response, () => this.#request.socket.destroy());
    this.#connection.writer = writer;
    await writer.end();
    this.#connection.writer = undefined;
  }

  async #send(
    own: Readonly<Record<string, string>>,
    pieces: AsyncIterable<string>,
    longestWhole: number,
  ): Promise<void> {
    const writer = new PatientWriter(this.#response, () => this.#request.socket.destroy());
    this.#connection.writer = writer;
    await sendPieces(
      this.#response,
      () => this.#headers(own),
      pieces,
      longestWhole,
      writer,
      (bytes) => this.#hold(bytes),
    );
    this.#connection.writer = undefined;
  }
}

function nothingHere(): Refusal {
  return new Refusal(404, "commands are sent with POST, to any path");
}
