/** Which keys of a configuration nobody reads and nothing is said of: found with the types that the compiler sees. */

import { type Node, SyntaxKind } from "typescript/unstable/ast";
import {
  isBindingElement,
  isElementAccessExpression,
  isPropertyAccessExpression,
  isStringLiteral,
} from "typescript/unstable/ast/is";
import type { FileSystem } from "typescript/unstable/fs";
import { API, type Checker, type Project, type Type } from "typescript/unstable/sync";

export interface KeyQuestion {
  /** The folder with `tsconfig.json`. */
  readonly root: string;
  /** Types of whole configurations, by the file under `root` that exports them. */
  readonly configs: readonly (readonly [file: string, type: string])[];
  /** Whether what stands in a file, by its path under `root`, is a use of the keys that it names. */
  isReader(path: string): boolean;
  /** Whether a file has tables that tell the operator about keys: as `key: "name"`, or in lists of names. */
  isTeller(path: string): boolean;
  /** Where files are that are on no disk. */
  readonly fs?: FileSystem;
}

export interface KeyAnswer {
  /** All keys with the path to the first map that has them: `Dhcp4Config.subnet4[].pools[].pool`. */
  readonly keys: readonly string[];
  /** Those that nobody reads and no table tells of, neither of the key itself nor of a map around it. */
  readonly unread: readonly string[];
}

/** A map of the configuration, wherever it stands. */
interface ConfigMap {
  readonly type: Type;
  readonly path: string;
  readonly keys: ReadonlyMap<string, Type>;
}

/**
 * A read is a property taken from something that such a map can be given for, whatever its own type is called; or the
 * key's name alone, as an argument or in a list: `inherit(scopes, "valid-lifetime")`.
 */
export function findUnreadKeys(question: KeyQuestion): KeyAnswer {
  const { root, fs } = question;
  const api = new API({ cwd: root, ...(fs && { fs }) });
  try {
    const project = api.updateSnapshot({ openProjects: [`${root}/tsconfig.json`] }).getProjects()[0]!;
    const maps = listMaps(project, question);
    const names = new Set(maps.flatMap(({ keys }) => [...keys.keys()]));
    const uses = new Uses(project.checker, names);
    for (const file of project.program.getSourceFileNames()) {
      const path = file.startsWith(`${root}/`) ? file.slice(root.length + 1) : "";
      const source =
        question.isReader(path) || question.isTeller(path) ? project.program.getSourceFile(file) : undefined;
      if (source !== undefined) uses.look(source, question.isTeller(path));
    }
    const all = maps.flatMap((map) => [...map.keys].map(([key, type]) => ({ map, key, type })));
    const unread = all.filter(({ map, key, type }) => !type.isStringLiteralType() && !uses.has(map, key));
    const named = ({ map, key }: { map: ConfigMap; key: string }) => `${map.path}.${key}`;
    return { keys: all.map(named), unread: unread.map(named) };
  } finally {
    api.close();
  }
}

function listMaps({ program, checker }: Project, { root, configs }: KeyQuestion): ConfigMap[] {
  const maps = new Map<number, ConfigMap>();
  const walk = (given: Type, path: string): void => {
    const type = checker.getNonNullableType(given) ?? given;
    if (checker.isArrayLikeType(type)) {
      const entry = checker.getTypeArguments(type as Parameters<Checker["getTypeArguments"]>[0])[0];
      if (entry !== undefined) walk(entry, `${path}[]`);
      return;
    }
    if (!type.isObjectType() || maps.has(type.id)) return;
    const keys = new Map<string, Type>();
    maps.set(type.id, { type, path, keys });
    for (const property of checker.getPropertiesOfType(type))
      keys.set(property.name, checker.getTypeOfSymbol(property)!);
    for (const [key, value] of keys) walk(value, `${path}.${key}`);
  };
  for (const [file, name] of configs) {
    program.getSourceFile(`${root}/${file}`)?.forEachChild((node) => {
      const { name: declared } = node as Node & { name?: Node & { text?: string } };
      if (declared?.text === name) walk(checker.getTypeAtLocation(declared)!, name);
    });
  }
  return [...maps.values()];
}

class Uses {
  readonly #checker: Checker;
  readonly #names: ReadonlySet<string>;
  /** Types of what a key is taken from, by the key. */
  readonly #receivers = new Map<string, Map<number, Type>>();
  readonly #named = new Set<string>();
  readonly #told = new Set<string>();

  constructor(checker: Checker, names: ReadonlySet<string>) {
    this.#checker = checker;
    this.#names = names;
  }

  look(source: Node, isTeller: boolean): void {
    const found: { readonly key: string; readonly from: Node }[] = [];
    const visit = (node: Node): void => {
      if (isPropertyAccessExpression(node)) found.push({ key: textOf(node.name), from: node.expression });
      else if (isElementAccessExpression(node)) {
        for (const key of this.#keysOf(node.argumentExpression)) found.push({ key, from: node.expression });
      } else if (isBindingElement(node)) {
        found.push({ key: textOf(node.propertyName ?? node.name), from: node.parent });
      } else if (isStringLiteral(node)) this.#note(node, isTeller);
      node.forEachChild(visit);
    };
    source.forEachChild(visit);
    const known = found.filter(({ key }) => this.#names.has(key));
    const types = known.length === 0 ? [] : this.#checker.getTypeAtLocation(known.map(({ from }) => from));
    types.forEach((type, i) => {
      if (type === undefined) return;
      const { key } = known[i]!;
      const receivers = this.#receivers.get(key) ?? new Map<number, Type>();
      this.#receivers.set(key, receivers.set(type.id, type));
    });
  }

  has(map: ConfigMap, key: string): boolean {
    if ([key, ...map.path.split(/[.[\]]+/)].some((step) => this.#told.has(step))) return true;
    if (this.#named.has(key)) return true;
    return [...(this.#receivers.get(key)?.values() ?? [])].some((type) => this.#mayBe(type, map.type));
  }

  #mayBe(receiver: Type, map: Type): boolean {
    const bound = receiver.isTypeParameter() ? this.#checker.getBaseConstraintOfType(receiver) : receiver;
    const given = (bound && this.#checker.getNonNullableType(bound)) ?? bound;
    const types = given?.isUnionType() === true ? (given.getTypes() ?? []) : given === undefined ? [] : [given];
    return types.some((type) => type.isObjectType() && this.#checker.isTypeAssignableTo(map, type));
  }

  /** `map["key"]`, or `map[key]` with a few keys to choose from. */
  #keysOf(argument: Node): readonly string[] {
    if (isStringLiteral(argument)) return [argument.text];
    const type = this.#checker.getTypeAtLocation(argument);
    const types = type?.isUnionType() === true ? (type.getTypes() ?? []) : [];
    return types.flatMap((each) => (each.isStringLiteralType() ? [each.value] : []));
  }

  #note(literal: Node & { readonly text: string }, isTeller: boolean): void {
    const { parent } = literal;
    const isListed = parent.kind === SyntaxKind.ArrayLiteralExpression;
    const isRow =
      parent.kind === SyntaxKind.PropertyAssignment && textOf((parent as Node & { name: Node }).name) === "key";
    if (isTeller && (isListed || isRow)) this.#told.add(literal.text);
    if (!isTeller && (isListed || parent.kind === SyntaxKind.CallExpression)) this.#named.add(literal.text);
  }
}

function textOf(node: Node | undefined): string {
  return (node as { readonly text?: string } | undefined)?.text ?? "";
}
