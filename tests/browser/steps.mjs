// What people do on the pages, in the words of the pages: the tests tell their stories with these.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

export const password = "correct horse battery";

/** Fills the form with this button by the names of its fields, sends it, and returns what the server answers. */
export async function send(page, button, fields = {}) {
  const press = page.getByRole("button", { name: button, exact: true }).first();
  const form = page.locator("form").filter({ has: press }).first();
  for (const [name, value] of Object.entries(fields)) await fill(form, name, value);
  return follow(page, press);
}

/** Clicks what leads to another page, and returns what the server answers. */
async function follow(page, press) {
  const answer = page.waitForNavigation();
  // A click that fails says more than the page that never came.
  answer.catch(() => {});
  await press.click();
  return answer;
}

async function fill(form, name, value) {
  const field = form.locator(`[name="${name}"]:not([type=hidden])`);
  const folded = field.first().locator("xpath=ancestor::details[not(@open)]/summary");
  if ((await folded.count()) > 0) await folded.first().click();
  const kind = await field.first().evaluate((part) => part.type);
  if (kind === "radio" || kind === "checkbox") await form.locator(`[name="${name}"][value="${value}"]`).check();
  else if (kind === "file") await field.setInputFiles(value);
  else if (kind.startsWith("select")) await field.selectOption(value);
  else await field.fill(value);
}

/** Follows the link with these words. */
export async function click(page, name) {
  return follow(page, page.getByRole("link", { name }).first());
}

/** Everything a person reads in the page's main part, white space folded. */
export async function words(page) {
  return (await page.locator("main").innerText()).replace(/\s+/g, " ");
}

/** Asserts that the page says all of this. */
export async function says(page, ...sentences) {
  const text = await words(page);
  for (const sentence of sentences) assert.ok(text.includes(sentence), `"${sentence}" is not on ${page.url()}: ${text}`);
}

export async function signUp(page, { business, name, email, plan = "trial" }) {
  await page.goto("/signup");
  return send(page, "Create business", { business, name, email, password, plan });
}

export async function signIn(page, email, next = "/") {
  await page.goto(`/login?next=${encodeURIComponent(next)}`);
  return send(page, "Sign in", { email, password });
}

export async function signOut(page) {
  await page.locator("summary", { hasText: "Your menu" }).click();
  return send(page, "Sign out");
}

/** Opens the newest letter to this address whose subject holds these words, once the worker has sent it. */
export async function readLetter(page, to, subject) {
  const letter = page.getByRole("row").filter({ hasText: to }).getByRole("link", { name: subject }).first();
  for (const end = Date.now() + 180_000; ; await pause(200)) {
    await page.goto("/dev/mail");
    if ((await letter.count()) > 0) break;
    assert.ok(Date.now() < end, `no letter "${subject}" to ${to} after 20 seconds: ${await words(page)}`);
  }
  return follow(page, letter);
}
