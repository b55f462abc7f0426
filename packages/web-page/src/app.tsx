/** The page: who is logged in, and which view is open. */
import { useLayoutEffect, useState } from "preact/hooks";
import { Classes } from "./configuration/classes.tsx";
import { Configuration } from "./configuration/configuration.tsx";
import { Events } from "./events/events.tsx";
import { type Family, SERVICE_OF } from "./leases/lease.ts";
import { Leases } from "./leases/leases.tsx";
import { Login } from "./login.tsx";
import { ManualLink } from "./manual-link.tsx";
import { Names } from "./names.tsx";
import { loadStates } from "./overview/daemon-state.ts";
import { Overview } from "./overview/overview.tsx";
import { Packets } from "./packets/packets.tsx";
import { Problem } from "./problem.tsx";
import { type Draft, Reservations } from "./reservations/reservations.tsx";
import { LoginWanted, type Session } from "./session.ts";
import { Subnets } from "./subnets/subnets.tsx";
import { useSamples } from "./subnets/use-samples.ts";
import { usePolled } from "./use-polled.ts";

export function App() {
  const [session, setSession] = useState<Session>();
  if (session === undefined) return <Login onLogin={setSession} />;
  return <Views session={session} onLogout={() => setSession(undefined)} />;
}

const TITLES = {
  overview: "Overview",
  subnets: "Subnets",
  leases: "Leases",
  events: "Events",
  packets: "Packets",
  reservations: "Reservations",
  classes: "Classes",
  configuration: "Configuration",
  names: "Names",
} as const;
type ViewName = keyof typeof TITLES;

interface Props {
  readonly session: Session;
  readonly onLogout: () => void;
}

function Views({ session, onLogout }: Props) {
  const open = useOpenView();
  const [draft, setDraft] = useState<Draft>();
  const [client, setClient] = useState<{ readonly family: Family; readonly name: string }>();
  const { value: states = [], problem } = usePolled(
    async (signal) => {
      try {
        return await loadStates(session, signal);
      } catch (error) {
        // The user is gone, or has another password: to go on asking would look like guessing.
        if (error instanceof LoginWanted) onLogout();
        throw error;
      }
    },
    [session],
    2,
  );
  const services = states.filter(({ isThere }) => isThere).map(({ service }) => service);
  const families = ([4, 6] as const).filter((family) => services.includes(SERVICE_OF[family]));
  const samples = useSamples(session, families);
  return (
    <>
      <header>
        <strong>Kotare</strong>
        <nav aria-label="Views">
          {Object.entries(TITLES).map(([name, title]) => (
            <a key={name} href={`#${name}`} aria-current={name === open ? "page" : undefined}>
              {title}
            </a>
          ))}
          <ManualLink />
        </nav>
        {session.user !== "" && (
          <button type="button" onClick={onLogout}>
            Log out {session.user}
          </button>
        )}
      </header>
      <main>
        <Problem text={problem} />
        {view()}
      </main>
    </>
  );

  function reserve(wanted: Draft): void {
    setDraft(wanted);
    location.hash = "#reservations";
  }

  function ask(family: Family, name: string): void {
    setClient({ family, name });
    location.hash = "#packets";
  }

  function view() {
    if (open === "overview")
      return <Overview session={session} families={families} states={states} samples={samples.value} />;
    if (services.length === 0) return <p>{problem === undefined ? "Asking the daemons…" : "No daemon answers."}</p>;
    if (open === "configuration") return <Configuration session={session} services={services} />;
    if (open === "names") return services.includes("d2") ? <Names session={session} /> : <p>d2 does not answer.</p>;
    if (families.length === 0) return <p>No DHCP daemon answers.</p>;
    if (open === "subnets") {
      const { value, problem: why } = samples;
      return <Subnets session={session} families={families} samples={value} problem={why} />;
    }
    const props = { session, families };
    if (open === "classes") return <Classes {...props} />;
    if (open === "events") return <Events {...props} />;
    if (open === "packets") return <Packets {...props} client={client} />;
    if (open === "reservations") return <Reservations {...props} draft={draft} onTaken={() => setDraft(undefined)} />;
    return <Leases {...props} onReserve={reserve} onAsk={ask} />;
  }
}

/** Named behind the `#` of the address, so that links and the browser's buttons lead there. */
function useOpenView(): ViewName {
  const [hash, setHash] = useState(location.hash);
  useLayoutEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  const name = hash.slice(1);
  return Object.hasOwn(TITLES, name) ? (name as ViewName) : "overview";
}
