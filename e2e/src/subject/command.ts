/** Commands over a control socket, as any client of Kea's sends them. */
import { createConnection } from "node:net";

/** @returns the answer as it came: numbers in it may be too long for JavaScript's */
export async function sendCommand(socket: string, command: string, args?: unknown): Promise<string> {
  const connection = createConnection(socket);
  connection.end(JSON.stringify({ command, ...(args === undefined ? {} : { arguments: args }) }));
  let answer = "";
  for await (const bytes of connection) answer += bytes;
  return answer;
}
