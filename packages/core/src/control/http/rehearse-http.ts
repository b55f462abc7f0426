/** Has a made-up client send a command before anybody is served: node's code for HTTP, and ours, is compiled for it. */
import { Duplex } from "node:stream";
import { z } from "zod";
import type { Milliseconds } from "../../base/clock.ts";
import { Result } from "../answer.ts";
import { defineCommand } from "../command.ts";
import { type CommandContext, CommandTable } from "../command-table.ts";
import { JsonList } from "../kea-json.ts";
import { HttpListener, type HttpParts } from "./http-listener.ts";
import { LoginGuard } from "./login-guard.ts";
import { Services } from "./services.ts";
import { Users } from "./users.ts";

/** A start is not held up for longer, whatever happens. */
const LIMIT: Milliseconds = 1000;
const COMMAND = "rehearsal";
/** So many entries are more than an answer has that is made at once. */
const ENTRIES = 100;
const LOGIN = { user: "nobody", password: "nothing" };
const ENTRY = { "ip-address": "192.0.2.1", text: 'a "b"', number: 1, list: [true, null], map: {} };

const rehearsal = defineCommand<CommandContext, z.ZodObject>({
  name: COMMAND,
  access: "read",
  summary: "",
  arguments: z.object({ from: z.string(), limit: z.int().min(1) }),
  examples: [],
  run: () => ({
    result: Result.success,
    text: "",
    arguments: { list: JsonList.of(Array(ENTRIES).fill(ENTRY), (entry) => entry) },
  }),
});

/** Resolves when the answer has come, or the connection has been closed. @returns what has come */
export async function rehearseHttp(): Promise<string> {
  const log: HttpParts["log"] = { isEnabled: () => false, log: () => undefined };
  const context: CommandContext = { receiveConfig: () => Promise.reject(new Error("there is none")) };
  const parts: HttpParts = {
    commands: new CommandTable([rehearsal], context, log),
    services: new Services("dhcp4", () => ({ dhcp4: "", dhcp6: "", d2: "" }), log),
    pages: new Map(),
    guard: new LoginGuard(),
    log,
  };
  const users = Users.load({ type: "basic", realm: "", directory: "", clients: [LOGIN] }, () => undefined);
  const settings = { address: "", port: 0, tls: undefined, users, rights: "read", headers: [] } as const;
  const client = new Client();
  HttpListener.silent(settings, parts).serve(client);
  const limit = setTimeout(() => client.destroy(), LIMIT);
  try {
    return await client.answer;
  } finally {
    clearTimeout(limit);
  }
}

/** The other end of a connection, in memory. */
class Client extends Duplex {
  readonly answer: Promise<string>;
  #text = "";
  #end: (text: string) => void = () => undefined;

  constructor() {
    super();
    this.answer = new Promise((resolve) => (this.#end = resolve));
    const body = JSON.stringify({ command: COMMAND, arguments: { from: "start", limit: ENTRIES } });
    const login = Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString("base64");
    this.push(
      `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Basic ${login}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  }

  override _read(): void {}

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    this.#text += piece.toString("latin1");
    done();
  }

  override _final(done: () => void): void {
    done();
    this.destroy();
  }

  override _destroy(_error: Error | null, done: () => void): void {
    this.#end(this.#text);
    done();
  }
}
