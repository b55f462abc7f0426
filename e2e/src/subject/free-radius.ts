/** Debian's FreeRADIUS on a host: who may have what, and all that it is told. Its files are private, its ports the usual ones. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../lab/lab.ts";
import { findProgram, type Program } from "../lab/program.ts";

export const RADIUS_SECRET = "testing123";

/** Of one request, as FreeRADIUS writes them: `type`, and attributes by their names. */
export type RadiusFields = Readonly<Record<string, string>>;

export interface FreeRadiusOptions {
  readonly folder: string;
  /** In the form of its file `users`. */
  readonly users: string;
  /** Whether it takes only requests with a Message-Authenticator. */
  readonly isProved: boolean;
}

export class FreeRadius {
  readonly #program: Program;

  private constructor(program: Program) {
    this.#program = program;
  }

  /** `undefined` where it cannot be had. */
  static find(): string | undefined {
    return findProgram("freeradius");
  }

  /** Returns once it answers. */
  static async start(host: Host, { folder, users, isProved }: FreeRadiusOptions): Promise<FreeRadius> {
    const path = FreeRadius.find();
    if (path === undefined) throw new Error("there is no freeradius");
    const usr = join(path, "../..");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, "radiusd.conf"), configuration(usr, folder, isProved));
    writeFileSync(join(folder, "users"), users);
    const modules = join(usr, "lib/freeradius");
    const env = { LD_LIBRARY_PATH: `${modules}:${process.env["LD_LIBRARY_PATH"] ?? ""}` };
    const dictionary = join(usr, "share/freeradius");
    const program = host.start([path, "-X", "-d", folder, "-n", "radiusd", "-D", dictionary], { env });
    await program.waitFor(/Ready to process requests/);
    return new FreeRadius(program);
  }

  /** In their order. */
  requests(): readonly RadiusFields[] {
    const requests: RadiusFields[] = [];
    for (const line of this.#program.lines) {
      const [, type] = /^\(\d+\) Received (Ac\S+-Request) /.exec(line) ?? [];
      if (type !== undefined) requests.push({ type });
      const [, name, value] = /^\(\d+\) {3}(\S+) = (.*)$/.exec(line) ?? [];
      if (name !== undefined && !OWN.has(name)) requests.push({ ...requests.pop(), [name]: value! });
    }
    return requests;
  }
}

function configuration(usr: string, folder: string, isProved: boolean): string {
  return `
    prefix = ${usr}
    libdir = ${usr}/lib/freeradius
    logdir = ${folder}
    raddbdir = ${folder}
    run_dir = ${folder}
    name = radiusd
    security {
      allow_core_dumps = no
    }
    client local {
      ipaddr = 127.0.0.1
      secret = ${RADIUS_SECRET}
      require_message_authenticator = ${isProved ? "yes" : "no"}
    }
    modules {
      files {
        usersfile = ${folder}/users
      }
      pap {
      }
      always ok {
        rcode = ok
      }
    }
    server default {
      listen {
        type = auth
        ipaddr = 127.0.0.1
        port = 1812
      }
      listen {
        type = acct
        ipaddr = 127.0.0.1
        port = 1813
      }
      authorize {
        files
        pap
      }
      authenticate {
        Auth-Type PAP {
          pap
        }
      }
      accounting {
        ok
      }
    }
  `.replace(/^ {4}/gm, "");
}

/** What differs from request to request. */
const OWN = new Set(["Message-Authenticator"]);
