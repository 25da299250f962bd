// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// One way through items, their review and case material, on a desk and on a phone; `see(page, name)` is called on every screen.
import { editElsewhere } from '../../mock/items.mjs';
import { seeBoth } from './harness.mjs';
import { signIn } from './staff_walks.mjs';

export const kPng = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGO4s2gDEDFAKAAtrAbhtMLK7wAAAABJRU5ErkJggg==', 'base64');

export async function choose(page, select, n) {
  await page.click(select);
  await page.click(`.el-select-dropdown__item:visible >> nth=${n}`);
}
export async function openItems(page, ...rest) {
  await page.goto(`${new URL(page.url()).origin}/staff/#/items${rest.map((one) => `/${encodeURIComponent(one)}`).join('')}`);
}

async function walkItems(browser, mock, language, see) {
  const page = await signIn(browser, mock, language, 'editor');
  await page.click('nav a[href="#/items"]');
  await page.waitForSelector('[data-row=it-1]');
  await page.waitForSelector('.filters');
  await seeBoth(page, see, '1-list');
  await page.click('[data-test=topic-filter]');
  await page.waitForSelector('.el-tree-node:visible');
  await see(page, '1b-topics');
  await page.keyboard.press('Escape');
  await page.click('[data-row=it-1]');
  await page.waitForSelector('aside [data-test=moves]');
  await seeBoth(page, see, '2-quick');
  await page.click('aside .close');
  await page.fill('header .search input', 'no such words');
  await page.waitForSelector('.empty');
  await seeBoth(page, see, '2b-none');
  await page.click('[data-test=clear]');
  await page.waitForSelector('[data-row=it-1]');
  await page.click('[data-test=pick-page]');
  await page.click('[data-test=pick-all]');
  await choose(page, '.filters [data-test=bank]', 1);
  await page.click('[data-test=pick-all]');
  await page.click('[data-test=bulk]');
  await choose(page, 'aside [data-test=move]', 6);
  await page.fill('textarea[data-test=bulk-reason]', 'Old');
  await seeBoth(page, see, '3-bulk');
  mock.world.holdJobs = true; // otherwise it is over before a busy machine has looked
  await page.click('[data-test=try]');
  await page.waitForSelector('aside .job .bar');
  await see(page, '3b-trying');
  mock.world.holdJobs = false;
  await page.waitForSelector('[data-test=bulk-result]');
  await seeBoth(page, see, '3c-tried');
  await page.click('aside [data-test=yes]');
  await page.waitForSelector('[data-test=bulk-done]');
  await see(page, '3d-done');
  await page.context().close();
  return page;
}

async function walkItem(browser, mock, language, see) {
  const page = await signIn(browser, mock, language, 'editor');
  await openItems(page, 'it-9');
  await page.waitForSelector('[data-test=versions]');
  await page.waitForSelector('[data-test=diff]');
  await seeBoth(page, see, '1-item');
  await page.click('[data-move=retire]');
  await page.waitForSelector('.box[role=alertdialog]');
  await see(page, '1b-retire');
  await page.click('[data-version="1"] .el-button');
  await page.waitForSelector('.old');
  await page.evaluate(() => document.querySelector('main').scrollTo(0, 9999));
  await see(page, '1c-old');
  await openItems(page, 'it-3');
  await page.waitForSelector('[data-test=face] math');
  await page.waitForSelector('[data-test=problems]');
  await seeBoth(page, see, '2-rich');
  await openItems(page, 'it-1');
  await page.waitForSelector('[data-test=numbers] .facts');
  await see(page, '3-numbers');
  await openItems(page, 'nothing');
  await page.waitForSelector('.error-line');
  await see(page, '4-unknown');
  await page.context().close();
  return page;
}

