/** Stands in for the DNS updater on a server's host: notes down the requests that arrive and answers none of them. */
import type { Host } from "../lab/lab.ts";
import { delay, type Program } from "../lab/program.ts";
import type { Step } from "./script.ts";
import type { Fields } from "./speech.ts";

const LISTENER = `
  const socket = require("node:dgram").createSocket("udp4");
  socket.on("message", (bytes) => console.log("NCR " + bytes.subarray(2)));
  socket.bind(53001, "127.0.0.1", () => console.log("LISTENING"));
`;

/** Milliseconds in which a server that has nothing else to do says what it has sent, and notes it down; and that this may take until it is read. */
const SILENCE = 300;
const PATIENCE = 5000;
/** In which we find out that it confirms nothing. */
const CONFIRMATION_TIME = 5500;

export class Updater implements AsyncDisposable {
  readonly #program: Program;
  #seen = 0;

  private constructor(program: Program) {
    this.#program = program;
  }

  static async start(host: Host): Promise<Updater> {
    const program = host.start([process.execPath, "-e", LISTENER]);
    await program.waitFor(/LISTENING/);
    return new Updater(program);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.stop();
  }

  /**
   * What has come since it was last asked, as a step of a transcript: each request with the fields that are Kea's.
   * @param server logs at DEBUG
   */
  async collect(server: Program, isFirst: boolean): Promise<Step> {
    // We wait for a confirmation first, and take it for Kea's when there is none.
    if (isFirst) await delay(CONFIRMATION_TIME);
    await server.settled();
    const log = server.lines;
    const sent = () => log.filter((line) => line.includes("DHCP_DDNS_NCR_SENT")).length;
    const received = () => this.#program.lines.filter((line) => line.startsWith("NCR "));
    for (let before = -1; before !== log.length; await delay(SILENCE)) before = log.length;
    for (let waited = 0; received().length < sent() && waited < PATIENCE; waited += 10) await delay(10);
    const requests = received().slice(this.#seen);
    this.#seen += requests.length;
    return {
      title: "requests to the DNS updater",
      asked: false,
      answers: requests.map((line) => fieldsOf(line.slice(4))),
    };
  }
}

/** Without the number of ours, and the second in which the records end. Kea's JSON has a backslash of names as it is. */
function fieldsOf(text: string): Fields {
  const json = text.includes("\\") && !isJson(text) ? text.replaceAll("\\", "\\\\") : text;
  const { confirm: _, "lease-expires-on": __, ...fields } = JSON.parse(json) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)]));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
