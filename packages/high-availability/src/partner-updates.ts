/** What the partner is told of changes of leases: now, while their answers wait; beside service; later; or not at all. */
import type { Exchange } from "@kotare/extension";
import { RejectedClients } from "./clients/rejected-clients.ts";
import type { PairLog } from "./control/pair-log.ts";
import type { Outbox, Packed, Rejection } from "./outbox.ts";
import type { Relationship } from "./parameters/relationship-schema.ts";
import { type State, serves } from "./state.ts";

/** The server that tells. */
interface Teller {
  readonly log: Pick<PairLog, "tell">;
  readonly state: State;
  /** Whether answers wait for the partner. */
  readonly informs: boolean;
  /** Milliseconds since the partner was heard. */
  readonly silence: number;
  readonly relationship: Pick<Relationship, "heartbeat-delay" | "max-response-delay">;
  /** Milliseconds, of a clock that does not jump. */
  readonly now: number;
  /** @param client whose change it was, if only one's */
  lost(error: Error, began: number, client?: string): void;
  /** @param isPlaceless as a `Rejection` has it */
  conflicts(client: string, error: string, isPlaceless: boolean): void;
}

/** So many changes may wait for a partner that fetches leases; it fetches them again then. */
const MOST_WAITING = 8192;

export class PartnerUpdates {
  readonly outbox: Outbox;
  readonly rejected: RejectedClients;
  readonly #teller: Teller;
  /** Whether the partner, one of ours, fetches leases, and is told what changes meanwhile. */
  #isFollowed = false;
  /** Whether clients have leases that the partner, one of ours, has had no subnet for. */
  #hasPlaceless = false;

  constructor(outbox: Outbox, teller: Teller) {
    this.outbox = outbox;
    this.rejected = new RejectedClients(() => teller.now);
    this.#teller = teller;
  }

  /** @param stored as `Contributions.commit` has it @returns for each why the partner does not have it, if it has to */
  tell(
    exchanges: readonly Exchange[],
    stored: Promise<readonly Exchange[]>,
  ): readonly (Promise<string | undefined> | string | undefined)[] {
    const packed = exchanges.map((exchange) => this.outbox.pack(exchange, this.#teller.informs && this.#isUnsure));
    void stored.then((those) => {
      const kept = new Set(those);
      this.outbox.mistrust(packed.filter((_, i) => !kept.has(exchanges[i]!)));
    });
    return packed.map((each) => {
      if (this.#teller.informs) return this.#tellNow(each);
      if (this.#isFollowed) void this.#tellBeside(each);
      else this.#keep(each);
      return this.#refusal;
    });
  }

  /** Why no answer may leave that is untold: who has ceased to serve does not know whom the partner has given what. */
  get #refusal(): string | undefined {
    const { state } = this.#teller;
    return serves(state) ? undefined : `the server is ${state}`;
  }

  /**
   * Whether the partner may serve alone by now: who comes to after a while without a processor may hear of it from nobody before
   * a client asks. The partner has heard of this server a heartbeat earlier at most.
   */
  get #isUnsure(): boolean {
    const { silence, relationship } = this.#teller;
    return silence > relationship["max-response-delay"] - relationship["heartbeat-delay"];
  }

  async #tellNow(packed: Packed): Promise<string | undefined> {
    const teller = this.#teller;
    const began = teller.now;
    try {
      const rejection = await this.outbox.send(packed);
      return rejection === undefined ? this.#accepted(packed) : this.#rejects(packed, rejection);
    } catch (error) {
      if (teller.informs) teller.lost(error as Error, began, packed.client);
      if (teller.informs) return `the partner cannot be told: ${(error as Error).message}`;
      // It may have turned out that nobody needs the partner any longer, or that it serves alone.
      this.#keep(packed);
      return this.#refusal;
    }
  }

  /** @returns why the client gets no answer */
  #rejects({ client }: Packed, { why, isPlaceless }: Rejection): string | undefined {
    const isNew = this.rejected.add(client);
    // Nobody else could ever answer it. The partner learns that it lacks leases: it fetches what it can have, now and when it has the subnet.
    if (isPlaceless && !this.#hasPlaceless) this.outbox.unsent++;
    if (isPlaceless) this.#hasPlaceless = true;
    if (isNew || !isPlaceless) this.#teller.conflicts(client, why, isPlaceless);
    return isPlaceless ? undefined : `the partner rejects it: ${why}`;
  }

  #accepted({ client }: Packed): undefined {
    if (!this.rejected.accept(client) || !this.#hasPlaceless) return;
    // The partner has the subnet now, and is to fetch what else it could not have.
    this.#hasPlaceless = false;
    this.outbox.unsent++;
  }

  /** Answers do not wait for that. What cannot be told is counted, and fetched by the partner once more. */
  async #tellBeside(packed: Packed): Promise<void> {
    try {
      if (this.outbox.waiting > MOST_WAITING) throw new Error("it is too slow");
      await this.outbox.send(packed);
    } catch {
      this.#isFollowed = false;
      this.outbox.keep(packed, false);
    }
  }

  #keep(packed: Packed): undefined {
    return this.outbox.keep(packed, this.#teller.state === "communication-recovery");
  }

  /** The partner begins to fetch leases: it is told what changes from now on. */
  follow(): void {
    this.#isFollowed = !this.#teller.informs;
  }

  /** The server has come to a state. */
  enter(state: State): void {
    this.#isFollowed = false;
    // Who begins anew holds nothing against the partner.
    if (state === "waiting") this.rejected.clear();
    if (!this.#teller.informs) this.outbox.giveUp(new Error(`the server is ${state}`));
  }

  /**
   * What was kept for the partner is sent.
   * @param isDue not where the partner fetches it with all the rest @param heals whether the partner fetches what is not sent
   */
  async sendKept(isDue: boolean, heals: boolean): Promise<void> {
    const { outbox } = this;
    if (!isDue) return outbox.clear();
    if (outbox.kept === 0) return;
    const teller = this.#teller;
    const began = teller.now;
    teller.log.tell("HA_LEASES_BACKLOG_START", { count: outbox.kept });
    try {
      const refused = await outbox.sendKept();
      if (refused === undefined) {
        teller.log.tell("HA_LEASES_BACKLOG_SUCCESS", { milliseconds: Math.round(teller.now - began) });
      } else teller.log.tell("HA_LEASES_BACKLOG_FAILED", { error: refused.message });
    } catch (error) {
      teller.log.tell("HA_LEASES_BACKLOG_COMMUNICATIONS_FAILED", { error: (error as Error).message });
      if (heals) outbox.clear();
      teller.lost(error as Error, began);
      if (teller.state !== "communication-recovery") outbox.clear();
    }
  }
}
