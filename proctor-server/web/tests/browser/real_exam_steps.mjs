// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// What an editor, an administrator and the authority do about bad questions, on the real pages; people sit meanwhile (real_server.mjs, ask).

export const goTo = (page, hall, ...rest) => page.goto(`${hall.origin}/staff/#/${rest.map(encodeURIComponent).join('/')}`);

/** Computes anew and says what stands there: sittings, mean, and what the row of each item says by column. */
export async function compute(page, sittings) {
  // The page names as many sittings before, when only a key has changed: what counts is the first reading of newer numbers.
  const asked = Date.now();
  const isReading = (reply) => reply.request().method() === 'GET' && /\/bank\/statistics\?/.test(reply.url()) && reply.ok();
  const reading = page.waitForResponse(async (reply) => isReading(reply) && (await reply.json()).computed_ms >= asked);
  await page.click('[data-test=compute]');
  await reading;
  await page.waitForSelector('[data-test=compute]:not(.is-loading)'); // the button waits with the page until the table is drawn
  await page.waitForSelector(`[data-test=computed]:has-text("${sittings} 场考试")`);
  return readStatistics(page);
}
export function readStatistics(page) {
  return page.evaluate(() => {
    const text = (element) => element.textContent.trim();
    const rowOf = (row) => ({ ...Object.fromEntries([...row.cells].map((cell, at) => [titles[at], text(cell)])), flags: [...row.querySelectorAll('[data-flag]')].map((one) => one.dataset.flag) });
    const facts = Object.fromEntries([...document.querySelectorAll('main .numbers > div')].map((one) => [text(one.children[0]), text(one.children[1])]));
    const rows = [...document.querySelectorAll('main tbody tr[data-row]')];
    const titles = [...rows[0].closest('table').querySelectorAll('thead th')].map((one) => text(one).replace(/[↑↓]/g, ''));
    return { said: text(document.querySelector('[data-test=computed]')), facts, items: Object.fromEntries(rows.map((one) => [one.dataset.row, rowOf(one)])) };
  });
}

/** From the flag in the table to the item, and out of use. */
export async function retireFlagged(page, item, flag, reason) {
  await page.click(`tr[data-row="${item.id}"] [data-flag=${flag}]`);
  await page.waitForSelector('[data-test=numbers] .facts');
  const numbers = await page.textContent('[data-test=numbers]');
  await page.click('[data-move=retire]');
  await page.fill('textarea[data-test=move-reason]', reason);
  await page.click('.box [data-test=yes]');
  await page.waitForSelector('[data-test=state][data-state=retired]');
  return numbers;
}

/** The editor's own correction; another person releases it. */
export async function changeKey(page, hall, item, reason) {
  await goTo(page, hall, 'items', item.id, 'edit');
  await page.click(`[data-option="${item.truth}"] .el-checkbox`);
  await page.fill('textarea[data-test=reason]', reason);
  await page.click('[data-test=save-submit]');
  await page.waitForSelector('[data-version="2"]');
  await page.waitForSelector('[data-test=state][data-state=in_review]');
}
export async function releaseOpen(page, hall, item) {
  await goTo(page, hall, 'items', item.id);
  await page.waitForSelector('[data-test=diff]');
  const difference = await page.textContent('[data-test=diff]');
  await page.click('[data-move=release]');
  await page.click('.box [data-test=yes]');
  await page.waitForSelector('[data-test=state][data-state=released]');
  return difference;
}

/** From the item's numbers to the list of who would change. */
export async function proposeRegrade(page, hall, item, reason) {
  await goTo(page, hall, 'statistics', 'low-voltage', item.id);
  await page.waitForSelector('aside [data-test=item-statistics]');
  const numbers = await page.textContent('aside [data-test=item-statistics]');
  await page.click('aside [data-test=propose]');
  await page.waitForSelector(`.option >> nth=${item.truth} >> input:checked`, { state: 'attached' });
  await page.fill('textarea[data-test=reason]', reason);
  await page.click('[data-test=work-out]');
  await page.waitForSelector('[data-test=state][data-state=ready]');
  return { numbers, ...(await readRegrade(page)) };
}
export async function readRegrade(page) {
  await page.waitForSelector('tbody tr[data-row]');
  return page.evaluate(() => ({
    counts: [...document.querySelectorAll('.numbers dd')].map((one) => Number(one.textContent)),
    rows: [...document.querySelectorAll('tbody tr[data-row]')].map((row) => [...row.cells].map((cell) => cell.textContent.trim())),
  }));
}
export async function applyRegrade(page, hall, id) {
  await goTo(page, hall, 'regrades');
  await page.click(`tr[data-row="${id}"]`);
  await page.click('[data-test=apply]');
  await page.click('.box[role=alertdialog] [data-test=yes]');
  await page.waitForSelector('[data-test=state][data-state=applied]');
  return readRegrade(page);
}

/** What the certifying authority sees of a person: the record opened, and the newest certificate checked. */
export async function askAuthority(page, hall, person) {
  await goTo(page, hall, 'query');
  await page.fill('input[name=id_number]', person.id_number);
  await page.fill('input[name=person]', person.name);
  await page.click('form.ask .el-button');
  await page.click('tbody tr[data-row]');
  await page.waitForSelector('aside [data-test=withdrawn]');
  const said = await page.textContent('aside');
  const [old] = await page.$$eval('aside [data-test=withdrawn] b', (all) => all.map((one) => one.textContent));
  await goTo(page, hall, 'verify');
  await page.fill('main textarea', old);
  await page.click('main form button[type=submit]');
  await page.waitForSelector('[data-test=verdict]');
  return { said, old, verdict: await page.textContent('[data-test=verdict]') };
}

