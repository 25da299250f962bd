// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// Walks through every page against the mock and leaves a picture of each in tests/browser/shots.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startMock } from '../../mock/server.mjs';
import { openBrowser } from './harness.mjs';
import { walks as importWalks } from './import_walks.mjs';
import { walks as itemWalks } from './item_walks.mjs';
import { walks as paperWalks } from './papers_walks.mjs';
import { walks as staffWalks } from './staff_walks.mjs';
import { walkBooking, walkManage } from './walks.mjs';

const folder = fileURLToPath(new URL('./shots/', import.meta.url));
mkdirSync(folder, { recursive: true });
const only = process.argv[2] ?? '';
const mock = await startMock();
const browser = await openBrowser();
const walks = { booking: walkBooking, manage: walkManage };
try {
  for (const [name, walk] of Object.entries({ ...walks, ...staffWalks, ...importWalks, ...itemWalks, ...paperWalks })) {
    if (only && !name.includes(only)) continue;
    for (const language of ['zh', 'en']) {
      mock.reset();
      await walk(browser, mock, language, async (page, step) => {
        await page.waitForTimeout(350);
        await page.screenshot({ path: `${folder}${name}-${language}-${step}.png` });
      });
    }
  }
  console.log(mock.problems.length ? mock.problems.join('\n') : 'every answer fitted openapi.yaml');
} finally {
  await browser.close();
  await mock.close();
}
