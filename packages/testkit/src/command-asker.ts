/** Sends commands to a server without sockets, and reads what it answers as a program would. */
import { slicesOf } from "@kotare/core/control/channel/slices";
import type { Commands } from "@kotare/core/control/command-table";
import { ConfigAnswer } from "@kotare/core/control/commands/config/config-answer";
import { formatParts } from "@kotare/core/control/kea-json";
import { ServiceState } from "@kotare/core/control/service-state";
import type { ServerContext } from "@kotare/core/server/server-family";

/** How commands change the configuration. */
export interface Edits<Config> {
  readonly check: ServerContext<Config, never, never, never>["check"];
  /** Takes it into force. */
  use(config: Config): void;
}

/** What there is around the commands of a server that has no life of its own. */
export function loneServer<Config, Service>(
  config: () => Config,
  compiled: () => Service,
  { check, use }: Edits<Config> = { check: () => [], use: () => {} },
): ServerContext<Config, Service, never, never> {
  return {
    version: { short: "0", extended: "0", build: "0" },
    config,
    configAnswer: () => new ConfigAnswer("Config", () => ({})),
    configFile: "/etc/kea/kea.conf",
    reload: async () => [],
    receiveConfig: async () => ({ command: undefined, services: [], config: { faults: [], apply: async () => {} } }),
    check,
    async changeConfig(change) {
      const next = await change(config());
      if (next !== undefined) use(next);
    },
    source: undefined,
    pullConfig: async () => false,
    shutDown: () => {},
    leftOut: () => 0,
    age: () => ({ uptime: 0, reload: 0 }),
    service: new ServiceState(),
    reclaim: async () => {},
    compact: undefined,
    explain: () => Promise.reject(new Error("there is no server")),
    interfaces: () => [],
    changeInterfaces: async () => {},
    served: () => undefined,
    status: () => ({}),
    compiled,
    extensionCommands: () => new Map(),
    leaseChanged: () => {},
    carriedOut: () => {},
  };
}

export interface ReadAnswer {
  readonly result: number;
  readonly text?: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** @param given the command's arguments */
export async function askCommand(commands: Commands, command: string, given?: object): Promise<ReadAnswer> {
  let text = "";
  const answer = await commands.answer(JSON.stringify({ command, arguments: given }), "a test");
  for await (const slice of slicesOf(formatParts(answer))) text += slice;
  return JSON.parse(text) as ReadAnswer;
}
