// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { editElsewhere } from '../../mock/items.mjs';
import { startMock } from '../../mock/server.mjs';
import { openBrowser } from './harness.mjs';
import { choose, kPng, openItems } from './item_walks.mjs';
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
  page = await signIn(browser, mock, 'zh', 'editor');
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

const items = () => mock.world.itemBank.items;
const one = (id) => items().find((item) => item.id === id);
const ids = () => page.$$eval('tbody tr', (rows) => rows.map((row) => row.dataset.row));
async function openList(...rest) {
  await openItems(page, ...rest);
  await page.waitForSelector('tbody tr');
}

test('words, filters and order are in the address: a reload and going back show the same list', async () => {
  await openList();
  await page.fill('header .search input', '手持照明');
  await page.waitForSelector('h1 + span:has-text("共 43 题")');
  await choose(page, '[data-test=state-filter]', 3);
  await page.waitForSelector('h1 + span:has-text("共 14 题")');
  await page.click('th [data-order=item_id]');
  await page.click('th [data-order=item_id]');
  await page.waitForSelector('th[aria-sort=descending]');
  await page.waitForSelector('main [aria-busy=false]'); // the title turns at once, the rows with the answer
  const shown = await ids();
  expect(shown[0]).toBe('it-125');
  await page.reload();
  await page.waitForSelector('tbody tr');
  expect(await ids()).toEqual(shown);
  await page.keyboard.press('Tab');
  await page.focus('tbody tr');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForSelector('aside [data-test=face]');
  await page.click('aside [data-test=open]');
  await page.waitForSelector('[data-test=versions]');
  await page.click('.back a');
  await page.waitForSelector('tbody tr');
  expect(await ids()).toEqual(shown);
});

test('a topic of the tree that has others under it means all of them', async () => {
  await openList();
  await page.click('[data-test=topic-filter]');
  await page.waitForSelector('.el-tree-node__label:visible, .el-tree-node__content:visible');
  await page.click('.el-tree-node__content:visible:has-text("考试内容 (130)") .el-select-dropdown__item');
  await page.waitForSelector('h1 + span:has-text("共 130 题")');
  expect(decodeURIComponent(decodeURIComponent(page.url()))).toContain('topic=subjects/');
});

test('pages are of 50, the last one is reached and its rows open', async () => {
  await openList();
  expect(await page.$$('tbody tr')).toHaveLength(50);
  await page.click('.el-pager .number >> nth=2');
  await page.waitForSelector('[data-row=it-130]');
  expect(await page.$$('tbody tr')).toHaveLength(30);
});

test('the export holds every item of the filter, not only the page', async () => {
  await openList('list', 'bank=sample-low-voltage');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('main header .tools .el-button >> nth=0')]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(131);
  expect(lines[0]).toContain('题号,题干,题型');
});

test('rows are picked by key and by box; what will happen is said before it is done, and the refused are named', async () => {
  await openList();
  await page.focus('[data-row=it-2]');
  await page.keyboard.press('Space');
  await page.click('[data-row=it-7] .pick input');
  await page.waitForSelector('[data-test=picked]:has-text("已选 2 题")');
  await page.click('[data-test=bulk]');
  await choose(page, 'aside [data-test=what]', 4);
  await page.fill('aside [data-test=add-tags] input', '2027');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  expect(await page.isDisabled('[data-test=try]')).toBe(true);
  await page.fill('textarea[data-test=bulk-reason]', '整理');
  await page.click('[data-test=try]');
  await page.waitForSelector('[data-test=bulk-result]');
  expect(await page.textContent('[data-test=bulk-result]')).toContain('lv-007');
  expect(one('it-2').versions).toHaveLength(1);
  await page.click('aside [data-test=yes]');
  await page.waitForSelector('[data-test=bulk-done]:has-text("1")');
  expect(one('it-2').versions[1].content.tags).toEqual(['2027', '安全电压']);
  expect(one('it-7').versions).toHaveLength(1);
});

test('what was tried out is done to as many items as were shown, or not at all', async () => {
  await openList();
  await page.click('[data-row=it-2] .pick input');
  await page.click('[data-row=it-4] .pick input');
  await page.click('[data-test=bulk]');
  await choose(page, 'aside [data-test=what]', 2);
  await page.click('#side .el-select >> nth=-1');
  await page.click('.el-select-dropdown__item:visible:has-text("5/5")');
  await page.fill('textarea[data-test=bulk-reason]', '整理');
  await page.click('[data-test=try]');
  await page.waitForSelector('aside [data-test=yes]:has-text("2")');
  editElsewhere(mock.world, 'it-4', { difficulty: 5 });
  const [request] = await Promise.all([page.waitForRequest(/\/bank\/bulk$/), page.click('aside [data-test=yes]')]);
  expect(request.postDataJSON()).toMatchObject({ dry_run: false, expected: 2 });
  await page.waitForSelector('aside [data-error=bulk_is_stale]');
  expect(one('it-2').versions).toHaveLength(1);
  await page.click('[data-test=try]'); // what was chosen is still there; tried out again it says another number
  await page.click('aside [data-test=yes]:has-text("1")');
  await page.waitForSelector('[data-test=bulk-done]:has-text("1")');
  expect(one('it-2').versions[1].content.difficulty).toBe(5);
});

