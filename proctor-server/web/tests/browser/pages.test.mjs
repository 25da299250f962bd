// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMock } from '../../mock/server.mjs';
import { openBrowser, overflowing } from './harness.mjs';
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

for (const [name, walk] of Object.entries({ booking: walkBooking, manage: walkManage, ...staffWalks }))
  for (const language of ['zh', 'en'])
    test(`${name} in ${language}: every screen is reached, nothing sticks out, every request keeps the contract`, async () => {
      mock.reset();
      mock.problems.length = 0;
      const pages = new Set();
      let screens = 0;
      await walk(browser, mock, language, async (page, step) => {
        screens += 1;
        pages.add(page);
        expect(await overflowing(page), `${name} ${step}`).toEqual([]);
      });
      expect(screens).toBeGreaterThan(2);
      for (const page of pages) expect(page.faults).toEqual([]);
      expect(mock.problems).toEqual([]);
    });
