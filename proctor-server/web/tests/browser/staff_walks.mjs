// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// One way through the staff pages; `see(page, name)` is called on every screen.
import { kDesk, openPage, seeBoth } from './harness.mjs';

export async function signIn(browser, mock, language, name) {
  const page = await openPage(browser, kDesk, language);
  await page.goto(`${mock.origin}/staff/`);
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', 'demo');
  await page.click('button[type=submit]');
  await page.waitForSelector('nav');
  return page;
}

/** The case in the panel takes decisions: its pictures are there and a moment has passed. */
export const caseAtHand = (page) => page.waitForSelector('aside footer .el-button:not([disabled])');

const action = (n) => `aside footer .el-button >> nth=${n}`;
export async function openAt(page, name) {
  await page.click(`nav a[href="#/${name}"]`);
  await page.waitForSelector(`nav a[href="#/${name}"][aria-current=page]`); // and with it the page, no longer the one before
  await page.waitForSelector('main h1');
}
async function row(page, n) {
  await page.click(`tbody tr >> nth=${n}`);
}

async function walkReservations(page, mock, see) {
  await page.waitForSelector('tbody tr');
  await see(page, '1-reservations');
  await row(page, 1);
  await page.click('[data-test=admission] .el-button');
  await page.waitForSelector('[data-check="2"]');
  await see(page, '1d-admission');
  await page.fill('.search input', 'K7K');
  await page.waitForFunction(() => [...document.querySelectorAll('main tbody tr')].every((one) => one.textContent.includes('K7K')));
  await row(page, 0);
  await page.click(action(0));
  await see(page, '1b-cancel');
  await page.click('.box .el-button--danger');
  await page.waitForSelector('aside .muted');
  await page.fill('.search input', 'nothing at all');
  await page.waitForSelector('.empty');
  await see(page, '1c-empty');
}

async function walkSites(page, mock, see) {
  await openAt(page, 'sites');
  await page.waitForSelector('[data-row^=seat]');
  await see(page, '2-sites');
  await page.click('[data-row=site-2]');
  await page.click('section .head .edit');
  await page.waitForSelector('.hours');
  await see(page, '2b-site');
  await page.evaluate(() => document.querySelector('aside .body').scrollTo(0, 9999));
  await see(page, '2c-rules');
  await page.evaluate(() => document.querySelector('[data-test=liveness]').scrollIntoView());
  await see(page, '2f-liveness');
  await page.click(action(0));
  await page.waitForSelector('aside .note.calm');
  await page.click('aside .close');
  await page.click('[data-row=seat-C1]');
  await page.click(action(1));
  await page.waitForSelector('[data-test=secret]');
  await see(page, '2d-code');
  await page.click(action(0));
  await see(page, '2e-revoke');
  await page.click('.box .el-button--danger');
  await page.waitForTimeout(300);
  await page.click('aside .close');
}

const kCsv = 'name,id_type,id_number,phone,blueprint_id,training_done\n' + '张三,resident_id,11010519491231002X,13800000000,principal,true\n'.repeat(9);

async function walkCandidates(page, mock, see) {
  await openAt(page, 'candidates');
  await page.waitForSelector('tbody tr');
  await see(page, '3-candidates');
  await row(page, 2);
  await see(page, '3b-candidate');
  await page.click('header .el-button--primary');
  await page.fill('aside input >> nth=0', '李小平');
  await page.fill('aside input >> nth=2', '440524188001010015');
  await see(page, '3c-new');
  await page.click('header .tools .el-button >> nth=1');
  await page.setInputFiles('[data-test=file]', { name: '名单.csv', mimeType: 'text/csv', buffer: Buffer.from(kCsv) });
  await page.waitForSelector('[data-test=report]');
  await see(page, '3d-import');
  await page.click(action(0));
  await page.waitForSelector('aside .note.calm[role=status]');
  await page.click('aside .close');
}

async function walkBanks(page, mock, see) {
  await openAt(page, 'banks');
  await page.waitForSelector('tbody tr');
  await see(page, '4-banks');
  await row(page, 0);
  await page.click('[data-test=export-format]');
  await page.click('.el-select-dropdown__item:has-text("GIFT")');
  await page.waitForSelector('[data-test=export-losses]');
  await page.click('[data-test=export] summary');
  await see(page, '4a-export');
  await page.click(action(0));
  await see(page, '4b-bank');
  await page.click('.box .el-button >> nth=0');
  await page.click('aside .close');
  await row(page, 1);
  await page.click(action(1));
  await page.waitForSelector('.filters');
  await see(page, '4d-items');
}

async function walkAccounts(page, mock, see) {
  await openAt(page, 'accounts');
  await page.waitForSelector('tbody tr');
  await row(page, 1);
  await page.click(action(1));
  await see(page, '5-accounts');
  await page.click('.box .el-button--primary');
  await page.waitForSelector('[data-test=secret]');
  await see(page, '5b-secret');
  await page.click(action(0));
  await page.click('header .el-button--primary');
  await page.fill('aside input >> nth=0', 'admin');
  await page.fill('aside input >> nth=1', '新来的');
  await page.click(action(0));
  await page.waitForSelector('aside .error-line');
  await see(page, '5c-taken');
  await page.click('nav a[href="#/ownPassword"]');
  await page.waitForSelector('main form');
  await see(page, '6-password');
}

async function walkAdministrator(browser, mock, language, see) {
  const page = await signIn(browser, mock, language, 'admin');
  for (const part of [walkReservations, walkSites, walkCandidates, walkBanks, walkAccounts]) await part(page, mock, see);
  await page.context().close();
  return page;
}

