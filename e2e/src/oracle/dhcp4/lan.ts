/** The server's place on the wire, and the network that it serves. */

export const SERVER = { address: "10.0.0.1", mac: "02:00:00:00:00:01", prefix: "10.0.0.1/24" };

/** A network with options worth comparing; most scenes change one thing of it. */
export const LAN = {
  id: 1,
  subnet: "10.0.0.0/24",
  pools: [{ pool: "10.0.0.10 - 10.0.0.199" }],
  "option-data": [
    { name: "routers", data: "10.0.0.254" },
    { name: "domain-name-servers", data: "10.0.0.53, 10.0.0.54" },
    { name: "domain-name", data: "example.org" },
    { name: "ntp-servers", data: "10.0.0.123" },
  ],
};
