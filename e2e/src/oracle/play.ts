/** Short forms for exchanges that differ in one message only. */
import { addressBytes, type Message } from "../wire/message.ts";
import type { Query, Route } from "../wire/probe.ts";
import { type Client, discover, type Extra, selecting } from "./client.ts";
import type { Exchange } from "./scene.ts";
import type { Script } from "./script.ts";

/** An exchange of one message that is answered. */
export function asks(title: string, query: Query, route?: Route): Exchange {
  return { title, play: async (script) => void (await script.ask("it", query, route)) };
}

/** An exchange of one message that is met with silence, or whose answer the client does not wait for. */
export function tells(title: string, query: Query, route?: Route): Exchange {
  return { title, play: (script) => script.tell("it", query, route) };
}

/** How to bind: the address wanted, what else the messages say, and how they travel. */
export interface Binding extends Extra {
  readonly wanted?: string;
  /** Wraps each message on its way, as a relay does. */
  readonly via?: (query: Query) => [Query, Route];
}

/** DISCOVER, OFFER, REQUEST, ACK; returns the last answer. */
export async function bind(script: Script, who: Client, binding: Binding = {}): Promise<Message> {
  const { wanted, via = (query) => [query, {}], ...extra } = binding;
  const own = wanted === undefined ? [] : [[50, addressBytes(wanted)] as const];
  const first = discover(who, { ...extra, options: [...own, ...(extra.options ?? [])] });
  const offer = await script.ask("DISCOVER", ...via(first));
  return script.ask("REQUEST", ...via(selecting(who, offer, extra)));
}

/** An exchange that binds one client and no more. */
export function binds(title: string, who: Client, binding: Binding = {}): Exchange {
  return { title, play: async (script) => void (await bind(script, who, binding)) };
}
