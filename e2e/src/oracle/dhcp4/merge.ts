/** What the file and a database both say: which of the two counts. */
import { text } from "@kotare/testkit/payloads";
import { asks } from "../scene.ts";
import { client, discover, relayed } from "./client.ts";
import type { Scene4 } from "./stage.ts";

/** What of a scene's configuration stays in the file beside what is moved into a database. */
export const IN_FILE = "in the file";

const ALL = [3, 4, 6, 15, 42, 51, 58, 59, 67, 222, 223, 224];

const option = (name: string, data: string) => ({ name, data });
const subnet = (id: number, third: number, more: object = {}) => ({
  id,
  subnet: `10.0.${third}.0/24`,
  pools: [{ pool: `10.0.${third}.10 - 10.0.${third}.199` }],
  ...more,
});
const come = (title: string, number: number, third: number, vendor?: string) => {
  const options = vendor === undefined ? [] : [[60, text(vendor)] as const];
  const query = discover(client(number), { prl: ALL, options });
  return third === 0
    ? asks(title, query)
    : asks(title, ...relayed(query, { giaddr: `10.0.${third}.254`, source: "10.0.0.254" }));
};

const file = {
  "valid-lifetime": 700,
  "renew-timer": 111,
  "boot-file-name": "file",
  "server-hostname": "file",
  "option-def": [
    { name: "own", code: 222, type: "string" },
    { name: "mine", code: 223, type: "string" },
  ],
  "option-data": [
    option("routers", "10.0.0.3"),
    option("domain-name-servers", "10.0.0.53"),
    option("own", "text"),
    option("mine", "text"),
  ],
  "client-classes": [
    { name: "red", test: "option[60].text == 'red'", "option-data": [option("domain-name", "file.example")] },
    { name: "blue", test: "option[60].text == 'blue'", "option-data": [option("domain-name", "file.example")] },
  ],
  "shared-networks": [
    {
      name: "net",
      "renew-timer": 222,
      "option-data": [option("time-servers", "10.0.0.4"), option("ntp-servers", "10.0.0.5")],
      // For a class: of subnets for the same clients Kea takes the one that it used last.
      subnet4: [subnet(3, 3, { "client-class": "red" }), subnet(4, 4, { "valid-lifetime": 800 })],
    },
    { name: "other", "rebind-timer": 900, subnet4: [subnet(5, 5)] },
  ],
  subnet4: [
    subnet(1, 0, { "valid-lifetime": 900, "option-data": [option("ntp-servers", "10.0.0.6")] }),
    subnet(6, 6),
    subnet(7, 7),
  ],
};

const database = {
  "valid-lifetime": 500,
  "boot-file-name": "database",
  "option-def": [
    { name: "own", code: 222, type: "uint16" },
    { name: "theirs", code: 224, type: "uint8", array: true },
  ],
  "option-data": [option("routers", "10.0.0.2"), option("own", "7"), option("theirs", "1, 2")],
  "client-classes": [
    { name: "red", test: "option[60].text == 'red'", "option-data": [option("domain-name", "database.example")] },
  ],
  "shared-networks": [
    { name: "net", "option-data": [option("time-servers", "10.0.0.7")], subnet4: [subnet(2, 2)] },
    { name: "new", "option-data": [option("time-servers", "10.0.0.8")], subnet4: [subnet(6, 6)] },
  ],
  subnet4: [subnet(1, 0), subnet(4, 4), subnet(70, 7, { "valid-lifetime": 1000 })],
};

const ofBoth = [
  come("a subnet that both have", 1, 0),
  come("a class that both have", 2, 0, "red"),
  come("a class that the file has", 3, 0, "blue"),
  come("a subnet of the file in a network that both have", 5, 3, "red"),
  come("a subnet that the database takes out of a network of the file", 6, 4),
  come("a subnet of the file in a network of the file", 7, 5),
  come("a subnet that the database puts into a network", 8, 6),
  come("a subnet of the same prefix with another number", 9, 7),
];

export const mergeScenes: readonly Scene4[] = [
  {
    title: "file and database",
    config: { ...database, [IN_FILE]: file },
    exchanges: [...ofBoth, come("a subnet of the database in a network that both have", 4, 2)],
  },
  {
    title: "file and database, which has no classes and no options",
    config: { subnet4: [subnet(1, 0)], "valid-lifetime": 500, [IN_FILE]: file },
    exchanges: ofBoth,
  },
];
