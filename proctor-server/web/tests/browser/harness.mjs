// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { chromium } from 'playwright-core';

const kChromium = process.env.INVIGIL_CHROMIUM ?? '/usr/bin/chromium';
const kFlags = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
];

/** How many times longer than on an idle machine to wait before giving up: INVIGIL_PATIENCE, 1 unless it is said. */
export const kPatience = Number(process.env.INVIGIL_PATIENCE ?? 1);
export const kPhone = { width: 390, height: 844 };
export const kDesk = { width: 1440, height: 900 };

export function openBrowser() {
  return chromium.launch({ executablePath: kChromium, headless: true, args: kFlags });
}

/** A fresh person at a fresh browser. Script errors and refused policies are collected in page.faults. */
export async function openPage(browser, viewport, language = 'zh', more = {}) {
  const context = await browser.newContext({ viewport, timezoneId: 'Asia/Shanghai', locale: 'zh-CN', permissions: ['clipboard-read', 'clipboard-write'], ...more });
  context.setDefaultTimeout(60_000 * kPatience);
  const page = await context.newPage();
  page.faults = [];
  page.on('pageerror', (error) => page.faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) page.faults.push(message.text());
  });
  await page.addInitScript((stored) => {
    if (location.protocol === 'about:') return; // an empty frame has no storage
    localStorage.getItem('invigil.language') || localStorage.setItem('invigil.language', stored);
  }, language);
  return page;
}

/** Both widths of the screen as it stands. */
export async function seeBoth(page, see, name) {
  await see(page, name);
  await page.setViewportSize(kPhone);
  await page.waitForTimeout(250);
  await see(page, `${name}-phone`);
  await page.setViewportSize(kDesk);
  await page.waitForTimeout(150);
}

/** What happens on the mock right before its next answer to this operation: too late for any poll of the page to have told it. */
export function justBefore(mock, operation, happens) {
  const handler = mock.routes[operation];
  mock.routes[operation] = (call) => {
    mock.routes[operation] = handler;
    happens();
    return handler(call);
  };
}

/** Elements that stick out of the page sideways, or text that is cut off in its box without a wish for it. */
export function overflowing(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const found = [];
    const inScroller = (element) => {
      for (let at = element.parentElement; at; at = at.parentElement) {
        const x = getComputedStyle(at).overflowX;
        if ((x === 'auto' || x === 'scroll') && at.clientWidth <= width) return true;
        if (x === 'hidden' && at !== document.body) return true;
      }
      return false;
    };
    for (const element of document.body.querySelectorAll('*')) {
      const box = element.getBoundingClientRect();
      if (!box.width || !box.height) continue;
      const style = getComputedStyle(element);
      if (style.visibility === 'hidden' || style.clip === 'rect(0px, 0px, 0px, 0px)') continue;
      const name = `${element.tagName}.${element.className} "${(element.textContent || '').trim().slice(0, 30)}"`;
      if ((box.right > width + 1 || box.left < -1) && !inScroller(element)) found.push(`out: ${name}`);
      const cut = element.scrollWidth > element.clientWidth + 1 && style.overflowX === 'visible' && style.display !== 'inline' && element.clientWidth > 0;
      if (cut && element.children.length === 0 && element.textContent.trim() && !inScroller(element)) found.push(`cut: ${name}`);
    }
    if (document.documentElement.scrollWidth > width + 1) found.push(`page is ${document.documentElement.scrollWidth} wide`);
    return found;
  });
}

/** Texts with Chinese characters shown while the page is English, but for data and what stays in its language. */
export async function untranslated(page, allowed) {
  const texts = await page.evaluate(() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (!/[\u4e00-\u9fff]/.test(node.textContent) || parent.closest('noscript, script, [data-own-language], [lang="zh-CN"]:not(html)')) continue;
      if (parent.getClientRects().length) found.push(node.textContent.trim());
    }
    return found;
  });
  return texts.filter((text) => !allowed.some((pattern) => pattern.test(text)));
}
