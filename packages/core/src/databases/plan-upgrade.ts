/** Takes a database to Kea 3.0's schema, step by step, each of which may be interrupted anywhere and is gone on with. */
import { formatVersion, type SchemaVersion } from "../leases/database/kea-schema.ts";
import type { SchemaChange, UpgradeStep } from "./upgrade-steps.ts";

export interface PlannedStep {
  /** The version that the database has after it. */
  readonly version: string;
  readonly what: string;
  run(): Promise<void>;
}

/** How a kind of database is changed. */
export interface UpgradeDialect {
  /** None where there is no such table. */
  columnsOf(table: string): Promise<readonly unknown[]>;
  /** @returns statements */
  write(change: SchemaChange): readonly string[];
  /** One after the other; all or none of them where the database can do that. */
  run(statements: readonly string[]): Promise<void>;
}

export function planUpgrade(
  from: SchemaVersion,
  steps: readonly UpgradeStep[],
  dialect: UpgradeDialect,
): readonly PlannedStep[] {
  return steps
    .filter(({ version }) => version > from)
    .map(({ version, what, changes }) => ({
      version: formatVersion(version),
      what,
      async run() {
        const statements = await writeChanges(changes, dialect);
        await dialect.run([...statements, `UPDATE schema_version SET version = ${version}, minor = 0`]);
      },
    }));
}

/** Leaves out what has been done already, and what is about tables that are not there. */
export async function writeChanges(
  changes: readonly SchemaChange[],
  { columnsOf, write }: Pick<UpgradeDialect, "columnsOf" | "write">,
): Promise<readonly string[]> {
  const statements: string[] = [];
  for (const change of changes) {
    const columns = await columnsOf(change.table);
    const isDone = (change.kind === "add" || change.kind === "rename") && columns.includes(change.column);
    if (columns.length > 0 && !isDone) statements.push(...write(change));
  }
  return statements;
}
