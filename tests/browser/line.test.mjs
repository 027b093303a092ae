// The main line, told in a browser that runs no JavaScript: from the first visit to the trail that holds it all.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { click, password, readLetter, says, send, signOut, signUp, words } from "./steps.mjs";
import { open } from "./support.mjs";

const people = fileURLToPath(new URL("../fixtures/people-export.csv", import.meta.url));

let house, mara, uma;
before(async () => {
  house = await open();
  mara = await (await house.visit("bare")).newPage();
  uma = await (await house.visit("bare")).newPage();
});
after(() => house?.close());

/** The chapters of the line, in order. When one fails, so do all after it. */
const chapters = {
  async "Mara signs up for the trial"() {
    const answer = await signUp(mara, { business: "Larkfield Studio", name: "Mara Lindqvist", email: "mara@larkfield.example" });
    assert.equal(answer.status(), 200);
    assert.equal(new URL(mara.url()).pathname, "/");
    await says(mara, "Larkfield Studio stands.");
  },

  async "she confirms her address with the letter"() {
    await readLetter(mara, "mara@larkfield.example", "confirm your address");
    await click(mara, "Follow its link");
    await says(mara, "mara@larkfield.example");
    await send(mara, "Confirm address");
  },

  async "she leaves the trial for Team"() {
    await mara.goto("/settings/plan");
    await says(mara, "Trial", "250");
    await click(mara, "Change plan");
    await send(mara, "Look at Team");
    await says(mara, "Team begins now.", "Due today $49.00");
    await send(mara, "Change to Team");
    assert.equal(new URL(mara.url()).pathname, "/settings/plan");
    await says(mara, "The plan is Team now.", "1 of 25");
  },

  async "she adds people"() {
    for (const [name, email, department] of [
      ["Uma Castell", "uma@larkfield.example", "Product"],
      ["Noah Kimura", "noah@larkfield.example", "Sales"],
      ["Elena Duarte", "elena@larkfield.example", "Marketing"],
    ]) {
      await mara.goto("/people");
      await click(mara, "Add person");
      await send(mara, "Add to People", { name, email, department });
      await says(mara, name, email);
    }
  },

  async "she invites two of them"() {
    await mara.goto("/team/invitations");
    await send(mara, "Send invitations", { emails: "uma@larkfield.example\nnoah@larkfield.example", role: "user" });
    await says(mara, "uma@larkfield.example", "noah@larkfield.example");
  },

  async "Uma joins with the link of her letter"() {
    await readLetter(uma, "uma@larkfield.example", "Larkfield Studio");
    await click(uma, "Follow its link");
    await says(uma, "Join Larkfield Studio", "Mara Lindqvist");
    assert.equal(await uma.getByLabel("E-mail").inputValue(), "uma@larkfield.example");
    assert.equal(await uma.getByLabel("Your name").inputValue(), "Uma Castell");
    await send(uma, "Join", { password });
    assert.equal(new URL(uma.url()).pathname, "/");
  },

  async "Mara adds Figma with two seats"() {
    await mara.goto("/subscriptions/new");
    const renews_on = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
    const fields = { service: "Figma", cost: "540.00", currency: "USD", cost_model: "per_seat", cycle_unit: "year", renews_on, seats: "2" };
    const answer = await send(mara, "Save subscription", fields);
    assert.equal(answer.status(), 200);
    await says(mara, "Figma", "540.00");
  },

  async "she gives the two seats, and hears that there is no third"() {
    for (const member of ["uma@larkfield.example", "noah@larkfield.example"]) {
      assert.equal((await send(mara, "Assign seat", { member })).status(), 200);
    }
    await says(mara, "Uma Castell", "Noah Kimura");
    const answer = await send(mara, "Assign seat", { member: "elena@larkfield.example" });
    assert.equal(answer.status(), 409);
    await says(mara, "No seat is free");
    await mara.goBack();
  },

  async "she revokes one and gives it to Elena"() {
    await send(mara, "Revoke the seat of Noah Kimura");
    assert.equal((await send(mara, "Assign seat", { member: "elena@larkfield.example" })).status(), 200);
    await says(mara, "Uma Castell", "Elena Duarte");
  },

  async "she imports people, looking first"() {
    await mara.goto("/import");
    await send(mara, "Upload and check", { file: people });
    await says(mara, "Winterbottom");
    await send(mara, "Import 17 people");
    await mara.goto("/people");
    await says(mara, "Nora Winterbottom");
  },

  async "the trail tells it all"() {
    await mara.goto("/audit");
    await says(mara, "Mara Lindqvist", "Uma Castell", "Figma");
    await Promise.all([mara.waitForNavigation(), mara.locator("main .trail a").first().click()]);
    await says(mara, "Mara Lindqvist");
  },

  async "she takes the trail home as a file"() {
    await mara.goto("/audit");
    const [download] = await Promise.all([mara.waitForEvent("download"), mara.getByRole("link", { name: "Export CSV" }).click()]);
    const file = readFileSync(await download.path(), "utf8");
    assert.match(file, /Figma/);
  },

  async "after signing out nothing of it can be reached"() {
    const context = mara.context();
    const before = await context.cookies();
    await mara.goto("/");
    await signOut(mara);
    assert.equal(new URL(mara.url()).pathname, "/login");
    await mara.goBack();
    assert.ok(!(await words(mara)).includes("Larkfield Studio"), "the page before is still shown");
    await context.addCookies(before);
    await mara.goto("/businesses");
    assert.equal(new URL(mara.url()).pathname, "/login", "the old cookie still opens a page");
  },
};

test("the main line without JavaScript", { timeout: 1_200_000 }, async (t) => {
  let stuck = "";
  for (const [chapter, tell] of Object.entries(chapters)) {
    await t.test(chapter, async () => {
      assert.equal(stuck, "", "not told, because this chapter failed");
      stuck = chapter;
      await tell();
      stuck = "";
    });
  }
});
