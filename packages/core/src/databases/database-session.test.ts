import { expect, it } from "vitest";
import { LeaseDatabase } from "../config/schema/databases.ts";
import { openSessions } from "./database-session.ts";
import { databaseSettings } from "./database-settings.ts";

const settings = databaseSettings(LeaseDatabase.parse({ type: "mysql", name: "kea", host: "gone, standby, main" }));

/** @param isUp whether a host takes connections, and changes */
function open(isUp: (host: string) => boolean) {
  const connections: { readonly host: string; lose(): void }[] = [];
  const closed: string[] = [];
  const events: string[] = [];
  const sessions = openSessions(
    {
      connect(_, { host }, onLost) {
        if (host === "gone") return Promise.reject(new Error("refused"));
        connections.push({ host, lose: () => onLost(new Error("cut")) });
        return Promise.resolve({ host, close: () => Promise.resolve(void closed.push(host)) });
      },
      prepare: ({ host }) => (isUp(host) ? Promise.resolve(22) : Promise.reject(new Error("takes no changes"))),
    },
    settings,
    () => 0,
    ({ kind }) => events.push(kind),
  );
  return { sessions, connections, closed, events };
}

it("a session is on the first host that answers and takes changes, whole", async () => {
  const { sessions, closed } = open((host) => host === "main");
  const { reading, searching, writing } = (await sessions).connection;
  expect([reading, searching, writing].map(({ host }) => host)).toEqual(["main", "main", "main"]);
  expect(closed).toEqual(["standby", "standby", "standby"]);
  await (await sessions).close();
  expect(closed).toHaveLength(6);
});

it("where none does, it is said of each why", async () => {
  const { sessions } = open(() => false);
  await expect(sessions).rejects.toThrow("gone: refused; standby: takes no changes; main: takes no changes");
});

it("a session whose one connection is lost is lost as a whole, once, and opened where it can be then", async () => {
  let main = "standby";
  const { sessions, connections, closed, events } = open((host) => host === main);
  const session = await sessions;
  expect(session.connection.writing.host).toBe("standby");
  main = "main";
  for (const { lose } of connections.slice(0, 3)) lose();
  await expect.poll(() => events).toEqual(["lost", "recovered"]);
  expect(session.connection.reading.host).toBe("main");
  expect(closed).toHaveLength(6);
  await session.close();
});
