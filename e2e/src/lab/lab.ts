/** A network in a box: hosts (network namespaces) on bridged networks, with programs running in them. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { runToEnd } from "./errands.ts";
import { Program } from "./program.ts";

/** Runs a short command to its end, outside of any host. @throws Error when it fails */
export function run(command: string, ...args: string[]): string {
  return runToEnd([command, ...args]);
}

/** One start of `ip` for several of its commands, each a line: starting it is what costs. @throws Error when one fails */
function ipBatch(flags: readonly string[], ...commands: readonly string[]): string {
  return runToEnd(["ip", ...flags, "-batch", "-"], commands.join("\n"));
}

/** One broadcast domain. */
export interface Network {
  readonly bridge: string;
}

export interface HostOptions {
  /**
   * Default false: its neighbour and router messages would only be noise on the wire. With it link-local addresses are
   * there at once, without duplicate address detection, and no router is asked for.
   */
  readonly ipv6?: boolean;
}

/** Names of namespaces and links must differ between labs that exist at the same time. */
let serial = 0;

export class Lab implements AsyncDisposable {
  /** A folder for the files of everything in this lab. */
  readonly folder = mkdtempSync(join(tmpdir(), "kotare-lab-"));
  readonly id = ++serial;
  readonly #hosts: Host[] = [];
  readonly #bridges: string[] = [];
  #links = 0;

  network(): Network {
    const bridge = `lab${this.id}n${this.#bridges.length}`;
    // Without an address of its own it has the lowest of its links', and hosts' ARP entries go stale with each new link.
    const mac = [this.id >> 8, this.id & 0xff, this.#bridges.length].map((byte) => byte.toString(16)).join(":");
    run("ip", "link", "add", bridge, "address", `02:00:ff:${mac}`, "up", "type", "bridge");
    this.#bridges.push(bridge);
    return { bridge };
  }

  host(name: string, options: HostOptions = {}): Host {
    const host = new Host(`lab${this.id}-${name}`, () => `lab${this.id}v${this.#links++}`, options);
    this.#hosts.push(host);
    return host;
  }

  /** Ends every program and takes the network away. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.killAll()));
    const hosts = this.#hosts.map(({ name }) => `ip netns delete ${name}`);
    const bridges = this.#bridges.map((bridge) => `ip link delete ${bridge}`);
    // The kernel takes its time, which other labs of the file have meanwhile.
    await promisify(execFile)("sh", ["-ec", [...hosts, ...bridges].join("\n")]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Host {
  readonly name: string;
  readonly #newLink: () => string;
  readonly #ipv6: boolean;
  readonly #programs: Program[] = [];

  constructor(name: string, newLink: () => string, { ipv6 = false }: HostOptions) {
    this.name = name;
    this.#newLink = newLink;
    this.#ipv6 = ipv6;
    const defaults = { disable_ipv6: ipv6 ? 0 : 1, accept_dad: 0, router_solicitations: 0 };
    const settings = Object.entries(defaults).map(
      ([key, value]) => `echo ${value} >/proc/sys/net/ipv6/conf/default/${key}`,
    );
    const inside = ["ip link set lo up", ...settings].join("; ");
    ipBatch([], `netns add ${name}`, `netns exec ${name} sh -ec "${inside}"`);
  }

  /** Sets a parameter of this host's kernel. @param parameter its path below /proc/sys */
  set(parameter: string, value: number): void {
    this.run("sh", "-c", `echo ${value} >/proc/sys/${parameter}`);
  }

  /** Plugs this host into a network. @param address `10.0.0.1/24`, `2001:db8::1/64`, or none for a client */
  attach(network: Network, device: string, address?: string, mac?: string): void {
    const link = this.#newLink();
    ipBatch(
      [],
      `link add ${link} type veth peer name ${device} netns ${this.name}`,
      `link set ${link} master ${network.bridge} up`,
    );
    this.#plugIn(device, address, mac);
    this.#waitUntilRunning(device);
  }

  /** Plugs this host into another by a cable of its own: less work for the kernel than a switch. */
  connect(device: string, address: string, other: Host, otherDevice: string, otherAddress: string): void {
    this.ip("link", "add", device, "type", "veth", "peer", "name", otherDevice, "netns", other.name);
    other.#plugIn(otherDevice, otherAddress);
    this.#plugIn(device, address);
    this.#waitUntilRunning(device);
    other.#waitUntilRunning(otherDevice);
  }

  #plugIn(device: string, address?: string, mac?: string): void {
    ipBatch(
      ["-n", this.name],
      ...(mac === undefined ? [] : [`link set ${device} address ${mac}`]),
      ...(address === undefined ? [] : [`address add ${address} dev ${device}`]),
      `link set ${device} up`,
    );
  }

  /** The kernel takes a while to see the carrier and to take up addresses, and some programs want both at their start. */
  #waitUntilRunning(device: string): void {
    const pause = new Int32Array(new SharedArrayBuffer(4));
    for (let attempt = 0; attempt < 500; attempt++) {
      const shown = this.ip("address", "show", "dev", device);
      if (shown.includes("state UP") && (!this.#ipv6 || hasLinkLocal(shown))) return;
      Atomics.wait(pause, 0, 0, 5);
    }
    throw new Error(`${device} of ${this.name} does not come up`);
  }

  ip(...args: string[]): string {
    return run("ip", "-n", this.name, ...args);
  }

  mac(device: string): string {
    return /link\/ether (\S+)/.exec(this.ip("link", "show", "dev", device))![1]!;
  }

  /** Addresses of a device, without prefix lengths and link-local ones. */
  addresses(device: string, family: 4 | 6 = 4): string[] {
    const shown = this.ip(`-${family}`, "address", "show", "dev", device, "scope", "global");
    return [...shown.matchAll(/inet6? (\S+)\//g)].map((match) => match[1]!);
  }

  /** Runs a short command to its end. @throws Error when it fails */
  run(...command: string[]): string {
    return run("ip", "netns", "exec", this.name, ...command);
  }

  /** Starts a program here; the lab ends it. */
  start(command: readonly string[], options: { env?: Record<string, string>; cwd?: string } = {}): Program {
    // `ip netns exec` becomes the command, so that signals and /proc/PID are the command's own.
    const program = new Program(["ip", "netns", "exec", this.name, ...command], { ...options, name: command[0]! });
    this.#programs.push(program);
    return program;
  }

  async killAll(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.stop("SIGKILL")));
  }
}

function hasLinkLocal(shown: string): boolean {
  return shown.includes("fe80:") && !shown.includes("tentative");
}
