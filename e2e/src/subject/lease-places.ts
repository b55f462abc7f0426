/** Where a server under test keeps its leases: a lease file, or a database of its own. */
import { type DatabaseServer, databaseKinds, readTable } from "./database-server.ts";
import { type LeaseRow, readLeases } from "./lease-file.ts";
import { type Family, leaseFile, type Subject } from "./server.ts";
import { isThorough } from "./thorough.ts";

export interface LeasePlace {
  /** What stands in `lease-database`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What the daemon is started under. */
  readonly under: readonly string[];
  /** What stands there now. */
  leases(): Promise<ReadonlyMap<string, LeaseRow>>;
}

/** What makes places of one kind. */
export interface LeasePlaces {
  /** An empty one for servers whose files are in `folder`. */
  make(subject: Subject, family: Family, folder: string): Promise<LeasePlace>;
  stop(): Promise<void>;
}

const files: LeasePlaces = {
  async make(_, family, folder) {
    const name = leaseFile({ folder, family });
    const settings = { type: "memfile", name, "lfc-interval": 0 };
    return { settings, under: [], leases: async () => readLeases(name) };
  },
  stop: () => Promise.resolve(),
};

function tables(server: DatabaseServer): LeasePlaces {
  let count = 0;
  return {
    async make(subject, family) {
      const name = `place${++count}`;
      await server.create(name);
      const ours = { settings: server.settings(name), under: [] };
      const { settings, under } = subject === "kotare" ? ours : server.keaSettings(name);
      return { settings, under, leases: () => readTable(server, name, family) };
    },
    stop: () => server.stop(),
  };
}

export interface PlaceKind {
  readonly name: string;
  /** Debian's package that is needed and not there. */
  readonly lacks: string | undefined;
  start(): Promise<LeasePlaces>;
}

export const placeKinds: readonly PlaceKind[] = [
  { name: "a file", lacks: undefined, start: () => Promise.resolve(files) },
  ...databaseKinds.map(
    ({ name, package: debian, start }): PlaceKind => ({
      name,
      lacks: start === undefined ? debian : undefined,
      start: async () => tables(await start!()),
    }),
  ),
];

/** Which clients are to be seen there: all in a lease file, one in each database; with `E2E_CLIENTS=all` all in each. */
export function clientsOn<Name>(kind: PlaceKind, names: readonly Name[]): readonly Name[] {
  const index = placeKinds.indexOf(kind);
  return index === 0 || isThorough ? names : names.slice(index - 1, index);
}
