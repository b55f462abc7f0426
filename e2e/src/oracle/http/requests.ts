/** Requests over HTTP, right and wrong, as clients of all kinds write them. */

export const USER = "admin";
export const PASSWORD = "correct horse";

const VERSION = '{"command":"version-get"}';
const JSON_TYPE = "Content-Type: application/json";

interface Form {
  readonly method?: string;
  readonly path?: string;
  readonly version?: string;
  /** Beside Host and the two below. */
  readonly headers?: readonly string[];
  /** What is said of oneself; nothing when it is empty. */
  readonly authorization?: string;
  readonly body?: string;
  /** Whether the length is told; default true. */
  readonly isMeasured?: boolean;
}

function request(form: Form = {}): string {
  const { method = "POST", path = "/", version = "HTTP/1.1", headers = [JSON_TYPE], body = VERSION } = form;
  const { authorization = basic(`${USER}:${PASSWORD}`), isMeasured = true } = form;
  const login = authorization === "" ? [] : [`Authorization: ${authorization}`];
  const length = isMeasured ? [`Content-Length: ${body.length}`] : [];
  return [`${method} ${path} ${version}`, "Host: kea.example.org", ...headers, ...login, ...length, "", body].join(
    "\r\n",
  );
}

function basic(text: string): string {
  return `Basic ${btoa(text)}`;
}

function withHeaders(...headers: string[]): string {
  return request({ headers: [JSON_TYPE, ...headers] });
}

function withBody(body: string): string {
  return request({ body });
}

function loggedIn(authorization: string): string {
  return request({ authorization });
}

/** By title: parts that go over one connection, each when the one before is answered; a character is a byte. */
export const requests: Readonly<Record<string, readonly string[]>> = {
  "a command": [request()],
  "a command that is not known": [withBody('{"command":"nosuch"}')],
  "a command to a service": [withBody('{"command":"version-get","service":["dhcp4"]}')],
  "a command to no service": [withBody('{"command":"version-get","service":[]}')],
  "two commands in turn": [request(), withBody('{"command":"nosuch"}')],
  "two commands at once": [request() + withBody('{"command":"nosuch"}')],
  "a command after one that is not JSON": [withBody("{bad"), request()],
  "HTTP/1.0": [request({ version: "HTTP/1.0" })],
  "HTTP/1.0, kept open": [request({ version: "HTTP/1.0", headers: [JSON_TYPE, "Connection: keep-alive"] })],
  "HTTP/2.0": [request({ version: "HTTP/2.0" })],
  "Connection: close": [withHeaders("Connection: close")],
  "another path": [request({ path: "/some/where?a=1" })],
  "an absolute path": [request({ path: "http://kea.example.org/" })],
  "a path upwards": [request({ path: "/../etc/passwd" })],
  GET: [request({ method: "GET" })],
  HEAD: [request({ method: "HEAD", headers: [], body: "", isMeasured: false })],
  OPTIONS: [request({ method: "OPTIONS", headers: [], body: "", isMeasured: false })],
  PUT: [request({ method: "PUT" })],
  DELETE: [request({ method: "DELETE", headers: [], body: "", isMeasured: false })],
  "no Content-Type": [request({ headers: [] })],
  "Content-Type: text/plain": [request({ headers: ["Content-Type: text/plain"] })],
  "Content-Type with a character set": [request({ headers: ["Content-Type: application/json; charset=utf-8"] })],
  "Content-Type in capitals": [request({ headers: ["Content-Type: APPLICATION/JSON"] })],
  "no length": [request({ isMeasured: false })],
  "no body": [withBody("")],
  "a body in chunks": [
    request({
      headers: [JSON_TYPE, "Transfer-Encoding: chunked"],
      body: `${VERSION.length.toString(16)}\r\n${VERSION}\r\n0\r\n\r\n`,
      isMeasured: false,
    }),
  ],
  "chunks and a length": [withHeaders("Transfer-Encoding: chunked")],
  "a length that is too small": [request({ headers: [JSON_TYPE, "Content-Length: 10"], isMeasured: false })],
  "two lengths that differ": [
    request({ headers: [JSON_TYPE, "Content-Length: 24", "Content-Length: 25"], isMeasured: false }),
  ],
  "a length that is no number": [request({ headers: [JSON_TYPE, "Content-Length: abc"], isMeasured: false })],
  "a length below zero": [request({ headers: [JSON_TYPE, "Content-Length: -1"], isMeasured: false })],
  "a header without a colon": [withHeaders("nonsense")],
  "a space before the colon": [request({ headers: ["Content-Type : application/json"] })],
  "no header at all": ["nonsense\r\n\r\n"],
  "line ends without CR": [request().replaceAll("\r\n", "\n")],
  "a TLS hello": ["\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03"],
  "Expect: 100-continue": [withHeaders("Expect: 100-continue")],
  "a header of 6,000 bytes": [withHeaders(`X-Long: ${"x".repeat(6000)}`)],
  "JSON that is not whole": [withBody("{bad")],
  "JSON and something behind it": [withBody(`${VERSION} x`)],
  "JSON and a line end": [withBody(`${VERSION}\n`)],
  "JSON with a comment": [withBody(`${VERSION} // what is it?`)],
  "JSON: a number": [withBody("5")],
  "JSON: a list": [withBody(`[${VERSION}]`)],
  "JSON: null": [withBody("null")],
  "JSON: no command": [withBody("{}")],
  "JSON: a command that is a number": [withBody('{"command":5}')],
  "JSON: an unknown key": [withBody('{"command":"version-get","foo":1}')],
  "JSON: too deep": [withBody(`{"command":"config-set","arguments":${"[".repeat(200)}${"]".repeat(200)}}`)],
  "a scheme in small letters": [loggedIn(basic(`${USER}:${PASSWORD}`).replace("Basic", "basic"))],
  "no login": [loggedIn("")],
  "no login, then a good one": [loggedIn(""), request()],
  "no login, HTTP/1.0": [request({ authorization: "", version: "HTTP/1.0" })],
  "no login, GET": [request({ authorization: "", method: "GET" })],
  "no login, and JSON that is not whole": [request({ authorization: "", body: "{bad" })],
  "a wrong password": [loggedIn(basic(`${USER}:wrong`))],
  "an unknown user": [loggedIn(basic("nobody:wrong"))],
  "no password": [loggedIn(basic(USER))],
  "an empty login": [loggedIn(" ")],
  "another scheme": [loggedIn("Bearer abc")],
  "a login that is not base64": [loggedIn("Basic ###")],
};
