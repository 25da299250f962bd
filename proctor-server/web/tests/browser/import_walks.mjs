// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// One way through imports and long work, on a desk and on a phone; `see(page, name)` is called on every screen.
import { seeBoth } from './harness.mjs';
import { signIn } from './staff_walks.mjs';

export async function beginImport(page, names = ['低压电工.xlsx']) {
  await page.goto(`${new URL(page.url()).origin}/staff/#/imports`);
  await page.click('[data-test=new-import]');
  await page.setInputFiles('[data-test=files]', names.map((name) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from('x') })));
}

async function walkImports(browser, mock, language, see) {
  const page = await signIn(browser, mock, language, 'admin');
  await page.click('nav a[href="#/imports"]');
  await page.waitForSelector('tbody tr');
  await seeBoth(page, see, '1-list');
  await beginImport(page);
  await seeBoth(page, see, '2-files');
  mock.world.holdJobs = true; // otherwise it is over before a busy machine has looked
  await page.click('[data-test=send]');
  await page.waitForSelector('.job .bar');
  await see(page, '3-reading');
  mock.world.holdJobs = false;
  await page.waitForSelector('[data-test=state][data-state=ready]');
  await page.waitForSelector('[data-row]');
  await seeBoth(page, see, '4-report');
  await page.click('[data-test=map]');
  await page.waitForSelector('[data-test=mapping]');
  await seeBoth(page, see, '5-mapping');
  await page.click('[data-test=read-again]');
  await page.waitForSelector('[data-test=mapping]', { state: 'detached' });
  await page.waitForSelector('[data-kind=refused].on');
  await page.click('[data-row] >> nth=0');
  await page.click('[data-test=save-row]');
  await page.waitForSelector('aside .error-line');
  await seeBoth(page, see, '6-mend');
  await page.fill('aside [data-test=stem]', 'RCD');
  await page.click('aside .el-select >> nth=0');
  await page.click('.el-select-dropdown__item:visible >> nth=3'); // a number: ranges in place of options
  await page.click('aside [data-test=add-answer]');
  await page.evaluate(() => document.querySelector('aside [data-test=add-answer]').scrollIntoView({ block: 'center' }));
  await seeBoth(page, see, '6a-answers');
  await page.click('aside .close');
  await page.waitForSelector('aside [data-test=leave]');
  await seeBoth(page, see, '6b-leave');
  await page.click('aside [data-test=leave] [data-test=yes]');
  await page.waitForSelector('aside', { state: 'detached' });
  await page.click('[data-kind=repaired]');
  await page.waitForSelector('[data-row]');
  await page.click('[data-kind=notes]');
  await page.waitForSelector('.empty');
  await see(page, '7-none');
  await page.click('[data-test=discard]');
  await page.waitForSelector('.box');
  await page.evaluate(() => document.querySelector('main').scrollTo(0, 9999));
  await seeBoth(page, see, '8-discard');
  await page.click('.box .el-button--primary');
  await page.waitForSelector('[data-state=discarded]');
  await page.click('nav a[href="#/imports"]');
  await page.click('tbody tr:has-text("2026.json")');
  await page.waitForSelector('[data-test=confirm]');
  await page.evaluate(() => document.querySelector('main').scrollTo(0, 9999));
  await seeBoth(page, see, '9-second');
  await page.click('nav a[href="#/jobs"]');
  await page.click('tbody tr');
  await page.waitForSelector('aside .job');
  await seeBoth(page, see, '9b-jobs');
  await page.context().close();
  return page;
}

async function walkAnalysis(browser, mock, language, see) {
  const page = await signIn(browser, mock, language, 'admin');
  await page.click('nav a[href="#/statistics"]');
  await page.waitForSelector('.chart svg');
  await page.waitForTimeout(400);
  await seeBoth(page, see, '1-statistics');
  await page.click('tbody tr[data-row=it-7]');
  await page.waitForSelector('aside .chart svg');
  await seeBoth(page, see, '2-item');
  await page.evaluate(() => document.querySelector('aside .body').scrollTo(0, 700));
  await page.waitForTimeout(300);
  await see(page, '2b-item-curves');
  await page.keyboard.press('Escape');
  await page.click('[data-test=more]');
  await page.waitForSelector('tbody tr[data-row=it-60]');
  await page.goto(`${mock.origin}/staff/#/statistics/old-2019`);
  await page.waitForSelector('.empty');
  await seeBoth(page, see, '3-none');
  await page.click('[data-test=compute]');
  await page.waitForSelector('[data-test=computed]');
  await page.click('nav a[href="#/regrades"]');
  await page.waitForSelector('[data-row=rg-1]');
  await seeBoth(page, see, '4-regrades');
  await page.click('[data-row=rg-1]');
  await page.waitForSelector('[data-row=sit-0]');
  await seeBoth(page, see, '5-regrade');
  await page.click('[data-test=apply]');
  await page.waitForSelector('.box[role=alertdialog]');
  await seeBoth(page, see, '6-apply');
  await page.click('.box .el-button--danger');
  await page.waitForSelector('[data-state=applied]');
  await see(page, '7-applied');
  await page.context().close();
  return page;
}

export const walks = { imports: walkImports, analysis: walkAnalysis };
