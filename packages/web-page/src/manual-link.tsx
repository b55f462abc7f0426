/** The way to the manual, where its package is installed. */
import { useEffect, useState } from "preact/hooks";

export function ManualLink() {
  const [isThere, setThere] = useState(false);
  useEffect(() => {
    fetch("manual/", { method: "HEAD" }).then(
      ({ ok }) => setThere(ok),
      () => undefined,
    );
  }, []);
  if (!isThere) return null;
  // In a tab of its own, since who leaves the page has to log in again.
  return (
    <a href="manual/" target="_blank" rel="noopener">
      Manual
    </a>
  );
}
