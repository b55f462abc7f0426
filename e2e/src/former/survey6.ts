/** What the clients of a configuration for DHCPv6 are answered, by whichever server. */
import { hex, text, u16, u32 } from "@kotare/testkit/payloads";
import { type Client, held, inform, na, pd, type Query, relayed, request, solicit } from "../oracle/dhcp6/client.ts";
import { type Speech6, stage6 } from "../oracle/dhcp6/stage.ts";
import type { Answer, Fields, Voice } from "../oracle/speech.ts";
import type { Option } from "../wire/message4.ts";
import { askAll, type Surveyed } from "./ask-all.ts";

export interface SurveyClient6 extends Client {
  readonly title: string;
  readonly options: readonly Option[];
  /** What its relay says of it. */
  readonly line: readonly Option[];
}

const ORO = [16, 17, 21, 22, 23, 24, 31, 32, 41, 42, 56, 59, 60, 64, 82, 83];

type Kind = readonly [title: string, options: readonly Option[], line?: readonly Option[]];

/** Kinds of clients that configurations tell apart. */
const KINDS: readonly Kind[] = [
  ["plain", []],
  ["UEFI", [[61, u16(7)]]],
  ["UEFI by HTTP", [[61, u16(16)]]],
  ["ARM", [[61, u16(11)]]],
  ["of a vendor", [[16, Buffer.concat([u32(32_473), u16(3), text("cpe")])]]],
  ["at line 7", [], [[18, text("line7")]]],
  ["at line 8", [], [[18, text("line8")]]],
];

const duidOf = (mac: string) => Uint8Array.of(0, 3, 0, 1, ...hex(mac));

/** @param number tells the clients of one file from those of another @param known hardware addresses in their DUIDs */
export function clientsFor6(number: number, known: readonly string[]): SurveyClient6[] {
  const fresh = KINDS.map(([title, options, line = []], i) => {
    const mac = `02:dd:00:00:${number.toString(16).padStart(2, "0")}:0${i}`;
    return { title, mac, duid: duidOf(mac), options, line };
  });
  return [...fresh, ...known.map((mac) => ({ title: `known ${mac}`, mac, duid: duidOf(mac), options: [], line: [] }))];
}

/** Each client asks on each link for an address and a prefix, and then for what needs neither. @param links one address of each */
export async function survey6(
  voice: Voice<Speech6>,
  links: readonly string[],
  clients: readonly SurveyClient6[],
): Promise<Surveyed[]> {
  const found: Surveyed[] = [];
  for (const link of links) {
    const ask = (queries: readonly (readonly [Query, SurveyClient6])[]) =>
      askAll(
        voice,
        queries.map(([query, { line }]) => relayed(query, { link, options: line })),
      );
    const say = (title: string, answer: Answer<Speech6> | undefined) => {
      found.push({ title: `${link}, ${title}`, answer: answer && used(stage6.fieldsOf(answer)) });
    };
    const extra = (who: SurveyClient6) => ({ oro: ORO, options: who.options });
    const offers = await ask(clients.map((who) => [solicit(who, [na(1), pd(1)], extra(who)), who]));
    const offered = clients.flatMap((who, i) => (offers[i] === undefined ? [] : [{ who, offer: offers[i].message }]));
    const replies = await ask(
      offered.map(({ who, offer }) => {
        const { options, ...rest } = request(who, held(offer), extra(who));
        const server = offer.options.filter(([code]) => code === 2);
        return [{ ...rest, options: [...options.filter(([code]) => code !== 2), ...server] }, who];
      }),
    );
    const informed = await ask(clients.map((who) => [inform(who, extra(who)), who]));
    for (const [i, { title }] of clients.entries()) say(`${title}, SOLICIT`, offers[i]);
    for (const [i, { who }] of offered.entries()) say(`${who.title}, REQUEST`, replies[i]);
    for (const [i, { title }] of clients.entries()) say(`${title}, INFORMATION-REQUEST`, informed[i]);
  }
  return found;
}

/** All but how it travels and who the two are; times without a lease mean nothing. */
function used(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([name]) => !/^(frame\.|relay |xid$|option [12]$)|order$/.test(name) && fields[`${name} status`] === undefined,
    ),
  );
}
