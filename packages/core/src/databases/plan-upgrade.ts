/** Takes a database to Kea 3.0's schema, step by step, each of which may be interrupted anywhere and is gone on with. */
import { formatVersion, type SchemaVersion } from "../leases/database/kea-schema.ts";
import type { SchemaChange, UpgradeStep } from "./upgrade-steps.ts";

export interface PlannedStep {
  /** The version that the database has after it. */
  readonly version: string;
  readonly what: string;
  /** How many statements it takes. */
  readonly size: number;
  /** @param onStatement called when each of them is done */
  run(onStatement?: () => void): Promise<void>;
}

/** How a kind of database is changed. */
export interface UpgradeDialect {
  /** None where there is no such table. */
  columnsOf(table: string): Promise<readonly unknown[]>;
  /** @returns statements */
  write(change: SchemaChange): readonly string[];
  /** One after the other; all or none of them where the database can do that. */
  run(statements: readonly string[], onStatement?: () => void): Promise<void>;
}

/** No step changes what one behind it finds. */
export async function planUpgrade(
  from: SchemaVersion,
  steps: readonly UpgradeStep[],
  dialect: UpgradeDialect,
): Promise<readonly PlannedStep[]> {
  const planned: PlannedStep[] = [];
  for (const { version, what, changes } of steps.filter((step) => step.version > from)) {
    const statements = await writeChanges(changes, dialect);
    statements.push(`UPDATE schema_version SET version = ${version}, minor = 0`);
    const run = (onStatement?: () => void) => dialect.run(statements, onStatement);
    planned.push({ version: formatVersion(version), what, size: statements.length, run });
  }
  return planned;
}

/** Leaves out what has been done already, and what is about tables that are not there. */
export async function writeChanges(
  changes: readonly SchemaChange[],
  { columnsOf, write }: Pick<UpgradeDialect, "columnsOf" | "write">,
): Promise<string[]> {
  const statements: string[] = [];
  for (const change of changes) {
    const columns = await columnsOf(change.table);
    const isDone = (change.kind === "add" || change.kind === "rename") && columns.includes(change.column);
    if (columns.length > 0 && !isDone) statements.push(...write(change));
  }
  return statements;
}
