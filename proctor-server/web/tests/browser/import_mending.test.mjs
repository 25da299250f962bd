// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// A refused row is mended from what the file says, not typed anew.
import { describe, expect, test } from 'vitest';
import { beginImport } from './import_walks.mjs';
import { signIn } from './staff_walks.mjs';
import { onStage } from './stage.mjs';

let mock;
let browser;
onStage((theMock, theBrowser) => ([mock, browser] = [theMock, theBrowser]));

const rows = () => mock.world.stock.imports[0].rows;
const options = (page) => page.$$eval('aside .option input[type=text]', (inputs) => inputs.map((one) => one.value));

/** The report of a file that was just read, with its refused rows; what the page must not have done is looked at in the end. */
async function atReport(language, walk) {
  const page = await signIn(browser, mock, language, 'admin');
  await beginImport(page);
  await page.click('[data-test=send]');
  await page.waitForSelector('[data-kind=refused].on');
  await page.waitForSelector('[data-row]');
  await walk(page);
  expect(page.faults).toEqual([]);
  expect(mock.problems).toEqual([]);
  await page.context().close();
}

const kTyped = '没有保存的题干';
const stem = (page) => page.inputValue('aside [data-test=stem]');
async function staysAsked(page) {
  await page.waitForSelector('aside [data-test=leave]');
  await page.click('aside [data-test=leave] .el-button >> nth=0');
  expect(await stem(page)).toBe(kTyped);
}

test('what is typed into a row is not lost without a question', () =>
  atReport('zh', async (page) => {
    await page.click('[data-row] >> nth=0');
    await page.keyboard.press('Escape'); // nothing is typed yet
    await page.waitForSelector('aside', { state: 'detached' });
    await page.click('[data-row] >> nth=0');
    await page.fill('aside [data-test=stem]', kTyped);
    for (const away of [() => page.keyboard.press('Escape'), () => page.click('[data-row] >> nth=1'), () => page.click('[data-kind=new]'), () => page.click('nav a[href="#/jobs"]')]) {
      await away();
      await staysAsked(page);
    }
    expect(await page.$('[data-kind=refused].on')).not.toBeNull();
    await page.click('[data-row] >> nth=2');
    await page.click('aside [data-test=leave] [data-test=yes]');
    await page.waitForFunction((typed) => document.querySelector('aside [data-test=stem]').value !== typed, kTyped);
    expect(await stem(page)).toBe(rows()[40].findings[0].text);
    await page.click('[data-kind=new]');
    await page.waitForSelector('aside', { state: 'detached' });
  }));

test('a row that is left out keeps what was typed, until it is saved', () =>
  atReport('zh', async (page) => {
    await page.click('[data-row] >> nth=0');
    await page.fill('aside [data-test=stem]', kTyped);
    await page.click('[data-test=leave-out]');
    await page.waitForSelector('[data-kind=left_out] b:has-text("1")');
    await page.keyboard.press('Escape');
    await staysAsked(page);
    await page.click('aside .option .el-checkbox >> nth=1');
    await page.click('[data-test=save-row]');
    await page.waitForSelector('[data-kind=left_out] b:has-text("0")');
    expect(rows()[3].content.stem).toBe(kTyped);
    await page.keyboard.press('Escape');
    await page.waitForSelector('aside', { state: 'detached' });
  }));

test.each([['zh', '重新读取'], ['en', 'read again']])('a reading that somebody begins meanwhile leaves what was typed on the page, to be copied (%s)', (language, words) =>
  atReport(language, async (page) => {
    await page.click('[data-row] >> nth=0');
    await page.fill('aside [data-test=stem]', kTyped);
    const draft = mock.world.stock.imports[0];
    Object.assign(draft, { state: 'reading', seen: draft.seen + 1 });
    await page.waitForSelector('[data-test=state][data-state=reading]');
    Object.assign(draft, { state: 'ready', seen: draft.seen + 1 });
    await page.waitForSelector('[data-test=state][data-state=ready]');
    expect(await page.textContent('[data-test=too-late]')).toContain(words);
    expect(await stem(page)).toBe(kTyped);
    expect(await page.$('[data-test=save-row]')).toBeNull(); // a row of the same place may be another one now
    await page.keyboard.press('Escape');
    await page.click('aside [data-test=leave] [data-test=yes]');
    await page.waitForSelector('aside', { state: 'detached' });
    await page.click('[data-row] >> nth=0');
    expect(await stem(page)).toBe(rows()[3].content.stem);
    expect(await page.$('[data-test=save-row]')).not.toBeNull();
  }));

