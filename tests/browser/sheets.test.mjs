// A spreadsheet opens what is exported and computes nothing: people, subscriptions and seats whose every text begins
// like a formula leave as text.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { says, send, signUp } from "./steps.mjs";
import { open, required } from "./support.mjs";

const starts = ["=", "+", "-", "@", "＝", "＋", "－", "＠"];
const formula = (start) => `${start}1+SUM(1;2)`;

let house, folder;
before(async () => {
  house = await open();
  folder = mkdtempSync(join(tmpdir(), "subledger-sheets-"));
});
after(async () => {
  await house?.close();
  if (folder) rmSync(folder, { recursive: true });
});

test("a spreadsheet finds no formula in what is exported", { timeout: 600_000 }, async () => {
  const page = await (await house.visit("desktop")).newPage();
  await signUp(page, { business: "=1+1 Studio", name: "=1+1", email: "mara@larkfield.example" });
  await bring(page, "people", ["E-mail", "Name", "Department"], (start, number) => [address(number), formula(start), formula(start)]);
  const texts = ["Service", "Name", "Department", "Category", "Tags", "Payment method", "Notes"];
  await bring(page, "subscriptions", ["Cost", "Renews on", ...texts], (start) => ["12", "2199-01-31", ...texts.map(() => formula(start))]);
  await bring(page, "licenses", ["Service", "E-mail"], (start, number) => [formula(start), address(number)]);

  assert.ok(formulas(computed("unguarded", "text,=1+1\r\n")) > 0, "a formula that nobody guarded is computed");
  for (const list of ["people", "subscriptions", "licenses"]) {
    const answer = await page.context().request.get(`/${list}.csv`);
    assert.equal(answer.status(), 200, list);
    const sheet = computed(list, await answer.text());
    assert.ok(starts.every((start) => sheet.includes(formula(start))), `every text is in ${list}`);
    assert.equal(formulas(sheet), 0, `formulas in ${list}`);
  }
});

const address = (number) => `f${number}@larkfield.example`;

/** Imports a row for each start. */
async function bring(page, kind, headers, cells) {
  const rows = [headers, ...starts.map(cells)].map((row) => row.map((cell) => `"${cell}"`).join(","));
  await page.goto(`/import?kind=${kind}`);
  await send(page, "Upload and check", { file: { name: `${kind}.csv`, mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) } });
  await page.getByRole("button", { name: /^Import / }).click();
  await says(page, `${starts.length} created`);
}

/** The file as a spreadsheet has it once it is opened: OpenDocument in one file. */
function computed(name, text) {
  const file = join(folder, `${name}.csv`);
  writeFileSync(file, text);
  const profile = `-env:UserInstallation=file://${join(folder, "profile")}`;
  // Comma, quote, UTF-8, from the first line, formulas evaluated: what a person gets who opens the file with a click.
  const filter = "--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,-1,true";
  const words = [profile, "--headless", filter, "--convert-to", "fods", "--outdir", folder, file];
  execFileSync(required("SOFFICE", "LibreOffice"), words, { stdio: "pipe", timeout: 120_000 });
  return readFileSync(join(folder, `${name}.fods`), "utf8").replaceAll("&apos;", "'");
}

const formulas = (sheet) => sheet.match(/table:formula=/g)?.length ?? 0;