async function walkEditor(browser, mock, language, see) {
  const page = await signIn(browser, mock, language, 'editor');
  await openItems(page, 'new', 'sample-low-voltage');
  await page.waitForSelector('[data-test=live-problems]');
  await seeBoth(page, see, '1-new');
  await page.fill('[data-test=stem] textarea', '若电阻为 R，电压为 U，则 ');
  await page.click('[data-test=stem] [data-test=formula]');
  await page.keyboard.type('I=\\dfrac{U}{R}');
  await page.waitForSelector('[data-test=face] math');
  await page.keyboard.press('Control+End');
  await page.setInputFiles('[data-test=stem] [data-test=picture-file]', { name: '接线图.png', mimeType: 'image/png', buffer: kPng });
  await page.waitForSelector('[data-test=face] img');
  await page.fill('[data-option="0"] textarea', 'U<sub>1</sub>');
  await page.fill('[data-option="1"] textarea', '<u>2</b>');
  await page.waitForSelector('[data-test=markup-problem]');
  await seeBoth(page, see, '2-form');
  await page.setInputFiles('[data-test=stem] [data-test=picture-file]', { name: 'a.bmp', mimeType: 'image/bmp', buffer: kPng });
  await page.waitForSelector('[data-error=media_not_a_picture]');
  await page.click('nav a[href="#/jobs"]');
  await page.waitForSelector('[data-test=leave]');
  await see(page, '3-leave');
  await page.click('[data-test=leave] .el-button >> nth=0');
  await choose(page, '[data-test=type]', 3);
  await page.click('[data-test=add-answer]');
  await see(page, '4-numeric');
  await page.click('nav a[href="#/jobs"]');
  await page.click('[data-test=leave] [data-test=yes]');
  await page.waitForSelector('main h1');
  await openItems(page, 'it-2', 'edit');
  await page.waitForSelector('[data-test=stem] textarea');
  await page.fill('[data-test=stem] textarea', '在潮湿的金属容器内使用手持照明灯具，电压不得超过（ ）。');
  await page.fill('textarea[data-test=reason]', 'shorter');
  editElsewhere(mock.world, 'it-2', { stem: '潮湿容器内的照明电压不得超过（ ）。', difficulty: 5 });
  await page.click('[data-test=save]');
  await page.waitForSelector('[data-test=meanwhile]');
  await page.evaluate(() => document.querySelector('main').scrollTo(0, 0));
  await seeBoth(page, see, '5-meanwhile');
  await page.click('[data-test=save]');
  await page.waitForSelector('[data-test=versions]');
  await see(page, '6-saved');
  await page.context().close();
  return page;
}

async function walkReviewing(browser, mock, language, see) {
  const page = await signIn(browser, mock, language, 'editor');
  await page.click('nav a[href="#/itemReview"]');
  await page.waitForSelector('[data-test=face]');
  await seeBoth(page, see, '1-queue');
  await page.keyboard.press('ArrowRight');
  await page.waitForSelector('[data-test=diff]');
  await seeBoth(page, see, '2-compared');
  await page.click('[data-move=send_back]');
  await page.fill('textarea[data-test=move-reason]', 'why');
  await page.click('.box [data-test=yes]');
  await page.waitForSelector('[data-test=decided]');
  await see(page, '3-sent-back');
  for (const one of mock.world.itemBank.items) if (one.state === 'in_review') one.state = 'draft';
  await page.click('nav a[href="#/banks"]');
  await page.waitForSelector('tbody tr');
  await page.click('nav a[href="#/itemReview"]');
  await page.waitForSelector('[data-test=queue-empty]');
  await see(page, '4-empty');
  await page.context().close();
  return page;
}

async function walkStimuli(browser, mock, language, see) {
  const page = await signIn(browser, mock, language, 'editor');
  await page.click('nav a[href="#/stimuli"]');
  await page.waitForSelector('[data-row=case-1]');
  await seeBoth(page, see, '1-list');
  await page.click('[data-row=case-1]');
  await page.waitForSelector('aside textarea');
  await seeBoth(page, see, '2-case');
  await page.fill('aside textarea >> nth=0', '<p>New text</p>');
  await page.fill('input[data-test=stimulus-reason]', 'why');
  mock.world.itemBank.stimuli[0].version += 1;
  await page.click('[data-test=save-stimulus]');
  await page.waitForSelector('aside .error-line');
  await page.click('aside .body .el-button >> nth=-1');
  await page.waitForSelector('aside .note:not(.calm)');
  await see(page, '3-theirs');
  await page.click('[data-test=save-stimulus]');
  await page.waitForSelector('aside .error-line', { state: 'detached' });
  await page.click('aside .close');
  await page.click('[data-test=new-stimulus]');
  await see(page, '4-new');
  await page.context().close();
  return page;
}

export const walks = { items: walkItems, item: walkItem, editing: walkEditor, reviewing: walkReviewing, stimuli: walkStimuli };
