/** dnsmasq, of which people move to us. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../lab/lab.ts";
import { findProgram, type Program } from "../lab/program.ts";

export class Dnsmasq implements AsyncDisposable {
  readonly program: Program;
  readonly leaseFile: string;

  private constructor(program: Program, leaseFile: string) {
    this.program = program;
    this.leaseFile = leaseFile;
  }

  /** Starts it and returns once it serves. @param folder that is there @param leases as it had left them */
  static async start(host: Host, folder: string, text: string, leases = ""): Promise<Dnsmasq> {
    const [configFile, leaseFile] = [join(folder, "dnsmasq.conf"), join(folder, "dnsmasq.leases")];
    writeFileSync(configFile, text);
    writeFileSync(leaseFile, leases);
    const flags = [
      "--keep-in-foreground",
      "--log-facility=-",
      "--user=root",
      "--no-resolv",
      "--no-hosts",
      "--pid-file",
    ];
    const files = [`--conf-file=${configFile}`, `--dhcp-leasefile=${leaseFile}`];
    const program = host.start([findProgram("dnsmasq")!, ...flags, ...files]);
    await program.waitFor(/DHCP(v6)?, (IP|static)/);
    return new Dnsmasq(program, leaseFile);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program.stop();
  }
}
