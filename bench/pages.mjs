// Every page on the demo business, one caller at a time: median and 95th percentile of the time the server itself logged
// for the request, median of the time the caller waited, and, on Linux, the mean of what the server and its PostgreSQL ran
// for it, which does not depend on what else the machine does.
// Usage: node bench/pages.mjs [rounds]   (SUBLEDGER_BIN names the program)
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const rounds = Number(process.argv[2] ?? 40);
const binary = process.env.SUBLEDGER_BIN ?? 'target/release/subledger';
const data = mkdtempSync(join(tmpdir(), 'subledger-bench-'));
const port = await freePort();
const base = `http://127.0.0.1:${port}`;

async function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

function start(extra) {
  const begun = performance.now();
  const child = spawn(binary, ['serve', ...extra], {
    env: { ...process.env, SUBLEDGER_DATA: data, SUBLEDGER_ADDR: `127.0.0.1:${port}`, SUBLEDGER_LOG: 'info' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines = [];
  let rest = '';
  child.stderr.on('data', (chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop();
    lines.push(...parts);
  });
  return { child, lines, begun };
}

async function ready(server, patience = 300_000) {
  while (performance.now() - server.begun < patience) {
    if (server.child.exitCode !== null) throw new Error(`the server stopped: ${server.lines.at(-1)}`);
    try {
      if ((await fetch(`${base}/readyz`)).ok) return performance.now() - server.begun;
    } catch { /* not listening yet */ }
    await new Promise((wake) => setTimeout(wake, 5));
  }
  throw new Error('the server is not ready');
}

async function stop(server) {
  const ended = new Promise((done) => server.child.once('exit', done));
  server.child.kill('SIGTERM');
  await ended;
}

function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

async function signIn() {
  const demo = JSON.parse(readFileSync(join(data, 'demo'), 'utf8'));
  const answer = await fetch(`${base}/login`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email: demo.people[0].email, password: demo.people[0].password }),
  });
  if (answer.status !== 303) throw new Error(`signing in answered ${answer.status}`);
  return answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
}

/** What each process of this tree has run so far, in milliseconds. */
function ran(pid, found = new Map()) {
  try {
    const times = readdirSync(`/proc/${pid}/task`).map((task) => readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8'));
    found.set(pid, times.reduce((sum, text) => sum + Number(text.split(' ')[0]) / 1e6, 0));
    for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)) ran(Number(child), found);
  } catch { /* it has ended, or this is no Linux */ }
  return found;
}

async function measure(path, cookie, server) {
  const before = ran(server.child.pid);
  const whole = [];
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    const answer = await fetch(base + path, { headers: { cookie, 'sec-fetch-site': 'same-origin' }, redirect: 'manual' });
    await answer.text();
    whole.push(performance.now() - begun);
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
  }
  const after = ran(server.child.pid);
  const cpu = [...after].reduce((sum, [pid, time]) => sum + time - (before.get(pid) ?? time), 0) / rounds;
  await new Promise((wake) => setTimeout(wake, 50));
  const times = server.lines.splice(0)
    .filter((line) => line.includes('"answered"') && line.includes('"status":200'))
    .map((line) => JSON.parse(line).fields.micros / 1000)
    .slice(-rounds)
    .sort((a, b) => a - b);
  whole.sort((a, b) => a - b);
  const [median, most, waited] = [percentile(times, 0.5), percentile(times, 0.95), percentile(whole, 0.5)];
  const figures = [['server', median], ['95 %', most], ['whole', waited], ['CPU', cpu]];
  const words = figures.map(([name, figure]) => `${name} ${figure.toFixed(1).padStart(6)} ms`);
  console.log(path.padEnd(42), words.join('   '));
}

let server = start(['--demo']);
try {
  await ready(server);
  await stop(server);
  server = start([]);
  console.log(`ready ${(await ready(server)).toFixed(0)} ms after start, on a migrated database with its private PostgreSQL started too`);
  const cookie = await signIn();
  const list = await (await fetch(`${base}/subscriptions`, { headers: { cookie } })).text();
  const one = list.match(/href="(\/subscriptions\/[0-9a-z]{26})"/)?.[1];
  const paths = ['/', '/subscriptions', one, '/people', '/team', '/team/invitations', '/audit', '/settings/plan', '/settings/plan/choose', '/import', '/businesses'];
  for (const path of paths.filter(Boolean)) {
    server.lines.splice(0);
    await measure(path, cookie, server);
  }
} finally {
  await stop(server);
  rmSync(data, { recursive: true, force: true });
}
