/** Certificates that all clients of TLS take, also those that want to see what each is for. */
import type { Host } from "./lab.ts";

/** Makes `NAME.pem` and `NAME.key` in a folder: of an authority, and of each that it has signed. */
export function certify(host: Host, folder: string, authority: string, ...names: readonly string[]): void {
  const openssl = (...words: string[]) => host.run("sh", "-c", 'cd "$0" && openssl "$@"', folder, ...words);
  const key = (name: string) => [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-keyout",
    `${name}.key`,
  ];
  const made = (name: string) => [...key(name), "-subj", `/CN=${name}`];
  const root = ["-addext", "keyUsage=critical,keyCertSign"];
  openssl("req", "-x509", "-days", "2", ...made(authority), ...root, "-out", `${authority}.pem`);
  const by = ["-CA", `${authority}.pem`, "-CAkey", `${authority}.key`];
  const leaf = ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"];
  for (const name of names) {
    openssl("req", "-x509", "-days", "2", ...made(name), ...by, ...leaf, "-out", `${name}.pem`);
  }
}
