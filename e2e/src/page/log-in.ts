/** Logs in at the web page, as people do. */
import type { Browser } from "../lab/browser.ts";

export const PAGE = "http://127.0.0.1:8000/";

export async function logIn(browser: Browser, user: string, password: string): Promise<void> {
  await browser.type("Name", user);
  await browser.type("Password", password);
  await browser.press("Enter");
}

export async function logOut(browser: Browser, user: string): Promise<void> {
  await browser.click(`Log out ${user}`);
  await browser.see("Log in");
}
