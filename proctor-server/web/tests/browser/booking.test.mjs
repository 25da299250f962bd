// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import QRCode from 'qrcode';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startMock } from '../../mock/server.mjs';
import { kPhone, openBrowser, openPage, overflowing } from './harness.mjs';
import { fillWho, kPicture, pickTime, reachExam } from './walks.mjs';

let mock;
let browser;
let page;
beforeAll(async () => {
  mock = await startMock();
  browser = await openBrowser();
});
beforeEach(async () => {
  await page?.context().close();
  mock.reset();
  page = await openPage(browser, kPhone);
});
afterAll(async () => {
  await browser?.close();
  await mock?.close();
});

const primary = () => page.click('footer .van-button--primary');
async function answerConsent(button, next) {
  await reachExam(page, mock);
  await primary();
  await page.waitForSelector('[data-test=consent]');
  await page.click(`footer .van-button >> nth=${button}`);
  await page.waitForSelector(next);
}
const reachPhoto = () => answerConsent(0, '[data-step=photo]');
const reachWhen = () => answerConsent(1, '[data-step=when] .day');
async function book() {
  await reachWhen();
  await pickTime(page);
  await primary();
  await page.waitForSelector('[data-step=done] .qr');
}

test('the QR holds the booking code and nothing else, the link its token in the fragment', async () => {
  await book();
  const drawn = await page.getAttribute('.qr', 'src');
  expect(drawn.length).toBeGreaterThan(500);
  const expected = await QRCode.toDataURL('K7M2-Q9HD', { margin: 2, width: 380, errorCorrectionLevel: 'M' });
  const pixels = (source) =>
    page.evaluate(async (url) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
      const pen = canvas.getContext('2d');
      pen.drawImage(image, 0, 0);
      return [...pen.getImageData(0, 0, image.width, image.height).data].filter((_, n) => n % 4 === 0).map((v) => (v > 127 ? 1 : 0)).join('');
    }, source);
  expect(await pixels(drawn)).toBe(await pixels(expected));
  expect(await page.textContent('[data-test=manage] .link')).toMatch(new RegExp(`^\\s*${mock.origin}/m#tok_\\w+\\s*$`));
});

test('the calendar file holds time, place and seat', async () => {
  await book();
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.calendar')]);
  expect(download.suggestedFilename()).toBe('invigil.ics');
  const text = await readFile(await download.path(), 'utf8');
  expect(text).toContain('BEGIN:VEVENT');
  expect(text.replace(/\r\n /g, '')).toContain('2 号厅 B03');
});

test('no personal data reaches an address or lasting storage', async () => {
  const addresses = [];
  page.on('request', (request) => addresses.push(decodeURIComponent(request.url())));
  await book();
  const secrets = ['440524188001010014', '王建国', '13800138000', '246810'];
  for (const secret of secrets) expect(addresses.filter((url) => url.includes(secret))).toEqual([]);
  const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, location.href, history.state]));
  for (const secret of secrets) expect(kept).not.toContain(secret);
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual(['invigil.language']);
});

test('a reload keeps the session and the step; a finished booking stays on screen', async () => {
  await reachWhen();
  await page.reload();
  await page.waitForSelector('[data-step=when] .day');
  await pickTime(page);
  await primary();
  await page.waitForSelector('[data-step=done]');
  await page.reload();
  await page.waitForSelector('[data-step=done]');
  expect(await page.textContent('[data-test=code]')).toContain('K7M2-Q9HD');
});

test('a reload while waiting for the code still takes the code', async () => {
  await page.goto(`${mock.origin}/`);
  await fillWho(page);
  await primary();
  await page.waitForSelector('[data-step=code]');
  await page.reload();
  await page.waitForSelector('[data-step=code]');
  await primary();
  await page.waitForSelector('[data-step=exam]');
});

test('the back button goes one step back, by the browser and on the page', async () => {
  await reachWhen();
  await page.goBack();
  await page.waitForSelector('[data-step=consent]');
  await page.click('.back');
  await page.waitForSelector('[data-step=exam]');
  await page.goForward();
  await page.waitForSelector('[data-step=consent]');
});

test('a seat taken in the meantime: told why, back at the choice with new numbers, nothing booked', async () => {
  await reachWhen();
  await pickTime(page);
  mock.world.takeNext = true;
  const again = page.waitForRequest(/availability/);
  await primary();
  await again;
  await page.waitForSelector('.error-line[data-error=seat_taken]');
  expect(await page.$$('.slot.on')).toHaveLength(0);
  expect(await page.isDisabled('footer .van-button--primary')).toBe(true);
  expect(mock.world.managed.size).toBe(0);
});

