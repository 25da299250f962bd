// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// One way through each public page; `see(page, name)` is called on every screen.
import { addResult } from '../../mock/booking.mjs';
import { kDesk, kPhone, openPage } from './harness.mjs';

export const kPicture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGO4s2gDEDFAKAAtrAbhtMLK7wAAAABJRU5ErkJggg==',
  'base64',
);

export async function fillWho(page) {
  await page.fill('#id_number', '440524188001010014');
  await page.fill('#name', '王建国');
  await page.fill('#phone', '13800138000');
}

export async function reachExam(page, mock) {
  await page.goto(`${mock.origin}/`);
  await page.waitForSelector('[data-step=who]');
  await fillWho(page);
  await page.click('footer .van-button');
  await page.waitForSelector('[data-step=code]');
  await page.click('footer .van-button');
  await page.waitForSelector('[data-step=exam]');
}

export async function pickTime(page) {
  await page.click('.day:nth-child(2)');
  await page.waitForSelector('.slot:not(:disabled)');
  await page.click('.slot:not(:disabled) >> nth=1');
}

export async function walkBooking(browser, mock, language, see) {
  const page = await openPage(browser, kPhone, language);
  await page.goto(`${mock.origin}/`);
  await page.waitForSelector('[data-step=who]');
  await see(page, '1-who');
  await page.fill('#id_number', '440524188001010015');
  await page.fill('#phone', '1380');
  await page.click('footer .van-button');
  await see(page, '1b-wrong');
  await page.click('#id_type');
  await see(page, '1c-types');
  await page.click('.sheet .pick');
  await page.waitForTimeout(400);
  await fillWho(page);
  await page.click('footer .van-button');
  await page.waitForSelector('[data-step=code]');
  await see(page, '2-code');
  await page.click('footer .van-button');
  await page.waitForSelector('[data-step=exam]');
  await see(page, '3-exam');
  await page.click('footer .van-button');
  await page.waitForSelector('[data-test=consent]');
  await see(page, '4-consent');
  await page.click('footer .van-button >> nth=0');
  await page.waitForSelector('[data-step=photo]');
  await see(page, '4b-photo');
  await page.click('footer .van-button--primary');
  await page.waitForSelector('.camera .van-button:not([disabled])');
  await see(page, '4c-camera');
  mock.world.refusePhoto = true;
  await page.click('.camera .van-button');
  await page.waitForSelector('img.picture');
  await page.click('footer .van-button--primary');
  await page.waitForSelector('[data-test=verdict]');
  await see(page, '4d-refused');
  await page.setInputFiles('[data-test=file]', { name: 'me.png', mimeType: 'image/png', buffer: kPicture });
  await page.waitForSelector('img.picture');
  await page.click('footer .van-button--primary');
  await page.waitForSelector('.note.calm');
  await see(page, '4e-good');
  await page.click('footer .van-button--primary');
  await page.waitForSelector('.slot');
  await see(page, '5-when');
  await page.click('.slot >> nth=0');
  await see(page, '5b-now');
  await page.click('.pick.site');
  await see(page, '5c-sites');
  await page.click('.sheet .pick >> nth=0');
  await page.waitForTimeout(400);
  await pickTime(page);
  await see(page, '5d-tomorrow');
  mock.world.takeNext = true;
  await page.click('footer .van-button');
  await page.waitForSelector('.error-line');
  await see(page, '5e-taken');
  await page.click('.slot:not(:disabled) >> nth=2');
  await page.click('footer .van-button');
  await page.waitForSelector('[data-step=done] .qr');
  await see(page, '6-done');
  await page.setViewportSize({ width: 390, height: 1700 });
  await see(page, '6b-done-long');
  await page.setViewportSize(kDesk);
  await see(page, '6c-done-desk');
  await page.setViewportSize(kPhone);
  await page.click('footer .van-button');
  await page.waitForSelector('[data-step=over]');
  await see(page, '7-over');
  await page.context().close();
  return page;
}

export async function walkManage(browser, mock, language, see) {
  addResult(mock.world, Date.now(), 'pass', true);
  addResult(mock.world, Date.now(), 'fail', false);
  const page = await openPage(browser, kPhone, language);
  await reachExam(page, mock);
  await page.click('footer .van-button');
  await page.waitForSelector('[data-test=consent]');
  await page.click('footer .van-button >> nth=1');
  await page.waitForSelector('[data-step=when]');
  await pickTime(page);
  await page.click('footer .van-button');
  await page.waitForSelector('[data-step=done]');
  const token = [...mock.world.managed.keys()].pop();
  await page.goto(`${mock.origin}/m#${token}`);
  await page.waitForSelector('[data-test=state]');
  await page.setViewportSize({ width: 390, height: 1100 });
  await see(page, '1-booked');
  await page.setViewportSize(kPhone);
  await page.click('section .pair .van-button--primary');
  await page.waitForSelector('.slot');
  await see(page, '2-move');
  await pickTime(page);
  await page.click('footer .van-button');
  await page.waitForSelector('.note.calm');
  await page.click('section .pair .van-button--default');
  await page.waitForSelector('.ask');
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await see(page, '3-ask');
  await page.click('.ask .van-button--danger');
  await page.waitForSelector('.state.cancelled');
  await see(page, '4-cancelled');
  await page.goto('about:blank');
  await page.goto(`${mock.origin}/m#pass`);
  await page.waitForSelector('[data-test=credential] .qr');
  await page.setViewportSize({ width: 390, height: 1900 });
  await see(page, '5-passed');
  await page.click('[data-test=withdraw]');
  await see(page, '5b-withdraw');
  await page.setViewportSize(kPhone);
  await page.goto('about:blank');
  await page.goto(`${mock.origin}/m#fail`);
  await page.waitForSelector('[data-test=verdict]');
  await page.waitForSelector('[data-test=ended]'); // by the remote invigilator
  await see(page, '6-failed');
  await page.goto('about:blank');
  await page.goto(`${mock.origin}/m#nothing`);
  await page.waitForSelector('.error-line');
  await see(page, '7-unknown');
  await page.goto('about:blank');
  await page.goto(`${mock.origin}/m`);
  await page.waitForSelector('.note');
  await see(page, '8-no-token');
  await page.context().close();
  return page;
}
