/** Where in a text of JSON, as Kea writes it, with comments and perhaps half written, a position is. */

export interface JsonPlace {
  /** Keys and numbers of items that lead to the map or list around it. */
  readonly path: readonly (string | number)[];
  /** What belongs there. In a map after a colon, and in a list, it is a value. */
  readonly wants: "key" | "value";
  /** Of a value in a map: its key. */
  readonly key: string | undefined;
  /** Other keys of the map around it, before and behind. */
  readonly others: ReadonlySet<string>;
  /** The word that is there: what is typed takes its place. Both are the position where there is none. */
  readonly from: number;
  readonly to: number;
  /** Whether a colon stands behind the word. */
  readonly hasColon: boolean;
}

interface Frame {
  readonly isMap: boolean;
  readonly keys: Set<string>;
  key: string | undefined;
  wants: "key" | "value";
  item: number;
}

const TOKEN = /\s+|#.*|\/\/.*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"?|[{}[\],:]|[^\s{}[\],:"#/]+|\//gy;
const NO_WORD = /^(?:\s|#|\/[/*]|[{}[\],:])/;

export function placeAt(text: string, at: number): JsonPlace {
  const stack: Frame[] = [frame(false)];
  const token = new RegExp(TOKEN);
  let from = at;
  let to = at;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [word] = match;
    const end = match.index + word.length;
    if (end > at || (end === at && !NO_WORD.test(word))) {
      // A word that touches the position is being written; behind a string that is closed there is a place of its own.
      if (!NO_WORD.test(word)) [from, to] = [match.index, end];
      else token.lastIndex = at;
      break;
    }
    take(stack, word);
    if (end === at) break;
  }
  const { isMap, wants, key, keys } = stack.at(-1)!;
  token.lastIndex = to;
  const behind = readRest(text, token);
  // The first is the text itself.
  const path = stack.slice(1, -1).map((each) => (each.isMap ? (each.key ?? "") : each.item));
  return {
    path,
    wants,
    key: isMap && wants === "value" ? key : undefined,
    others: new Set([...keys, ...behind.keys]),
    from,
    to,
    hasColon: behind.hasColon,
  };
}

function frame(isMap: boolean): Frame {
  return { isMap, keys: new Set(), key: undefined, wants: isMap ? "key" : "value", item: 0 };
}

function take(stack: Frame[], word: string): void {
  const top = stack.at(-1)!;
  if (word === "{" || word === "[") stack.push(frame(word === "{"));
  else if (word === "}" || word === "]") {
    if (stack.length > 1) stack.pop();
  } else if (word === ":") top.wants = "value";
  else if (word === ",") {
    top.item++;
    if (top.isMap) top.wants = "key";
  } else if (word.startsWith('"') && top.isMap && top.wants === "key") {
    top.key = unquote(word);
    top.keys.add(top.key);
  }
}

/** Up to the end of the map or list. */
function readRest(text: string, token: RegExp): { keys: Set<string>; hasColon: boolean } {
  const keys = new Set<string>();
  let depth = 0;
  let last: string | undefined;
  let hasColon: boolean | undefined;
  for (let match = token.exec(text); match !== null && depth >= 0; match = token.exec(text)) {
    const [word] = match;
    if (/^(?:\s|#|\/)/.test(word)) continue;
    hasColon ??= word === ":";
    if (word === "{" || word === "[") depth++;
    else if (word === "}" || word === "]") depth--;
    else if (word === ":" && depth === 0 && last?.startsWith('"')) keys.add(unquote(last));
    last = word;
  }
  return { keys, hasColon: hasColon ?? false };
}

function unquote(word: string): string {
  return word.replace(/^"|"$/g, "");
}
