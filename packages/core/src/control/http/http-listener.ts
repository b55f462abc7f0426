/** A TCP socket that takes commands over HTTP, or HTTPS. */
import { unwatchFile, watchFile } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Milliseconds } from "../../base/clock.ts";
import { readTlsFiles } from "../../base/tls-files.ts";
import type { Logger } from "../../log/logger.ts";
import { Connections } from "../channel/connections.ts";
import { PATIENCE } from "../channel/patient-writer.ts";
import type { Commands } from "../command-table.ts";
import { formatJson } from "../kea-json.ts";
import { commandMessages } from "../messages.ts";
import { Exchange, type ExchangeHost } from "./exchange.ts";
import { HttpConnection } from "./http-connection.ts";
import type { HttpSettings } from "./http-settings.ts";
import { login } from "./login.ts";
import type { LoginGuard } from "./login-guard.ts";
import type { Pages } from "./pages/page.ts";
import { Refusal } from "./refusal.ts";
import type { Services } from "./services.ts";
import { COMMANDS, CommandStream } from "./stream/command-stream.ts";

/** How long things may take; tests are less patient. */
export interface Limits {
  /** For the head of a request, for a handshake. */
  readonly head: Milliseconds;
  /** For all of a request: the longest command over a slow line. */
  readonly request: Milliseconds;
  /** Between two requests: Kea's. */
  readonly idle: Milliseconds;
  /** Until a changed file of TLS is noticed. */
  readonly watch: Milliseconds;
}

const LIMITS: Limits = { head: PATIENCE, request: 60_000, idle: 30_000, watch: 30_000 };

/** What all sockets of a daemon share. */
export interface HttpParts {
  readonly commands: Commands;
  readonly services: Services;
  readonly pages: Pages;
  readonly guard: LoginGuard;
  readonly log: Logger;
}

export class HttpListener implements ExchangeHost {
  readonly #parts: HttpParts;
  readonly #limits: Limits;
  readonly #server: Server | TlsServer;
  readonly #connections = new Connections<HttpConnection>();
  /** By address and port of the other end, which are the same below TLS and above. */
  readonly #byPeer = new Map<string, HttpConnection>();
  /** The same, once found. */
  readonly #bySocket = new WeakMap<Socket, HttpConnection>();
  readonly #renew = () => this.#renewTls();
  #settings: HttpSettings;
  #watched: readonly string[] = [];
  #isClosing = false;

