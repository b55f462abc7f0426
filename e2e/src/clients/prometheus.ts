/** Debian's Prometheus, which scrapes one daemon each second. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../lab/lab.ts";

const ADDRESS = "127.0.0.1:9090";

export interface Scraped {
  /** `127.0.0.1:8000` */
  readonly target: string;
  readonly user: string;
  readonly password: string;
}

export class Prometheus {
  readonly #host: Host;

  /** @param folder of its own */
  constructor(host: Host, folder: string, { target, user, password }: Scraped) {
    this.#host = host;
    mkdirSync(folder);
    const file = join(folder, "prometheus.json");
    const job = { job_name: "kotare", basic_auth: { username: user, password } };
    const config = {
      global: { scrape_interval: "1s" },
      scrape_configs: [{ ...job, static_configs: [{ targets: [target] }] }],
    };
    // What is JSON is YAML.
    writeFileSync(file, JSON.stringify(config));
    const storage = `--storage.tsdb.path=${join(folder, "data")}`;
    host.start(["prometheus", `--config.file=${file}`, storage, `--web.listen-address=${ADDRESS}`]);
  }

  /** Of the one target: `up`, `down` or `unknown`. @throws while it is not there yet */
  health(): string {
    const { data } = this.#ask("targets") as { data: { activeTargets: readonly { health: string }[] } };
    return data.activeTargets[0]!.health;
  }

  /** The newest values of a metric. */
  values(query: string): readonly string[] {
    const answer = this.#ask("query", `query=${query}`) as { data: { result: readonly { value: [number, string] }[] } };
    return answer.data.result.map(({ value }) => value[1]);
  }

  #ask(path: string, ...data: string[]): unknown {
    const words = data.flatMap((each) => ["--data-urlencode", each]);
    return JSON.parse(this.#host.run("curl", "-s", "--get", ...words, `http://${ADDRESS}/api/v1/${path}`));
  }
}
