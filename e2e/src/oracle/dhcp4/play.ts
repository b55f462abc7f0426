/** Short forms for exchanges that differ in one message only. */
import { ip } from "@kotare/testkit/payloads";
import type { Message4 } from "../../wire/message4.ts";
import type { Query4, Route4 } from "../../wire/probe4.ts";
import { type Client, discover, type Extra, selecting } from "./client.ts";
import type { Exchange4, Script4 } from "./stage.ts";

/** How to bind: the address wanted, what else the messages say, and how they travel. */
export interface Binding extends Extra {
  readonly wanted?: string;
  /** Wraps each message on its way, as a relay does. */
  readonly via?: (query: Query4) => [Query4, Route4];
}

/** DISCOVER, OFFER, REQUEST, ACK. @param what which of several, for the titles @returns the last answer */
export async function bind(script: Script4, who: Client, binding: Binding = {}, what = ""): Promise<Message4> {
  const { wanted, via = (query) => [query, {}], ...extra } = binding;
  const own = wanted === undefined ? [] : [[50, ip(wanted)] as const];
  const first = discover(who, { ...extra, options: [...own, ...(extra.options ?? [])] });
  const offer = await script.ask(titled("DISCOVER", what), ...via(first));
  return script.ask(titled("REQUEST", what), ...via(selecting(who, offer, extra)));
}

function titled(message: string, what: string): string {
  return what === "" ? message : `${what}: ${message}`;
}

/** An exchange that binds one client and no more. */
export function binds(title: string, who: Client, binding: Binding = {}): Exchange4 {
  return { title, play: async (script) => void (await bind(script, who, binding)) };
}
