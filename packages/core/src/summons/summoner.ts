/** How commands have clients called. */

/** Clients a second, of many, unless somebody says otherwise. */
export const PACE = 10;

/** Why a client is not called. */
export type Refusal = "no-secret" | "other-server" | "unreachable";

export interface Summoner<L> {
  /**
   * @param type what it is to come back with, where there is a choice
   * @returns why it is not called; `undefined` where it is: until it comes, or has not come for too long
   */
  call(lease: L, type: string): Refusal | undefined;
  /** Aborted when the server stops. */
  readonly ending: AbortSignal;
  /** Classes of the configuration that the lease's client was in when it was last heard; empty where it cannot be called. */
  classesOf(lease: L): readonly string[];
}

export const refusals: Readonly<Record<Refusal, string>> = {
  "no-secret":
    "its client has no secret: it has not said that it can be called, or its subnet does not allow it, or it has not come since",
  "other-server": "its client has the secret of another server, which alone can call it",
  unreachable: "the interface that its client is reached on is not served",
};
