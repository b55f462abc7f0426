/** The difference of two texts: what goes and what comes, with a few lines around. */
import { formatCount } from "../../format-count.ts";
import { diffLines } from "./line-diff.ts";

/** Lines that a browser shows at ease. */
const MOST = 1000;
const CLASSES = { "+": "added", "-": "removed", " ": undefined, "…": undefined } as const;

interface Props {
  readonly before: string;
  readonly after: string;
}

export function Difference({ before, after }: Props) {
  const lines = diffLines(before, after);
  const indent = Math.min(...lines.map(({ kind, text }) => (kind === "…" ? Infinity : text.search(/\S|$/))));
  const count = (kind: string) => lines.filter((line) => line.kind === kind).length;
  return (
    <>
      <p class="hint">
        {formatCount(count("-"), "line")} removed, {formatCount(count("+"), "line")} added.
      </p>
      <section class="difference" aria-label="Difference">
        <pre class="code">
          {lines.slice(0, MOST).map(({ kind, text }, i) => (
            // Lines have nothing else that tells one from another.
            <span key={i} class={CLASSES[kind]}>
              {kind} {text.slice(indent)}
              {"\n"}
            </span>
          ))}
        </pre>
      </section>
      {lines.length > MOST && <p class="hint">The first {MOST} lines are shown.</p>}
    </>
  );
}
