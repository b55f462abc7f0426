/** Commands to the daemons of the host, by way of the one that served this page. */
import { parseAnswer } from "./parse-answer.ts";

export const SERVICES = ["dhcp4", "dhcp6", "d2"] as const;
export type Service = (typeof SERVICES)[number];

/** Kea's results: 3 means that there is nothing of what was asked for. */
export interface Answer<T> {
  readonly result: number;
  readonly text?: string;
  readonly arguments?: T;
}

const NOTHING_THERE = 3;

/** The daemon wants a login, or another one. */
export class LoginWanted extends Error {}

/** The daemon does not let this user do that. */
export class Refused extends Error {}

/** Who has logged in, for as long as the page is open: a password is kept in no storage. */
export class Session {
  readonly user: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** @param user empty where the daemons want no login */
  constructor(user: string, password: string) {
    this.user = user;
    const login = user === "" ? {} : { Authorization: `Basic ${encodeBase64(`${user}:${password}`)}` };
    this.#headers = { "Content-Type": "application/json", ...login };
  }

  /** Asks one daemon. @returns `undefined` where there is nothing @throws Error with the daemon's words when it fails */
  async ask<T>(service: Service, command: string, args?: object, signal?: AbortSignal): Promise<T | undefined> {
    const [answer] = await this.askAll<T>([service], command, args, signal);
    if (answer === undefined) throw new Error(`${service} has not answered`);
    if (answer.result !== 0 && answer.result !== NOTHING_THERE) throw new Error(answer.text ?? "it has failed");
    return answer.result === 0 ? answer.arguments : undefined;
  }

  /** The same to several daemons: their answers in the order of the services, also of those that fail. */
  askAll<T>(
    services: readonly Service[],
    command: string,
    args?: object,
    signal?: AbortSignal,
  ): Promise<readonly Answer<T>[]> {
    return this.#send(JSON.stringify({ command, service: services, arguments: args }), signal);
  }

  /** Sends a configuration as it was typed: line 2 of the command is its line 1, and columns are the same. */
  async sendText(service: Service, command: string, text: string): Promise<Answer<unknown>> {
    const [answer] = await this.#send<unknown>(
      `{"command":"${command}","service":["${service}"],"arguments":\n${text}}`,
    );
    return answer ?? { result: 1, text: `${service} has not answered` };
  }

  async #send<T>(body: string, signal?: AbortSignal): Promise<readonly Answer<T>[]> {
    const response = await fetch(location.pathname, {
      method: "POST",
      headers: this.#headers,
      body,
      // Otherwise the browser asks for a login itself, and keeps it.
      credentials: "omit",
      ...(signal && { signal }),
    }).catch((error: unknown) => {
      if (signal?.aborted === true) throw error;
      throw new Error("The daemon does not answer.");
    });
    if (response.status === 401) throw new LoginWanted("The name or the password is wrong.");
    const answer = parseAnswer(await response.text()) as readonly Answer<T>[] | Answer<T>;
    if (response.status === 403 && "text" in answer)
      throw new Refused(`${answer.text?.replace(/^Forbidden: /, "")}. Whoever runs this daemon can allow it.`);
    if ("text" in answer) throw new Error(answer.text);
    return answer as readonly Answer<T>[];
  }
}

function encodeBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
