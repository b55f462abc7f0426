/** A Galera cluster: MariaDB servers that all have the same and take over for each other, in private folders. */
import { join } from "node:path";
import { findMariadb, MariadbServer } from "@kotare/mysql/testing/mariadb-server";

/** Ports of the lab's own loopback. */
const FIRST_PORT = 4567;

export class GaleraCluster {
  readonly nodes: readonly MariadbServer[];

  private constructor(nodes: readonly MariadbServer[]) {
    this.nodes = nodes;
  }

  static async start(size: number): Promise<GaleraCluster> {
    const root = findMariadb();
    if (root === undefined) throw new Error("there is no MariaDB here");
    const nodes: MariadbServer[] = [];
    for (let number = 0; number < size; number++) nodes.push(await startNode(root, number));
    return new GaleraCluster(nodes);
  }

  /** A number that a node counts. */
  async count(node: number, variable: string): Promise<number> {
    const [row] = await this.nodes[node]!.query("", `SHOW GLOBAL STATUS LIKE '${variable}'`);
    return Number(row?.["Value"]);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }
}

function startNode(root: string, number: number): Promise<MariadbServer> {
  const port = FIRST_PORT + 10 * number;
  const provider = [
    `gmcast.listen_addr=tcp://127.0.0.1:${port}`,
    `ist.recv_addr=127.0.0.1:${port + 1}`,
    "gcache.size=8M",
    "pc.recovery=false",
  ];
  return MariadbServer.start(
    root,
    "--wsrep-on=ON",
    `--wsrep-provider=${join(root, "usr/lib/libgalera_smm.so")}`,
    `--wsrep-provider-options=${provider.join(";")}`,
    `--wsrep-cluster-address=gcomm://${number === 0 ? "" : `127.0.0.1:${FIRST_PORT}`}`,
    "--wsrep-node-address=127.0.0.1",
    `--wsrep-node-name=node${number}`,
    "--wsrep-sst-method=rsync",
    `--wsrep-sst-receive-address=127.0.0.1:${port + 2}`,
    "--binlog-format=ROW",
    "--innodb-autoinc-lock-mode=2",
    "--innodb-log-file-size=16M",
  );
}
