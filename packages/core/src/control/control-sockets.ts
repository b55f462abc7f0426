/** Where commands come in: the UNIX and the HTTP sockets that a configuration names. */
import type { Logger } from "../log/logger.ts";
import { ControlSocket } from "./channel/control-socket.ts";
import { KeptSockets } from "./channel/kept-sockets.ts";
import { HttpListener, type HttpParts } from "./http/http-listener.ts";
import { type HttpSettings, nameOf } from "./http/http-settings.ts";
import { commandMessages } from "./messages.ts";

export interface WantedSockets {
  /** Of UNIX sockets. */
  readonly paths: readonly string[];
  readonly http: readonly HttpSettings[];
}

export class ControlSockets {
  readonly #log: Logger;
  readonly #unix: KeptSockets<string, ControlSocket>;
  readonly #http: KeptSockets<HttpSettings, HttpListener>;
  readonly #isOpenToAll: boolean;

  /** @param isOpenToAll whether an HTTP socket may be without a login, as the operator has said */
  constructor(parts: HttpParts, isOpenToAll: boolean) {
    const { commands, log } = parts;
    this.#log = log;
    this.#isOpenToAll = isOpenToAll;
    this.#unix = new KeptSockets({
      nameOf: (path) => path,
      open: (path) => ControlSocket.open(path, (text) => commands.answer(text, `who is at ${path}`), log),
      keep: () => undefined,
      failed: (path, error, seconds) => log.log(commandMessages.COMMAND_SOCKET_UNIX_FAILED, { path, error, seconds }),
    });
    this.#http = new KeptSockets({
      nameOf,
      open: (settings) => HttpListener.open(settings, parts),
      keep: (listener, settings) => listener.use(settings),
      failed: ({ address, port }, error, seconds) =>
        log.log(commandMessages.COMMAND_SOCKET_HTTP_FAILED, { address, port, error, seconds }),
    });
  }

  /** Resolves when each has been tried once; sockets that are still wanted stay open. */
  async configure({ paths, http }: WantedSockets): Promise<void> {
    const guarded = http.filter((settings) => this.#isOpenToAll || isGuarded(settings));
    for (const settings of http) {
      if (!guarded.includes(settings)) this.#log.log(commandMessages.COMMAND_SOCKET_HTTP_OPEN, settings);
    }
    await Promise.all([this.#unix.configure(paths), this.#http.configure(guarded)]);
  }

  close(): void {
    this.#unix.close();
    this.#http.close();
  }
}

/** A certificate does as well as a password, and so do few rights. */
function isGuarded({ users, tls, rights }: HttpSettings): boolean {
  return users !== undefined || tls?.isCertRequired === true || rights !== "write";
}
