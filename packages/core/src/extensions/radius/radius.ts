/** `libdhcp_radius.so`: RADIUS servers say who may have what, and are told who has it. */
import { lookup } from "node:dns/promises";
import { type Contributions, defineExtension, type ExtensionLog } from "@kotare/extension";
import { resolvePath } from "../../daemon/paths.ts";
import { type AccessFact, RadiusAccess } from "./radius-access.ts";
import { RadiusAccounting } from "./radius-accounting.ts";
import { RadiusCode } from "./radius-packet.ts";
import { type RadiusParameters, radiusParameters } from "./radius-parameters.ts";
import { type RadiusRules, type RadiusServer, RadiusService } from "./radius-service.ts";
import { SessionHistory } from "./session-history.ts";

export const radius = defineExtension({
  name: "radius",
  parameters: radiusParameters,
  async start({ parameters, family, log, directories }): Promise<Contributions<AccessFact>> {
    const { access, accounting } = parameters;
    for (const warning of parameters.warnings) log.warn(warning);
    const asking = await serviceOf(access.servers, parameters, log, {
      answers: [RadiusCode.accessAccept, RadiusCode.accessReject],
      isProved: parameters["use-message-authenticator"],
    });
    const reporting = await serviceOf(accounting.servers, parameters, log, {
      answers: [RadiusCode.accountingResponse],
      isProved: false,
    });
    const gate = asking && new RadiusAccess(parameters, family, asking, log);
    const file = parameters["session-history"];
    const history = SessionHistory.open(file === "" ? undefined : resolvePath(directories.data, file), log);
    const reporter =
      reporting &&
      new RadiusAccounting(parameters, family, reporting, history, (name, port) => gate?.classesOf(name, port) ?? []);
    return {
      ...(gate && { identify: (query, ask, before) => gate.identify(query, ask, before), facts: gate.facts }),
      ...(reporter && { observe: (events) => reporter.observe(events) }),
      async stop() {
        asking?.stop();
        reporting?.stop();
        await history.close();
      },
    };
  },
});

/** @returns `undefined` without servers @throws Error when the name of one cannot be found */
async function serviceOf(
  servers: RadiusParameters["access"]["servers"],
  { bindaddr, timeout, retries, deadtime }: RadiusParameters,
  log: ExtensionLog,
  kind: Pick<RadiusRules, "answers" | "isProved">,
): Promise<RadiusService | undefined> {
  if (servers.length === 0) return undefined;
  const rules: RadiusRules = {
    servers: await Promise.all(servers.map(resolveServer)),
    bindAddress: bindaddr === "*" ? undefined : bindaddr,
    timeout: 1000 * timeout,
    retries,
    deadTime: 1000 * deadtime,
    ...kind,
  };
  return new RadiusService(rules, log);
}

async function resolveServer({
  name,
  port,
  secret,
}: RadiusParameters["access"]["servers"][number]): Promise<RadiusServer> {
  const { address } = await lookup(name).catch((error: Error) => {
    throw new Error(`server ${name} cannot be found: ${error.message}`);
  });
  return { address, port, secret: Buffer.from(secret) };
}
