/** Both daemons of a host with all the ways to them that tools take: UNIX sockets, Debian's control agent, and ours direct. */
import { execFile } from "node:child_process";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { askLikeThis } from "../../clients/field-client.ts";
import { Lab, run } from "../../lab/lab.ts";
import { sendCommand } from "../../subject/command.ts";
import { startAgent } from "../../subject/control-agent.ts";
import { type DhcpConfig, findDaemon, privateFolders, Server } from "../../subject/server.ts";
import { filled, type Service, type Tool, type ToolCall } from "./tools.ts";

type ToolSubject = "kea" | "kotare";

// Networks of no other test: all files share the one that they are reached from.
const NETWORKS: Readonly<Record<ToolSubject, string>> = { kea: "198.18.1", kotare: "198.18.2" };
const AGENT_PORT = 8000;
const OWN_PORT = 8004;
const [USER, PASSWORD] = ["netbox", "secret"];

const hooks = ["libdhcp_lease_cmds.so", "libdhcp_stat_cmds.so"];

const own: Readonly<Record<Service, DhcpConfig>> = {
  dhcp4: {
    subnet4: [
      { id: 44, subnet: "192.0.2.0/24", comment: "office", pools: [{ pool: "192.0.2.10-192.0.2.99" }] },
      {
        id: 88,
        subnet: "198.51.100.0/24",
        "user-context": { comment: "guests", site: 7 },
        pools: [{ pool: "198.51.100.10-198.51.100.20" }, { pool: "198.51.100.30-198.51.100.40" }],
        reservations: [{ "hw-address": "1a:1b:1c:1d:1e:22", "ip-address": "198.51.100.9", hostname: "fixed" }],
      },
    ],
    "shared-networks": [
      {
        name: "floor",
        "option-data": [{ name: "domain-name", data: "example.org" }],
        subnet4: [{ id: 90, subnet: "203.0.113.0/24", comment: "labs", pools: [{ pool: "203.0.113.0/25" }] }],
      },
    ],
  },
  dhcp6: {
    subnet6: [
      {
        id: 66,
        subnet: "2001:db8:1::/64",
        comment: "office",
        pools: [{ pool: "2001:db8:1::10-2001:db8:1::99" }],
        "pd-pools": [{ prefix: "2001:db8:100::", "prefix-len": 40, "delegated-len": 56 }],
      },
      { id: 77, subnet: "2001:db8:2::/64", pools: [{ pool: "2001:db8:2::/80" }] },
    ],
    "shared-networks": [{ name: "floor", subnet6: [{ id: 78, subnet: "2001:db8:3::/64", comment: "labs" }] }],
  },
};

export class ToolStage implements AsyncDisposable {
  readonly sockets: Readonly<Record<Service, string>>;
  readonly server: Server;
  readonly #lab: Lab;
  readonly #subject: ToolSubject;

  private constructor(subject: ToolSubject, lab: Lab, server: Server, sockets: Readonly<Record<Service, string>>) {
    this.#subject = subject;
    this.#lab = lab;
    this.server = server;
    this.sockets = sockets;
  }

  static async start(subject: ToolSubject): Promise<ToolStage> {
    const lab = new Lab();
    const network = lab.network();
    const address = `${NETWORKS[subject]}.1`;
    run("ip", "address", "add", `${NETWORKS[subject]}.250/24`, "dev", network.bridge);
    const host = lab.host("server", { ipv6: true });
    host.attach(network, "eth0", `${address}/24`);
    const folder = join(lab.folder, "server");
    const sockets = { dhcp4: join(folder, "socket4"), dhcp6: join(folder, "socket6") };
    const authentication = { type: "basic", clients: [{ user: USER, password: PASSWORD }] };
    const http = { "socket-type": "http", "socket-address": address, "socket-port": OWN_PORT, authentication };
    const start = (service: Service, family: 4 | 6) => {
      const unix = { "socket-type": "unix", "socket-name": sockets[service] };
      const isDirect = subject === "kotare" && service === "dhcp4";
      const config = {
        ...(isDirect ? { "control-sockets": [unix, http] } : { "control-socket": unix }),
        "user-context": { kotare: { services: sockets } },
        "hooks-libraries": hooks.map((library) => ({ library })),
        "multi-threading": { "enable-multi-threading": false },
        "expired-leases-processing": { "reclaim-timer-wait-time": 0 },
        ...own[service],
      };
      return Server.start(subject, host, config, { family, folder });
    };
    const [server] = await Promise.all([start("dhcp4", 4), start("dhcp6", 6)]);
    await startAgent(host, { address, port: AGENT_PORT, sockets, folder });
    return new ToolStage(subject, lab, server, sockets);
  }