describe.each([
  ['zh', { type: '题型', options: '选项', key: '答案' }, '题干相同，选项不同'],
  ['en', { type: 'Type', options: 'Options', key: 'Key' }, 'the same stem as'],
])('in %s', (language, words, warning) => {
  test('the form holds type, stem and options of the file; only the key is given', () =>
    atReport(language, async (page) => {
      await page.click('[data-row] >> nth=0');
      const original = await page.textContent('[data-test=original]');
      for (const part of ['漏电保护器的动作电流一般不大于（  ）。', words.type, '单选', words.options, '10 mA\n30 mA\n50 mA\n100 mA', words.key, 'E']) expect(original).toContain(part);
      expect(await options(page)).toEqual(['10 mA', '30 mA', '50 mA', '100 mA']);
      await page.click('aside .option .el-checkbox >> nth=1');
      await page.click('[data-test=save-row]');
      await page.waitForSelector('[data-kind=refused] b:has-text("2")');
      expect(rows()[3].content).toMatchObject({ type: 'single_choice', stem: '漏电保护器的动作电流一般不大于（  ）。', options: ['10 mA', '30 mA', '50 mA', '100 mA'], key: [1] });
      expect(await page.textContent('[data-test=original]')).toContain('100 mA'); // what the file says stays to be compared with
    }));

  test('a long stem is whole, on the page and when it is saved', () =>
    atReport(language, async (page) => {
      await page.click('[data-row] >> nth=2');
      const { text } = rows()[40].findings[0];
      expect(text.length).toBeGreaterThan(300);
      expect(await page.textContent('[data-test=original] p')).toBe(text);
      expect(await page.inputValue('aside [data-test=stem]')).toBe(text);
      await page.click('aside .option .el-checkbox >> nth=0');
      await page.click('[data-test=save-row]');
      await page.waitForSelector('[data-kind=refused] b:has-text("2")');
      expect(rows()[40].content.stem).toBe(text);
    }));

  test('a row of which nothing could be read is typed anew', () =>
    atReport(language, async (page) => {
      await page.click('[data-row] >> nth=1');
      expect(await options(page)).toEqual(['', '', '', '']);
      expect(await page.$('[data-test=original] dl')).toBeNull();
    }));

  test('a number has ranges, two of them with one lower bound, and a text any number of answers', () =>
    atReport(language, async (page) => {
      const range = (text, upper, percent) => ({ match: 'range', text, upper, percent });
      rows()[3].content = { type: 'numeric', stem: '安全电压的上限是多少？', answers: [range('36', '36', 100), range('36', '42', 50)] };
      rows()[17].content = { type: 'short_text', stem: '检修前先做什么？', answers: [{ match: 'ignore_case', text: '验电' }] };
      await page.click('[data-kind=all]');
      await page.waitForSelector('[data-row] >> nth=40');
      await page.click('[data-kind=refused]');
      await page.click('[data-row]:has-text("安全电压的上限")');
      await page.fill('aside [data-answer="1"] > .el-input input >> nth=1', '40');
      await page.click('aside [data-test=add-answer]');
      await page.fill('aside [data-answer="2"] > .el-input input >> nth=0', '35');
      await page.fill('aside [data-answer="2"] > .el-input input >> nth=1', '36');
      await page.click('[data-test=save-row]');
      await page.waitForSelector('[data-kind=refused] b:has-text("2")');
      expect(rows()[3].content.answers).toEqual([range('36', '36', 100), range('36', '40', 50), range('35', '36', 100)]);
      await page.click('[data-row]:has-text("检修前先做什么")');
      await page.click('aside [data-test=add-answer]');
      await page.type('aside [data-answer="1"] > .el-input input', 'test it first'); // with its spaces, key by key
      await page.click('[data-test=save-row]');
      await page.waitForSelector('[data-kind=refused] b:has-text("1")');
      expect(rows()[17].content.answers.map((one) => one.text)).toEqual(['验电', 'test it first']);
    }));

  test('the stem of another row is saved, with a warning that stands out from what is past', () =>
    atReport(language, async (page) => {
      await page.click('[data-row] >> nth=0');
      await page.fill('aside [data-test=stem]', rows()[1].content.stem);
      await page.click('aside .option .el-checkbox >> nth=1');
      await page.click('[data-test=save-row]');
      await page.waitForSelector(`[data-test=findings] li:not(.old):has-text("${warning}")`);
      expect(await page.$$('[data-test=findings] li.old')).toHaveLength(1);
      expect(rows()[3].fixed).toBe(true);
    }));
});
