// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startMock } from '../../mock/server.mjs';
import { justBefore, openBrowser } from './harness.mjs';
import { beginImport } from './import_walks.mjs';
import { signIn } from './staff_walks.mjs';

let mock;
let browser;
let page;
beforeAll(async () => {
  mock = await startMock();
  browser = await openBrowser();
});
beforeEach(async () => {
  mock.reset();
  mock.problems.length = 0;
  page = await signIn(browser, mock, 'zh', 'admin');
});
afterEach(async () => {
  expect(page.faults).toEqual([]);
  expect(mock.problems).toEqual([]);
  await page.context().close();
});
afterAll(async () => {
  await browser?.close();
  await mock?.close();
});

const draft = () => mock.world.stock.imports[0];
async function toReport() {
  await beginImport(page);
  await page.click('[data-test=send]');
  await page.waitForSelector('[data-test=state][data-state=ready]');
  await page.waitForSelector('[data-row]');
}

test('the report adds up and begins with what was refused; each row names sheet, row, column and reason', async () => {
  await toReport();
  expect(await page.textContent('[data-test=report] header')).toContain('64 行 = 可导入 60 + 重复 1 + 不能导入 3');
  expect(await page.textContent('[data-kind=refused].on b')).toBe('3');
  const first = await page.textContent('[data-row] >> nth=0');
  for (const part of ['低压电工作业', '第 5 行', '第 8 列', '漏电保护器', '答案 E 不在选项']) expect(first).toContain(part);
});

test('a row that the bank holds already is a duplicate, with the way to that item in another tab', async () => {
  await toReport();
  await page.click('[data-kind=duplicates]');
  await page.waitForSelector('[data-row]:has-text("与题库里的题 q-12 完全相同")');
  const opened = page.context().waitForEvent('page');
  await page.click('[data-row] [data-test=bank-item]');
  const item = await opened;
  await item.waitForSelector('h1:has-text("lv-012")');
  expect(new URL(item.url()).hash).toBe('#/items/it-12');
  await page.waitForSelector('[data-row]:has-text("与题库里的题 q-12 完全相同")');
});

test('a refused row is mended and counts as imported; another is left out; then the draft is sent to review', async () => {
  await toReport();
  await page.click('[data-row] >> nth=0');
  await page.fill('[data-test=stem]', '漏电保护器的动作电流一般不大于（  ）。');
  await page.fill('.option input[type=text] >> nth=0', '10 mA');
  await page.fill('.option input[type=text] >> nth=1', '30 mA');
  await page.click('.option .el-checkbox >> nth=1');
  await page.click('[data-test=save-row]');
  await page.waitForSelector('aside .note.calm[role=status]');
  await page.waitForSelector('[data-kind=refused] b:has-text("2")');
  expect(draft().rows[3].content).toMatchObject({ key: [1], stem: '漏电保护器的动作电流一般不大于（  ）。' });
  await page.click('[data-kind=new]');
  await page.waitForSelector('[data-row] >> nth=20'); // more than were refused, whose rows stay until these come
  await page.click('[data-row] >> nth=1');
  await page.click('[data-test=leave-out]');
  await page.waitForSelector('[data-kind=left_out] b:has-text("1")');
  await page.click('aside .close');
  await page.click('[data-test=as-state]');
  await page.click('.el-select-dropdown__item:has-text("直接送审"):visible');
  await page.click('[data-test=accept]');
  await page.waitForSelector('[data-state=accepted]');
  expect(draft().state).toBe('accepted');
});

const recount = (some) => Object.assign(draft(), { counts: { ...draft().counts, ...some }, seen: draft().seen + 1 });
const postedAccept = () => page.waitForRequest(/\/accept$/).then((request) => request.postDataJSON());

test('items that the file no longer lacks are not retired by a wish that was made before', async () => {
  await toReport();
  recount({ missing: 3 });
  await page.click('[data-test=missing]');
  await page.click('.el-select-dropdown__item:has-text("退役"):visible');
  await page.fill('[data-test=accept-box] input[maxlength="500"]', '年度更新');
  recount({ missing: 0 });
  await page.waitForSelector('[data-test=missing]', { state: 'detached' });
  await page.waitForSelector('[data-test=wish-again]');
  const seen = String(draft().seen);
  const [body] = await Promise.all([postedAccept(), page.click('[data-test=accept]')]);
  expect(body).toEqual({ state: 'draft', missing: 'keep', reason: '年度更新', seen });
  await page.waitForSelector('[data-state=accepted]');
});

test('a draft that somebody has just changed is shown as it is now before it is accepted', async () => {
  await toReport();
  await page.click('[data-test=as-state]');
  await page.click('.el-select-dropdown__item:has-text("直接送审"):visible');
  justBefore(mock, 'acceptImport', () => recount({ missing: 5 }));
  await page.click('[data-test=accept]');
  await page.waitForSelector('[data-error=import_has_changed]');
  await page.waitForSelector('[data-test=accept-box]:has-text("文件里没有的 5 道题")');
  expect(draft().state).toBe('ready');
  const seen = String(draft().seen);
  const [body] = await Promise.all([postedAccept(), page.click('[data-test=accept]')]);
  expect(body).toMatchObject({ state: 'draft', missing: 'keep', seen });
  await page.waitForSelector('[data-state=accepted]');
});

test('several files become several drafts, and the list shows them', async () => {
  await beginImport(page, ['a.csv', 'b.json', 'c.zip']);
  await page.click('[data-test=send]');
  await page.waitForSelector('aside', { state: 'detached' });
  expect(mock.world.stock.imports).toHaveLength(5);
  await page.waitForSelector('tbody tr:has-text("c.zip")');
});

test('an empty file is refused before it is sent', async () => {
  await page.goto(`${mock.origin}/staff/#/imports`);
  await page.click('[data-test=new-import]');
  await page.setInputFiles('[data-test=files]', { name: 'empty.csv', mimeType: 'text/csv', buffer: Buffer.alloc(0) });
  await page.waitForSelector('li .error-line');
  expect(await page.isDisabled('[data-test=send]')).toBe(true);
});

test('a column given another meaning is what the server reads with', async () => {
  await toReport();
  await page.click('[data-test=map]');
  await page.click('[data-test=mapping] th:nth-child(9) .el-select');
  await page.click('.el-select-dropdown__item:has-text("解析"):visible');
  const request = page.waitForRequest(/\/read$/);
  await page.click('[data-test=read-again]');
  const { mapping } = (await request).postDataJSON();
  expect(mapping.sheets[0].columns).toEqual(['ignore', 'type', 'stem', 'option_1', 'option_2', 'option_3', 'option_4', 'key', 'explanation']);
  expect(mapping.sheets[1].use).toBe(false);
  await page.waitForSelector('[data-test=mapping]', { state: 'detached' });
});

test('who sent a draft for release at once cannot confirm it; another person can', async () => {
  await page.goto(`${mock.origin}/staff/#/imports/imp-1`);
  await page.waitForSelector('[data-test=confirm]');
  mock.world.stock.imports.find((one) => one.id === 'imp-1').by = 'admin';
  await page.reload();
  await page.waitForSelector('[data-test=accept-box]');
  expect(await page.$('[data-test=confirm]')).toBeNull();
  mock.world.stock.imports.find((one) => one.id === 'imp-1').by = 'other';
  await page.reload();
  await page.click('[data-test=confirm]');
  await page.waitForSelector('[data-state=accepted]');
});
