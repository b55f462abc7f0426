/** Who may use which commands. */

/** Whether a command changes anything. */
export type Access = "read" | "write";

/** What somebody may: `write` is everything; a list has names of commands, and of pages such as `/metrics`. */
export type Rights = Access | readonly string[];

export function mayUse(rights: Rights, name: string, access: Access): boolean {
  if (rights === "write") return true;
  return rights === "read" ? access === "read" : rights.includes(name);
}

/** Of a command that is not ours: Kea's are named after what they do. What is in doubt changes something. */
export function accessByName(name: string): Access {
  return /(?:^|-)(?:get|find|list|heartbeat|report|explain|record)(?:-|$)|-test$/.test(name) ? "read" : "write";
}
