/** Where two values that were read from JSON differ. */

export interface JsonDifference {
  /** The way to it: `arguments.leases[0].pool-id`. */
  readonly path: string;
  readonly kea: string;
  readonly kotare: string;
}

/** @param varies paths of what needs only to be there, and of the same type */
export function* compareJson(kea: unknown, kotare: unknown, varies?: RegExp, path = ""): Generator<JsonDifference> {
  if (isStructure(kea) && isStructure(kotare) && Array.isArray(kea) === Array.isArray(kotare)) {
    for (const key of new Set([...Object.keys(kea), ...Object.keys(kotare)])) {
      const step = Array.isArray(kea) ? `[${key}]` : path === "" ? key : `.${key}`;
      yield* compareJson(kea[key], kotare[key], varies, path + step);
    }
  } else if (varies?.test(path) === true ? typeof kea !== typeof kotare : kea !== kotare) {
    yield { path, kea: show(kea), kotare: show(kotare) };
  }
}

function isStructure(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  return value === undefined ? "absent" : JSON.stringify(value);
}
