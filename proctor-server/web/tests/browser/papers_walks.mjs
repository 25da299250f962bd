// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// One way through blueprints, sealed batches and audits, on a desk and on a phone; `see(page, name)` is called on every screen.
import { kDesk, seeBoth } from './harness.mjs';
import { signIn } from './staff_walks.mjs';

const low = 'special-operations-low-voltage';
export const at = (page, address) => page.goto(`${new URL(page.url()).origin}/staff/#/${address}`);
export const preflight = (page, state) => page.waitForSelector(`[data-test=preflight][data-state=${state}]`);
/** The field of the form that stands for a member of the file. */
export const field = (where) => `[data-where="${where}"]`;
const bottom = (page) => page.evaluate(() => document.querySelector('main').scrollTo(0, 99_999));
const top = (page) => page.evaluate(() => document.querySelector('main').scrollTo(0, 0));

/** Chooses from an Element Plus select by the text shown. */
export async function choose(page, select, text) {
  await page.click(select);
  await page.click(`.el-select-dropdown__item:has-text("${text}"):visible`);
}

/** Until no list of a select is open any more. */
const closed = (page) => page.waitForFunction(() => ![...document.querySelectorAll('.el-select__popper')].some((one) => one.getClientRects().length));

async function walkEditor(page, see) {
  await at(page, `blueprints/${low}`);
  await preflight(page, 'feasible');
  await page.waitForSelector('[data-test=preflight] .chart svg');
  await page.waitForTimeout(300);
  await seeBoth(page, see, '2-editor');
  await page.setViewportSize({ ...kDesk, height: 3400 });
  await page.waitForTimeout(300);
  await see(page, '2b-editor-whole');
  await page.click('[data-test=items] summary');
  await page.click('[data-test=enemies] summary');
  await see(page, '2c-items');
  await page.setViewportSize(kDesk);
  await page.fill(field('topics[1].counts.single_choice'), '3');
  await preflight(page, 'held');
  await page.locator(field('sum.single_choice')).scrollIntoViewIfNeeded();
  await seeBoth(page, see, '3-sum');
  await page.fill(field('topics[0].counts.single_choice'), '20');
  await page.fill(field('parts[1].count'), '44');
  await preflight(page, 'infeasible');
  await top(page);
  await seeBoth(page, see, '4-infeasible');
  await page.click('[data-test=findings] .quiet');
  await see(page, '4b-led-to-field');
  await page.click('[data-test=add-rule]');
  await page.locator('.rule.open').scrollIntoViewIfNeeded();
  await seeBoth(page, see, '5-rule');
  await page.click('[data-test=aim-difficulty]');
  await page.fill('textarea[data-test=reason]', '法规题改为 20 道');
  await bottom(page);
  await seeBoth(page, see, '6-save');
  await page.click('nav a[href="#/banks"]');
  await page.waitForSelector('[data-test=leave]');
  await top(page);
  await seeBoth(page, see, '7-leave');
  await page.click('[data-test=leave] .el-button--danger');
  await page.waitForSelector('main h1');
}

async function walkVersions(page, see) {
  await at(page, 'blueprints/manager/versions');
  await page.waitForSelector('[data-test=changes]');
  await seeBoth(page, see, '8-versions');
  await page.click('[data-test=release]');
  await page.waitForSelector('.box[role=alertdialog]');
  await see(page, '8b-release');
}

async function walkBlueprints(browser, mock, language, see) {
  const page = await signIn(browser, mock, language, 'admin');
  await page.click('nav a[href="#/blueprints"]');
  await page.waitForSelector('tbody tr');
  await seeBoth(page, see, '1-list');
  await page.click('[data-test=new]');
  await preflight(page, 'held');
  await see(page, '1b-new');
  await walkEditor(page, see);
  await walkVersions(page, see);
  await page.context().close();
  return page;
}

async function walkBatches(browser, mock, language, see) {
  const page = await signIn(browser, mock, language, 'admin');
  await page.click('nav a[href="#/batches"]');
  await page.waitForSelector('tbody tr');
  await seeBoth(page, see, '1-list');
  await page.click('[data-test=seal]');
  await choose(page, '[data-test=seal-blueprint]', language === 'zh' ? '低压电工作业' : 'Low-voltage');
  await page.fill('textarea[data-test=seal-reason]', '考试季前备足');
  await closed(page);
  await seeBoth(page, see, '2-seal');
  mock.world.holdJobs = true;
  await page.click('[data-test=seal-yes]');
  await page.waitForSelector('[data-state=sealing]');
  await see(page, '2b-sealing');
  mock.world.holdJobs = false;
  await page.waitForSelector('[data-test=state][data-state=sealed]');
  await at(page, 'batches/batch-5');
  await page.waitForSelector('[data-test=state][data-state=in_use]');
  await seeBoth(page, see, '3-in-use');
  await page.setViewportSize({ ...kDesk, height: 2400 });
  await see(page, '3b-whole');
  await page.setViewportSize(kDesk);
  await page.click('[data-test=withdraw]');
  await see(page, '3c-withdraw');
  await at(page, 'batches/batch-4');
  await page.click('[data-test=reveal]');
  await seeBoth(page, see, '4-reveal');
  await page.click('.box .el-button--danger');
  await page.waitForSelector('[data-test=state][data-state=revealed]');
  await bottom(page);
  await seeBoth(page, see, '5-revealed');
  await page.context().close();
  return page;
}

async function walkAudits(browser, mock, language, see) {
  const page = await signIn(browser, mock, language, 'authority');
  await page.click('nav a[href="#/batches"]');
  await page.waitForSelector('tbody tr');
  await see(page, '1-list-authority');
  await at(page, 'batches/batch-2/audit');
  await page.waitForSelector('[data-verdict=PASS]');
  await page.waitForSelector('.chart svg');
  await seeBoth(page, see, '2-pass');
  await page.setViewportSize({ ...kDesk, height: 1900 });
  await page.waitForTimeout(300);
  await see(page, '2b-pass-whole');
  await page.setViewportSize(kDesk);
  await at(page, 'batches/batch-1/audit');
  await page.waitForSelector('[data-verdict=FAIL]');
  await seeBoth(page, see, '3-fail');
  await at(page, 'batches/batch-4/audit');
  await page.waitForSelector('.empty');
  await see(page, '4-none');
  await page.click('[data-test=audit]');
  await page.waitForSelector('[data-verdict=PASS]');
  await at(page, 'batches/proof');
  await page.fill('input[name=sitting]', 'sit-2-7');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-test=proof]');
  await seeBoth(page, see, '5-proof');
  await page.context().close();
  return page;
}

export const walks = { blueprints: walkBlueprints, batches: walkBatches, audits: walkAudits };
