/** An HTTP socket on the loopback interface, with commands that do what the test says. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { z } from "zod";
import { RecordingLogger } from "../../../log/testing/recording-logger.ts";
import type { Access } from "../../access.ts";
import { type Answer, done } from "../../answer.ts";
import { type ArgumentsCommand, defineCommand } from "../../command.ts";
import { type CommandContext, CommandTable } from "../../command-table.ts";
import { HttpListener, type Limits } from "../http-listener.ts";
import type { HttpSettings } from "../http-settings.ts";
import { LoginGuard } from "../login-guard.ts";
import { withManual } from "../pages/manual.ts";
import type { Page } from "../pages/page.ts";
import { type Service, Services } from "../services.ts";
import { Users } from "../users.ts";

/** Long enough for a busy machine. */
const LONG: Limits = { head: 60_000, request: 60_000, idle: 60_000, watch: 60_000 };

export class TestListener {
  readonly log = new RecordingLogger();
  readonly pages = new Map<string, Page>();
  manual = "/nosuch/manual";
  readonly paths: { [S in Service]: string } = { dhcp4: "/nosuch/4", dhcp6: "/nosuch/6", d2: "/nosuch/d" };
  /** What the commands `x`, which reads, `config-get`, too, and `change` do. */
  run: () => Answer | Promise<Answer> = () => done("ok");
  readonly #clients: Socket[] = [];
  #listener: HttpListener | undefined;

  async open(settings: Partial<HttpSettings> = {}, limits = LONG): Promise<void> {
    this.#listener?.close();
    const context: CommandContext = { receiveConfig: () => Promise.reject(new Error("no configuration")) };
    const commands = new CommandTable(
      [this.#command("x", "read"), this.#command("config-get", "read"), this.#command("change", "write")],
      context,
      this.log,
    );
    const services = new Services("dhcp4", () => this.paths, this.log);
    const all = {
      address: "127.0.0.1",
      port: 0,
      tls: undefined,
      users: undefined,
      rights: "write" as const,
      headers: [],
      ...settings,
    };
    const parts = {
      commands,
      services,
      pages: withManual(this.pages, this.manual),
      guard: new LoginGuard(),
      log: this.log,
    };
    this.#listener = await HttpListener.open(all, parts, limits);
  }

  get listener(): HttpListener {
    if (this.#listener === undefined) throw new Error("not open");
    return this.#listener;
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients) client.destroy();
    this.#listener?.close();
  }

  url(path = "/"): string {
    return `http://127.0.0.1:${this.listener.port}${path}`;
  }

  post(body: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url(), { method: "POST", body, headers: { "Content-Type": "application/json", ...headers } });
  }

  /** A connection of one's own, and what will have come back on it when it is closed. @param from an address of 127.0.0.0/8 */
  async connect(from = "127.0.0.1"): Promise<{ client: Socket; all: Promise<string> }> {
    const client = connect({ port: this.listener.port, host: "127.0.0.1", localAddress: from });
    this.#clients.push(client);
    let text = "";
    client.on("data", (bytes: Buffer) => (text += bytes.toString("latin1")));
    client.on("error", () => undefined);
    const all = new Promise<string>((resolve) => client.once("close", () => resolve(text)));
    await once(client, "connect");
    return { client, all };
  }

  /** All that comes back for a path that no library has corrected. */
  async getRaw(path: string): Promise<string> {
    const { client, all } = await this.connect();
    client.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    return await all;
  }

  #command(name: string, access: Access): ArgumentsCommand<CommandContext> {
    return defineCommand({
      name,
      access,
      summary: "For tests.",
      arguments: z.object({}),
      examples: [],
      run: () => this.run(),
    });
  }
}

/** The head and the body of a request, byte by byte. */
export function requestOf(body: string, { length = body.length, more = "" } = {}): string {
  const head = ["POST / HTTP/1.1", "Host: a", "Content-Type: application/json", `Content-Length: ${length}`];
  return `${head.join("\r\n")}\r\n${more}\r\n${body}`;
}

export function basic(user: string, password: string): { Authorization: string } {
  return { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

export interface TestClient {
  readonly user?: string;
  readonly "user-file"?: string;
  readonly password?: string;
  readonly "password-file"?: string;
  readonly "user-context"?: { readonly kotare: { readonly access: "read" | "write" | string[] } };
}

/** @param complaints what cannot be read is added */
export function usersOf(
  clients: readonly TestClient[],
  { directory = "", realm = 'a "realm"' } = {},
  complaints: string[] = [],
): Users {
  return Users.load({ type: "basic", realm, directory, clients: [...clients] }, (what) => complaints.push(what));
}
