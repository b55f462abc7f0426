/** Who may log in at a daemon, and what each may do. */

const access = (word: string | readonly string[]) => ({ "user-context": { kotare: { access: word } } });
export const LOGINS = [
  { user: "admin", password: "s\u00e4cret" },
  { user: "root", password: "root" },
  { user: "guest", password: "guest", ...access("read") },
  { user: "desk", password: "desk", ...access(["lease4-get-page", "lease4-get-by-hw-address"]) },
];
