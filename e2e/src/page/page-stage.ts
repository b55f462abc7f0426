/** Daemons with a web page, a browser that shows it, and a client. */
import { join } from "node:path";
import { text } from "@kotare/testkit/payloads";
import { DnsUpdater } from "../dns/updater.ts";
import { Browser } from "../lab/browser.ts";
import { CUT_OFF } from "../lab/cut-off.ts";
import { type Host, Lab } from "../lab/lab.ts";
import { type DatabaseServer, databaseKinds } from "../subject/database-server.ts";
import { LOGINS } from "../subject/logins.ts";
import { LONELY_PAIR } from "../subject/lonely-pair.ts";
import { Server } from "../subject/server.ts";
import { getServed } from "../wire/dora.ts";
import { type Option, optionOf, typeOf } from "../wire/message4.ts";
import { Probe4 } from "../wire/probe4.ts";

/** What the client that is looked for is known by. */
export const CLIENT = "02:00:00:00:00:17";
const [ACK, FORCERENEW] = [5, 9];
const postgresql = databaseKinds.find(({ name }) => name === "PostgreSQL")!;
export const hasDatabase = postgresql.start !== undefined;

export class PageStage implements AsyncDisposable {
  readonly #lab: Lab;
  readonly host: Host;
  readonly client: Host;
  readonly server: Server;
  readonly browser: Browser;
  readonly databases: DatabaseServer | undefined;

  private constructor(lab: Lab, parts: Pick<PageStage, "host" | "client" | "server" | "browser" | "databases">) {
    this.#lab = lab;
    ({ host: this.host, client: this.client, server: this.server } = parts);
    ({ browser: this.browser, databases: this.databases } = parts);
  }

  /** @param program a browser's */
  static async start(program: string): Promise<PageStage> {
    const lab = new Lab();
    const network = lab.network();
    const host = lab.host("server");
    host.attach(network, "eth0", "10.0.0.1/16");
    const client = lab.host("client");
    client.attach(network, "eth0", undefined, CLIENT);
    const [socket6, socketOfNames] = ["six", "names"].map((name) => join(lab.folder, name)) as [string, string];
    const config4 = {
      "interfaces-config": { interfaces: ["eth0"] },
      "client-classes": [{ name: "phones", test: "option[60].exists" }],
      "shared-networks": [{ name: "floor", subnet4: [{ id: 6, subnet: "10.6.0.0/24" }] }],
      subnet4: [
        {
          id: 7,
          subnet: "10.0.0.0/16",
          pools: [{ pool: "10.0.1.0 - 10.0.1.99" }],
          "option-data": [{ name: "domain-name-servers", data: "10.0.0.53" }],
          reservations: [{ "hw-address": "02:00:00:00:00:99", "ip-address": "10.0.9.9", hostname: "printer" }],
        },
      ],
      "control-sockets": [{ "socket-type": "http", authentication: { type: "basic", clients: LOGINS } }],
      "user-context": { kotare: { forcerenew: true, services: { dhcp6: socket6, d2: socketOfNames } } },
    };
    const databases = await postgresql.start?.();
    await databases?.create("config");
    const control = { "config-databases": [databases?.settings("config")], "config-fetch-wait-time": 0 };
    const config6 = {
      ...(databases !== undefined && { "config-control": control }),
      "hooks-libraries": [LONELY_PAIR],
      "hosts-databases": [{ type: "file", name: "hosts" }],
      "interfaces-config": { interfaces: [] },
      subnet6: [{ id: 8, subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::/80" }] }],
      "control-socket": { "socket-type": "unix", "socket-name": socket6 },
    };
    const server = await Server.start("kotare", host, config4, { folder: join(lab.folder, "four") });
    await Server.start("kotare", host, config6, { family: 6, folder: join(lab.folder, "files6") });
    await DnsUpdater.start({
      folder: join(lab.folder, "updater"),
      forward: [],
      reverse: [],
      servers: [],
      extra: { "control-socket": { "socket-type": "unix", "socket-name": socketOfNames } },
      start: (words, env) => host.start(words, { env }),
    });
    const browser = await Browser.open(program, host);
    await browser.look(1200, 800, "light");
    return new PageStage(lab, { host, client, server, browser, databases });
  }

  /** Of the client's next ACK. */
  async nameServers(): Promise<string | undefined> {
    using probe = await Probe4.open(this.client, "eth0");
    return optionOf(await getServed(probe, CLIENT), 6)?.join(".");
  }

  /** Waits until the client is called. It says before that it can be, and renews, which ends calls of before. */
  async untilCalled(press: () => Promise<void>): Promise<void> {
    using probe = await Probe4.open(this.client, "eth0");
    const next = async (type: number, xid?: number) => {
      for (;;) {
        const answer = await probe.next(60_000);
        if (answer === undefined) throw new Error(`no message of type ${type}`);
        if (typeOf(answer.message) === type && answer.message.xid === (xid ?? answer.message.xid)) return;
      }
    };
    const { yiaddr } = await getServed(probe, CLIENT);
    const options: readonly Option[] = [
      [53, Uint8Array.of(3)],
      [60, text("phone")],
      [145, Uint8Array.of(1)],
    ];
    await next(ACK, probe.send({ mac: CLIENT, ciaddr: yiaddr, options }, { source: yiaddr }));
    await press();
    await next(FORCERENEW);
  }

  /** By the side of the page. */
  command(name: string, args: object, service = "dhcp4"): Promise<unknown> {
    const body = JSON.stringify({ command: name, service: [service], arguments: args });
    const headers = { Authorization: `Basic ${btoa("root:root")}`, "Content-Type": "application/json" };
    const request = JSON.stringify({ method: "POST", headers, body });
    return this.browser.evaluate(`fetch("/", ${request}).then((a) => a.json())`);
  }

  /** Opens what the first row of a table is about. */
  async openFirst(): Promise<void> {
    await this.browser.enter(String(await this.browser.evaluate("document.querySelector('tbody button').innerText")));
  }

  /** What the client has. */
  async openLease(): Promise<void> {
    await this.browser.type("Search", CLIENT);
    await this.browser.see(`1 IPv4 lease of ${CLIENT}`);
    await this.openFirst();
  }

  async noDialog(): Promise<void> {
    await this.browser.until("document.querySelector('dialog') === null", "no dialog any more");
  }

  /** @returns what does not fit into the window of a telephone */
  async cutOff(): Promise<unknown> {
    await this.browser.look(400, 800, "light");
    const cut = await this.browser.evaluate(CUT_OFF);
    await this.browser.look(1200, 800, "light");
    return cut;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser[Symbol.asyncDispose]();
    await this.#lab[Symbol.asyncDispose]();
    await this.databases?.stop();
  }
}