  private constructor(settings: HttpSettings, parts: HttpParts, limits: Limits) {
    this.#settings = settings;
    this.#parts = parts;
    this.#limits = limits;
    this.#server = makeServer(settings, limits);
    this.#server.on("connection", (socket: Socket) => this.#accept(socket));
    for (const event of ["request", "checkContinue"] as const) {
      this.#server.on(event, (request: IncomingMessage, response: ServerResponse) => this.#take(request, response));
    }
    this.#server.on("connect", (request: IncomingMessage, socket: Socket, head: Buffer) =>
      this.#connect(request, socket, head),
    );
    this.#server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => this.#refuse(error, socket));
  }

  /** @throws when the address cannot be had, or a file of TLS cannot be used */
  static async open(settings: HttpSettings, parts: HttpParts, limits = LIMITS): Promise<HttpListener> {
    const listener = new HttpListener(settings, parts, limits);
    const { address, port, tls } = settings;
    const server = listener.#server;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host: address, port }, resolve);
    });
    server.removeAllListeners("error");
    server.on("error", () => undefined);
    listener.#watch();
    parts.log.log(commandMessages.HTTP_COMMAND_MGR_SERVICE_STARTED, { protocol: protocolOf(tls), address, port });
    return listener;
  }

  /** One that nobody can reach. */
  static silent(settings: HttpSettings, parts: HttpParts): HttpListener {
    return new HttpListener(settings, parts, LIMITS);
  }

  /** Takes a connection that was made elsewhere. */
  serve(connection: Duplex): void {
    this.#server.emit("connection", connection);
  }

  /** Goes on with other settings of the same name: connections stay, and requests under way are answered. */
  use(settings: HttpSettings): void {
    this.#settings = settings;
    this.#watch();
    this.#renewTls();
  }

  /** Takes no more requests; those under way are answered. */
  close(): void {
    const { address, port, tls } = this.#settings;
    this.log.log(commandMessages.HTTP_COMMAND_MGR_SERVICE_STOPPING, { protocol: protocolOf(tls), address, port });
    this.#isClosing = true;
    this.#unwatch();
    this.#server.close();
    for (const connection of this.#connections) if (!connection.isAnswering) connection.giveWay();
  }

  /** The one that the kernel chose, where the settings leave it to it. */
  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : this.#settings.port;
  }

  get settings(): HttpSettings {
    return this.#settings;
  }

  get isClosing(): boolean {
    return this.#isClosing;
  }

  get commands(): Commands {
    return this.#parts.commands;
  }

  get services(): Services {
    return this.#parts.services;
  }

  get pages(): Pages {
    return this.#parts.pages;
  }

  get guard(): LoginGuard {
    return this.#parts.guard;
  }

  get log(): Logger {
    return this.#parts.log;
  }

  hold(bytes: number): boolean {
    return this.#connections.hold(bytes);
  }

  #accept(socket: Socket): void {
    const connection = new HttpConnection(socket);
    const peer = peerOf(socket);
    this.#byPeer.set(peer, connection);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      this.#byPeer.delete(peer);
      this.#connections.delete(connection);
    });
    this.#connections.add(connection);
  }

  #connectionOf(socket: Socket): HttpConnection | undefined {
    const known = this.#bySocket.get(socket);
    if (known !== undefined) return known;
    const connection = this.#byPeer.get(peerOf(socket));
    if (connection !== undefined) this.#bySocket.set(socket, connection);
    return connection;
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const connection = this.#connectionOf(request.socket);
    if (connection === undefined) {
      request.socket.destroy();
      return;
    }
    connection.newest = request;
    connection.inTurn(async () => {
      if (connection.isBroken(request)) return;
      connection.request = request;
      await new Exchange(request, response, connection, this).run();
      connection.request = undefined;
      this.#connections.touch(connection);
    });
  }

  /** A connection that is for commands alone from now on. */
  #connect(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const connection = this.#connectionOf(socket);
    // Who has gone needs no answer.
    socket.on("error", () => undefined);
    if (connection === undefined) {
      socket.destroy();
      return;
    }
    connection.inTurn(async () => {
      const user = request.url === COMMANDS ? await login(request, connection, this) : new Refusal(405);
      if (user instanceof Refusal) socket.end(rawRefusal(user), "latin1");
      else new CommandStream(socket, head, { user, connection, host: this, idle: this.#limits.idle });
    });
  }

  /** What is no request, or not one in time. Requests before it are answered first. */
  #refuse({ code = "" }: NodeJS.ErrnoException, socket: Socket): void {
    // A handshake that fails, or a connection that breaks: there is nobody to tell.
    if (!/^(?:HPE|ERR_HTTP)_/.test(code)) {
      socket.destroy();
      return;
    }
    const connection = this.#connectionOf(socket);
    const status = code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : code === "HPE_HEADER_OVERFLOW" ? 431 : 400;
    const end = async () => {
      if (socket.writable) socket.write(rawRefusal(new Refusal(status)), "latin1");
      socket.destroySoon();
    };
    if (connection === undefined) void end();
    else connection.breakOff(end);
  }

  #watch(): void {
    this.#unwatch();
    const { tls } = this.#settings;
    this.#watched = [tls?.trustAnchor, tls?.certificate, tls?.key].filter((path) => path !== undefined);
    for (const path of this.#watched) watchFile(path, { persistent: false, interval: this.#limits.watch }, this.#renew);
  }

  #unwatch(): void {
    for (const path of this.#watched) unwatchFile(path, this.#renew);
  }

  /** New connections have what is on disk now; until that can be used, what was there before. */
  #renewTls(): void {
    const { address, port, tls } = this.#settings;
    if (tls === undefined || !(this.#server instanceof TlsServer)) return;
    try {
      this.#server.setSecureContext(readTlsFiles(tls));
      this.log.log(commandMessages.HTTP_COMMAND_MGR_HTTPS_SERVICE_UPDATED, { address, port });
    } catch (error) {
      const { message } = error as Error;
      this.log.log(commandMessages.HTTP_COMMAND_MGR_HTTPS_SERVICE_REUSE_FAILED, { address, port, error: message });
    }
  }
}

function makeServer({ tls }: HttpSettings, { head, request, idle }: Limits): Server | TlsServer {
  const options = {
    headersTimeout: head,
    requestTimeout: request,
    keepAliveTimeout: idle,
    connectionsCheckingInterval: Math.min(1000, head / 2),
  };
  if (tls === undefined) return createServer(options);
  const { isCertRequired } = tls;
  const client = { requestCert: isCertRequired, rejectUnauthorized: isCertRequired };
  return createTlsServer({ ...options, ...client, ...readTlsFiles(tls), handshakeTimeout: head });
}

/** For who has sent nothing that could be answered otherwise. */
function rawRefusal({ status, text }: Refusal): string {
  const body = formatJson({ result: status, text });
  const head = [`HTTP/1.1 ${status} ${text}`, `Content-Length: ${body.length}`, "Content-Type: application/json"];
  return [...head, "Connection: close", "", body].join("\r\n");
}

function protocolOf(tls: HttpSettings["tls"]): string {
  return tls === undefined ? "HTTP" : "HTTPS";
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
