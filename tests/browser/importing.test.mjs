// A long import while the worker is at it: the page is good, goes on by itself with and without scripts, and ends in what
// came of it.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { faults, observer } from "./looking.mjs";
import { says, send, signUp } from "./steps.mjs";
import { open } from "./support.mjs";

let house;
let folder;
before(async () => {
  // The worker comes when it is called.
  house = await open({ SUBLEDGER_WORKER: "off" });
  folder = mkdtempSync(join(tmpdir(), "subledger-importing-"));
});
after(async () => {
  await house?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Uploads a file of so many people and starts it. */
async function start(page, count) {
  const file = join(folder, "people.csv");
  const rows = Array.from({ length: count }, (_, nth) => `person${nth}@larkfield.example,Person ${nth}`);
  writeFileSync(file, ["Email,Name", ...rows].join("\n"));
  await page.goto("/import");
  await send(page, "Upload and check", { file });
  await send(page, `Import ${count} people`);
  await says(page, "Importing people", `0 of ${count} rows`, "You may leave this page");
}

/** How far it is, as the worker writes it. */
const goesOn = (rows) => house.asOwner(`UPDATE import_progress SET done_rows = ${rows}`);

for (const kind of ["desktop", "bare"]) {
  test(`a long import is looked at to its end (${kind})`, { timeout: 600_000 }, async () => {
    const context = await house.visit(kind);
    const owner = await context.newPage();
    await signUp(owner, { business: `Larkfield ${kind}`, name: "Mara Lindqvist", email: `mara-${kind}@larkfield.example` });
    await start(owner, 520);
    const path = owner.url();
    if (kind === "desktop") {
      const seen = await observer(context);
      await seen.page.goto(path);
      goesOn(260);
      await seen.page.locator("#so-far", { hasText: "260 of 520 rows" }).waitFor();
      assert.deepEqual(await faults(seen), [], "/import/{id} while it runs");
      goesOn(0);
    }
    await owner.goto(path);
    goesOn(130);
    await owner.locator("#so-far", { hasText: "130 of 520 rows" }).waitFor();
    house.command("work", "--once");
    await owner.getByRole("heading", { name: "People imported" }).waitFor();
    assert.equal(owner.url(), path);
  });
}