test('work that is stopped changes nothing', async () => {
  await openList('list', 'bank=sample-low-voltage');
  await page.click('[data-test=pick-page]');
  await page.click('[data-test=pick-all]');
  await page.click('[data-test=bulk]');
  await choose(page, 'aside [data-test=move]', 6);
  await page.fill('textarea[data-test=bulk-reason]', '整理');
  await page.click('[data-test=try]');
  await page.waitForSelector('aside [data-test=yes]');
  mock.world.holdJobs = true; // otherwise it is done before a busy machine has stopped it
  await page.click('aside [data-test=yes]');
  await page.click('aside .job .el-button');
  await page.waitForSelector('aside .job[data-state=cancelled]');
  expect(items().filter((item) => item.state === 'retired')).toHaveLength(14);
});

test('who made a change is told why they cannot release it; a colleague can', async () => {
  await openItems(page, 'it-2');
  await page.waitForSelector('[data-move=submit]');
  await page.click('[data-test=edit]');
  await page.fill('[data-test=stem] textarea', '照明灯具的电压不得超过（ ）。');
  await page.fill('textarea[data-test=reason]', '改短');
  await page.click('[data-test=save-submit]');
  await page.waitForSelector('[data-test=state][data-state=in_review]');
  expect(await page.textContent('[data-why=released_by_author]')).toContain('由另一位同事发布');
  expect(await page.$('[data-move=release]')).toBeNull();
  await page.context().close();
  mock.world.staff = null;
  page = await signIn(browser, mock, 'zh', 'admin');
  await page.goto(`${mock.origin}/staff/#/itemReview`);
  await page.waitForSelector('[data-test=face]:has-text("照明灯具的电压不得超过")');
  await page.waitForSelector('[data-test=diff] del');
  await page.click('[data-move=release]');
  await page.click('.box [data-test=yes]');
  await page.waitForSelector('[data-test=decided]:has-text("已发布")');
  expect(one('it-2')).toMatchObject({ state: 'released', released: 2 });
});

test('retiring needs a reason and says what it does', async () => {
  await openItems(page, 'it-1');
  await page.click('[data-move=retire]');
  expect(await page.isDisabled('.box [data-test=yes]')).toBe(true);
  await page.fill('textarea[data-test=move-reason]', '标准已废止');
  await page.click('.box [data-test=yes]');
  await page.waitForSelector('[data-test=state][data-state=retired]');
  expect(await page.textContent('[data-event=retire]')).toContain('标准已废止');
  expect(await page.$('[data-test=edit]')).toBeNull();
});

test('somebody was faster: nothing that was written is lost, theirs is taken over where mine did not touch it', async () => {
  await openItems(page, 'it-2', 'edit');
  await page.waitForSelector('[data-test=stem] textarea');
  await page.fill('[data-test=stem] textarea', '我写的题干（ ）。');
  await page.fill('textarea[data-test=reason]', '改题干');
  editElsewhere(mock.world, 'it-2', { difficulty: 5, options: ['12 V', '24 V', '36 V', '48 V'] });
  await page.click('[data-test=save]');
  await page.waitForSelector('[data-test=meanwhile]:has-text("林岚")');
  expect(await page.inputValue('[data-test=stem] textarea')).toBe('我写的题干（ ）。');
  expect(await page.inputValue('[data-option="3"] textarea')).toBe('48 V');
  await page.click('[data-test=save]');
  await page.waitForSelector('[data-test=versions]');
  expect(one('it-2').versions[2].content).toMatchObject({ stem: '我写的题干（ ）。', difficulty: 5, options: ['12 V', '24 V', '36 V', '48 V'] });
});

test('text that is not saved is not lost by a click away, nor by an ended session', async () => {
  await openItems(page, 'it-2', 'edit');
  await page.fill('[data-test=stem] textarea', '没有保存的题干');
  await page.click('nav a[href="#/jobs"]');
  await page.waitForSelector('[data-test=leave]');
  expect(page.url()).toContain('/it-2/edit');
  await page.click('[data-test=leave] .el-button >> nth=0');
  expect(await page.inputValue('[data-test=stem] textarea')).toBe('没有保存的题干');
  await page.fill('textarea[data-test=reason]', '改');
  const me = mock.world.staff;
  mock.world.staff = null;
  await page.click('[data-test=save]');
  await page.fill('input[name=name]', 'editor');
  await page.fill('input[name=password]', 'demo');
  await page.click('button[type=submit]');
  await page.waitForSelector('[data-test=stem] textarea');
  expect(await page.inputValue('[data-test=stem] textarea')).toBe('没有保存的题干');
  expect(me.name).toBe('editor');
});

