/** The difference of two texts, line by line. */

export interface DiffLine {
  /** `…` stands for lines that are left out. */
  readonly kind: " " | "+" | "-" | "…";
  readonly text: string;
}

/** Lines around a change. */
const CONTEXT = 3;
/** Lines that go or come, up to which the shortest difference is looked for. */
const MOST_CHANGES = 1000;

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

/** Myers' way (1986), which is quick where little differs; where much does, all of the one for all of the other. */
function compare(a: readonly string[], b: readonly string[]): readonly DiffLine[] {
  const most = Math.min(a.length + b.length, MOST_CHANGES);
  // Of each diagonal, how far into `a` so many changes lead; before each further change a copy is kept.
  const reach = new Int32Array(2 * most + 3);
  const kept: Int32Array[] = [];
  for (let changes = 0; changes <= most; changes++) {
    kept.push(reach.slice(most - changes, most + changes + 3));
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const at = most + 1 + diagonal;
      const isDown = diagonal === -changes || (diagonal !== changes && reach[at - 1]! < reach[at + 1]!);
      let x = isDown ? reach[at + 1]! : reach[at - 1]! + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      reach[at] = x;
      if (x >= a.length && x - diagonal >= b.length) return goBack(a, b, kept);
    }
  }
  return [...a.map((text): DiffLine => ({ kind: "-", text })), ...b.map((text): DiffLine => ({ kind: "+", text }))];
}

/** From the end of both texts the way that led there. */
function goBack(a: readonly string[], b: readonly string[], kept: readonly Int32Array[]): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  let x = a.length;
  let y = b.length;
  for (let changes = kept.length - 1; changes > 0; changes--) {
    const reach = (diagonal: number) => kept[changes]![changes + 1 + diagonal]!;
    const diagonal = x - y;
    const isDown = diagonal === -changes || (diagonal !== changes && reach(diagonal - 1) < reach(diagonal + 1));
    const before = isDown ? diagonal + 1 : diagonal - 1;
    const fromX = reach(before);
    const fromY = fromX - before;
    for (; x > fromX && y > fromY && x - fromX + y - fromY > 1; x--, y--) lines.push({ kind: " ", text: a[x - 1]! });
    lines.push(isDown ? { kind: "+", text: b[fromY]! } : { kind: "-", text: a[fromX]! });
    x = fromX;
    y = fromY;
  }
  for (; x > 0; x--) lines.push({ kind: " ", text: a[x - 1]! });
  return lines.reverse();
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
