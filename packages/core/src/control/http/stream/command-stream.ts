/**
 * Commands in lines on a connection, and their answers in lines, in the same order: what CONNECT to `commands:1` begins. It is
 * for partners that give thousands of commands a second, of which each takes HTTP three times as long.
 *
 * RFC 9110 has Upgrade for that, too, but node then has all requests that offer to speak something else, such as HTTP/2, be
 * answered by hand; and some clients offer it with every request.
 */
import type { Socket } from "node:net";
import { latin1 } from "../../../base/bytes.ts";
import { mayUse } from "../../access.ts";
import { type Answer, failed } from "../../answer.ts";
import { PatientWriter } from "../../channel/patient-writer.ts";
import { readInTurns } from "../../channel/read-in-turns.ts";
import { slicesOf } from "../../channel/slices.ts";
import { formatAtOnce, formatParts } from "../../kea-json.ts";
import type { ExchangeHost } from "../exchange.ts";
import { hideSecrets } from "../hide-secrets.ts";
import type { HttpConnection } from "../http-connection.ts";
import type { HttpSettings } from "../http-settings.ts";
import type { User } from "../users.ts";

/** What is to be reached. */
export const COMMANDS = "commands:1";
/** Bytes of a line; longer commands are for requests. */
export const LONGEST_LINE = 256 * 1024;

const NEWLINE = 0x0a;

export class CommandStream {
  readonly #socket: Socket;
  readonly #user: User;
  readonly #connection: HttpConnection;
  readonly #host: ExchangeHost;
  /** With which it has been allowed. */
  readonly #settings: HttpSettings;
  readonly #caller: string;
  readonly #writer: PatientWriter;
  /** The beginning of a line, whose rest has not come yet. */
  #begun = "";

  /** @param head what has come already @param idle milliseconds between two commands */
  constructor(
    socket: Socket,
    head: Buffer,
    { user, connection, host, idle }: { user: User; connection: HttpConnection; host: ExchangeHost; idle: number },
  ) {
    this.#socket = socket;
    this.#user = user;
    this.#connection = connection;
    this.#host = host;
    this.#settings = host.settings;
    this.#caller = `${user.name} at ${connection.address}`;
    this.#writer = new PatientWriter(socket, () => socket.destroy());
    connection.writer = this.#writer;
    socket.on("error", () => undefined);
    socket.on("end", () => connection.inTurn(async () => void socket.end()));
    socket.setTimeout(idle, () => connection.isIdle && socket.destroy());
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    if (head.length > 0) this.#take(head);
    readInTurns(socket, (piece) => this.#take(piece));
  }

  #take(piece: Buffer): void {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      const line = this.#begun + latin1(piece, start, end);
      this.#begun = "";
      start = end + 1;
      this.#connection.inTurn(() => this.#answer(line));
    }
    if (start < piece.length) this.#begun += latin1(piece, start, piece.length);
    if (this.#begun.length > LONGEST_LINE) this.#socket.destroy();
  }

  /** Never rejects. */
  async #answer(line: string): Promise<void> {
    const { settings, isClosing } = this.#host;
    // Who was allowed before may not be any more: the next one may begin anew.
    if (isClosing || settings !== this.#settings) {
      this.#socket.destroySoon();
      return;
    }
    if (!this.#host.hold(line.length)) {
      this.#socket.destroy();
      return;
    }
    try {
      await this.#send(line);
    } catch {
      // Half an answer cannot be mended.
      this.#socket.destroy();
    } finally {
      this.#host.hold(-line.length);
    }
  }

  async #send(line: string): Promise<void> {
    const { rights, name: user } = this.#user;
    const understood = await this.#host.commands.understand(line);
    if (understood.kind !== "command") return this.#write(failed(understood.what));
    const { name, access, services } = understood;
    if (!mayUse(rights, name, access)) return this.#write(failed(`${user} may not use '${name}'`));
    if (services.length > 0) return this.#write(failed("commands for services are sent with POST"));
    await this.#write(await understood.run(this.#caller), name === "config-get" && rights !== "write");
  }

  async #write(answer: Answer, isHidden = false): Promise<void> {
    const text = isHidden ? undefined : formatAtOnce(answer);
    if (text !== undefined) {
      await this.#writer.write(`${text}\n`);
      return;
    }
    const slices = slicesOf(formatParts(answer));
    for await (const slice of isHidden ? hideSecrets(slices) : slices) {
      if (!(await this.#writer.write(slice))) return;
    }
    await this.#writer.write("\n");
  }
}