test('a new case item with a picture and a formula, made with its material, is what was written', async () => {
  await openItems(page, 'new', 'sample-low-voltage');
  await page.fill('[data-test=item-id]', 'lv-001');
  await page.fill('[data-test=stem] textarea', '电流 < 1 A 时');
  await page.setInputFiles('[data-test=stem] [data-test=picture-file]', { name: '图 1.png', mimeType: 'image/png', buffer: kPng });
  await page.waitForSelector('[data-test=face] img');
  await page.click('[data-test=stem] [data-test=formula]');
  await page.keyboard.type('I^2R');
  await page.waitForSelector('[data-test=face] math');
  for (const [n, text] of ['甲', '乙', '丙', '丁'].entries()) await page.fill(`[data-option="${n}"] textarea`, text);
  await page.click('[data-option="2"] .el-checkbox');
  await page.click('[data-option="2"] .buttons button >> nth=0');
  await page.click('[data-test=new-stimulus]');
  await page.fill('aside textarea >> nth=0', '某车间停电检修。');
  await page.fill('input[data-test=stimulus-reason]', '新建');
  await page.click('[data-test=save-stimulus]');
  await page.waitForSelector('[data-test=face] .case:has-text("某车间停电检修")');
  await page.click('[data-test=save]');
  await page.waitForSelector('[data-error=item_id_taken], .form-row .error-line');
  await page.fill('[data-test=item-id]', 'lv-new');
  await page.click('[data-test=save]');
  await page.waitForSelector('[data-test=versions]');
  const { content } = items()[0].versions[0];
  expect(content).toMatchObject({ type: 'single_choice', markup: 'html', options: ['甲', '丙', '乙', '丁'], key: [1], stimulus: 'case-new-1' });
  expect(content.stem).toMatch(/^电流 &lt; 1 A 时<img src="media:[0-9a-f]{32}\.png" alt="图 1">\\\(I\^2R\\\)$/);
});

test('a picture that is none, or too large, is refused with a sentence and the text stays', async () => {
  await openItems(page, 'new', 'sample-low-voltage');
  await page.fill('[data-test=stem] textarea', '题干');
  await page.setInputFiles('[data-test=stem] [data-test=picture-file]', { name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await page.waitForSelector('[data-error=media_not_a_picture]');
  await page.setInputFiles('[data-test=stem] [data-test=picture-file]', { name: 'b.png', mimeType: 'image/png', buffer: Buffer.alloc(5 * 1024 * 1024 + 1) });
  await page.waitForSelector('[data-error=media_too_large]');
  expect(await page.inputValue('[data-test=stem] textarea')).toBe('题干');
});

test('markup that is stored cannot run anything on the page, whatever it says', async () => {
  await openList();
  one('it-2').versions[0].content = { ...one('it-2').versions[0].content, markup: 'html', stem: '<p onclick="alert(1)">甲<script>window.bad = 1</script><img src="x" onerror="window.bad = 1"><a href="javascript:alert(1)">乙</a></p><iframe src="//x"></iframe>\\(\\href{javascript:window.bad=1}{x}\\)' };
  await openItems(page, 'it-2');
  await page.waitForSelector('[data-test=face]:has-text("乙")');
  await page.waitForTimeout(200);
  expect(await page.evaluate(() => window.bad)).toBeUndefined();
  page.faults = page.faults.filter((fault) => !fault.startsWith('Executing inline event handler')); // the policy's own word on text that is only parsed
  expect(await page.$eval('[data-test=face]', (face) => face.querySelectorAll('script, iframe, a[href^=javascript], img[onerror], [onclick]').length)).toBe(0);
});

test('a flag leads from the list to the item, from the item to its statistics, and back', async () => {
  await openList('list', 'flag=key_probably_wrong');
  expect(await ids()).toEqual(['it-7', 'it-10']);
  await page.click('[data-row=it-7] a[data-flag=key_probably_wrong]');
  await page.waitForSelector('[data-test=numbers]');
  await page.click('[data-test=numbers] a[data-flag=key_probably_wrong]');
  await page.waitForSelector('aside [data-test=item-statistics], [data-test=compute]');
  expect(page.url()).toContain('#/statistics/sample-low-voltage/it-7');
  await page.waitForSelector('tr[data-row=it-7] a[data-flag=negative_discrimination]');
  await page.click('tr[data-row=it-7] a[data-flag=negative_discrimination]');
  await page.waitForSelector('[data-test=versions]');
  expect(page.url()).toContain('#/items/it-7');
  await page.click('[data-test=regrade]');
  await page.waitForSelector('[data-test=work-out]');
});

test('an answer that comes late does not replace a newer one', async () => {
  await openList();
  let slow = true;
  await page.route(/\/bank\/items\?.*q=/, async (route) => {
    if (slow) await new Promise((resolve) => setTimeout(resolve, 400));
    slow = false;
    await route.continue().catch(() => undefined);
  });
  await page.fill('header .search input', '验电器');
  await page.waitForTimeout(120);
  await page.fill('header .search input', '照明灯具');
  await page.waitForSelector('tbody tr:has-text("照明灯具")');
  await page.waitForTimeout(500);
  expect(await page.textContent('tbody tr >> nth=0')).toContain('照明灯具');
});
