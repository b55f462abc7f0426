/** A DNS server of values for tests: prerequisites and updates as RFC 2136 §3 has them. */
import { isDeepStrictEqual } from "node:util";
import { Rcode } from "../dns/response.ts";
import type { UpdateRecord } from "../dns/update-message.ts";
import type { UpdateContent } from "../update/send-update.ts";

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly data: string;
}

export class ZoneModel {
  #entries: Entry[] = [];

  /** `NAME TYPE DATA`, in order. */
  get records(): string[] {
    return this.#entries.map(({ name, type, data }) => `${name} ${type} ${data}`).sort();
  }

  /** Something made by hand. */
  put(name: string, type: string, data: string): void {
    this.#entries.push({ name, type, data });
  }

  update({ prerequisites, updates }: Pick<UpdateContent, "prerequisites" | "updates">): number {
    const rcode = this.#check(prerequisites);
    if (rcode !== Rcode.NOERROR) return rcode;
    for (const record of updates) this.#apply(record);
    return Rcode.NOERROR;
  }

  /** §3.2. */
  #check(prerequisites: readonly UpdateRecord[]): number {
    const sets = new Map<string, string[]>();
    for (const { name, type, class: of, data } of prerequisites) {
      const isThere = this.#find(name, type).length > 0;
      if (of === "ANY" && !isThere) return type === "ANY" ? Rcode.NXDOMAIN : Rcode.NXRRSET;
      if (of === "NONE" && isThere) return type === "ANY" ? Rcode.YXDOMAIN : Rcode.YXRRSET;
      if (of === "IN") sets.set(`${name} ${type}`, [...(sets.get(`${name} ${type}`) ?? []), text(data)]);
    }
    for (const [key, wanted] of sets) {
      const [name = "", type = ""] = key.split(" ");
      const there = this.#find(name, type).map(({ data }) => data);
      if (!isDeepStrictEqual(there.sort(), wanted.sort())) return Rcode.NXRRSET;
    }
    return Rcode.NOERROR;
  }

  /** §3.4.2. */
  #apply({ name, type, class: of, data }: UpdateRecord): void {
    if (of === "IN") {
      this.#remove(name, type, text(data));
      this.#entries.push({ name: name.toLowerCase(), type, data: text(data) });
    } else this.#remove(name, type, of === "NONE" ? text(data) : undefined);
  }

  #find(name: string, type: string): readonly Entry[] {
    return this.#entries.filter((each) => each.name === name.toLowerCase() && (type === "ANY" || each.type === type));
  }

  #remove(name: string, type: string, data: string | undefined): void {
    const gone = this.#find(name, type).filter((each) => data === undefined || each.data === data);
    this.#entries = this.#entries.filter((each) => !gone.includes(each));
  }
}

function text(data: UpdateRecord["data"]): string {
  return typeof data === "string" ? data : Buffer.from(data ?? []).toString("hex");
}
