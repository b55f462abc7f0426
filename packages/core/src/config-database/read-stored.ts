/** From rows of Kea's tables to entries as Kea has them in a file. What a row says that is none is told, and left out. */
import { type OptionRow, parseJson, RowFault, readOption } from "../hosts/sql/host-rows.ts";
import type { Rows } from "../hosts/sql/sql-dialect.ts";
import type { StoredConfig, StoredEntry } from "./config-database.ts";
import type { StoredSelect } from "./select-stored.ts";
import { readColumns } from "./tables/config-column.ts";
import { type ConfigTables, OPTION_TYPES, OptionScope } from "./tables/config-tables.ts";

type Row = readonly unknown[];
type Metadata = { readonly "server-tags": readonly string[] };

/** Rows that are read at a time: half a millisecond or so. */
const PIECE = 50;

/** In steps that leave room for packets. */
export function readStored(
  tables: ConfigTables,
  rows: Readonly<Record<StoredSelect, Rows>>,
): Generator<void, StoredConfig> {
  return new StoredReader(tables, rows).read();
}

class StoredReader {
  readonly #tables: ConfigTables;
  readonly #rows: Readonly<Record<StoredSelect, Rows>>;
  readonly #origins = new Origins();
  readonly #tags = new Map<object, readonly string[]>();
  readonly #faults: string[] = [];
  readonly #subnetIds = new Set<number>();
  readonly #networkIds = new Map<number, string>();
  /** The same of ten thousand rows is one object. */
  readonly #metadata = new Map<string, Metadata>();
  /** What many subnets and pools say alike, by the columns and its text. */
  readonly #alike = new Map<ConfigTables["subnet"], Map<unknown, StoredEntry>>();
  /** By their scope and owner; `undefined` where one of them cannot be read. */
  readonly #options = new Map<string, StoredEntry[] | undefined>();

  constructor(tables: ConfigTables, rows: Readonly<Record<StoredSelect, Rows>>) {
    this.#tables = tables;
    this.#rows = rows;
  }

