/** Whether the service is on: anybody of several may have switched it off, each for himself. */
import { z } from "zod";
import { Timer } from "../base/timer.ts";
import type { Json } from "./kea-json.ts";

/** Kea's numbers: 1 is the user, from 1000 on this server's own HA, from 2000 on an HA partner. */
export type Origin = number;

const USER: Origin = 1;
const LOCAL: Origin = 1000;
const REMOTE: Origin = 2000;

const ORIGINS: Readonly<Record<string, Origin>> = {
  user: USER,
  "ha-local": LOCAL,
  "ha-partner": REMOTE,
  "ha-remote": REMOTE,
};

const originName = z.enum(["user", "ha-local", "ha-partner", "ha-remote"]);

/** Of `dhcp-disable` and `dhcp-enable`. */
export const originArguments = {
  origin: z
    .union([originName, z.int().min(0)])
    .optional()
    .describe("Who asks: `user` unless said otherwise; `ha-partner` is for servers."),
  "origin-id": z.int().min(0).optional().describe("The same as a number; it takes precedence over `origin`."),
};

export function originOf(given: {
  readonly origin?: string | number | undefined;
  "origin-id"?: number | undefined;
}): Origin {
  const { origin = USER, "origin-id": id } = given;
  return id ?? (typeof origin === "number" ? origin : ORIGINS[origin]!);
}

/** @returns whether it sees to that itself, for less than all of the service */
export type PartnerSwitch = (isOn: boolean, seconds?: number) => boolean;

export class ServiceState {
  /** Is asked first where another server has switched. */
  onPartner: PartnerSwitch = () => false;
  /** With the timer that switches it on again. */
  readonly #disabled = new Map<Origin, Timer | undefined>();

  get isOn(): boolean {
    return this.#disabled.size === 0;
  }

  /** @param seconds after which it is on again; `undefined` for no end */
  disable(origin: Origin, seconds?: number): void {
    this.#enable(origin);
    if (origin >= REMOTE && this.onPartner(false, seconds)) return;
    this.#disabled.set(
      origin,
      seconds === undefined ? undefined : Timer.after(seconds * 1000, () => this.#enable(origin)).unref(),
    );
  }

  enable(origin: Origin): void {
    this.#enable(origin);
    if (origin >= REMOTE) this.onPartner(true);
  }

  #enable(origin: Origin): void {
    this.#disabled.get(origin)?.stop();
    this.#disabled.delete(origin);
  }

  /** For `status-get`. */
  describe(): Json {
    const origins = [...this.#disabled.keys()];
    return {
      "disabled-by-db-connection": [],
      "disabled-by-local-command": origins.filter((origin) => origin >= LOCAL && origin < REMOTE),
      "disabled-by-remote-command": origins.filter((origin) => origin >= REMOTE),
      "disabled-by-user": origins.some((origin) => origin < LOCAL),
      "globally-disabled": !this.isOn,
    };
  }
}