test('a full day, a closed day and no sites are said in words', async () => {
  await reachWhen();
  mock.world.fullDay = await page.getAttribute('.day:nth-child(3)', 'data-day');
  await page.click('.day:nth-child(3)');
  await page.waitForSelector('.note:has-text("约满")');
  await page.click('.pick.site');
  await page.click('.sheet .pick >> nth=1');
  await page.waitForTimeout(400);
  await page.click('.day.closed >> nth=0');
  await page.waitForSelector('.choose .note');
  mock.world.sites.forEach((site) => (site.disabled = true));
  await page.reload();
  await page.waitForSelector('.note:has-text("没有开放预约")');
});

test('a wrong code and too many codes are told beside their fields', async () => {
  await page.goto(`${mock.origin}/`);
  await fillWho(page);
  await page.fill('#name', '限流');
  await primary();
  await page.waitForSelector('.field-box.wrong:has(#phone) .error-line');
  await page.fill('#name', '王建国');
  await primary();
  await page.waitForSelector('[data-step=code]');
  await page.fill('#code', '000000');
  await primary();
  await page.waitForSelector('.field-box.wrong:has(#code) .error-line');
});

test('a number with a wrong check digit is never sent', async () => {
  const sent = [];
  page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
  await page.goto(`${mock.origin}/`);
  await fillWho(page);
  await page.fill('#id_number', '440524188001010015');
  await primary();
  await page.waitForSelector('.hint.look:has-text("最后一位")');
  expect(sent).toEqual([]);
});

test('when the session has ended the page says so and starts again', async () => {
  await reachWhen();
  await pickTime(page);
  mock.world.booking = false;
  await primary();
  await page.waitForSelector('[data-step=who] .ended');
});

test('declining the photo leads to the same choice of seats and sends no photo', async () => {
  await reachWhen();
  expect(mock.world.person).toMatchObject({ photos: 0, photo_consent: false });
  expect(await page.$$('.slot')).not.toHaveLength(0);
});

test('a large picture is sent as a JPEG of at most 1280 px', async () => {
  await reachPhoto();
  const large = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 3000, height: 2000 });
    return canvas.toDataURL('image/png').split(',')[1];
  });
  await page.setInputFiles('[data-test=file]', { name: 'large.png', mimeType: 'image/png', buffer: Buffer.from(large, 'base64') });
  await page.waitForSelector('img.picture');
  const size = await page.$eval('img.picture', (image) => [image.naturalWidth, image.naturalHeight]);
  expect(size).toEqual([1280, 853]);
  const request = page.waitForRequest(/booking\/photo/);
  await primary();
  expect((await request).headers()['content-type']).toBe('image/jpeg');
});

test('another photo is added beside the first, up to three; replacing leaves one', async () => {
  await reachPhoto();
  const give = async () => {
    await page.setInputFiles('[data-test=file]', { name: 'me.png', mimeType: 'image/png', buffer: kPicture });
    await page.waitForSelector('img.picture');
    const answer = page.waitForResponse(/booking\/photo/);
    await primary();
    return (await answer).request().method();
  };
  expect(await give()).toBe('PUT');
  for (const n of [2, 3]) {
    await page.click('[data-test=more]');
    expect(await give()).toBe('POST');
    await page.waitForSelector('[data-test=instead]');
    expect(mock.world.person.photos).toBe(n);
  }
  expect(await page.$$('[data-test=more]')).toHaveLength(0);
  await primary();
  await page.waitForSelector('.slot');
  await page.click('.back');
  await page.click('[data-test=photos]');
  await page.waitForSelector('[data-test=consent]');
  await page.click('footer .van-button >> nth=0');
  await page.waitForSelector('[data-test=kept]');
  await page.click('[data-test=instead]');
  expect(await give()).toBe('PUT');
  await page.waitForSelector('[data-test=instead]');
  expect(mock.world.person.photos).toBe(1);
});

