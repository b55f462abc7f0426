/** What a scope inherits: a subnet from its shared network, and that from the global scope. */

/** What the nearest of the scopes says that says something. */
export function inherit<Scope, Key extends keyof Scope>(scopes: readonly Scope[], key: Key): Scope[Key] | undefined {
  return scopes.find((scope) => scope[key] !== undefined)?.[key];
}
