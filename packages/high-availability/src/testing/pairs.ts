/** Parameters of pairs for tests. */

const URL_OF = (number: number) => `http://192.0.2.${number}:8000/`;

/** @param more peers beside the two, by their names: they are backups */
export function pair(own: string, names: readonly [string, string], change: object = {}, ...more: readonly string[]) {
  const peers = [...names, ...more].map((name, i) => {
    return { name, url: URL_OF(i + 1), role: (["primary", "standby"] as const)[i] ?? "backup" };
  });
  return {
    "this-server-name": own,
    mode: "hot-standby",
    "heartbeat-delay": 1000,
    "max-response-delay": 5000,
    peers,
    ...change,
  };
}

export function passive(own: string, change: object = {}) {
  const peers = [
    { name: "a", url: URL_OF(1), role: "primary" },
    { name: "b", url: URL_OF(2), role: "backup" },
  ];
  return { "this-server-name": own, mode: "passive-backup", peers, ...change };
}
