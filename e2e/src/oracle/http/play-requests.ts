/** Sends the same requests over HTTP to Kea and to us, and compares what comes back. */
import { join } from "node:path";
import { Lab, run } from "../../lab/lab.ts";
import { Server, type Subject } from "../../subject/server.ts";
import { compareJson, type JsonDifference } from "../compare-json.ts";
import { exchangeRaw, type RawExchange } from "./exchange-raw.ts";
import { PASSWORD, requests, USER } from "./requests.ts";

export interface HttpFinding extends JsonDifference {
  readonly title: string;
}

const HOST = "198.51.100.1";
const PORT = 8000;

/** @returns what came back, by title */
async function play(subject: Subject): Promise<Map<string, RawExchange>> {
  await using lab = new Lab();
  const network = lab.network();
  run("ip", "address", "add", "198.51.100.250/24", "dev", network.bridge);
  const host = lab.host("server");
  host.attach(network, "eth0", `${HOST}/24`);
  const authentication = { type: "basic", realm: "kea", clients: [{ user: USER, password: PASSWORD }] };
  const socket = { "socket-type": "http", "socket-address": HOST, "socket-port": PORT, authentication };
  const config = { "control-sockets": [socket] };
  await Server.start(subject, host, config, { folder: join(lab.folder, "server") });
  const exchange = async ([title, parts]: [string, readonly string[]]) =>
    [title, await exchangeRaw(HOST, PORT, parts)] as const;
  return new Map(await Promise.all(Object.entries(requests).map(exchange)));
}

export async function compareRequests(): Promise<HttpFinding[]> {
  // Both want the same address, which is of no other test: all files share the network that it is reached from.
  const theirs = await play("kea3");
  const ours = await play("kotare");
  return [...theirs].flatMap(([title, exchange]) =>
    [...compareJson(comparable(exchange), comparable(ours.get(title)!))].map((difference) => ({
      title,
      ...difference,
    })),
  );
}

/** What counts of an exchange: what becomes of the connection shows, and need not be said. */
function comparable({ answers, isClosed }: RawExchange): unknown {
  return {
    isClosed,
    answers: answers.map(({ status, headers, body }) => {
      const { date, "content-length": length, connection: _, "keep-alive": __, ...others } = headers;
      return {
        status,
        headers: { ...others, date: date !== undefined, length: length !== undefined },
        body: meaningOf(body),
      };
    }),
  };
}

/** Versions differ, and each says in its own words what is wrong. */
function meaningOf(body: string): unknown {
  const result = (answer: { result: number }) => answer.result;
  if (body === "") return "nothing";
  if (body.startsWith("<")) return "a page";
  const answer = JSON.parse(body) as { result: number } | { result: number }[];
  return Array.isArray(answer) ? answer.map(result) : result(answer);
}
