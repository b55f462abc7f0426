/** What a configuration keeps secret, hidden from those who may read it and not change it: on its way, in pieces. */

const HIDDEN = "*****";
const SECRET = /("(?:[a-z-]*password|secret)" ?: ?")(?:[^"\\]|\\.)*"/gs;
/** The beginning of one, or of its key, at the end of a piece: it is kept until the rest has come. */
const BEGUN = /"(?:[a-z-]{0,40}|(?:[a-z-]*password|secret)"[ :]*(?:"(?:[^"\\]|\\.)*\\?)?)$/s;

export async function* hideSecrets(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of pieces) {
    const text = (rest + piece).replace(SECRET, `$1${HIDDEN}"`);
    const end = text.search(BEGUN);
    rest = end === -1 ? "" : text.slice(end);
    yield end === -1 ? text : text.slice(0, end);
  }
  yield rest;
}
