// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMock } from '../../mock/server.mjs';
import { kPatience, openBrowser, overflowing, untranslated } from './harness.mjs';
import { walks as importWalks } from './import_walks.mjs';
import { walks as itemWalks } from './item_walks.mjs';
import { walks as paperWalks } from './papers_walks.mjs';
import { walks as staffWalks } from './staff_walks.mjs';
import { walkBooking, walkManage } from './walks.mjs';

let mock;
let browser;
beforeAll(async () => {
  mock = await startMock();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await mock?.close();
});

// Names of persons, rooms and accounts are data and stay as they were entered.
const kData = [/^[王李张刘陈杨赵黄周吴徐孙]/, /^[ABC]\d\d /, /\d 号厅|考室/, /^(管理员|远程监考员|考试机构|已离职|题库编辑)/, /^One candidate/, /^Hello, /, /名单\.csv/, / · row \d+$/, /^Discard “/, /^· 请坐正/, /^题库编辑/];

for (const [name, walk] of Object.entries({ booking: walkBooking, manage: walkManage, ...staffWalks, ...importWalks, ...itemWalks, ...paperWalks }))
  for (const language of ['zh', 'en'])
    test(`${name} in ${language}: every screen is reached, nothing sticks out, every request keeps the contract`, async () => {
      mock.reset();
      mock.problems.length = 0;
      const pages = new Set();
      let screens = 0;
      await walk(browser, mock, language, async (page, step) => {
        screens += 1;
        pages.add(page);
        // Drawings and tables follow a new width a moment later, on a busy machine a long one.
        const settled = (look) => expect.poll(look, { timeout: 20_000 * kPatience, interval: 100, message: `${name} ${step}` }).toEqual([]);
        await settled(() => overflowing(page));
        if (language === 'en') await settled(() => untranslated(page, kData));
      });
      expect(screens).toBeGreaterThan(2);
      for (const page of pages) expect(page.faults).toEqual([]);
      expect(mock.problems).toEqual([]);
    });
