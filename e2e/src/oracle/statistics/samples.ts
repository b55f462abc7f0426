/** Commands about the samples that statistics keep, and DISCOVERs between them that count. */
import { join } from "node:path";
import { Lab } from "../../lab/lab.ts";
import { sendCommand } from "../../subject/command.ts";
import { Server, type ServerOptions, type Subject } from "../../subject/server.ts";
import { client, discover } from "../dhcp4/client.ts";
import { LAN } from "../dhcp4/lan.ts";
import { stage4 } from "../dhcp4/stage.ts";
import { Script } from "../script.ts";

const name = "pkt4-received";
const get = ["statistic-get", { name }] as const;

/** A command and its arguments; `discover`: a message; a number: seconds without any. */
const steps: readonly (readonly [command: string, args?: object] | "discover" | number)[] = [
  get,
  ["statistic-get", { name: "nobody" }],
  ["statistic-reset", { name: "nobody" }],
  ["statistic-remove", { name: "nobody" }],
  ["statistic-get", { name: "subnet[1].total-addresses" }],
  "discover",
  "discover",
  "discover",
  "discover",
  get,
  ["statistic-sample-count-set", { name, "max-samples": 3 }],
  get,
  ["statistic-sample-count-set", { name, "max-samples": 5 }],
  "discover",
  get,
  ["statistic-sample-count-set", { name, "max-samples": 1 }],
  get,
  "discover",
  get,
  ["statistic-sample-age-set", { name, duration: 1 }],
  "discover",
  "discover",
  get,
  1.5,
  "discover",
  get,
  ["statistic-sample-age-set", { name, duration: 0 }],
  "discover",
  get,
  ["statistic-reset", { name }],
  get,
  ["statistic-sample-count-set-all", { "max-samples": 2 }],
  "discover",
  "discover",
  get,
  ["statistic-sample-age-set-all", { duration: 60 }],
  ["statistic-remove", { name }],
  get,
  "discover",
  get,
  ["statistic-reset-all"],
  get,
  ["statistic-remove-all"],
  ["statistic-get-all"],
];

/** @returns each command with its answer; times are left out */
export async function playSamples(subject: Subject): Promise<string[]> {
  await using lab = new Lab();
  const { server: host, clients } = stage4.plugIn(lab);
  const options: ServerOptions = { folder: join(lab.folder, "server") };
  const socket = join(options.folder, "socket");
  const control = { "control-socket": { "socket-type": "unix", "socket-name": socket } };
  await using server = await Server.start(subject, host, { ...control, subnet4: [LAN] }, options);
  using voice = await stage4.open(clients);
  const script = new Script(stage4, voice, 1);
  const answers: string[] = [];
  for (const step of steps) {
    if (step === "discover") await script.ask("DISCOVER", discover(client(1)));
    else if (typeof step === "number") await script.pause(step);
    else {
      const answer = await sendCommand(socket, ...step);
      answers.push(`${JSON.stringify(step)}: ${answer.trim().replace(/"\d{4}-[^"]*"/g, "time")}`);
    }
  }
  if (!server.program.running) throw new Error(`${subject} has ended`);
  return answers;
}
