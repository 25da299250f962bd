// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { justBefore, kPatience } from './harness.mjs';
import { at, choose, field, preflight } from './papers_walks.mjs';
import { signIn } from './staff_walks.mjs';
import { onStage } from './stage.mjs';

const kLow = 'special-operations-low-voltage';
let mock;
let browser;
let page;
onStage((theMock, theBrowser) => ([mock, browser] = [theMock, theBrowser]));
afterEach(async () => {
  expect(page.faults).toEqual([]);
  expect(mock.problems).toEqual([]);
  await page.context().close();
});

const stored = (id = kLow) => mock.world.papers.blueprints.find((one) => one.id === id);
const newest = (id) => JSON.parse(stored(id).contents[stored(id).versions[0].number]);
async function open(name, address, wait) {
  mock.world.staff = null;
  page = await signIn(browser, mock, 'zh', name);
  await at(page, address);
  await page.waitForSelector(wait);
}
/** The clipboard takes a moment to hold what was copied. */
const copied = () => expect.poll(() => page.evaluate(() => navigator.clipboard.readText()), { timeout: 20_000 * kPatience });
const edit = () => open('admin', `blueprints/${kLow}`, '[data-test=preflight][data-state=feasible]');

test('the pre-flight complains, leads to the field, is mended and then shows the bounds', async () => {
  await edit();
  await page.fill(field('topics[0].counts.single_choice'), '20');
  await page.fill(field('parts[1].count'), '46');
  await preflight(page, 'infeasible');
  expect(await page.textContent('[data-test=findings] li')).toContain('单选题 · 安全生产法律法规：每卷需要 20 道，题库只有 13 道，还差 7 道。');
  expect(await page.$('[data-test=overlap]')).toBeNull();
  await page.click('[data-test=findings] .quiet');
  expect(await page.evaluate(() => document.activeElement.dataset.where)).toBe('topics[0].counts.single_choice');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('4');
  await page.fill(field('parts[1].count'), '30');
  await preflight(page, 'feasible');
  expect(await page.textContent('[data-test=overlap]')).toMatch(/任意两位考生平均有 \d+\.\d 题相同（每卷 100 题）/);
  expect(await page.textContent('[data-test=exposure]')).toContain('200 份试卷中的约 92 份');
});

test('sums are told with every key, and what does not add up is not asked of the server', async () => {
  await edit();
  const before = mock.world.preflights;
  await page.fill(field('topics[2].counts.true_false'), '１０');
  expect(await page.textContent('[data-sum=true_false]')).toContain('还差 2 题');
  await preflight(page, 'held');
  await page.fill(field('topics[3].counts.true_false'), '12');
  expect(await page.textContent('[data-sum=true_false]')).toContain('多了 1 题');
  await page.fill(field('topics[3].counts.true_false'), '11');
  expect(await page.textContent('[data-sum=true_false]')).toContain('正好');
  await preflight(page, 'feasible');
  expect(mock.world.preflights).toBe(before + 1);
});

test('a slow pre-flight never blocks typing, can be stopped, and an older answer never overwrites a newer question', async () => {
  await edit();
  mock.world.preflightMs = 60_000;
  await page.fill(field('minutes'), '90');
  await preflight(page, 'asking');
  await page.click('[data-test=stop]');
  await preflight(page, 'waiting');
  await page.fill(field('minutes'), '100');
  await preflight(page, 'asking');
  mock.world.preflightMs = 0;
  await page.fill(field('minutes'), '110');
  await preflight(page, 'feasible');
  expect(await page.inputValue(field('minutes'))).toBe('110');
  await page.fill('[data-test=papers]', '1000');
  await page.keyboard.press('Tab');
  await page.waitForSelector('[data-test=exposure]:has-text("1000 份")');
});

test('a blueprint is built from nothing: topics, a rule, a required item, an aim; and saved with its reason', async () => {
  await open('admin', 'blueprints', 'tbody tr');
  await page.click('[data-test=new]');
  await preflight(page, 'held');
  await page.fill('[data-where="title.zh"] input, input[data-where="title.zh"]', '低压电工复审');
  await page.fill('input[name=id]', 'low-voltage-again');
  await page.fill(field('parts[0].count'), '6');
  await page.fill(field('parts[1].count'), '4');
  await page.fill(field('pass_points'), '8');
  await choose(page, '[data-test=add-topic]', '触电事故与急救');
  await page.fill(field('topics[0].counts.true_false'), '6');
  await page.fill(field('topics[0].counts.single_choice'), '4');
  await preflight(page, 'feasible');
  await page.click('[data-test=add-rule]');
  await choose(page, '.rule.open .el-select >> nth=0', '单选题');
  await page.keyboard.press('Escape');
  await page.fill(`input${field('rules[0]')} >> nth=1`, '3');
  await page.click('[data-test=required] >> nth=0');
  await page.keyboard.type('lv-001');
  await page.click('.el-select-dropdown__item:has-text("lv-001"):visible');
  await page.keyboard.press('Escape');
  await page.click('[data-test=aim-difficulty]');
  await preflight(page, 'feasible');
  expect(await page.isDisabled('[data-test=save]')).toBe(true);
  await page.fill('textarea[data-test=reason]', '复审用');
  await page.click('[data-test=save]');
  await page.waitForSelector('h1:has-text("低压电工复审")');
  expect(newest('low-voltage-again')).toMatchObject({
    title: { zh: '低压电工复审' }, pass_points: 8, topics: [{ id: 'shock', counts: { true_false: 6, single_choice: 4 } }], rules: [{ counts: { types: ['single_choice'] }, low: 1, high: 3 }],
    required: ['sample-low-voltage/lv-001'], difficulty: { low: 2.5, high: 3.5 },
  });
  expect(stored('low-voltage-again').versions[0].reason).toBe('复审用');
});

