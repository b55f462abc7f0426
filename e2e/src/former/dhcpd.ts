/** ISC's dhcpd, of which people move to us. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../lab/lab.ts";
import { findProgram, type Program } from "../lab/program.ts";
import type { Family } from "../subject/server.ts";

export class Dhcpd implements AsyncDisposable {
  readonly program: Program;
  readonly leaseFile: string;

  private constructor(program: Program, leaseFile: string) {
    this.program = program;
    this.leaseFile = leaseFile;
  }

  /** Starts it on `eth0` and returns once it serves. @param folder that is there @param leases as it had left them */
  static async start(family: Family, host: Host, folder: string, text: string, leases = ""): Promise<Dhcpd> {
    const [configFile, leaseFile] = [join(folder, "dhcpd.conf"), join(folder, "dhcpd.leases")];
    writeFileSync(configFile, text);
    writeFileSync(leaseFile, leases, "latin1");
    const words = [`-${family}`, "-d", "-f", "--no-pid", "-cf", configFile, "-lf", leaseFile, "eth0"];
    const program = host.start([findProgram("dhcpd")!, ...words]);
    await program.waitFor(/Server starting service/);
    return new Dhcpd(program, leaseFile);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program.stop();
  }
}
