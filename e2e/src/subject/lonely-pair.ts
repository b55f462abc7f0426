/** A pair of which one server is there. */

const partner = (name: string, role: string, port: number) => ({ name, role, url: `http://127.0.0.1:${port}/` });

/** What its server has of `hooks-libraries`. */
export const LONELY_PAIR = {
  library: "libdhcp_ha.so",
  parameters: {
    "high-availability": [
      {
        "this-server-name": "six",
        mode: "hot-standby",
        peers: [partner("six", "primary", 8006), partner("seven", "standby", 8007)],
      },
    ],
  },
};