test('saving says what it does to sealed papers; when somebody was faster nothing is lost', async () => {
  await edit();
  expect(await page.textContent('[data-test=effect]')).toContain('在用的第 1 版还有 266 份已封试卷，不受影响');
  await page.fill(field('minutes'), '90');
  await page.fill('textarea[data-test=reason]', '缩短');
  stored().versions.unshift({ ...stored().versions[0], number: 2, state: 'waiting' });
  stored().contents[2] = stored().contents[1];
  await page.click('[data-test=save]');
  await page.waitForSelector('.error-line[data-error=version_is_not_newest]');
  expect(await page.inputValue(field('minutes'))).toBe('90');
  await page.click('[data-test=over]');
  await page.waitForSelector('[data-test=saved]:has-text("第 3 版")');
  expect(newest().minutes).toBe(90);
  expect(await page.$('[data-test=to-save]')).toBeNull();
});

test('leaving with unsaved changes asks; staying keeps them, leaving drops them', async () => {
  await edit();
  await page.fill(field('minutes'), '90');
  await page.click('nav a[href="#/banks"]');
  await page.waitForSelector('[data-test=leave]');
  expect(page.url()).toContain(kLow);
  await page.click('[data-test=leave] .el-button >> nth=0');
  expect(await page.inputValue(field('minutes'))).toBe('90');
  await page.click('nav a[href="#/banks"]');
  await page.click('[data-test=leave] .el-button--danger');
  await page.waitForSelector('h1:has-text("题库")');
  await at(page, `blueprints/${kLow}`);
  await preflight(page, 'feasible');
  expect(await page.inputValue(field('minutes'))).toBe('120');
});

test('a session that ends in the middle of the work loses nothing', async () => {
  await edit();
  mock.world.staff = null;
  await page.fill(field('minutes'), '95');
  await page.waitForSelector('input[name=password]');
  await page.fill('input[name=name]', 'admin');
  await page.fill('input[name=password]', 'demo');
  await page.click('button[type=submit]');
  await preflight(page, 'feasible');
  expect(await page.inputValue(field('minutes'))).toBe('95');
});

test('a version is taken into use by another person; what happens to old papers is said; a batch is sealed', async () => {
  await open('editor', 'blueprints/manager/versions', '[data-test=release-box]');
  expect(await page.textContent('[data-test=release-box]')).toContain('由您编辑');
  expect(await page.$('[data-test=release]')).toBeNull();
  await page.context().close();
  await open('admin', 'blueprints/manager/versions', '[data-test=release]');
  expect(await page.textContent('[data-test=changes]')).toContain('判断题 · 题数');
  await page.click('[data-test=release]');
  expect(await page.textContent('.box[role=alertdialog]')).toContain('封好之前没有人能开考');
  await page.click('.box .el-button--primary');
  await page.waitForSelector('[data-test=release-box]', { state: 'detached' });
  expect(mock.world.batches[0]).toMatchObject({ blueprint_id: 'manager', state: 'sealing' });
});

test('settings of batches are saved', async () => {
  await open('admin', `blueprints/${kLow}/versions`, '[data-test=settings]');
  await page.fill('[data-test=settings] input >> nth=0', '300');
  await page.keyboard.press('Tab');
  await page.click('[data-test=save-settings]');
  await page.waitForSelector('[data-test=settings] [role=status]');
  expect(stored().settings).toEqual({ papers_per_batch: 300, seal_when_left: 60, embargo_days: 90 });
});

async function seal() {
  await open('admin', 'batches', 'tbody tr');
  await page.click('[data-test=seal]');
  await choose(page, '[data-test=seal-blueprint]', '低压电工作业');
  expect(await page.isDisabled('[data-test=seal-yes]')).toBe(true);
  await page.fill('textarea[data-test=seal-reason]', '备足');
  mock.world.holdJobs = true;
  await page.click('[data-test=seal-yes]');
  await page.waitForSelector('[data-state=sealing]');
}

test('a batch is sealed in the background: progress, then roots to copy', async () => {
  await seal();
  await page.waitForSelector('.job .bar');
  mock.world.holdJobs = false;
  await page.waitForSelector('[data-test=state][data-state=sealed]');
  expect(await page.textContent('[data-test=unused]')).toBe('200');
  await page.click('[data-test=roots] button >> nth=2');
  await copied().toBe(mock.world.batches[0].papers_root);
});

