// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// How long a person waits at the list of items: from the key or click to the painted rows, on the real server; and how much of
// it is work (processor time of the server and of the page's main thread), which does not depend on what else the machine does.
//   npm run bench:items [-- ITEMS [ROUNDS]]    default 50000 items, 15 rounds; INVIGIL_BUILD names the build
import { readFileSync } from 'node:fs';
import { openBrowser } from './harness.mjs';
import { enter, serverIsBuilt, startHall } from './real_server.mjs';

const [items = '50000', rounds = '15'] = process.argv.slice(2);
if (!serverIsBuilt) throw new Error('invigil-server is not built');

/** In the page: the time from an event to the first frame that shows the rows of its answer. */
function watchList() {
  const list = document.querySelector('main [aria-busy]');
  let begun = 0;
  const note = (event) => (begun ||= event.timeStamp);
  for (const kind of ['beforeinput', 'pointerdown']) document.addEventListener(kind, note, true);
  new MutationObserver(() => {
    if (list.getAttribute('aria-busy') !== 'false' || !begun) return;
    const from = begun;
    begun = 0;
    requestAnimationFrame(() => {
      const channel = new MessageChannel(); // answered after the frame is painted
      channel.port1.onmessage = () => (window.waited = performance.now() - from);
      channel.port2.postMessage(0);
    });
  }).observe(list, { attributes: true, attributeFilter: ['aria-busy'] });
  window.beginWait = () => {
    begun = 0;
    window.waited = undefined;
  };
}

const kTickMs = 10; // of /proc, on Linux
function serverWork(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * kTickMs;
}
async function pageWork(cdp) {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find((one) => one.name === 'TaskDuration').value * 1000;
}
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const mean = (list) => list.reduce((sum, one) => sum + one, 0) / list.length;
const ms = (value) => `${value.toFixed(0).padStart(4)} ms`;

const hall = await startHall('--items', items);
const browser = await openBrowser();
try {
  const page = await enter(browser, hall, 'linlan');
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(`${hall.origin}/staff/#/items`);
  await page.waitForSelector('tbody tr');
  console.log(await page.textContent('main .title .muted'));
  await page.evaluate(watchList);
  const input = page.locator('header .search input');
  const times = {};
  async function measure(what, act) {
    await page.evaluate(() => window.beginWait());
    const before = [serverWork(hall.server_pid), await pageWork(cdp)];
    await act();
    await page.waitForFunction(() => window.waited !== undefined);
    const list = (times[what] ??= { waited: [], server: [], page: [] });
    list.waited.push(await page.evaluate(() => window.waited));
    list.server.push(serverWork(hall.server_pid) - before[0]);
    list.page.push((await pageWork(cdp)) - before[1]);
  }
  const settle = () => page.waitForTimeout(600); // the counts of the filters come after the rows
  for (let round = 0; round < Number(rounds); round++) {
    await input.focus();
    await measure('one word, many hits (接地)', () => page.keyboard.insertText('接地'));
    await settle();
    await measure('a second word (接地 手套)', () => page.keyboard.insertText(' 手套'));
    await settle();
    await input.selectText();
    await measure('words without a hit', () => page.keyboard.insertText('没有这样的词'));
    await settle();
    await input.selectText();
    await measure('a letter key (b)', () => page.keyboard.press('b'));
    await settle();
    await measure('search cleared, all items', () => page.keyboard.press('Backspace'));
    await settle();
    await measure('last page (number 1,000)', () => page.click('.el-pager .number >> nth=-1'));
    await settle();
    await measure('first page', () => page.click('.el-pager .number >> nth=0'));
    await settle();
    for (const order of ['difficulty', 'changed', 'item_id']) {
      await measure(`sorted by ${order}`, () => page.click(`th [data-order=${order}]`));
      await settle();
    }
    for (let n = 0; n < 2; n++) await page.click('th [data-order=item_id]');
    await settle();
    await page.click('[data-test=type-filter]');
    await measure('a filter chosen (multiple choice)', () => page.click('.el-select-dropdown__item:visible >> nth=3'));
    await settle();
    await page.click('[data-test=clear]');
    await settle();
  }
  for (const [what, { waited, server, page: own }] of Object.entries(times))
    console.log(`${what.padEnd(40)} waited ${ms(median(waited))} (worst ${ms(Math.max(...waited))})   work: server ${ms(mean(server))}, page ${ms(mean(own))}`);
} finally {
  await browser.close();
  await hall.close();
}
