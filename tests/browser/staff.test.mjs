// The console of whoever runs the installation, and a support session: good pages, with the banner on each of them.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Secret, TOTP } from "otpauth";
import { faults, follow, observer, shape } from "./looking.mjs";
import { click, password, says, send, signIn, signUp, words } from "./steps.mjs";
import { open } from "./support.mjs";

let house, mara, sam, staff, app, code;
before(async () => {
  house = await open();
  mara = await (await house.visit("desktop")).newPage();
  await signUp(mara, { business: "Larkfield Studio", name: "Mara Lindqvist", email: "mara@larkfield.example" });
  await mara.goto("/subscriptions/new");
  await send(mara, "Save subscription", { service: "Figma", cost: "12.00", renews_on: "2030-01-31", seats: "5" });
  staff = await house.visit("desktop");
  sam = await observer(staff);
});
after(() => house?.close());

test("a command makes Sam a member of staff, who chooses a password", { timeout: 1_200_000 }, async () => {
  const link = house.command("staff", "add", "sam@subledger.example").match(/http\S+/)[0];
  await sam.page.goto(link);
  assert.deepEqual(await faults(sam), [], "/activate");
  await send(sam.page, "Go on to sign in", { name: "Sam Staff", password });
  await send(sam.page, "Sign in", { email: "sam@subledger.example", password });
  await says(sam.page, "Your sign-in must have it: set it up now, and you can go on.");
  assert.deepEqual(await faults(sam), [], "/settings/security/two-factor");
  const secret = (await sam.page.locator("#secret").innerText()).replaceAll(" ", "");
  app = new TOTP({ secret: Secret.fromBase32(secret) });
  assert.equal((await send(sam.page, "Turn on", { code: "000000" })).status(), 422);
  assert.deepEqual(await faults(sam), [], "a code that is none");
  await send(sam.page, "Turn on", { code: app.generate() });
  await says(sam.page, "shown this once");
  assert.deepEqual(await faults(sam), [], "the recovery codes");
  code = (await sam.page.locator("pre.code").innerText()).trim().split("\n").at(0);
  assert.equal((await sam.page.goto("/staff")).status(), 200);
});

test("Sam signs in again with a recovery code", { timeout: 1_200_000 }, async () => {
  const again = await observer(await house.visit("desktop"));
  await signIn(again.page, "sam@subledger.example", "/staff");
  await says(again.page, "Open your authenticator app");
  assert.deepEqual(await faults(again), [], "/login/code");
  assert.equal((await send(again.page, "Sign in", { code: "aaaa-aaaa-aaaa-aaaa" })).status(), 422);
  assert.deepEqual(await faults(again), [], "/login/code refused");
  await send(again.page, "Sign in", { code });
  assert.equal(new URL(again.page.url()).pathname, "/staff");
  assert.deepEqual(await faults(again), [], "/staff");
  for (const path of ["/settings/security", "/settings/profile", "/settings/profile/delete"]) {
    await again.page.goto(path);
    assert.deepEqual(await faults(again), [], path);
  }
});

test("Sam finds good pages behind every link of the console", { timeout: 1_200_000 }, async () => {
  const { paths, wrong } = await follow(staff, ["/staff", "/staff?q=nobody", "/staff/sessions"]);
  assert.deepEqual(wrong.filter((line) => !line.startsWith("/,")), []);
  const found = [];
  for (const path of paths.filter((one) => one.startsWith("/staff"))) {
    await sam.page.goto(path);
    found.push(...(await faults(sam)).map((fault) => `${path} ${fault}`));
  }
  assert.deepEqual(found, []);
});

test("Sam steps in, and the banner stands on every page, also where something is refused", { timeout: 1_200_000 }, async () => {
  await sam.page.goto("/staff?q=larkfield");
  await click(sam.page, "Larkfield Studio");
  assert.equal((await send(sam.page, "Step in", { reason: "short" })).status(), 422);
  assert.deepEqual(await faults(sam), [], "a reason that is none");
  await send(sam.page, "Step in", { reason: "Ticket 118: the seats look wrong" });
  await says(sam.page, "You act for Larkfield Studio now, and read.");
  const { paths } = await follow(staff, ["/"]);
  const shapes = new Map(paths.toReversed().map((path) => [shape(path), path]));
  const found = [];
  for (const [one, path] of [...shapes].filter(([one]) => !/^\/(static|dev)\/|\.\w+$/.test(one)).concat([["/team", "/team"]])) {
    await sam.page.goto(path);
    found.push(...(await faults(sam)).map((fault) => `${one} ${fault}`));
    const banner = await sam.page.locator(".support-bar").innerText();
    if (!banner.includes("Sam Staff acts for Larkfield Studio, read only")) found.push(`${one} says ${banner}`);
  }
  assert.deepEqual(found, []);
  await send(sam.page, "Leave");
  await says(sam.page, "You have left Larkfield Studio.");
});

test("an owner reads of it, and stops a recovery of access", { timeout: 1_200_000 }, async () => {
  await sam.page.goto("/staff?q=larkfield");
  await click(sam.page, "Larkfield Studio");
  await click(sam.page, "Recover access");
  house.asOwner("UPDATE users SET totp_sealed = '\\x00', two_factor_at = created_at WHERE email LIKE 'mara%'");
  const fields = { kind: "two_factor", email: "mara@larkfield.example", reason: "She lost her telephone" };
  await send(sam.page, "Recover access", fields);
  assert.deepEqual(await faults(sam), [], "a business with a recovery");
  const id = house.asOwner("SELECT replace(id::text, '-', '') FROM recoveries").trim();
  await mara.goto(`/recoveries/${crockford(id)}`);
  const seen = await observer(mara.context());
  await seen.page.goto(mara.url());
  assert.deepEqual(await faults(seen), [], "/recoveries/{id}");
  await send(mara, "Stop it");
  assert.match(await words(mara), /Stopped by an owner/);
});

/** An id as the pages write it. */
function crockford(hex) {
  const digits = "0123456789abcdefghjkmnpqrstvwxyz";
  const number = BigInt(`0x${hex}`);
  return Array.from({ length: 26 }, (_, place) => digits[Number((number >> BigInt((25 - place) * 5)) & 31n)]).join("");
}
