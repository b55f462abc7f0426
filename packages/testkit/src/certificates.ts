/** Certificates for tests: an authority, and what it has signed. */
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import forge from "node-forge";

/** Files, in PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** What can be wrong with one that an authority has signed. */
interface Flaws {
  readonly isExpired?: boolean;
  /** It is for servers alone. */
  readonly isForServers?: boolean;
}

const { pki } = forge;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export class Authority {
  readonly #folder: string;
  readonly #self: Certificate;

  /** @param name of the files, too, which are in the folder */
  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#self = this.#make(name, [{ name: "basicConstraints", cA: true }]);
  }

  /** The file that trusts it. */
  get anchor(): string {
    return this.#self.certificate;
  }

  /** @param dnsName the only one that it is for */
  sign(name: string, dnsName: string, { isExpired = false, isForServers = false }: Flaws = {}): Certificate {
    const extensions = [
      { name: "subjectAltName", altNames: [{ type: 2, value: dnsName }] },
      ...(isForServers ? [{ name: "extKeyUsage", serverAuth: true }] : []),
    ];
    return this.#make(name, extensions, this.#self, isExpired ? Date.now() - MINUTE : undefined);
  }

  #make(name: string, extensions: readonly object[], issuer?: Certificate, end = Date.now() + DAY): Certificate {
    const pair = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    const made = pki.createCertificate();
    const subject = [{ name: "commonName", value: name }];
    made.publicKey = pki.publicKeyFromPem(pair.publicKey);
    made.serialNumber = Buffer.from(name).toString("hex");
    made.validity.notBefore = new Date(end - 2 * DAY);
    made.validity.notAfter = new Date(end);
    made.setSubject(subject);
    made.setIssuer(issuer === undefined ? subject : readCertificate(issuer).subject.attributes);
    made.setExtensions([...extensions]);
    const signer = issuer === undefined ? pair.privateKey : readFileSync(issuer.key, "utf8");
    made.sign(pki.privateKeyFromPem(signer), forge.md.sha256.create());
    const files = { certificate: join(this.#folder, `${name}.pem`), key: join(this.#folder, `${name}.key`) };
    writeFileSync(files.certificate, pki.certificateToPem(made));
    writeFileSync(files.key, pair.privateKey, { mode: 0o600 });
    return files;
  }
}

function readCertificate({ certificate }: Certificate): forge.pki.Certificate {
  return pki.certificateFromPem(readFileSync(certificate, "utf8"));
}
