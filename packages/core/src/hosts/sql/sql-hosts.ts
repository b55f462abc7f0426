/** Reservations in a database with Kea's tables, whatever dialect it speaks. */
import type { SchemaVersion } from "../../leases/database/kea-schema.ts";
import type { SqlValue } from "../../leases/database/sql-columns.ts";
import type {
  HostDatabase,
  HostFilter,
  HostPage,
  HostQuestion,
  HostRecord,
  StoredHost,
} from "../database/host-database.ts";
import { hostColumns } from "./host-columns.ts";
import { bytesOf, field, type HostRows, numberOfType, parseJson, RowFault, type SqlField } from "./host-rows.ts";
import { gatherHosts, type HostSelect, selectHost } from "./select-host.ts";
import type { Rows, SqlDialect } from "./sql-dialect.ts";
import type { SqlFamily } from "./sql-family.ts";
import { join, list, literal, type SqlStatement, sql } from "./sql-statement.ts";

/** The connections to a database, which come and go. */
interface Session<Connection> {
  readonly isConnected: boolean;
  /** @throws the error that they were lost by, while there are none */
  readonly connection: {
    readonly reading: Connection;
    readonly searching: Connection;
    readonly writing: Connection;
    readonly schema: SchemaVersion;
  };
  close(): Promise<void>;
}

/** What `HostDatabase` says of itself. */
export interface HostPlace {
  readonly name: string;
  readonly isReadOnly: boolean;
  /** Whether packets are served without its reservations while there is no connection: else loads reject. */
  readonly mayBeAway: boolean;
}

/** What a reservation has rows in, those that depend on others first. */
const TABLES = ["dhcp4_options", "dhcp6_options", "ipv6_reservations", "hosts"];

const BEGIN = sql`BEGIN`;
const COMMIT = sql`COMMIT`;
const ROLLBACK = sql`ROLLBACK`;

type Run = (statements: readonly SqlStatement[]) => Promise<readonly Rows[]>;
/** @returns how many rows */
type Change = (statement: SqlStatement) => Promise<number>;

