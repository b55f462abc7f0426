/** Servers that only store what the others tell them, in any state of these. */
import type { Exchange, Surroundings } from "@kotare/extension";
import type { Tell } from "./control/messages.ts";
import type { Connect, Link } from "./link/partner-link.ts";
import { Outbox } from "./outbox.ts";
import type { Peer } from "./parameters/relationship-schema.ts";

/** One that has failed is left alone for so many milliseconds: nobody queues for it. */
const PAUSE = 1000;

interface Backup {
  readonly name: string;
  readonly link: Link;
  readonly outbox: Outbox;
  failedAt: number | undefined;
}

export class Backups {
  readonly #server: string;
  readonly #waits: boolean;
  readonly #around: Pick<Surroundings<unknown>, "clock" | "tell">;
  readonly #backups: readonly Backup[];

  /** @param server that tells them @param waits whether answers wait for all of them @param patience milliseconds */
  constructor(
    peers: readonly Peer[],
    { server, waits, patience }: { readonly server: string; readonly waits: boolean; readonly patience: number },
    around: Pick<Surroundings<unknown>, "clock" | "family" | "tell">,
    connect: Connect,
  ) {
    this.#server = server;
    this.#waits = waits;
    this.#around = around;
    this.#backups = peers.map((peer) => {
      const link = connect(peer, around.family);
      const outbox = new Outbox(around.family, 0, (command, args, way) => link.ask(command, args, patience, way));
      return { name: peer.name, link, outbox, failedAt: undefined };
    });
  }

  get isEmpty(): boolean {
    return this.#backups.length === 0;
  }

  /** Never rejects. @returns why one does not have the change, where answers wait for all; at once where they do not */
  async tell(exchange: Exchange): Promise<string | undefined> {
    const told = Promise.all(this.#backups.map((backup) => this.#tell(backup, exchange)));
    if (!this.#waits) return undefined;
    return (await told).find((why) => why !== undefined);
  }

  async #tell(backup: Backup, exchange: Exchange): Promise<string | undefined> {
    const { name, outbox, failedAt } = backup;
    if (failedAt !== undefined && this.#now - failedAt < PAUSE) return `backup ${name} cannot be told`;
    const [server, partner] = [this.#server, name];
    const tell: Tell = this.#around.tell;
    // Its query is not to be looked at any more when the backup has answered.
    const packed = outbox.pack(exchange);
    try {
      const rejection = await outbox.send(packed);
      backup.failedAt = undefined;
      if (rejection === undefined) return undefined;
      const { why } = rejection;
      tell("HA_LEASE_UPDATE_CONFLICT", { server, partner, client: packed.client, error: why });
      return `backup ${name} rejects it: ${why}`;
    } catch (error) {
      const { message } = error as Error;
      if (backup.failedAt === undefined) {
        const { client } = packed;
        tell("HA_LEASE_UPDATE_COMMUNICATIONS_FAILED", { server, partner, client, error: message });
      }
      backup.failedAt = this.#now;
      return `backup ${name} cannot be told: ${message}`;
    }
  }

  get #now(): number {
    return this.#around.clock.monotonic();
  }

  /** @throws where a file cannot be used */
  reload(): void {
    for (const { link } of this.#backups) link.reload();
  }

  stop(): void {
    for (const { link } of this.#backups) link.close();
  }
}
