/** Short forms for exchanges that differ in one message only. */
import type { Option } from "../../wire/message4.ts";
import type { Message6 } from "../../wire/message6.ts";
import type { Route6 } from "../../wire/probe6.ts";
import { type Client, type Extra, held, type Query, request, solicit } from "./client.ts";
import type { Exchange6, Script6 } from "./stage.ts";

/** What else the messages say, and how they travel. */
export interface Binding extends Extra {
  /** Wraps each message on its way, as relays do. */
  readonly via?: (query: Query) => [Query, Partial<Route6>];
}

/** SOLICIT, ADVERTISE, REQUEST, REPLY. @param what which of several, for the titles @returns the last answer */
export async function bind(
  script: Script6,
  who: Client,
  ias: readonly Option[],
  binding: Binding = {},
  what = "",
): Promise<Message6> {
  const { via = (query) => [query, {}], ...extra } = binding;
  const advertise = await script.ask(titled("SOLICIT", what), ...via(solicit(who, ias, extra)));
  return script.ask(titled("REQUEST", what), ...via(request(who, held(advertise), extra)));
}

function titled(message: string, what: string): string {
  return what === "" ? message : `${what}: ${message}`;
}

/** An exchange that binds one client and no more. */
export function binds(title: string, who: Client, ias: readonly Option[], binding: Binding = {}): Exchange6 {
  return { title, play: async (script) => void (await bind(script, who, ias, binding)) };
}
