import { mkdirSync } from "node:fs";
import { click, password, send, signIn, signUp } from "./steps.mjs";
import { open } from "./support.mjs";
const dir = process.argv[2]; mkdirSync(dir, { recursive: true });
const house = await open();
const kinds = [["desktop", 1280, "light"], ["phone", 390, "light"], ["dark", 1280, "dark"]];
async function take(page, name) {
  for (const [kind, width, colorScheme] of kinds) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    const height = Math.min(2400, await page.evaluate(() => document.documentElement.scrollHeight));
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: `${dir}/${name}-${kind}.png` });
  }
}
try {
  const mara = await (await house.visit("desktop")).newPage();
  await signUp(mara, { business: "Larkfield Studio", name: "Mara Lindqvist", email: "mara@larkfield.example" });
  for (const [service, cost] of [["Figma", "12.00"], ["Slack", "7.25"]]) {
    await mara.goto("/subscriptions/new");
    await send(mara, "Save subscription", { service, cost, renews_on: "2030-01-31", seats: "5" });
  }
  const page = await (await house.visit("desktop")).newPage();
  await page.goto(house.command("staff", "add", "sam@subledger.example").match(/http\S+/)[0]);
  await take(page, "activate");
  await send(page, "Go on to sign in", { name: "Sam Staff", password });
  await signIn(page, "sam@subledger.example", "/staff");
  await page.goto("/staff"); await take(page, "locked");
  house.asOwner("UPDATE users SET totp_sealed = '\\x00', two_factor_at = created_at");
  house.asOwner("INSERT INTO businesses (id, name, currency, zone, locale, application_id, status, created_at, suspended_because) VALUES (gen_random_uuid(), 'Northwind Traders', 'EUR', 'UTC', 'en-GB', 'nwApp', 'suspended', '2026-11-20Z', 'Nobody answers our letters')");
  await page.goto("/staff"); await take(page, "console");
  await click(page, "Larkfield Studio"); await take(page, "business");
  await send(page, "Step in", { reason: "short" }); await take(page, "refused");
  await send(page, "Step in", { reason: "Ticket 118: the seats look wrong" }); await take(page, "inside-home");
  await page.goto("/subscriptions"); await take(page, "inside-subscriptions");
  await page.goto("/team"); await take(page, "inside-403");
  await send(page, "Leave"); 
  await click(page, "Recover access"); await take(page, "recover");
  await send(page, "Recover access", { kind: "two_factor", email: "mara@larkfield.example", reason: "She lost her telephone" });
  await page.goto(page.url().replace(/#.*/, "")); await take(page, "business-later");
  await page.goto("/staff/sessions"); await take(page, "sessions");
  await page.goto(page.url().replace("/sessions", "")); await click(page, "Larkfield Studio"); await click(page, "Suspend"); await take(page, "suspend");
  await send(page, "Suspend", { reason: "Nobody answers our letters" });
  await mara.goto("/"); await take(mara, "suspended-home");
  await mara.goto("/audit"); await take(mara, "owner-audit");
} finally { await house.close(); }
