/** What would become of a packet, and why: for people. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

export interface Explanation {
  /** What the client gets, in a few words. */
  readonly outcome: string;
  /** One for each step of the packet's way that it came to. */
  readonly sections: readonly Section[];
  /** The payload that goes back; `undefined` where nothing does. */
  readonly reply: Uint8Array | undefined;
}

/** As an answer has it. */
export function explanationJson({ outcome, sections, reply }: Explanation) {
  return {
    outcome,
    sections: sections.map(({ title, lines }) => ({ title, lines })),
    ...(reply === undefined ? {} : { reply: Buffer.from(reply).toString("hex") }),
  };
}

/** For a terminal: sections under their titles, and what comes of it at the end. */
export function formatExplanation({ outcome, sections }: Pick<Explanation, "outcome" | "sections">): string {
  const parts = sections.map(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`), ""].join("\n"));
  return [...parts, `=> ${outcome}`, ""].join("\n");
}
