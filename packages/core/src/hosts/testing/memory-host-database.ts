/** A host database in memory that answers late, as one beside a network does. Tests only. */
import { setImmediate } from "node:timers/promises";
import { atOnce } from "../../base/steps.ts";
import type {
  HostDatabase,
  HostFilter,
  HostPage,
  HostQuestion,
  HostRecord,
  StoredHost,
} from "../database/host-database.ts";
import { HostTable, type HostTableRules } from "../file/host-table.ts";

export class MemoryHostDatabase<Type extends string, Address extends string | number, Reservation extends object>
  implements HostDatabase<Type, Address, Reservation>
{
  readonly name = "memory";
  readonly isReadOnly = false;
  isUp = true;
  revision = 0;
  readonly table: HostTable<Type, Address, Reservation>;
  /** Of each call of `load`. */
  readonly asked: (readonly HostQuestion<Type, Address>[])[] = [];
  /** How many addresses each call of `reservedAmong` was about. */
  readonly askedAmong: number[] = [];
  /** Called as a load arrives; may throw. */
  beforeLoad: () => void = () => {};

  constructor(rules: HostTableRules<Type, Address, Reservation>) {
    this.table = new HostTable(rules);
  }

  async load(questions: readonly HostQuestion<Type, Address>[]): Promise<readonly HostRecord[]> {
    this.asked.push(questions);
    await setImmediate();
    this.beforeLoad();
    return this.table.load(questions).map((id) => this.#recordOf(id));
  }

  async reservedAmong(subnetId: number, addresses: readonly Address[]): Promise<readonly Address[]> {
    this.askedAmong.push(addresses.length);
    await setImmediate();
    return this.table.reservedAmong(subnetId, addresses);
  }

  async find(filter: HostFilter<Type, Address>): Promise<readonly HostRecord[]> {
    return atOnce(this.table.find(filter)).map((id) => this.#recordOf(id));
  }

  async page(page: HostPage): Promise<readonly HostRecord[]> {
    return atOnce(this.table.page(page)).map((id) => this.#recordOf(id));
  }

  async add(host: StoredHost<Reservation>, isUnique: boolean): Promise<boolean> {
    if (this.table.idOf(host) !== undefined || (isUnique && this.table.isTaken(host))) return false;
    this.table.add(host);
    this.revision++;
    return true;
  }

  async update(host: StoredHost<Reservation>, isUnique: boolean): Promise<"updated" | "absent" | "conflict"> {
    const id = this.table.idOf(host);
    if (id === undefined) return "absent";
    if (isUnique && this.table.isTaken(host, id)) return "conflict";
    this.table.replace(id, host);
    this.revision++;
    return "updated";
  }

  async remove(filter: HostFilter<Type, Address> & { readonly subnetId: number }): Promise<number> {
    const ids = atOnce(this.table.find(filter));
    for (const id of ids) this.table.remove(id);
    this.revision++;
    return ids.length;
  }

  async close(): Promise<void> {
    // It holds nothing.
  }

  #recordOf(id: number): HostRecord {
    return { id, ...this.table.hostOf(id), origin: `record ${id}` };
  }
}
