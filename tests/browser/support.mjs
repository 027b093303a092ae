// A Subledger of its own for each file of tests, and a real browser that visits it. Nothing is ever skipped: what is
// missing fails with a sentence that says how to get it.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Who visits, and with what. */
const visitors = {
  desktop: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  narrow: { viewport: { width: 320, height: 640 } },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  bare: { viewport: { width: 1280, height: 900 }, javaScriptEnabled: false },
};

/** Starts a server on an empty database, and a browser. `close` ends both, and fails if the server logged an error. */
export async function open(settings = {}) {
  const base = testDatabase();
  const database = createDatabase(base);
  const environment = {
    DATABASE_URL: inDatabase(base, database).replace("user=postgres", "user=subledger_test"),
    SUBLEDGER_MIGRATE_URL: inDatabase(base, database),
    SUBLEDGER_SECRET: randomBytes(32).toString("base64"),
    ...settings,
  };
  const server = await serve(environment);
  const browser = await launch();
  const visit = (kind) => visitor(browser, server.url, kind);

  async function close() {
    await browser.close();
    await server.stop();
    sql(base, `DROP DATABASE ${database} WITH (FORCE)`);
    assert.deepEqual(server.errors(), [], "the server logged errors");
  }

  /** What a command of the program says, run beside the server. */
  function command(...words) {
    const env = { PATH: process.env.PATH, SUBLEDGER_DATA: server.data, SUBLEDGER_ADDR: new URL(server.url).host, SUBLEDGER_LOG: "warn", ...environment };
    return execFileSync(required("SUBLEDGER_BIN", "the built program"), words, { env, encoding: "utf8" });
  }

  /** What no page can do. */
  const asOwner = (statement) => sql(inDatabase(base, database), statement);

  return { url: server.url, browser, visit, close, command, asOwner };
}

/** Starts the program and waits until it is ready. It serves from a data directory that `stop` removes. */
export async function serve(settings, extra = []) {
  const binary = required("SUBLEDGER_BIN", "the built program");
  const data = mkdtempSync(join(tmpdir(), "subledger-browser-"));
  const address = `127.0.0.1:${await freePort()}`;
  const environment = { PATH: process.env.PATH, SUBLEDGER_DATA: data, SUBLEDGER_ADDR: address, SUBLEDGER_LOG: "warn", ...settings };
  const child = spawn(binary, ["serve", ...extra], { env: environment, stdio: ["ignore", "ignore", "pipe"] });
  const log = [];
  child.stderr.setEncoding("utf8").on("data", (text) => log.push(text));
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);

  async function stop() {
    const ended = new Promise((done) => (child.exitCode === null ? child.once("exit", done) : done()));
    child.kill("SIGTERM");
    await Promise.race([ended, pause(60_000).then(kill)]);
    process.off("exit", kill);
    rmSync(data, { recursive: true, force: true });
  }

  const errors = () => log.join("").split("\n").filter((line) => line.includes('"level":"ERROR"'));
  const url = `http://${address}`;
  for (const end = Date.now() + 300_000; !(await isReady(url)); await pause(50)) {
    if (child.exitCode !== null || Date.now() > end) {
      await stop();
      throw new Error(`${binary} does not serve: ${log.join("").trim() || "it says nothing"}`);
    }
  }
  return { url, data, stop, errors };
}

async function isReady(url) {
  return fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);
}

/** One Chromium that talks to nobody but the server. */
export async function launch() {
  const quiet = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"];
  const executablePath = required("CHROMIUM", "Chromium");
  return chromium.launch({ executablePath, args: ["--headless=new", ...quiet.map((flag) => `--${flag}`)] });
}

/** A fresh browser window of one kind, in which nobody is signed in. */
export async function visitor(browser, url, kind) {
  const context = await browser.newContext({ baseURL: url, locale: "en-GB", timezoneId: "UTC", reducedMotion: "reduce", ...visitors[kind] });
  context.setDefaultTimeout(120_000);
  return context;
}

/** The path an environment variable names; what is missing is said, and fails. */
export function required(name, what) {
  const path = process.env[name];
  assert.ok(path && existsSync(path), `${name} must name ${what}; it is "${path ?? ""}". Run bin/test browser, which sets it.`);
  return path;
}

async function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

function testDatabase() {
  const url = process.env.TEST_DATABASE_URL ?? execFileSync(join(root, "bin/test-db"), { encoding: "utf8" }).trim();
  assert.match(url, /:\/\/\/postgres\?.*user=postgres/, "TEST_DATABASE_URL must be what bin/test-db prints");
  return url;
}

function inDatabase(base, name) {
  return base.replace(":///postgres?", `:///${name}?`);
}

/** An empty database named after this process, and the role that serves. Those of processes that are gone are dropped. */
function createDatabase(base) {
  for (const old of sql(base, "SELECT datname FROM pg_database WHERE datname ~ '^browser_[0-9]+$'").split("\n").filter(Boolean)) {
    if (!isAlive(Number(old.slice("browser_".length)))) sql(base, `DROP DATABASE IF EXISTS ${old} WITH (FORCE)`);
  }
  for (const role of ["subledger_app NOLOGIN", "subledger_test LOGIN IN ROLE subledger_app"]) {
    sql(base, `DO $$ BEGIN CREATE ROLE ${role}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`);
  }
  const name = `browser_${process.pid}`;
  sql(base, `CREATE DATABASE ${name}`);
  return name;
}

function isAlive(process_id) {
  try {
    return process.kill(process_id, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}

function sql(url, statement) {
  const beside = join(execFileSync(join(root, "bin/_postgres"), { encoding: "utf8" }).trim(), "psql");
  const psql = existsSync(beside) ? beside : "psql";
  return execFileSync(psql, [url, "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", statement], { encoding: "utf8" });
}