async function walkBoard(page, mock, see) {
  await page.waitForSelector('[data-seat=A06]');
  mock.world.cases[0].site_name = { zh: '高新区考场', en: 'High-tech zone hall' };
  mock.world.queueVersion++;
  await page.waitForSelector('[data-test=elsewhere]');
  await see(page, '1-board');
  await page.click('[data-seat=A06]');
  await page.waitForSelector('[data-incident=second_person] img');
  await see(page, '1a-incident');
  await page.fill('[data-incident=second_person] input', 'A colleague passed by');
  await page.click('[data-incident=second_person] .el-button >> nth=0');
  await page.waitForSelector('[data-incident=second_person] .decided');
  await page.click('.measures .el-button >> nth=0');
  await see(page, '1b-say');
  await page.click('.measures .quick .el-button >> nth=0');
  await page.click('.measures .el-button--primary');
  await page.waitForSelector('.measures .grid');
  await page.click('.measures .el-button >> nth=3');
  await see(page, '1c-end');
  await page.click('.measures .box .el-button >> nth=0');
  await page.click('.measures .el-button >> nth=1');
  await see(page, '1c-pause');
  await page.click('.measures .box > .row > .el-button >> nth=0');
  await page.click('.measures [data-test=withdraw]');
  await see(page, '1c-withdraw');
  await page.click('.measures .box .el-button >> nth=0');
  await page.click('aside .close');
  await page.click('[data-seat=B02]');
  await page.waitForSelector('aside .stands');
  await see(page, '1d-paused');
  await page.click('aside .close');
}

async function walkRecordings(page, mock, see) {
  await openAt(page, 'recordings');
  await page.waitForSelector('tbody tr');
  await see(page, '4-recordings');
  await page.click('tbody tr >> nth=1');
  await page.waitForSelector('[data-test=gaps]');
  await page.click('[data-test=play]');
  await page.waitForFunction(() => document.querySelector('video')?.currentTime > 0.5);
  await page.click('[data-test=play]');
  await see(page, '4a-recording');
  await page.click('aside .close');
  await page.click('[data-row=sit-film-3]');
  await page.waitForSelector('[data-incident=other_person] img');
  await seeBoth(page, see, '4b-after-the-end');
  await page.click('aside .close');
}

async function walkReviewer(browser, mock, language, see) {
  const page = await openPage(browser, kDesk, language);
  await page.goto(`${mock.origin}/staff/`);
  await page.waitForSelector('input[name=name]');
  await see(page, '0-sign-in');
  await page.fill('input[name=name]', 'review');
  await page.fill('input[name=password]', 'wrong');
  await page.click('button[type=submit]');
  await page.waitForSelector('.error-line');
  await see(page, '0b-wrong');
  await page.fill('input[name=password]', 'demo');
  await page.click('button[type=submit]');
  await walkBoard(page, mock, see);
  await openAt(page, 'review');
  await page.waitForSelector('[data-case=adm-0] img');
  await see(page, '1-queue');
  await page.click('[data-case=adm-0]');
  await page.waitForSelector('[data-test=checks]');
  await page.evaluate(() => document.querySelector('[data-test=checks]').scrollIntoView());
  await page.click('[data-check="1"] summary');
  await see(page, '1c-tries');
  await page.click('[data-test=withdraw]');
  await see(page, '1d-withdraw');
  await page.click('.box .el-button >> nth=0');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await caseAtHand(page);
  await see(page, '1b-declined');
  await page.keyboard.press('r');
  await page.waitForSelector('.explaining[data-decision=refuse]');
  await page.click('.quick button >> nth=1');
  await see(page, '2-refuse');
  await page.click(action(1));
  await page.waitForSelector('[data-case=adm-1] em.refused');
  await page.waitForSelector('aside [data-test=checks]'); // the next one is at hand: the other had no checks
  await caseAtHand(page);
  mock.world.cases = mock.world.cases.map((one) => (one.admission_id === 'adm-0' ? { ...one, waiting_since_ms: Date.now() } : one)); // began anew
  mock.world.queueVersion++;
  await page.waitForSelector('[data-test=gone]');
  await seeBoth(page, see, '2b-gone');
  await page.click(action(0));
  await page.click('[data-case=adm-0]');
  await caseAtHand(page);
  await page.keyboard.press('2');
  await page.waitForSelector('.explaining[data-decision=again]');
  await see(page, '2c-again');
  await page.click('[data-test=explained]');
  await page.waitForSelector('.empty');
  await see(page, '3-empty');
  await walkRecordings(page, mock, see);
  await page.context().close();
  return page;
}

async function walkAuthority(browser, mock, language, see) {
  const page = await signIn(browser, mock, language, 'authority');
  await page.waitForSelector('form.ask');
  await see(page, '1-query');
  await page.fill('input[name=id_number]', '11010519491231002X');
  await page.fill('input[name=person]', '王建国');
  await page.click('form.ask .el-button');
  await page.waitForSelector('tbody tr');
  await row(page, 1);
  await see(page, '2-records');
  await openAt(page, 'verify');
  await page.fill('textarea', 'TP-26-000121');
  await page.click('main form button[type=submit]');
  await page.waitForSelector('[data-test=verdict]');
  await see(page, '3-valid');
  await page.fill('textarea', 'IVG1:6BFOXNX');
  await page.click('main form button[type=submit]');
  await page.waitForSelector('.result:not(.valid)');
  await see(page, '4-invalid');
  await page.context().close();
  return page;
}

export const walks = { administrator: walkAdministrator, reviewer: walkReviewer, authority: walkAuthority };
