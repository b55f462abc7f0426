/** Control sockets of a packaged daemon: who may what by HTTP; over TLS a certificate does as well. */
export const AFAR = [
  { "socket-type": "unix", "socket-name": "kea4-ctrl-socket" },
  {
    "socket-type": "http",
    authentication: {
      type: "basic",
      clients: [
        { user: "admin", password: "p" },
        { user: "viewer", password: "p", "user-context": { kotare: { access: "read" } } },
        { user: "prometheus", password: "p", "user-context": { kotare: { access: ["/metrics"] } } },
      ],
    },
  },
  {
    "socket-type": "https",
    "socket-port": 8443,
    "trust-anchor": "/etc/kotare/tls/authority.pem",
    "cert-file": "/etc/kotare/tls/daemon.pem",
    "key-file": "/etc/kotare/tls/daemon.key",
  },
];
