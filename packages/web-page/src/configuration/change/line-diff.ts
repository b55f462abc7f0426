/** The difference of two texts, line by line. */

export interface DiffLine {
  /** `…` stands for lines that are left out. */
  readonly kind: " " | "+" | "-" | "…";
  readonly text: string;
}

/** Lines around a change. */
const CONTEXT = 3;
/** Differing lines of either text among which the shortest difference is looked for. */
const MOST_COMPARED = 2000;

/** @returns only what differs, with a few lines around; nothing where the texts are the same */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  if (before === after) return [];
  const [a, b] = [before.split("\n"), after.split("\n")];
  const least = Math.min(a.length, b.length);
  let head = 0;
  while (head < least && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < least - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const same = (lines: readonly string[]) => lines.map((text): DiffLine => ({ kind: " ", text }));
  const middle = compare(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const around = [...same(a.slice(Math.max(0, head - CONTEXT - 1), head)), ...middle];
  return shorten([...around, ...same(a.slice(a.length - tail).slice(0, CONTEXT + 1))]);
}

/** By the longest common subsequence; where that would take long, all of the one for all of the other. */
function compare(a: readonly string[], b: readonly string[]): readonly DiffLine[] {
  if (a.length > MOST_COMPARED || b.length > MOST_COMPARED) {
    return [...a.map((text): DiffLine => ({ kind: "-", text })), ...b.map((text): DiffLine => ({ kind: "+", text }))];
  }
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const at = i * width + j;
      longest[at] = a[i] === b[j] ? longest[at + width + 1]! + 1 : Math.max(longest[at + width]!, longest[at + 1]!);
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const at = i * width + j;
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: " ", text: a[i++]! });
      j++;
    } else if (i < a.length && (j === b.length || longest[at + width]! >= longest[at + 1]!)) {
      lines.push({ kind: "-", text: a[i++]! });
    } else lines.push({ kind: "+", text: b[j++]! });
  }
  return lines;
}

/** Leaves out what is far from any change. */
function shorten(lines: readonly DiffLine[]): readonly DiffLine[] {
  const changed = lines.flatMap(({ kind }, i) => (kind === " " ? [] : [i]));
  let next = 0;
  let isShown = true;
  return lines.flatMap((line, i): readonly DiffLine[] => {
    while (next < changed.length && changed[next]! < i) next++;
    const distance = Math.min(i - (changed[next - 1] ?? -Infinity), (changed[next] ?? Infinity) - i);
    const wasShown = isShown;
    isShown = distance <= CONTEXT;
    if (isShown) return [line];
    return wasShown ? [{ kind: "…", text: "" }] : [];
  });
}
