// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// The real server behind the built pages (tests/support/pages_hall.py), where it is built.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { kDesk, openPage } from './harness.mjs';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const build = process.env.INVIGIL_BUILD ?? `${root}build/dev`;
export const serverIsBuilt = existsSync(`${build}/bin/invigil-server`);

/** A file of the shared test corpora, '' on a machine without them. */
export function sharedFile(relative) {
  const path = `${process.env.INVIGIL_SHARED ?? `${root}../shared`}/${relative}`;
  return existsSync(path) ? path : '';
}

export async function startHall(...options) {
  const program = spawn('/usr/bin/python3', [`${root}tests/support/pages_hall.py`, ...options], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, INVIGIL_BUILD: build, PYTHONDONTWRITEBYTECODE: '1' } });
  const lines = createInterface({ input: program.stdout });
  const nextLine = () =>
    new Promise((resolve, reject) => {
      const ended = (code) => reject(new Error(`pages_hall.py ended (${code})`));
      program.once('exit', ended);
      lines.once('line', (line) => (program.off('exit', ended), resolve(JSON.parse(line))));
    });
  const told = await nextLine();
  const close = () => new Promise((resolve) => (program.once('exit', resolve), program.stdin.end()));
  /** One wish of pages_hall.py and its answer; one at a time. */
  const ask = (what, wish = {}) => (program.stdin.write(`${JSON.stringify({ do: what, ...wish })}\n`), nextLine());
  return { ...told, close, ask };
}

/** A person at a browser of their own. */
export async function enter(browser, hall, name, language = 'zh') {
  const page = await openPage(browser, kDesk, language, { ignoreHTTPSErrors: true });
  await page.goto(`${hall.origin}/staff/`);
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', hall.people[name]);
  await page.click('button[type=submit]');
  await page.waitForSelector('nav');
  return page;
}
