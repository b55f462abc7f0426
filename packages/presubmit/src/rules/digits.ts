/** What both families have carries the digit of each: where there is an `X6`, DHCPv4's is no mere `X`. */
import { isTypeScript, type Rule, type SourceFile } from "../source-files.ts";

const EXPORT = /^export (?:abstract |async )*(?:class|function\*?|interface|type|const) (\w+)/gm;
/** In a folder or a file of DHCPv4. */
const FOUR = /(^|\/)dhcp4d?\/|4(\.\w+)*\.ts$/;

export const digits: Rule = (files) => {
  const code = files.filter(isTypeScript);
  const inPackages = new Set(
    code.flatMap((file) => namesIn(file).map(({ name }) => `${packageOf(file.path)} ${name}`)),
  );
  const inFiles = new Set(code.flatMap((file) => namesIn(file).map(({ name }) => `${file.path} ${name}`)));
  return (
    code
      .filter(({ path }) => FOUR.test(path))
      .flatMap((file) => namesIn(file).map((found) => ({ path: file.path, ...found })))
      .filter(({ path, name }) => inPackages.has(`${packageOf(path)} ${name}6`))
      // Where the folders tell the families apart, neither needs a digit.
      .filter(({ path, name }) => !inFiles.has(`${path.replaceAll("4", "6")} ${name}`))
      .map(({ path, name, line }) => ({ path, line, what: `${name}: call it ${name}4, since there is a ${name}6` }))
  );
};

/** The apps are alike. */
function packageOf(path: string): string {
  const [top, name] = path.split("/");
  return top === "packages" ? name! : top!;
}

function namesIn({ text }: SourceFile): { readonly name: string; readonly line: number }[] {
  return [...text.matchAll(EXPORT)].map((match) => ({
    name: match[1]!,
    line: text.slice(0, match.index).split("\n").length,
  }));
}
