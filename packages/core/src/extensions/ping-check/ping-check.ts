/** `libdhcp_ping_check.so`: no address is offered at which somebody answers. */
import { type Answer, type Ask, defineExtension, type Edits, type ParameterTools } from "@kotare/extension";
import { parseIpv4 } from "../../ip/ipv4.ts";
import { Pings } from "./pings.ts";

/** A packet that waits for a fact may wait ten seconds; this leaves time for the rest. Milliseconds. */
const LONGEST = 9000;
const TOO_LONG = `takes too long: min-ping-requests times reply-timeout may be ${LONGEST} milliseconds`;

/** Of one scope. */
interface Keys {
  readonly "enable-ping-check"?: boolean | undefined;
  readonly "min-ping-requests"?: number | undefined;
  readonly "reply-timeout"?: number | undefined;
  readonly "ping-cltt-secs"?: number | undefined;
}

interface Settings {
  readonly isOn: boolean;
  readonly requests: number;
  /** Milliseconds. */
  readonly timeout: number;
  /** Seconds. */
  readonly silence: number;
}

/** @param own of the subnet */
function settingsOf(global: Keys, own: Keys = {}): Settings {
  return {
    isOn: own["enable-ping-check"] ?? global["enable-ping-check"] ?? true,
    requests: own["min-ping-requests"] ?? global["min-ping-requests"] ?? 1,
    timeout: own["reply-timeout"] ?? global["reply-timeout"] ?? 100,
    silence: own["ping-cltt-secs"] ?? global["ping-cltt-secs"] ?? 60,
  };
}

export const pingCheck = defineExtension({
  name: "ping-check",
  family: 4,
  parameters: ({ z }) =>
    z
      .strictObject({
        ...keysOf(z),
        "ping-channel-threads": z.int().min(0).default(0).describe("Accepted: one thread is enough for all pings."),
      })
      .refine(isShort, TOO_LONG),
  contexts: ({ z }) => ({
    subnets: z.looseObject({ "ping-check": z.strictObject(keysOf(z)).refine(isShort, TOO_LONG).optional() }),
  }),
  start({ parameters, contexts: { subnets } }) {
    const all = new Map<number | undefined, Settings>([[undefined, settingsOf(parameters)]]);
    for (const [id, context] of subnets) all.set(id, settingsOf(parameters, context["ping-check"]));
    const those = [...all.values()].filter(({ isOn }) => isOn);
    if (those.length === 0) return {};
    if (those.some(({ requests, timeout }) => requests * timeout > LONGEST)) throw new Error(TOO_LONG);
    const pings = Pings.open();
    return {
      shape({ type }, answer, ask: Ask<boolean>): Edits | undefined {
        const settings = (answer.subnetId === undefined ? undefined : all.get(answer.subnetId)) ?? all.get(undefined)!;
        const address = type === "DHCPDISCOVER" && isDoubtful(answer, settings) ? answer.leases[0] : undefined;
        if (address === undefined) return undefined;
        return ask(`${address} ${settings.requests} ${settings.timeout}`) === true ? { inUse: true } : undefined;
      },
      facts: {
        isSlow: true,
        async load(keys) {
          const facts = new Map<string, boolean>();
          const find = async (key: string): Promise<void> => {
            const [address = "", requests, timeout] = key.split(" ");
            facts.set(key, await pings.isInUse(parseIpv4(address)!, Number(requests), Number(timeout)));
          };
          await Promise.all(keys.map(find));
          return facts;
        },
      },
      stop: () => pings[Symbol.dispose](),
    };
  },
});

/** Whether the address may be somebody else's: as in Kea not one that is reserved, or that the client has or just had. */
function isDoubtful({ offered }: Answer, { isOn, silence }: Settings): boolean {
  if (!isOn || offered === undefined || offered.isReserved || offered.isHeld) return false;
  return offered.silence === undefined || offered.silence > silence;
}

function keysOf(z: ParameterTools["z"]) {
  return {
    "enable-ping-check": z.boolean().optional().describe("Whether addresses are checked before they are offered."),
    "min-ping-requests": z.int().min(1).optional().describe("How often an address is asked that does not answer."),
    "reply-timeout": z.int().min(1).optional().describe("How long each answer is waited for, in milliseconds."),
    "ping-cltt-secs": z
      .int()
      .min(0)
      .optional()
      .describe("For so many seconds a client's former address is offered to it again without a check."),
  };
}

function isShort(keys: Keys): boolean {
  const { requests, timeout } = settingsOf({}, keys);
  return requests * timeout <= LONGEST;
}
