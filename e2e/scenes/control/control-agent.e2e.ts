/** Kea's own control agent and shell, and our `call`, in front of our daemons and of Kea's. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { hasControlAgent, startAgent } from "../../src/subject/control-agent.ts";
import { ourDaemon, Server, type Subject } from "../../src/subject/server.ts";

const PORT = 8000;
const LEASE = '{"ip-address":"192.0.2.17","hw-address":"1a:1b:1c:1d:1e:1f","hostname":"printer.example.org"}';

let lab: Lab;
let host: Host;
let folder: string;
let socket: string;

async function serve(subject: Subject): Promise<void> {
  lab = new Lab();
  host = lab.host("server");
  host.attach(lab.network(), "eth0", "192.0.2.1/24");
  folder = join(lab.folder, "server");
  socket = join(folder, "socket");
  const config = {
    "control-socket": { "socket-type": "unix", "socket-name": socket },
    "hooks-libraries": [{ library: "libdhcp_lease_cmds.so" }],
    subnet4: [{ id: 44, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.99" }] }],
  };
  await Server.start(subject, host, config, { folder });
}

describe.skipIf(!hasControlAgent())("needs kea-ctrl-agent", () => {
  beforeAll(async () => {
    await serve("kotare");
    await startAgent(host, { address: "127.0.0.1", port: PORT, sockets: { dhcp4: socket }, folder });
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  /** What kea-shell prints, as JSON. */
  function shell(command: string, args = ""): unknown {
    const call = `kea-shell --host 127.0.0.1 --port ${PORT} --service dhcp4 ${command}`;
    return JSON.parse(host.run("sh", "-c", `printf '%s' '${args}' | ${call}`));
  }

  test("kea-shell asks, changes and asks again", () => {
    expect(shell("list-commands")).toEqual([{ result: 0, arguments: expect.arrayContaining(["lease4-get"]) }]);
    expect(shell("lease4-add", LEASE.slice(1, -1))).toMatchObject([{ result: 0 }]);
    expect(shell("lease4-get", '"ip-address":"192.0.2.17"')).toMatchObject([
      { result: 0, arguments: { hostname: "printer.example.org", "subnet-id": 44 } },
    ]);
    expect(shell("lease4-wipe", '"subnet-id":44')).toMatchObject([{ result: 0 }]);
    expect(shell("nosuch")).toMatchObject([{ result: 2 }]);
    // What is wrong is told with characters of our own, which the agent must be able to read.
    expect(shell("config-test", '"Dhcp4":null')).toMatchObject([{ result: 1, text: expect.stringContaining("Dhcp4") }]);
  });

  test("a configuration comes back by the way it went", () => {
    const [{ arguments: written }] = shell("config-get") as [{ arguments: { Dhcp4: object } }];
    const { Dhcp4 } = written;
    expect(shell("config-test", `"Dhcp4":${JSON.stringify(Dhcp4)}`)).toMatchObject([{ result: 0 }]);
    expect(shell("config-set", `"Dhcp4":${JSON.stringify(Dhcp4)}`)).toMatchObject([{ result: 0 }]);
  });
});

describe.each<Subject>(["kotare", "kea"])("dhcp4d call, to %s", (subject) => {
  describe.skipIf(subject === "kea" && findProgram("kea-dhcp4") === undefined)("needs kea-dhcp4-server", () => {
    beforeAll(() => serve(subject));
    afterAll(() => lab[Symbol.asyncDispose]());

    async function call(...words: string[]): Promise<{ code: number; out: string }> {
      const all = ["netns", "exec", host.name, ourDaemon(4), "call", "-c", join(folder, "dhcp4.json"), ...words];
      try {
        return { code: 0, out: (await promisify(execFile)("ip", all)).stdout };
      } catch (error) {
        const { code, stdout } = error as { code: number; stdout: string };
        return { code, out: stdout };
      }
    }

    test("finds the socket by the daemon's configuration", async () => {
      const words = ["ip-address=192.0.2.17", "hw-address=1a:1b:1c:1d:1e:1f", "hostname=printer"];
      expect(await call("lease4-add", ...words)).toEqual({
        code: 0,
        out: "Lease for address 192.0.2.17, subnet-id 44 added.\n",
      });
      const { out } = await call("lease4-get-all", "subnets=44");
      expect(out).toMatch(
        /^ip-address {2}hw-address .*\n192\.0\.2\.17 {2}1a:1b:1c:1d:1e:1f {2}printer .*\n\n1 IPv4 lease/,
      );
      expect(await call("lease4-get", "ip-address=192.0.2.18")).toMatchObject({ code: 3 });
      expect(await call("nosuch")).toMatchObject({ code: 2 });
    });

    test("prints JSON for programs", async () => {
      const { out } = await call("--json", "lease4-get", "ip-address=192.0.2.17");
      expect(JSON.parse(out)).toMatchObject({ result: 0, arguments: { hostname: "printer" } });
    });
  });
});

describe("dhcp4d explain", () => {
  beforeAll(() => serve("kotare"));
  afterAll(() => lab[Symbol.asyncDispose]());

  test("--live asks the daemon that runs, which has leases, and changes none", () => {
    const tool = (...words: string[]) => host.run(ourDaemon(4), ...words);
    const config = ["-c", join(folder, "dhcp4.json")];
    const leases = () => tool("call", ...config, "--json", "lease4-get-all");
    tool("call", ...config, "lease4-add", "ip-address=192.0.2.17", "hw-address=1a:1b:1c:1d:1e:1f");
    const before = leases();
    const live = tool("explain", ...config, "--live", "--mac", "1a:1b:1c:1d:1e:1f");
    expect(live).toContain("why: the client has had it");
    expect(live).toMatch(/^=> DHCPOFFER of 192\.0\.2\.17 for 7200 s$/m);
    expect(tool("explain", ...config, "--mac", "1a:1b:1c:1d:1e:1f", "--relay", "192.0.2.1")).toMatch(
      /^=> DHCPOFFER of 192\.0\.2\.10 for 7200 s$/m,
    );
    expect(leases()).toBe(before);
  });
});
