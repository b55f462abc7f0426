/** Where answers over HTTP are others than Kea 3.0's on purpose. Every entry has a reason; one that no longer differs fails. */

export interface HttpDifference {
  /** All of the request's title. */
  readonly title: RegExp;
  /** All of the way to what differs. */
  readonly path: RegExp;
  readonly reason: string;
}

export const deliberateHttp: readonly HttpDifference[] = [
  {
    title: /(GET|HEAD|OPTIONS|PUT|DELETE|no login, GET)/,
    path: /isClosed|answers\[0\]\.(status|body|headers\.(allow|content-type|length))/,
    reason: "Browsers and scrapers come with GET, and each method is told what it may. To Kea all but POST is broken.",
  },
  {
    title: /(GET|HEAD|no login, GET)/,
    path: /answers\[0\]\.headers\.(content-security-policy|x-content-type-options|referrer-policy|cache-control|vary|etag)/,
    reason: "The web page is there. Kea has none.",
  },
  {
    title: /(HTTP\/.*|no login, HTTP\/1\.0|no header at all|a TLS hello)/,
    path: /isClosed|answers\[0\]\.status/,
    reason:
      "A server says which version it speaks, whatever was asked (RFC 9110 §2.5); to a later major version it ends the connection.",
  },
  {
    title: /two commands at once/,
    path: /answers\[1\]/,
    reason: "Each is answered, in order (RFC 9112 §9.3.2). Kea forgets the second.",
  },
  {
    title: /(Content-Type with a character set|a body in chunks)/,
    path: /isClosed|answers\[0\]\.(status|body)/,
    reason: "A character set may be named, and every recipient takes chunks (RFC 9112 §7.1).",
  },
  {
    title: /(no Content-Type|Content-Type: text\/plain)/,
    path: /isClosed/,
    reason: "Where the body ends is known: the connection need not be closed.",
  },
  {
    title: /(chunks and a length|two lengths that differ|a length that is (no number|too small)|a length below zero)/,
    path: /isClosed|answers\[[01]\](\.(status|body))?/,
    reason:
      "Where the request ends is not certain: refused and closed (RFC 9112 §6.3), and what is behind it is no request.",
  },
  {
    title: /(no body|JSON: (a number|null))/,
    path: /answers\[0\]\.(status|body)/,
    reason: "What cannot be a command is refused as what is no JSON is.",
  },
  {
    title: /no length/,
    path: /answers\[1\]/,
    reason: "Without a length there is no body (RFC 9112 §6.3): what follows is taken for a request, which it is not.",
  },
  {
    title: /Expect: 100-continue/,
    path: /answers\[[01]\].*/,
    reason: "Who asks is told to go on (RFC 9110 §10.1.1).",
  },
  {
    title: /no login, and JSON that is not whole/,
    path: /answers\[0\]\..*/,
    reason: "Who has not logged in is not told what is wrong with a command.",
  },
  {
    title:
      /(a header without a colon|a space before the colon|line ends without CR|no header at all|a TLS hello|chunks and a length|two lengths that differ|a length that is no number)/,
    path: /answers\[0\]\.headers\.date/,
    reason:
      "What is no request is refused by node before there is one to answer: without a date, which it need not have.",
  },
];
