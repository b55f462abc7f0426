/** Every log message is defined once and used somewhere. */
import { isTypeScript, type Rule, type SourceFile } from "../source-files.ts";

const DEFINITION = /^ {2}([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+): (?:fatal|error|warn|info|debug)\(/gm;

export const messageIds: Rule = (files) => {
  const code = files.filter((file) => isTypeScript(file) && !file.path.endsWith(".test.ts"));
  const definitions = code.flatMap((file) =>
    [...file.text.matchAll(DEFINITION)].map((match) => ({ id: match[1]!, file, at: match.index })),
  );
  return definitions.flatMap(({ id, file, at }, i) => {
    const fault = (what: string) => [{ path: file.path, line: lineAt(file, at), what }];
    if (definitions.findIndex((other) => other.id === id) !== i) return fault(`${id} is defined twice`);
    const use = new RegExp(`\\.${id}\\b|[{,]\\s*${id}\\b`);
    return code.some(({ text }) => use.test(text.replaceAll(DEFINITION, ""))) ? [] : fault(`${id} is never logged`);
  });
};

function lineAt(file: SourceFile, offset: number): number {
  return file.text.slice(0, offset).split("\n").length;
}
