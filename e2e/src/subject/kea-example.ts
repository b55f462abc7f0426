/** An example configuration of Kea's documentation, served as it stands but for its paths, and what a client gets by it. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { scanConfig } from "@kotare/core/config/load/scan";
import { Lab } from "../lab/lab.ts";
import { findProgram } from "../lab/program.ts";
import { client, discover, selecting } from "../oracle/dhcp4/client.ts";
import { SERVER as SERVER4 } from "../oracle/dhcp4/lan.ts";
import { stage4 } from "../oracle/dhcp4/stage.ts";
import { client as client6, held, na, pd, type Query, solicit } from "../oracle/dhcp6/client.ts";
import { SERVER as SERVER6 } from "../oracle/dhcp6/lan.ts";
import { stage6 } from "../oracle/dhcp6/stage.ts";
import type { Speech, Voice } from "../oracle/speech.ts";
import { formatIpv6 } from "../wire/ipv6-text.ts";
import { optionOf } from "../wire/message4.ts";
import { decodeOptions6, type Message6, MessageType6 } from "../wire/message6.ts";
import { type Family, findDaemon, privateFolders, type Subject } from "./server.ts";

/** Milliseconds until it is asked again. */
const PATIENCE = 500;
/** How often it is asked: a busy machine takes seconds to start a server, and not every example says when it has started. */
const TRIES = 30;
/** How often once it has said that it has started. */
const TRIES_LEFT = 4;

interface Subnet {
  readonly subnet: string;
  readonly "client-class"?: string;
}

interface Config {
  readonly "shared-networks"?: readonly Config[];
  readonly subnet4?: readonly Subnet[];
  readonly subnet6?: readonly Subnet[];
}

/** @returns the leases that a client without anything special is given on `eth0`; empty for none */
export async function serveExample(subject: Subject, family: Family, file: string): Promise<string> {
  await using lab = new Lab();
  const folder = join(lab.folder, "run");
  mkdirSync(folder, { mode: 0o750 });
  // Sockets, logs and lease files of others, and of the real system, are left alone.
  const text = readFileSync(file, "latin1").replace(/"\/(?:tmp|var|run|usr\/local\/var)\/(?:[^"]*\/)?/g, `"${folder}/`);
  const { server, clients } = (family === 4 ? stage4 : stage6).plugIn(lab);
  server.ip("address", "delete", (family === 4 ? SERVER4 : SERVER6).prefix, "dev", "eth0");
  server.ip("address", "add", addressIn(text, family), "dev", "eth0");
  const elsewhere = lab.network();
  for (const device of ["eth1", "eth2"]) server.attach(elsewhere, device);
  const path = join(folder, "config");
  writeFileSync(path, text, { encoding: "latin1", mode: 0o640 });
  const env = { ...privateFolders(folder), KEA_LFC_EXECUTABLE: findProgram("kea-lfc") ?? "kea-lfc" };
  const program = server.start([findDaemon(subject, family)!, "-c", path], { env, cwd: folder });
  const started = () => program.lines.some(saysStarted) || filesIn(folder).some(saysStarted);
  const leases =
    family === 4
      ? await lease4(await stage4.open(clients), started)
      : await lease6(await stage6.open(clients), started);
  if (!program.running) throw new Error(`${subject} ended:\n${program.lines.slice(-5).join("\n")}`);
  return leases;
}

function saysStarted(text: string): boolean {
  return /DHCP[46]_STARTED/.test(text);
}

/** What is in the files of a folder, its logs among them. */
function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ name }) => readFileSync(join(folder, name), "latin1"));
}

/** The last address but one of the first subnet that is for everybody. */
function addressIn(text: string, family: Family): string {
  const { value } = scanConfig({ file: "", text }, { read: () => "" });
  const config = (value as Readonly<Record<string, Config>>)[`Dhcp${family}`]!;
  const subnets = [config, ...(config["shared-networks"] ?? [])].flatMap((each) => each[`subnet${family}`] ?? []);
  const { subnet } = subnets.find((each) => each["client-class"] === undefined) ?? { subnet: OTHERS[family] };
  if (family === 4) return subnet.replace(/\.0\/(\d+)$/, ".254/$1");
  return subnet.replace(/::\/\d+$/, "::fffe/64");
}

/** For configurations without subnets. */
const OTHERS = { 4: "203.0.113.0/24", 6: "2001:db8:ffff::/64" };

/** Asks again until there is an answer: the server may not have begun. */
async function ask<S extends Speech>(
  voice: Voice<S>,
  query: S["query"],
  xid: number,
  isStarted: () => boolean,
): Promise<S["message"] | undefined> {
  for (let left = TRIES; left > 0; left--) {
    if (left > TRIES_LEFT && isStarted()) left = TRIES_LEFT;
    voice.send(query, xid);
    const answer = await voice.next(PATIENCE);
    if (answer?.message.xid === xid) return answer.message;
  }
  return undefined;
}

async function lease4(opened: Awaited<ReturnType<typeof stage4.open>>, isStarted: () => boolean): Promise<string> {
  using voice = opened;
  const offer = await ask(voice, discover(client(1)), 1, isStarted);
  if (offer === undefined) return "";
  const ack = await ask(voice, selecting(client(1), offer), 2, isStarted);
  return ack?.yiaddr ?? "";
}

async function lease6(opened: Awaited<ReturnType<typeof stage6.open>>, isStarted: () => boolean): Promise<string> {
  using voice = opened;
  const who = client6(1);
  const query = solicit(who, [na(1), pd(2)]);
  const advertise = await ask(voice, query, 1, isStarted);
  if (advertise === undefined) return "";
  const request: Query = {
    mac: who.mac,
    type: MessageType6.REQUEST,
    options: [[1, who.duid], [2, optionOf(advertise, 2)!], ...held(advertise)],
  };
  const reply = await ask(voice, request, 2, isStarted);
  return reply === undefined ? "" : leasesIn(reply).join(", ");
}

function leasesIn(reply: Message6): readonly string[] {
  return held(reply).flatMap(([, ia]) =>
    decodeOptions6(ia.subarray(12)).map(([code, lease]) =>
      code === 5 ? formatIpv6(lease.subarray(0, 16)) : `${formatIpv6(lease.subarray(9, 25))}/${lease[8]}`,
    ),
  );
}