  *read(): Generator<void, StoredConfig> {
    const column = this.#column("options", "option_id");
    yield* each(this.#rows.inner, ([json]) => {
      const [scope, className, network, subnet, pool, pdPool, ...option] = parseJson<Row>(json);
      const owner = { 1: subnet, 2: className, 4: network, 5: pool, 6: pdPool }[scope as number];
      const entry = this.#entry(column, option[0], () => readOption(option as unknown as OptionRow));
      gather(this.#options, `${scope} ${owner}`, entry);
    });
    const definitions = yield* this.#group("classOptionDefs", "option_def", "id", (row) => readDefinition(row));
    const pools = yield* this.#group("pools", "pool", "id", ([start, end], id, alike) => ({
      pool: `${start} - ${end}`,
      ...this.#readAlike(this.#tables.pool, alike),
      ...this.#optionsOf(OptionScope.pool, id),
    }));
    const pdPools = yield* this.#group("pdPools", "pd_pool", "id", (values, id) => ({
      ...readColumns(this.#tables.pdPool ?? [], values),
      ...this.#optionsOf(OptionScope.pdPool, id),
    }));
    const stored = {
      globals: yield* this.#tagged("globals", "global_parameter", "id", readGlobal),
      optionDefs: yield* this.#tagged("optionDefs", "option_def", "id", readDefinition),
      options: yield* this.#tagged("options", "options", "option_id", (row) => readOption(row as never)),
      classes: yield* this.#tagged("classes", "client_class", "id", ([, name, ...values], id) => ({
        name,
        ...readColumns(this.#tables.class, values),
        ...this.#optionsOf(OptionScope.class, name),
        ...(this.#tables.family === 4 ? { "option-def": this.#of(definitions, id) } : {}),
      })),
      networks: yield* this.#tagged("networks", "shared_network", "id", ([name, ...values], _id, metadata) => ({
        name,
        ...readColumns(this.#tables.network, values),
        ...this.#optionsOf(OptionScope.network, name),
        metadata,
      })),
      subnets: yield* this.#tagged("subnets", "subnet", "subnet_id", ([subnet, network], id, metadata, alike) => ({
        id,
        subnet,
        "shared-network-name": network === "" ? null : network,
        ...this.#readAlike(this.#tables.subnet, alike),
        ...this.#optionsOf(OptionScope.subnet, id),
        pools: this.#of(pools, id),
        ...(this.#tables.pdPool === undefined ? {} : { "pd-pools": this.#of(pdPools, id) }),
        metadata,
      })),
    };
    const changes = this.#rows.changes.map(([id]) => Number(id));
    const [origins, tags, subnetIds, networkIds] = [this.#origins, this.#tags, this.#subnetIds, this.#networkIds];
    return { ...stored, changes, origins, tags, subnetIds, networkIds, faults: this.#faults };
  }

  /** Entries of a table that belongs to servers: of two for one thing the one for this server alone counts. */
  *#tagged(
    select: StoredSelect,
    table: string,
    key: string,
    read: (row: Row, id: unknown, metadata: object, alike: unknown) => object,
  ): Generator<void, readonly StoredEntry[]> {
    const isOrdered = select === "classes";
    const column = this.#column(table, key);
    const rows: { id: unknown; metadata: Metadata; row: Row; alike: unknown; rank: number; order: number }[] = [];
    yield* each(this.#rows[select], ([json, alike]) => {
      const all = parseJson<Row>(json);
      const { 0: id, 1: given } = all;
      // A pattern with a rest takes several times as long.
      const row = all.slice(2);
      const metadata = this.#metadataOf(given);
      // What is for all comes first, so that what is for one replaces it. Classes begin with their order.
      const rank = isOrdered || metadata["server-tags"].includes("all") ? 0 : 1;
      rows.push({ id, metadata, row, alike, rank, order: Number(isOrdered ? row[0] : id) });
    });
    rows.sort((a, b) => a.rank - b.rank || a.order - b.order);
    const entries: StoredEntry[] = [];
    yield* each(rows, ({ id, metadata, row, alike }) => {
      if (select === "subnets") this.#subnetIds.add(Number(id));
      if (select === "networks") this.#networkIds.set(Number(id), String(row[0]));
      const entry = this.#entry(column, id, () => read(row, id, metadata, alike));
      if (entry === undefined) return;
      if (entry["metadata"] === undefined) this.#tags.set(entry, metadata["server-tags"]);
      entries.push(entry);
    });
    return entries;
  }

  /** @param tags of its servers: JSON, of which MySQL has made an array already; `null` for none */
  #metadataOf(tags: unknown): Metadata {
    const key = typeof tags === "string" ? tags : JSON.stringify(tags);
    let metadata = this.#metadata.get(key);
    if (metadata === undefined) {
      const servers = parseJson<readonly (readonly [tag: string])[] | null>(tags) ?? [];
      metadata = { "server-tags": servers.map(([tag]) => tag) };
      this.#metadata.set(key, metadata);
    }
    return metadata;
  }

  /** Entries by what they are in, whose id comes first. */
  *#group(
    select: StoredSelect,
    table: string,
    key: string,
    read: (row: Row, id: unknown, alike: unknown) => object,
  ): Generator<void, Map<unknown, StoredEntry[] | undefined>> {
    const groups = new Map<unknown, StoredEntry[] | undefined>();
    const column = this.#column(table, key);
    const rows: { row: Row; alike: unknown }[] = [];
    yield* each(this.#rows[select], ([json, alike]) => void rows.push({ row: parseJson<Row>(json), alike }));
    rows.sort((a, b) => Number(a.row[1]) - Number(b.row[1]));
    yield* each(rows, ({ row: all, alike }) => {
      const { 0: owner, 1: id } = all;
      const entry = this.#entry(column, id, () => read(all.slice(2), id, alike));
      gather(groups, owner, entry);
    });
    return groups;
  }

  /** @throws RowFault */
  #readAlike(columns: ConfigTables["subnet"], json: unknown): StoredEntry {
    let known = this.#alike.get(columns);
    if (known === undefined) {
      known = new Map();
      this.#alike.set(columns, known);
    }
    let said = known.get(json);
    if (said === undefined) {
      said = readColumns(columns, parseJson<Row | null>(json) ?? []);
      known.set(json, said);
    }
    return said;
  }

  #optionsOf(scope: number, owner: unknown): object {
    // Of ten thousand subnets and pools none may have any.
    const options = this.#options.size === 0 ? [] : this.#of(this.#options, `${scope} ${owner}`);
    return options.length === 0 ? {} : { "option-data": options };
  }

  /** @throws RowFault where one of them could not be read: then what they are in cannot either */
  #of(groups: ReadonlyMap<unknown, StoredEntry[] | undefined>, owner: unknown): readonly StoredEntry[] {
    const entries = groups.get(owner);
    if (entries === undefined && groups.has(owner)) throw new PartFault();
    return entries ?? [];
  }

  #column(table: string, key: string): string {
    return `dhcp${this.#tables.family}_${table}.${key}`;
  }

  #entry(column: string, id: unknown, read: () => object): StoredEntry | undefined {
    try {
      const entry = read() as StoredEntry;
      this.#origins.add(entry, column, id);
      return entry;
    } catch (error) {
      const origin = `${column} ${id}`;
      if (error instanceof PartFault) this.#faults.push(`${origin}: is left out with what is wrong in it`);
      else if (error instanceof RowFault) this.#faults.push(`${origin}: ${error.message}`);
      else throw error;
      return undefined;
    }
  }
}