test('without a camera a kept photo is still added to from a file, another face is told, and what was kept stays', async () => {
  await page.context().clearPermissions();
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  mock.world.person.photos = 1;
  await reachExam(page, mock);
  await page.click('[data-test=photos]');
  await page.waitForSelector('[data-test=consent]');
  await page.click('footer .van-button >> nth=0');
  await page.click('[data-test=more]');
  await page.waitForSelector('[data-test=upload]');
  await page.setInputFiles('[data-test=file]', { name: 'me.png', mimeType: 'image/png', buffer: kPicture });
  await page.waitForSelector('img.picture');
  mock.world.refusePhoto = true;
  await primary();
  await page.waitForSelector('[data-test=verdict]');
  await page.waitForSelector('[data-test=instead]');
  await page.click('[data-test=keep]');
  await page.waitForSelector('[data-test=kept]');
  expect(mock.world.person.photos).toBe(1);
  await primary();
  await page.waitForSelector('.slot');
});

test('who has booked everything still gives, adds to and withdraws photos, and comes back to the exams', async () => {
  const [exam] = mock.world.person.eligibilities;
  Object.assign(exam, { state: 'booked', reservation_start_ms: Date.now() + 86_400_000 });
  await reachExam(page, mock);
  await page.click('[data-test=photos]');
  await page.waitForSelector('[data-test=consent]');
  await page.click('footer .van-button >> nth=0');
  await page.waitForSelector('[data-step=photo]');
  await page.setInputFiles('[data-test=file]', { name: 'me.png', mimeType: 'image/png', buffer: kPicture });
  await page.waitForSelector('img.picture');
  await primary();
  await page.waitForSelector('[data-test=more]');
  await primary();
  await page.waitForSelector('[data-step=exam]');
  expect(mock.world.person.photos).toBe(1);
  expect(await page.$$('footer .van-button')).toHaveLength(0);
  await page.reload();
  await page.click('[data-test=photos]');
  await page.waitForSelector('[data-test=consent]');
  await page.click('footer .van-button >> nth=1');
  await page.waitForSelector('[data-step=exam]');
  expect(mock.world.person).toMatchObject({ photos: 0, photo_consent: false });
});

test('a file that is no picture is refused in words', async () => {
  await reachPhoto();
  await page.setInputFiles('[data-test=file]', { name: 'x.png', mimeType: 'image/png', buffer: kPicture.subarray(0, 20) });
  await page.waitForSelector('.error-line[data-error=photo_unreadable]');
});

test('the language is remembered', async () => {
  await page.goto(`${mock.origin}/`);
  await page.click('.language');
  await page.waitForSelector('h1:has-text("Book an exam")');
  await page.reload();
  await page.waitForSelector('h1:has-text("Book an exam")');
  expect(await page.getAttribute('html', 'lang')).toBe('en');
});

test.each([[320, 640], [390, 844], [1440, 900]])('choosing a time fits at %i x %i; on a phone all of it is on one screen', async (width, height) => {
  await page.setViewportSize({ width, height });
  await reachWhen();
  await pickTime(page);
  expect(await overflowing(page)).toEqual([]);
  if (width === kPhone.width) {
    const bottom = await page.$eval('.grid', (grid) => grid.getBoundingClientRect().bottom);
    const footer = await page.$eval('footer', (foot) => foot.getBoundingClientRect().top);
    expect(bottom).toBeLessThanOrEqual(footer);
  }
});

test('who manages a booking sees what is stored of the face and takes the consent back', async () => {
  await book();
  const [token, view] = [...mock.world.managed.entries()].pop();
  const recordings = { recordings: 2, recordings_until_ms: Date.UTC(2029, 2, 2, 4) };
  view.face_data = { photo: true, captures: 2, evidence: 1, ...recordings, consented: true };
  await page.goto(`${mock.origin}/m#${token}`);
  expect(await page.textContent('[data-test=face-data]')).toMatch(/入场核对时的画面 2 张[\s\S]*保存 3 年[\s\S]*考试录像 2 场，加密保存，最晚 2029年3月2日删除/);
  await page.click('[data-test=withdraw]');
  await page.click('[role=alertdialog] .van-button >> nth=0'); // no, keep it
  expect(mock.world.managed.get(token).face_data.photo).toBe(true);
  await page.click('[data-test=withdraw]');
  expect(await page.textContent('[role=alertdialog]')).toMatch(/成绩都不受影响[\s\S]*仍会保留[\s\S]*录像/);
  await page.click('[data-test=withdraw-yes]');
  await page.waitForSelector('[data-test=face-data] .note.calm');
  expect(mock.world.managed.get(token).face_data).toEqual({ photo: false, captures: 0, evidence: 1, ...recordings, consented: false });
  expect(await page.$('[data-test=withdraw]')).toBeNull();
});
