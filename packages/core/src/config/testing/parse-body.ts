/** For tests of configurations: they give the inside of `Dhcp4` or `Dhcp6`, and see faults as text. */
import { expect } from "vitest";
import type { ConfigFamily } from "../config-family.ts";
import { dhcp4Family } from "../dhcp4-family.ts";
import { dhcp6Family } from "../dhcp6-family.ts";
import { formatFault } from "../fault.ts";
import { type LoadedConfig, parseConfig } from "../load/load-config.ts";

export const nowhere = {
  read(): string {
    throw new Error("no such file");
  },
};

class BodyParser<Config extends object> {
  readonly #family: ConfigFamily<Config>;

  constructor(family: ConfigFamily<Config>) {
    this.#family = family;
  }

  /** An interface is named, so that nothing is said about interfaces. */
  readonly parse = (body: string): LoadedConfig<Config> => {
    const text = `{ "${this.#family.root}": { "interfaces-config": { "interfaces": ["eth0"] },\n${body}\n} }`;
    return parseConfig(this.#family, { file: "f", text }, nowhere);
  };

  /** Formatted, without the file. What stands at each position must be the value or the key that the fault is about. */
  readonly faultsOf = (body: string): string[] => {
    const lines = ["", ...body.split("\n")];
    return this.parse(body).faults.map((fault) => {
      const { position, pointer, at, value } = fault;
      const there = lines[(position?.line ?? 0) - 1]?.slice((position?.column ?? 0) - 1);
      if (at === "key") expect(there?.startsWith(`"${pointer.at(-1)}"`)).toBe(true);
      else if (value !== undefined) expect(there?.startsWith(JSON.stringify(value))).toBe(true);
      return formatFault(fault).replace(/^f:/, "");
    });
  };

  readonly configOf = (body: string): Config => {
    const loaded = this.parse(body);
    if (loaded.kind === "refused") throw new Error(loaded.faults.map(formatFault).join("\n"));
    return loaded.config;
  };
}

export const { parse, faultsOf, configOf } = new BodyParser(dhcp4Family);
export const { faultsOf: faultsOf6, configOf: configOf6 } = new BodyParser(dhcp6Family);

export const SUBNET = '"id": 1, "subnet": "192.0.2.0/24"';
export const pools = (...texts: string[]) =>
  `"subnet4": [{${SUBNET}, "pools": [${texts.map((text) => `{"pool": "${text}"}`).join(", ")}]}]`;
export const reservations = (...texts: string[]) =>
  `"subnet4": [{${SUBNET}, "reservations": [\n${texts.join(",\n")}]}]`;
export const HW = '"hw-address": "01:02:03:04:05:06"';

/** A subnet of DHCPv6, with each key on a line of its own behind the first. */
export const subnet6 = (...keys: string[]) => `"subnet6": [{"id": 1, "subnet": "2001:db8::/64",\n${keys.join(",\n")}}]`;
export const pdPool = (keys = "", prefix = "2001:db8:8000::", lengths = [48, 56]) =>
  subnet6(
    `"pd-pools": [{"prefix": "${prefix}", "prefix-len": ${lengths[0]}, "delegated-len": ${lengths[1]}${keys === "" ? "" : ",\n"}${keys}}]`,
  );
export const reservations6 = (...texts: string[]) => subnet6(`"reservations": [\n${texts.join(",\n")}]`);