export class SqlHosts<Connection, Type extends string, Address, Reservation>
  implements HostDatabase<Type, Address, Reservation>
{
  readonly name: string;
  readonly isReadOnly: boolean;
  readonly #mayBeAway: boolean;
  readonly #tables: SqlFamily<Type, Address, Reservation>;
  readonly #dialect: SqlDialect<Connection>;
  readonly #session: Session<Connection>;
  /** Of this family: a row may be for both. */
  readonly #subnet: string;
  readonly #options: string;
  /** What selects a host, by the schema. */
  readonly #selects = new Map<SchemaVersion, HostSelect>();
  #writing: Promise<unknown> = Promise.resolve();
  #revision = 0;

  constructor(
    { name, isReadOnly, mayBeAway }: HostPlace,
    tables: SqlFamily<Type, Address, Reservation>,
    dialect: SqlDialect<Connection>,
    session: Session<Connection>,
  ) {
    this.name = name;
    this.isReadOnly = isReadOnly;
    this.#mayBeAway = mayBeAway;
    this.#tables = tables;
    this.#dialect = dialect;
    this.#session = session;
    this.#subnet = `h.dhcp${tables.family}_subnet_id`;
    this.#options = `dhcp${tables.family}_options`;
  }

  get isUp(): boolean {
    return this.#session.isConnected;
  }

  get revision(): number {
    return this.#revision;
  }

  async load(questions: readonly HostQuestion<Type, Address>[]): Promise<readonly HostRecord[]> {
    const byIdentifier = questions.flatMap(({ subnetId, identifiers }) =>
      identifiers.map(({ type, key }): SqlValue[] => [subnetId, numberOfType(type), bytesOf(key)]),
    );
    const byAddress = questions.flatMap(({ subnetId, addresses }) =>
      addresses.map((address): SqlValue[] => [subnetId, this.#tables.columnOf(address)]),
    );
    const reading = this.#reading();
    if (reading === undefined || byIdentifier.length + byAddress.length === 0) return [];
    try {
      return this.#read(await this.#dialect.run(reading, [this.#ofAny(byIdentifier, byAddress)]));
    } catch (error) {
      throw this.#named(error);
    }
  }

  async reservedAmong(subnetId: number, addresses: readonly Address[]): Promise<readonly Address[]> {
    const { family, columnOf, addressOf } = this.#tables;
    const { ipv6, jsonRows, run } = this.#dialect;
    const reading = this.#reading();
    if (reading === undefined || addresses.length === 0) return [];
    const column = family === 4 ? "h.ipv4_address" : ipv6("r.address");
    const found = this.#ofAddresses(
      `${column} AS address`,
      addresses.map((address) => [subnetId, columnOf(address)]),
    );
    try {
      // One text: drivers take long to read many rows.
      const results = await run(reading, [sql`WITH f AS (${found}) SELECT ${jsonRows(["f.address"])} FROM f`]);
      return parseJson<[unknown][]>(results[0]![0]![0] ?? []).map(([address]) => addressOf(address));
    } catch (error) {
      throw this.#named(error);
    }
  }

  async find(filter: HostFilter<Type, Address>): Promise<readonly HostRecord[]> {
    const { columns, joins } = this.#select;
    const statement = sql`SELECT ${columns} FROM hosts AS h ${joins} WHERE ${this.#isLike(filter)} ORDER BY h.host_id`;
    return this.#read(await this.#dialect.run(this.#session.connection.searching, [statement]));
  }

  async page({ after, limit, subnetId }: HostPage): Promise<readonly HostRecord[]> {
    const { columns, joins } = this.#select;
    const hosts = sql`SELECT h.* FROM hosts AS h
      WHERE ${this.#isLike({ subnetId })} AND h.host_id > ${literal("number", after)}
      ORDER BY h.host_id LIMIT ${literal("number", limit)}`;
    const statement = sql`SELECT ${columns} FROM (${hosts}) AS h ${joins} ORDER BY h.host_id`;
    return this.#read(await this.#dialect.run(this.#session.connection.searching, [statement]));
  }

  async add(host: StoredHost<Reservation>, isUnique: boolean): Promise<boolean> {
    const rows = this.#rowsOf(host);
    const fields = [this.#subnetField(host.subnetId), ...rows.host];
    // One of the same client is left to the index, which refuses a second one.
    const isNew = isUnique ? sql`WHERE NOT EXISTS (${this.#others(host, isIdentified(fields))})` : sql``;
    const names = fields.map(({ name }) => name).join(", ");
    const insert = sql`INSERT INTO hosts (${names}) SELECT ${valuesOf(fields)} FROM (SELECT 1 AS one) AS d ${isNew}`;
    const parts = this.#addParts(host);
    try {
      // A single statement is a transaction by itself.
      if (parts.length === 0) return await this.#inTurn(async (_run, change) => (await change(insert)) > 0);
      return await this.#inTurn(async (run, change) => {
        await run([BEGIN]);
        const isAdded = (await change(insert)) > 0;
        await run(isAdded ? [...parts, COMMIT] : [ROLLBACK]);
        return isAdded;
      });
    } catch (error) {
      if (this.#dialect.isDuplicate(error)) return false;
      throw error;
    }
  }

  async update(host: StoredHost<Reservation>, isUnique: boolean): Promise<"updated" | "absent" | "conflict"> {
    const rows = this.#rowsOf(host);
    const fields = [this.#subnetField(host.subnetId), ...rows.host];
    return await this.#write(async (run) => {
      const [found] = await run([sql`SELECT h.host_id FROM hosts AS h WHERE ${isIdentified(fields)} FOR UPDATE`]);
      const [id] = found!.map(([value]) => Number(value));
      if (id === undefined) return "absent";
      if (isUnique && (await run([this.#others(host, sql`h.host_id = ${literal("number", id)}`)]))[0]!.length > 0)
        return "conflict";
      await run([
        sql`UPDATE hosts SET ${join(
          fields.map(({ name, kind, value }) => sql`${name} = ${literal(kind, value)}`),
          ", ",
        )} WHERE host_id = ${literal("number", id)}`,
        ...[this.#options, ...(this.#tables.family === 6 ? ["ipv6_reservations"] : [])].map((table) =>
          deleteOf(table, [id]),
        ),
        ...this.#addParts(host),
      ]);
      return "updated";
    });
  }

  async remove(filter: HostFilter<Type, Address> & { readonly subnetId: number }): Promise<number> {
    return await this.#write(async (run) => {
      const [found] = await run([sql`SELECT h.host_id FROM hosts AS h WHERE ${this.#isLike(filter)} FOR UPDATE`]);
      const ids = found!.map(([id]) => Number(id));
      if (ids.length === 0) return 0;
      await run(TABLES.map((table) => deleteOf(table, ids)));
      return ids.length;
    });
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  #reading(): Connection | undefined {
    try {
      return this.#session.connection.reading;
    } catch (error) {
      if (this.#mayBeAway) return undefined;
      throw this.#named(error);
    }
  }

  /** Of packets it is told without anybody who says what it is about. */
  #named(error: unknown): Error {
    return new Error(`${this.name}: ${(error as Error).message}`, { cause: error });
  }

  get #select(): HostSelect {
    const { schema } = this.#session.connection;
    const select = this.#selects.get(schema) ?? selectHost(this.#tables, this.#dialect, hostColumns(schema));
    this.#selects.set(schema, select);
    return select;
  }

  /** Rows that both find come once. */
  #ofAny(byIdentifier: readonly SqlValue[][], byAddress: readonly SqlValue[][]): SqlStatement {
    const { columns, joins } = this.#select;
    if (byAddress.length === 0) return sql`${this.#ofIdentifiers(columns, byIdentifier)} ${joins}`;
    if (byIdentifier.length === 0) return sql`${this.#ofAddresses(columns, byAddress)} ${joins}`;
    const id = "h.host_id";
    return sql`SELECT ${columns}
      FROM (${this.#ofIdentifiers(id, byIdentifier)} UNION ${this.#ofAddresses(id, byAddress)}) AS f
      ${this.#dialect.joinInOrder} hosts AS h ON h.host_id = f.host_id ${joins}`;
  }

  #ofIdentifiers(selected: string, rows: readonly SqlValue[][]): SqlStatement {
    const columns = [SUBNET, { name: "type", kind: "int16" }, { name: "identifier", kind: "bytes" }] as const;
    return sql`SELECT ${selected} FROM ${{ columns, rows }} ${this.#dialect.joinInOrder} hosts AS h
      ON h.dhcp_identifier = v.identifier AND h.dhcp_identifier_type = v.type AND ${this.#subnet} = v.subnet`;
  }

  #ofAddresses(selected: string, rows: readonly SqlValue[][]): SqlStatement {
    const { family, addressKind } = this.#tables;
    const columns = [SUBNET, { name: "address", kind: addressKind }] as const;
    const { joinInOrder: join } = this.#dialect;
    const hosts =
      family === 4
        ? `${join} hosts AS h ON h.ipv4_address = v.address`
        : `${join} ipv6_reservations AS r ON r.address = v.address ${join} hosts AS h ON h.host_id = r.host_id`;
    return sql`SELECT ${selected} FROM ${{ columns, rows }} ${hosts} AND ${this.#subnet} = v.subnet`;
  }

  #isLike({ subnetId, identifier, address, hostname }: HostFilter<Type, Address>): SqlStatement {
    const conditions = [
      subnetId === undefined ? sql`${this.#subnet} IS NOT NULL` : sql`${this.#subnet} = ${literal("number", subnetId)}`,
    ];
    if (identifier !== undefined) {
      const bytes = literal("bytes", bytesOf(identifier.key));
      conditions.push(sql`h.dhcp_identifier = ${bytes}`);
      conditions.push(sql`h.dhcp_identifier_type = ${literal("int16", numberOfType(identifier.type))}`);
    }
    if (address !== undefined) conditions.push(this.#hasOneOf([address]));
    if (hostname !== undefined) conditions.push(this.#dialect.isAlike("h.hostname", sql`${literal("text", hostname)}`));
    return join(conditions, " AND ");
  }

  #hasOneOf(addresses: readonly Address[]): SqlStatement {
    const { family, addressKind, columnOf } = this.#tables;
    const among = list(addressKind, addresses.map(columnOf));
    return family === 4
      ? sql`h.ipv4_address IN ${among}`
      : sql`h.host_id IN (SELECT host_id FROM ipv6_reservations WHERE address IN ${among})`;
  }

  /** Other reservations in the subnet of the same addresses. @param own which row of `hosts` is none of them */
  #others({ subnetId, reservation }: StoredHost<Reservation>, own: SqlStatement): SqlStatement {
    const addresses = this.#tables.addressesOf(reservation);
    const has = addresses.length === 0 ? sql`1 = 0` : this.#hasOneOf(addresses);
    const inSubnet = sql`${this.#subnet} = ${literal("number", subnetId)}`;
    return sql`SELECT h.host_id FROM hosts AS h WHERE ${inSubnet} AND ${has} AND NOT (${own})`;
  }

  #subnetField(subnetId: number): SqlField {
    return field(`dhcp${this.#tables.family}_subnet_id`, "number", subnetId);
  }

  #rowsOf({ reservation }: StoredHost<Reservation>): HostRows {
    return this.#tables.write(reservation, hostColumns(this.#session.connection.schema));
  }

  /** Adds options, addresses and prefixes to the row of `hosts`, if it is there. */
  #addParts(stored: StoredHost<Reservation>): readonly SqlStatement[] {
    const { host, options, leases } = this.#rowsOf(stored);
    const which = isIdentified([this.#subnetField(stored.subnetId), ...host]);
    const addTo = (table: string) => (fields: readonly SqlField[]) =>
      sql`INSERT INTO ${table} (host_id, ${fields.map(({ name }) => name).join(", ")})
        SELECT h.host_id, ${valuesOf(fields)} FROM hosts AS h WHERE ${which}`;
    return [...options.map(addTo(this.#options)), ...leases.map(addTo("ipv6_reservations"))];
  }

  /** A transaction whose statements follow from what the ones before have found. */
  #write<T>(work: (run: Run) => Promise<T>): Promise<T> {
    return this.#inTurn(async (run) => {
      await run([BEGIN]);
      const done = await work(run);
      await run([COMMIT]);
      return done;
    });
  }

  /** One transaction after the other; undone if `work` fails. */
  #inTurn<T>(work: (run: Run, change: Change) => Promise<T>): Promise<T> {
    const result = this.#writing.then(async () => {
      const { writing } = this.#session.connection;
      const run: Run = (statements) => this.#dialect.run(writing, statements);
      try {
        return await work(run, (statement) => this.#dialect.change(writing, statement));
      } catch (error) {
        // Where the connection is lost, so is the transaction.
        await run([ROLLBACK]).catch(() => {});
        throw error;
      } finally {
        this.#revision++;
      }
    });
    this.#writing = result.catch(() => {});
    return result;
  }

  #read(results: readonly Rows[]): readonly HostRecord[] {
    return gatherHosts(this.#tables.family, results.flat()).map(({ id, subnetId, values }) =>
      this.#readRow(id, subnetId, values),
    );
  }

  #readRow(id: number, subnetId: number, values: readonly unknown[]): HostRecord {
    const origin = `hosts.host_id ${id}`;
    try {
      return { id, subnetId, origin, reservation: this.#tables.read(values) };
    } catch (error) {
      if (!(error instanceof RowFault)) throw error;
      return { id, subnetId, origin, reservation: {}, fault: error.message };
    }
  }
}

const SUBNET = { name: "subnet", kind: "number" } as const;

/** @param fields of `hosts`, of which the first three are nobody else's */
function isIdentified(fields: readonly SqlField[]): SqlStatement {
  const own = fields.slice(0, 3).map(({ name, kind, value }) => sql`h.${name} = ${literal(kind, value)}`);
  return join(own, " AND ");
}

function deleteOf(table: string, ids: readonly number[]): SqlStatement {
  return sql`DELETE FROM ${table} WHERE host_id IN ${list("number", ids)}`;
}

function valuesOf(fields: readonly SqlField[]): SqlStatement {
  return join(
    fields.map(({ kind, value }) => sql`${literal(kind, value)}`),
    ", ",
  );
}