/** The rows that entries are. Of tens of thousands nobody asks, unless one is wrong. */
class Origins {
  readonly #entries: object[] = [];
  readonly #columns: string[] = [];
  readonly #ids: unknown[] = [];
  #byEntry: ReadonlyMap<object, string> | undefined;

  add(entry: object, column: string, id: unknown): void {
    this.#entries.push(entry);
    this.#columns.push(column);
    this.#ids.push(id);
  }

  get(entry: object): string | undefined {
    this.#byEntry ??= new Map(this.#entries.map((each, i) => [each, `${this.#columns[i]} ${this.#ids[i]}`]));
    return this.#byEntry.get(entry);
  }
}

function* each<Item>(items: readonly Item[], read: (item: Item) => void): Generator<void> {
  for (let i = 0; i < items.length; i++) {
    if (i % PIECE === 0) yield;
    read(items[i]!);
  }
}

/** Something inside cannot be read, which has been told. */
class PartFault extends Error {}

function gather(groups: Map<unknown, StoredEntry[] | undefined>, key: unknown, entry: StoredEntry | undefined): void {
  const group = groups.get(key);
  if (entry === undefined || (group === undefined && groups.has(key))) groups.set(key, undefined);
  else if (group === undefined) groups.set(key, [entry]);
  else group.push(entry);
}

/** @throws RowFault */
function readGlobal([name, value, type]: Row): object {
  const text = String(value);
  switch (Number(type)) {
    case ParameterType.integer:
    case ParameterType.real: {
      const number = text.trim() === "" ? Number.NaN : Number(text);
      if (!Number.isFinite(number)) throw new RowFault("value", value, "is no number, which parameter_type says it is");
      return { name, value: number };
    }
    case ParameterType.boolean:
      if (!/^(0|1|true|false)$/i.test(text)) {
        throw new RowFault("value", value, "is neither 0 nor 1, and parameter_type says it is a boolean");
      }
      return { name, value: /^(1|true)$/i.test(text) };
    case ParameterType.string:
      return { name, value: text };
    default:
      throw new RowFault("parameter_type", type, "is no type of a parameter: expected 0, 1, 2 or 4");
  }
}

/** In `parameter_data_type`. */
const ParameterType = { integer: 0, real: 1, boolean: 2, string: 4 } as const;

/** @throws RowFault */
function readDefinition([code, name, space, type, isArray, encapsulate, records, context]: Row): object {
  const nameOf = (column: string, number: unknown) => {
    const found = OPTION_TYPES.get(Number(number));
    if (found === undefined) throw new RowFault(column, number, "is no type of an option");
    return found;
  };
  const fields = records === null || records === "" ? [] : parseRecords(records);
  return {
    code,
    name,
    space,
    type: nameOf("type", type),
    array: isArray === true || isArray === 1,
    encapsulate,
    ...(fields.length === 0 ? {} : { "record-types": fields.map((each) => nameOf("record_types", each)).join(", ") }),
    ...readColumns([{ key: "user-context", name: "user_context", kind: "context" }], [context]),
  };
}

function parseRecords(text: unknown): readonly unknown[] {
  try {
    const list = parseJson<unknown>(text);
    if (Array.isArray(list)) return list;
  } catch {
    // Told below.
  }
  throw new RowFault("record_types", text, "is no JSON list of numbers");
}