  /** By way of the agent. @returns what it answers */
  postToAgent(body: string): Promise<string> {
    return this.#post(body, AGENT_PORT);
  }

  /** What stands in the file of the DHCPv4 daemon. */
  get template(): string {
    return readFileSync(this.server.configFile, "utf8");
  }

  /** Has the daemon's program check a file of the DHCPv4 daemon before it takes the place of the other. @returns its exit code */
  async check(template: string): Promise<number> {
    const { subject, configFile } = this.server;
    const file = `${configFile}.candidate`;
    writeFileSync(file, template, { mode: 0o640 });
    const env = { ...process.env, ...privateFolders(dirname(file)) };
    const ended = promisify(execFile)(findDaemon(subject, 4)!, ["-t", file], { env });
    return ended.then(
      () => 0,
      (error: { code: number }) => error.code,
    );
  }

  /** Puts the checked file in its place, and has it read. */
  async apply(): Promise<void> {
    const { configFile, program } = this.server;
    renameSync(`${configFile}.candidate`, configFile);
    const from = program.lines.length;
    program.signal("SIGHUP");
    await program.waitFor(/DHCP4_CONFIG_COMPLETE/, { from });
  }

  #post(body: string, port: number): Promise<string> {
    const Authorization = `Basic ${btoa(`${USER}:${PASSWORD}`)}`;
    const request = { method: "POST", body, headers: { "Content-Type": "application/json", Authorization } };
    return fetch(`http://${NETWORKS[this.#subject]}.1:${port}/`, request).then((answer) => answer.text());
  }

  /** Leases as they were before any tool came. */
  async fill(): Promise<void> {
    for (const { command, args, services } of filled) await sendCommand(this.sockets[services[0]!], command, args);
  }

  /** @returns the answers, one for each service */
  async ask({ socket, end = "" }: Tool, call: ToolCall): Promise<readonly unknown[]> {
    if (socket !== undefined) return [await this.#askSocket(call, socket, end)];
    const { command, args, services } = call;
    const service = services.length === 0 ? undefined : services;
    const body = JSON.stringify({ command, service, arguments: args });
    // Who has had an agent asks us in its place.
    const text = await this.#post(body, this.#subject === "kea" ? AGENT_PORT : OWN_PORT);
    const answers: unknown = JSON.parse(this.#withoutPlaces(text));
    if (!Array.isArray(answers)) throw new Error(`${call.line}: no list: ${text}`);
    return answers;
  }

  async #askSocket({ command, args, services }: ToolCall, socket: NonNullable<Tool["socket"]>, end: string) {
    const text = JSON.stringify({ command, arguments: args }) + end;
    return JSON.parse(this.#withoutPlaces(await askLikeThis(socket, this.sockets[services[0]!], text))) as unknown;
  }

  /** Where the files of a run are differs from run to run. */
  #withoutPlaces(text: string): string {
    const hooksPath = this.#subject === "kea" ? `${process.env["KEA_HOOKS_PATH"]}/` : "";
    return text.replaceAll(this.#lab.folder, "/lab").replaceAll(hooksPath, "");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#lab[Symbol.asyncDispose]();
  }
}
