// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// As an editor would, on the real server: build a blueprint, see the pre-flight complain, mend it, seal a batch, audit, reveal, and
// audit once more from the published files alone.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from './harness.mjs';
import { choose, field, preflight } from './papers_walks.mjs';
import { enter, serverIsBuilt, startHall } from './real_server.mjs';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const build = process.env.INVIGIL_BUILD ?? `${root}build/dev`;
const run = promisify(execFile);
const kId = 'low-voltage-again';
if (!serverIsBuilt) console.log('skipped: invigil-server is not built');

let hall;
let browser;
beforeAll(async () => {
  if (!serverIsBuilt) return;
  hall = await startHall('--samples');
  browser = await openBrowser();
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await hall?.close();
});
const at = (page, address) => page.goto(`${hall.origin}/staff/#/${address}`);

async function build_blueprint(page) {
  await at(page, 'blueprints');
  await page.waitForSelector('[data-row=special-operations-low-voltage]');
  await page.click('[data-test=new]');
  await preflight(page, 'held');
  await page.fill('input[data-where="title.zh"]', '低压电工复审');
  await page.fill('input[name=id]', kId);
  await page.fill('input[name=category]', '1.2');
  await page.fill(field('parts[0].count'), '12');
  await page.fill(field('parts[1].count'), '90');
  await page.fill(field('pass_points'), '15');
  await choose(page, '[data-test=add-topic]', '触电事故');
  await page.fill(field('topics[0].counts.true_false'), '12');
  await page.fill(field('topics[0].counts.single_choice'), '90');
  await preflight(page, 'infeasible');
  expect(await page.textContent('[data-test=findings]')).toMatch(/每卷需要 90 道，题库只有 \d+ 道，还差 \d+ 道。/);
  await page.fill(field('parts[1].count'), '6');
  await page.fill(field('topics[0].counts.single_choice'), '6');
  await preflight(page, 'feasible');
  expect(await page.textContent('[data-test=overlap]')).toMatch(/任意两位考生平均有 \d+\.\d 题相同（每卷 18 题）/);
  await page.fill('textarea[data-test=reason]', '复审用');
  await page.click('[data-test=save]');
  await page.waitForSelector('h1:has-text("低压电工复审")');
}

async function release(page) {
  await at(page, `blueprints/${kId}/versions`);
  await page.waitForSelector('[data-test=settings]');
  await page.fill('[data-test=settings] input >> nth=0', '40');
  await page.fill('[data-test=settings] input >> nth=1', '5');
  await page.fill('[data-test=settings] input >> nth=2', '0');
  await page.keyboard.press('Tab');
  await page.click('[data-test=save-settings]');
  await page.waitForSelector('[data-test=settings] [role=status]');
  await page.click('[data-test=release]');
  await page.click('.box[role=alertdialog] .el-button--primary');
  await page.waitForSelector('[data-test=release-box]', { state: 'detached' });
}

/** Opens the newest batch of the blueprint, once the server has begun it. */
async function openBatch(page) {
  await at(page, `batches/of/${kId}`);
  for (;;) {
    const list = page.waitForResponse((reply) => /\/api\/v1\/batches\?/.test(reply.url()) && reply.ok());
    await page.reload(); // the list is read once
    const { batches } = await (await list).json();
    if (batches.some((one) => one.blueprint_id === kId)) return page.click('main tbody tr');
    await page.waitForTimeout(300);
  }
}

async function publishedAudit(page) {
  const folder = await mkdtemp(join(tmpdir(), 'invigil-published-'));
  const id = decodeURIComponent(page.url()).split('/').pop();
  try {
    return await auditIn(folder, id, page);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What both programs say of the five published files. */
async function auditIn(folder, id, page) {
  for (const name of ['freeze.json', 'seal.json', 'log.txt', 'papers.jsonl', 'reveal.json']) {
    const answer = await page.request.get(`${hall.origin}/api/v1/published/${id}?name=${name}`);
    expect(answer.status(), name).toBe(200);
    await writeFile(join(folder, name), await answer.body());
  }
  const { stdout } = await run(`${build}/bin/invigil-bank`, ['audit', '--json', folder]);
  const second = await run('node', [`${root}tests/assembly-js/invigil-assembly.mjs`, folder]);
  return { verdict: JSON.parse(stdout).verdict, second: second.stdout };
}

test.skipIf(!serverIsBuilt)('a blueprint is built, complained about, mended, sealed, audited, revealed and audited elsewhere', async () => {
  const lin = await enter(browser, hall, 'linlan');
  await build_blueprint(lin);
  await at(lin, `blueprints/${kId}/versions`);
  await lin.waitForSelector('[data-test=release-box] .note');
  expect(await lin.$('[data-test=release]')).toBeNull();
  await lin.context().close();

  const wu = await enter(browser, hall, 'wumin');
  await release(wu);
  await openBatch(wu);
  await wu.waitForSelector('[data-test=state][data-state=sealed]', { timeout: 300_000 });
  expect(await wu.textContent('[data-test=unused]')).toBe('40');
  expect(await wu.isDisabled('[data-test=reveal]')).toBe(true);
  const address = wu.url().split('#/')[1];
  expect(wu.faults).toEqual([]);
  await wu.context().close();

  const chen = await enter(browser, hall, 'chentao');
  await at(chen, `${address}/audit`);
  await chen.waitForSelector('.empty');
  await chen.click('[data-test=audit]');
  await chen.waitForSelector('[data-verdict=PASS]', { timeout: 300_000 });
  expect(await chen.textContent('[data-test=verdict]')).toContain('40 份试卷');
  await at(chen, address);
  await chen.click('[data-test=reveal]');
  await chen.click('.box[role=alertdialog] .el-button--danger');
  await chen.waitForSelector('[data-test=state][data-state=revealed]');
  const { verdict, second } = await publishedAudit(chen);
  expect(verdict).toBe('PASS');
  expect(second).toContain('byte-identical');
  expect(chen.faults).toEqual([]);
  await chen.context().close();
}, 1_200_000);
