/** Sends one command to a daemon by HTTP or HTTPS, to ours, to Kea's or to Kea's control agent. */
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { Milliseconds } from "../../base/clock.ts";
import { readTlsFiles, type TlsFiles } from "../../base/tls-files.ts";

export interface UrlCall {
  readonly url: URL;
  /** Without one nobody logs in. */
  readonly login: { readonly user: string; readonly password: string } | undefined;
  readonly tls: TlsFiles;
  /** For the other end to say something. */
  readonly patience: Milliseconds;
}

/** What the other end answers in place of the command. */
export class HttpRefusal extends Error {
  override readonly name = "HttpRefusal";
  readonly status: number;

  constructor(status: number, what: string) {
    super(what);
    this.status = status;
  }
}

/** Bytes of a refusal that are read. */
const LONGEST_REFUSAL = 64 * 1024;

/**
 * The answer, a list, in pieces; it is read no faster than they are taken.
 * @throws HttpRefusal, or Error that says what is the matter with the connection
 */
export async function* askUrl(call: UrlCall, text: string): AsyncGenerator<Buffer> {
  const { url } = call;
  try {
    const response = await send(call, text);
    if (response.statusCode !== 200) throw await readRefusal(response);
    yield* response as AsyncIterable<Buffer>;
  } catch (error) {
    if (error instanceof HttpRefusal) throw error;
    throw new Error(`${url.href}: ${explain(error as NodeJS.ErrnoException)}`, { cause: error });
  }
}

function send({ url, login, tls, patience }: UrlCall, text: string): Promise<IncomingMessage> {
  const body = Buffer.from(text);
  const options = {
    method: "POST",
    headers: { "Content-Type": "application/json", "Content-Length": body.length, Connection: "close" },
    timeout: patience,
    ...(login !== undefined && { auth: `${login.user}:${login.password}` }),
  };
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === "https:" ? requestHttps(url, { ...options, ...readTlsFiles(tls) }) : requestHttp(url, options);
    request.on("response", resolve);
    request.on("error", reject);
    request.on("timeout", () => request.destroy(new Error(`no answer within ${patience / 1000} s`)));
    request.end(body);
  });
}

async function readRefusal(response: IncomingMessage): Promise<HttpRefusal> {
  let body = "";
  for await (const piece of response as AsyncIterable<Buffer>) {
    body += piece.toString("latin1");
    if (body.length > LONGEST_REFUSAL) break;
  }
  const { statusCode = 0, statusMessage = "" } = response;
  const text = /"text": ?("(?:[^"\\]|\\.)*")/.exec(body)?.[1];
  const what = text === undefined ? `HTTP status ${statusCode} ${statusMessage}` : String(JSON.parse(text));
  return new HttpRefusal(
    statusCode,
    statusCode === 401 ? `${what}: log in with --user, or is the password wrong?` : what,
  );
}

function explain({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case "ECONNREFUSED":
      return "nobody listens there; does the daemon run, with a control socket of type http or https there?";
    case "ENOTFOUND":
      return "there is no host of this name";
    case "ECONNRESET":
      return "the other end has closed the connection; is it HTTPS, or does it want a certificate, or another one: --cert and --key?";
    case "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED":
      return "the other end wants a certificate of ours: name it with --cert and --key";
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
      return `its certificate is of an authority that is not trusted here: name the authority's with --ca (${message})`;
    case "EPROTO":
      return `it does not speak TLS as it should: is it http:// there? (${message})`;
    default:
      return message;
  }
}