test('a batch whose sealing was stopped keeps its number and says so', async () => {
  await seal();
  await page.click('.job .el-button');
  await page.waitForSelector('[data-test=state][data-state=failed]');
  expect(await page.textContent('main')).toContain('封卷被停止');
});

test('withdrawing needs a reason and says how many papers it takes', async () => {
  await open('admin', 'batches/batch-5', '[data-test=withdraw]');
  await page.click('[data-test=withdraw]');
  expect(await page.textContent('.box[role=alertdialog]')).toContain('没用过的 66 份试卷永不再用；已经用过的 131 份');
  await page.click('.box .el-button--danger');
  expect(mock.world.batches.find((one) => one.id === 'batch-5').state).toBe('in_use');
  await page.fill('textarea[data-test=withdraw-reason]', '一道题泄露');
  await page.click('.box .el-button--danger');
  await page.waitForSelector('[data-test=state][data-state=withdrawn]');
  expect(await page.textContent('[data-test=log] li:last-child')).toContain('一道题泄露');
});

test('revealing says what becomes public; a paper taken meanwhile stops it; then everybody may download', async () => {
  await open('authority', 'batches/batch-4', '[data-test=reveal]');
  await page.click('[data-test=reveal]');
  expect(await page.textContent('.box[role=alertdialog]')).toContain('不能收回');
  const batch = mock.world.batches.find((one) => one.id === 'batch-4');
  batch.embargo_ms = 0;
  justBefore(mock, 'revealBatch', () => {
    batch.unused = 1;
    queueMicrotask(() => (batch.unused = 0)); // for this one answer
  });
  await page.click('.box .el-button--danger');
  await page.waitForSelector('.error-line[data-error=batch_is_stale]');
  await page.click('.box .el-button--danger');
  await page.waitForSelector('[data-test=state][data-state=revealed]');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-test=files] a:has-text("papers.jsonl")')]);
  expect(download.suggestedFilename()).toBe('batch-4-papers.jsonl');
  await page.click('[data-test=files] button >> nth=0');
  await copied().toMatch(/\/api\/v1\/published\/batch-4\?name=freeze\.json$/);
});

test('who may not do something is told why', async () => {
  await open('editor', 'batches/batch-4', '[data-test=why-not]');
  expect(await page.isDisabled('[data-test=reveal]')).toBe(true);
  expect(await page.textContent('[data-test=why-not]')).toContain('管理员或发证机关');
  await page.context().close();
  await open('authority', 'batches', 'tbody tr');
  expect(await page.isDisabled('[data-test=seal]')).toBe(true);
  expect(await page.textContent('main')).toContain('须由管理员或题库编辑操作');
  await at(page, 'batches/batch-7');
  await page.waitForSelector('[data-test=withdraw]');
  expect(await page.isDisabled('[data-test=withdraw]')).toBe(true);
});

test('the list of batches is searched, filtered by address, sorted and exported', async () => {
  await open('admin', 'batches/of/manager', 'tbody tr');
  expect(await page.$$('tbody tr')).toHaveLength(3);
  await page.fill('.search input', '不通过的');
  await page.waitForSelector('.empty');
  await page.fill('.search input', '');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('main header .tools .el-button >> nth=0')]);
  expect((await readFile(await download.path(), 'utf8')).trim().split('\r\n')).toHaveLength(4);
  await page.focus('tbody tr');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-test=state]');
});

test('an audit is run, says PASS, shows figures beside bounds and how to repeat it; one that fails says where', async () => {
  await open('authority', 'batches/batch-4/audit', '.empty');
  await page.click('[data-test=audit]');
  await page.waitForSelector('[data-verdict=PASS]');
  expect(await page.textContent('[data-test=figures]')).toContain('可能的最低');
  await page.click('[data-test=repeat] button >> nth=0');
  await copied().toBe('invigil-bank audit batch-4');
  await at(page, 'batches/batch-1/audit');
  await page.waitForSelector('[data-verdict=FAIL]');
  expect(await page.textContent('.failures')).toContain('第 37 行');
});

test('a record of results leads to the proof of its paper', async () => {
  await open('authority', 'query', 'form.ask');
  await page.fill('input[name=id_number]', '11010519491231002X');
  await page.fill('input[name=person]', '王建国');
  await page.click('form.ask .el-button');
  await page.click('tbody tr >> nth=1');
  await page.click('aside a[href="#/batches/proof/sit-2-1"]');
  await page.waitForSelector('[data-test=proof][data-checked=holds]');
});

test('the proof of one paper is checked in the browser; a root that was exchanged is found', async () => {
  await open('authority', 'batches/proof/sit-5-3', '[data-test=proof][data-checked=holds]');
  mock.world.tamper = true;
  await page.fill('input[name=sitting]', 'sit-5-4');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-test=proof][data-checked=fails]');
  await page.fill('input[name=sitting]', 'nobody');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.error-line[data-error=no_such_sitting]');
});
