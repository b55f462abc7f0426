/** A decision with what extensions want to be different in it. */
import type { Edits, LeaseContext, Offered, OptionEdit, Query, Answer as ShownAnswer, Terms } from "@kotare/extension";
import { askerOf } from "../../extensions/packet-facts.ts";
import type { Extensions } from "../../extensions/start-extensions.ts";
import { parseLabels } from "../../wire/domain-name.ts";
import { bytesOf } from "./attempt.ts";
import type { Answer, Facts, PacketPath, PathTypes } from "./packet-path.ts";

/** The step `decide` of a path to whose answers extensions contribute, one after the other. */
export function shaped<T extends PathTypes>(path: PacketPath<T>, extensions: Extensions): PacketPath<T>["decide"] {
  const { decide, complete, declineOffer, drop, shown } = path;
  return (query, facts) => {
    const { service, known, view } = facts;
    const { missed } = view;
    let decided = decide(query, facts);
    // It is going to be another one, about which there is nothing to find out.
    if (view.missed > missed) return decided;
    let terms: Terms | undefined;
    const options: OptionEdit[] = [];
    for (const extension of extensions) {
      if (!isReply(decided)) return decided;
      const answer = edited(shown, decided, options);
      const completed = complete(query, answer, service);
      const seen = shown.query(completed, service);
      const seenAnswer = new SeenAnswer(path, query, completed, answer, facts);
      const edits = extension.call("shape", () =>
        checkEdits(extension.contributions.shape?.(seen, seenAnswer, askerOf(extension, known))),
      );
      if (edits.drop !== undefined) return drop("extension-drop", `extension ${extension.name}: ${edits.drop}`);
      if (edits.inUse === true && declineOffer !== undefined) return declineOffer(answer, facts);
      options.push(...(edits.options ?? []));
      const wanted = termsOf(edits);
      if (wanted === undefined) continue;
      // What the client gets follows from the terms in every part: the lease, the reply, the name.
      terms = { ...terms, ...wanted, ...contextOf(terms, wanted) };
      decided = decide(query, facts, terms);
    }
    return isReply(decided) ? edited(shown, decided, options) : decided;
  };
}

/** An answer before it is sent: each part is made when it is looked at. */
class SeenAnswer<T extends PathTypes> implements ShownAnswer {
  readonly option: ShownAnswer["option"];
  readonly #path: PacketPath<T>;
  readonly #query: T["query"];
  readonly #completed: T["query"];
  readonly #answer: T["answer"];
  readonly #facts: Pick<Facts<T>, "service" | "now">;
  #parts: ShownAnswer | undefined;

  /** @param completed the query with all classes */
  constructor(
    path: PacketPath<T>,
    query: T["query"],
    completed: T["query"],
    answer: T["answer"],
    facts: Pick<Facts<T>, "service" | "now">,
  ) {
    this.#path = path;
    this.#query = query;
    this.#completed = completed;
    this.#answer = answer;
    this.#facts = facts;
    this.option = (code) => path.shown.option(code, completed, answer, facts.service);
  }

  get #shown(): ShownAnswer {
    this.#parts ??= this.#path.shown.answer(this.#answer, this.option);
    return this.#parts;
  }

  get type(): string {
    return this.#shown.type;
  }

  get leases(): readonly string[] {
    return this.#shown.leases;
  }

  get subnetId(): number | undefined {
    return this.#shown.subnetId;
  }

  get subnet(): string | undefined {
    return this.#shown.subnet;
  }

  get hostname(): string {
    return this.#shown.hostname;
  }

  get offered(): Offered | undefined {
    return this.#path.shown.offered?.(this.#query, this.#answer, this.#facts.now);
  }

  get reply(): Query | undefined {
    return replyOf(this.#path, this.#completed, this.#answer, this.#facts.service);
  }
}

/** As it would be sent. */
function replyOf<T extends PathTypes>(
  { encode, shown }: PacketPath<T>,
  query: T["query"],
  answer: T["answer"],
  service: T["service"],
): Query | undefined {
  const reply = encode(query, answer, service, { reserve: (size) => ({ buffer: new Uint8Array(size), offset: 0 }) });
  if (reply === undefined || !("buffer" in reply)) return undefined;
  return shown.query(shown.replyTo(query, bytesOf(reply)), service);
}

/** What all of them want to be kept. */
function contextOf(before: Terms | undefined, { userContext }: Terms): Pick<Terms, "userContext"> {
  const former = before?.userContext;
  if (former === undefined || userContext === undefined) return {};
  const maps = Object.entries(userContext).map(([name, map]) => [name, { ...former[name], ...map }]);
  return { userContext: { ...former, ...Object.fromEntries(maps) } };
}

function edited<T extends PathTypes>(
  shown: PacketPath<T>["shown"],
  answer: T["answer"],
  options: readonly OptionEdit[],
): T["answer"] {
  return options.length === 0 ? answer : shown.edit(answer, [...options]);
}

function isReply<A extends Answer>(answer: A | { readonly kind: "drop" }): answer is A {
  return answer.kind === "reply";
}

function termsOf({ hostname, updatesDns, lifetime, userContext }: Edits): Terms | undefined {
  const all = [hostname, updatesDns, lifetime, userContext];
  if (all.every((term) => term === undefined)) return undefined;
  return {
    ...(hostname === undefined ? {} : { hostname }),
    ...(updatesDns === undefined ? {} : { updatesDns }),
    ...(lifetime === undefined ? {} : { lifetime }),
    ...(userContext === undefined ? {} : { userContext }),
  };
}

const NO_EDITS: Edits = {};

function checkEdits(edits: Edits = NO_EDITS): Edits {
  for (const edit of edits.options ?? [])
    if (!isOptionEdit(edit)) throw new TypeError("shape gave an edit of options that is none");
  const { hostname, lifetime, userContext } = edits;
  if (hostname !== undefined && !isName(hostname)) throw new TypeError("shape gave a hostname that is none");
  if (lifetime !== undefined && !isSeconds(lifetime)) throw new TypeError("shape gave a lifetime that is none");
  if (userContext !== undefined && !isContext(userContext))
    throw new TypeError("shape gave a userContext that is none");
  return edits;
}

function isContext(context: LeaseContext): boolean {
  const isMap = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  return isMap(context) && Object.values(context).every(isMap);
}

function isOptionEdit(edit: OptionEdit): boolean {
  const { kind, code } = edit;
  const isKind = kind === "remove" || ((kind === "add" || kind === "supersede") && edit.data instanceof Uint8Array);
  return isKind && Number.isInteger(code) && code > 0 && code <= 0xffff;
}

function isName(hostname: unknown): boolean {
  try {
    return typeof hostname === "string" && parseLabels(hostname).length > 0;
  } catch {
    return false;
  }
}

function isSeconds(lifetime: unknown): boolean {
  return Number.isInteger(lifetime) && Number(lifetime) > 0 && Number(lifetime) <= 0xffff_ffff;
}
