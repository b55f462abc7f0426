/** What the clients of a dhcpd.conf are answered, by whichever server: every answer with what a client makes use of. */
import { text, u32 } from "@kotare/testkit/payloads";
import { discover, relayed, selecting } from "../oracle/dhcp4/client.ts";
import { type Speech4, stage4 } from "../oracle/dhcp4/stage.ts";
import type { Answer, Fields, Voice } from "../oracle/speech.ts";
import type { Option } from "../wire/message4.ts";
import type { Query4 } from "../wire/probe4.ts";
import { askAll, type Surveyed } from "./ask-all.ts";

/** Who asks. */
export interface SurveyClient4 {
  readonly title: string;
  readonly mac: string;
  readonly options: readonly Option[];
}

const PRL = [1, 3, 6, 12, 15, 17, 26, 28, 40, 42, 43, 44, 46, 51, 54, 66, 67, 119, 121, 150, 175, 249, 252];

const pxe = (arch: number): Option[] => [
  [60, text(`PXEClient:Arch:${String(arch).padStart(5, "0")}:UNDI:002001`)],
  [93, Uint8Array.of(0, arch)],
];

/** Kinds of clients that configurations tell apart. */
const KINDS: readonly (readonly [title: string, options: readonly Option[]])[] = [
  ["plain", []],
  ["wishes a minute", [[51, u32(60)]]],
  ["wishes a month", [[51, u32(2_592_000)]]],
  ["PXE, BIOS", pxe(0)],
  ["PXE, UEFI", pxe(7)],
  ["iPXE", [...pxe(7), [77, text("iPXE")]]],
  ["Windows", [[60, text("MSFT 5.0")]]],
  ["a phone", [[60, text("Cisco")]]],
  ["named short", [[12, text("short")]]],
];

/** @param number tells the clients of one file from those of another */
export function clientsFor4(number: number, known: readonly string[]): SurveyClient4[] {
  const fresh = KINDS.map(([title, options], i) => ({
    title,
    mac: `02:dd:00:00:${number.toString(16).padStart(2, "0")}:0${i}`,
    options,
  }));
  return [...fresh, ...known.map((mac) => ({ title: `known ${mac}`, mac, options: pxe(0) }))];
}

/** Each client asks in each subnet, all of them at once. @param giaddrs of relays, one of each subnet; `link` for the server's own */
export async function survey4(
  voice: Voice<Speech4>,
  server: { readonly address: string; readonly mac: string },
  giaddrs: readonly string[],
  clients: readonly SurveyClient4[],
): Promise<Surveyed[]> {
  const found: Surveyed[] = [];
  const ask = (giaddr: string, queries: readonly Query4[]) =>
    askAll(
      voice,
      queries.map((query) => {
        if (giaddr === "link") return [query, {}];
        const [message, route] = relayed(query, { giaddr });
        return [message, { ...route, destination: server.address, destinationMac: server.mac }];
      }),
    );
  for (const giaddr of giaddrs) {
    const asking = clients.map(({ title, mac, options }) => ({ title, who: { mac }, extra: { prl: PRL, options } }));
    const offers = await ask(
      giaddr,
      asking.map(({ who, extra }) => discover(who, extra)),
    );
    const offered = asking.flatMap((each, i) => (offers[i] === undefined ? [] : [{ ...each, offer: offers[i] }]));
    const acks = await ask(
      giaddr,
      offered.map(({ who, extra, offer }) => selecting(who, offer.message, extra)),
    );
    const say = (title: string, answer: Answer<Speech4> | undefined) => {
      found.push({ title: `${giaddr}, ${title}`, answer: answer && used(stage4.fieldsOf(answer)) });
    };
    for (const [i, { title }] of asking.entries()) say(`${title}, DISCOVER`, offers[i]);
    for (const [i, { title }] of offered.entries()) say(`${title}, REQUEST`, acks[i]);
  }
  return found;
}

/** What a client uses: its options, and the fields that say where it boots from. */
function used(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => /^(yiaddr|siaddr|sname|file|option \d+)$/.test(name)),
  );
}
