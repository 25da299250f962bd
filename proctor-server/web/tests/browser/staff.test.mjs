// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { justBefore, kDesk, openPage } from './harness.mjs';
import { caseAtHand, openAt, signIn } from './staff_walks.mjs';
import { onStage } from './stage.mjs';

let mock;
let browser;
let page;
onStage((theMock, theBrowser) => ([mock, browser] = [theMock, theBrowser]));
afterEach(async () => {
  expect(page.faults).toEqual([]);
  expect(mock.problems).toEqual([]);
  await page.context().close();
});

async function exported() {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('main header .tools .el-button >> nth=0')]);
  return (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
}

test('each role sees its own pages and no others', async () => {
  for (const [name, count] of [['admin', 15], ['editor', 10], ['review', 3], ['authority', 3]]) {
    mock.world.staff = null;
    page = await signIn(browser, mock, 'zh', name);
    expect(await page.$$('nav a:not([href="#/ownPassword"])')).toHaveLength(count);
    await page.context().close();
  }
  page = await openPage(browser, kDesk);
});

test('a reload keeps the session and the page; an ended session leads to the sign-in and says why', async () => {
  page = await signIn(browser, mock, 'zh', 'admin');
  await openAt(page, 'candidates');
  await page.reload();
  await page.waitForSelector('main h1:has-text("考生")');
  mock.world.staff = null;
  await page.click('nav a[href="#/banks"]');
  await page.waitForSelector('input[name=password]');
  expect(await page.textContent('.error-line')).toContain('重新登录');
});

test('the export of a paged list holds every row, not only the page shown', async () => {
  page = await signIn(browser, mock, 'zh', 'admin');
  await openAt(page, 'candidates');
  await page.waitForSelector('tbody tr');
  expect(await page.$$('tbody tr')).toHaveLength(20);
  const lines = await exported();
  expect(lines).toHaveLength(64);
  expect(lines[0]).toContain('姓名');
});

test('search, filter and empty state; slash goes to the search, arrows move between rows, Enter opens', async () => {
  page = await signIn(browser, mock, 'zh', 'admin');
  await openAt(page, 'accounts');
  await page.waitForSelector('tbody tr');
  await page.keyboard.press('/');
  await page.keyboard.type('auth');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  await page.fill('.search input', '');
  await page.focus('tbody tr');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForSelector('aside h2:has-text("周敏")');
  await page.keyboard.press('Escape');
  await page.waitForSelector('aside', { state: 'detached' });
  await page.fill('.search input', 'nobody');
  await page.waitForSelector('.empty');
});

test('a made password is shown once: gone when the panel is closed', async () => {
  page = await signIn(browser, mock, 'zh', 'admin');
  await openAt(page, 'accounts');
  await page.click('header .el-button--primary');
  await page.fill('aside input >> nth=0', 'newcomer');
  await page.fill('aside input >> nth=1', '新同事');
  await page.click('aside footer .el-button');
  expect(await page.textContent('[data-test=secret]')).toBe('rowan-tidal-47-ember');
  await page.click('aside footer .el-button');
  await page.click('tbody tr:has-text("newcomer")');
  expect(await page.content()).not.toContain('rowan-tidal');
});

test('a list in GB 18030 arrives as Chinese', async () => {
  page = await signIn(browser, mock, 'zh', 'admin');
  await openAt(page, 'candidates');
  await page.click('header .tools .el-button >> nth=1');
  const request = page.waitForRequest(/import/);
  await page.setInputFiles('[data-test=file]', { name: 'gbk.csv', mimeType: 'text/csv', buffer: Buffer.from([0x6e, 0x0a, 0xd5, 0xc5, 0xc8, 0xfd]) });
  expect((await request).postDataJSON()).toEqual({ csv: 'n\n张三', dry_run: true });
});

test('a list gives new attempts only where somebody ticks it, and the try says what it will do', async () => {
  page = await signIn(browser, mock, 'zh', 'admin');
  await openAt(page, 'candidates');
  await page.click('header .tools .el-button >> nth=1');
  const first = page.waitForRequest(/import/);
  await page.setInputFiles('[data-test=file]', { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from('name\nA') });
  expect((await first).postDataJSON().renew).toBeUndefined();
  await page.waitForSelector('[data-test=report]');
  const again = page.waitForRequest(/import/);
  await page.click('aside [data-test=renew]');
  expect((await again).postDataJSON()).toEqual({ csv: 'name\nA', dry_run: true, renew: true });
});

test('a file picked while another is tried gets a report of its own', async () => {
  page = await signIn(browser, mock, 'zh', 'admin');
  await openAt(page, 'candidates');
  await page.click('header .tools .el-button >> nth=1');
  const tried = [];
  let release;
  const held = new Promise((go) => (release = go));
  await page.route(/candidates\/import/, async (route) => {
    tried.push(route.request().postDataJSON().csv);
    if (tried.length === 1) await held;
    await route.fallback();
  });
  const pick = (csv) => page.setInputFiles('[data-test=file]', { name: `${csv}.csv`, mimeType: 'text/csv', buffer: Buffer.from(csv) });
  const first = page.waitForRequest(/import/);
  await pick('A');
  await first;
  await pick('B');
  await page.waitForSelector('.drop:has-text("B.csv")');
  const second = page.waitForRequest(/import/);
  release();
  expect((await second).postDataJSON()).toEqual({ csv: 'B', dry_run: true });
  await page.waitForSelector('[data-test=report]');
  expect(tried).toEqual(['A', 'B']);
});

test('cancelling says what happens first, and leaving it as it is changes nothing', async () => {
  page = await signIn(browser, mock, 'zh', 'admin');
  await page.waitForSelector('tbody tr');
  await page.click('tbody tr:has-text("已预约") >> nth=0');
  await page.click('aside footer .el-button');
  expect(await page.textContent('.box')).toContain('1 位考生');
  await page.click('.box .el-button >> nth=0');
  expect(mock.world.reservations.filter((r) => r.state === 'cancelled').length).toBe(1);
});

test('opening hours that make no sense cannot be saved', async () => {
  page = await signIn(browser, mock, 'zh', 'admin');
  await openAt(page, 'sites');
  await page.waitForSelector('[data-row=site-2]');
  await page.click('[data-row=site-2]');
  await page.click('section .head .edit');
  await page.fill('.hours .time input >> nth=1', '07:00');
  await page.waitForSelector('.hours .error-line');
  expect(await page.isDisabled('aside footer .el-button')).toBe(true);
  await page.click('.hours .el-switch');
  await page.click('aside footer .el-button');
  await page.waitForSelector('aside .note.calm');
  expect(mock.world.sites[1].hours).toHaveLength(7);
});

test('the reviewer decides by keyboard alone; a refusal needs a reason; a new case appears by itself', async () => {
  page = await signIn(browser, mock, 'zh', 'review');
  await openAt(page, 'review');
  await caseAtHand(page);
  await page.keyboard.press('4');
  await page.waitForSelector('.explaining[data-decision=refuse]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.explaining', { state: 'detached' });
  await page.keyboard.press('r');
  await page.waitForSelector('.explaining[data-decision=refuse]');
  expect(await page.textContent('.explaining')).toContain('考试次数不减少');
  expect(await page.isDisabled('aside footer .el-button--danger')).toBe(true);
  await page.keyboard.type('证件与本人不符');
  await page.click('aside footer .el-button--danger');
  await page.waitForSelector('[data-case=adm-1] em.refused');
  await page.waitForSelector('aside [data-check="2"]'); // the next one is at hand
  await caseAtHand(page);
  await page.keyboard.press('a');
  await page.waitForSelector('[data-case=adm-0] em.admitted');
  mock.world.cases.push({ ...mock.world.cases[0], admission_id: 'adm-9', state: 'waiting' });
  mock.world.queueVersion++;
  await page.waitForSelector('[data-case=adm-9]');
  expect(await page.textContent('nav b')).toBe('1');
});

test('a pass that has expired says which one it was and when it ended; the longest text is sent whole', async () => {
  page = await signIn(browser, mock, 'zh', 'authority');
  await openAt(page, 'verify');
  const sent = page.waitForRequest(/authority\/verify/);
  const text = `INV1:${'0'.repeat(4000)}OLD`;
  await page.fill('textarea', text);
  await page.click('main form button[type=submit]');
  expect((await sent).postDataJSON()).toEqual({ text });
  await page.waitForSelector('[data-test=verdict]');
  expect(await page.textContent('[data-test=verdict]')).toMatch(/已过有效期[\s\S]*TP-26-000121[\s\S]*王建国[\s\S]*2026-03-02/);
  expect(await page.$('[data-test=verdict].valid')).toBeNull();
});

test('a queue that is longer than the list says how many are not on it, in both languages', async () => {
  const [first] = mock.world.cases;
  const once = mock.world.cases.length;
  for (let n = 0; n < 203; n++) mock.world.cases.push({ ...first, admission_id: `more-${n}`, waiting_since_ms: first.waiting_since_ms + 1000 + n, state: 'waiting' });
  page = await signIn(browser, mock, 'zh', 'review');
  await openAt(page, 'review');
  await page.waitForSelector('[data-test=more]');
  expect(await page.textContent('[data-test=more]')).toContain(`还有 ${once + 3} 项没有列出`);
  expect(await page.$$('[data-case]')).toHaveLength(200);
  await page.context().close();
  mock.world.staff = null;
  page = await signIn(browser, mock, 'en', 'review');
  await openAt(page, 'review');
  await page.waitForSelector(`[data-test=more]:has-text("${once + 3} more are not")`);
  mock.world.cases.length = once;
  mock.world.queueVersion++;
  await page.waitForSelector('[data-test=more]', { state: 'detached' });
});

test('one more try keeps the booking and goes out in both languages; it is not to be had without consent', async () => {
  page = await signIn(browser, mock, 'zh', 'review');
  const decided = [];
  page.on('request', (request) => request.url().endsWith('/decision') && decided.push([request.url().split('/').at(-2), request.postDataJSON()]));
  await openAt(page, 'review');
  await caseAtHand(page); // adm-1, who declined
  expect(await page.isDisabled('[data-test=again]')).toBe(true);
  expect(await page.textContent('[data-test=no-try]')).toContain('没有同意刷脸');
  for (const pressed of ['2', 't']) await page.keyboard.press(pressed);
  expect(await page.$('.explaining')).toBeNull();
  await page.click('[data-case=adm-0]');
  await page.waitForSelector('aside [data-check="2"]');
  await caseAtHand(page);
  await page.keyboard.press('3');
  await page.waitForSelector('.explaining[data-decision=again]');
  expect(await page.textContent('.explaining')).toContain('预约保留');
  expect(await page.$$('.explaining .quick button')).toHaveLength(2); // not what is a reason to refuse
  await page.click('[data-test=explained]');
  await page.waitForSelector('[data-case=adm-0] em.again');
  expect(await page.textContent('[data-case=adm-0] em')).toBe('已请再试一次');
  const since = mock.world.cases[0].waiting_since_ms;
  expect(decided).toEqual([['adm-0', { decision: 'again', reason: { zh: '请摘下帽子或口罩后重试', en: 'Please take off hat or mask and try again' }, waiting_since_ms: since }]]);
  await page.waitForSelector('[data-case=adm-1][aria-pressed=true]'); // the next one is at hand
  await caseAtHand(page);
  await page.keyboard.press('r');
  await page.fill('.explaining textarea', '请到前台出示证件');
  await page.click('[data-test=explained]');
  await page.waitForSelector('[data-case=adm-1] em.refused');
  expect(decided[1][1]).toMatchObject({ decision: 'refuse', reason: { zh: '请到前台出示证件', en: '请到前台出示证件' } });
});

test('who waits is told on every page, by the badge and the tab; at another site by a line on the board', async () => {
  mock.world.cases.forEach((one) => (one.state = 'admitted'));
  page = await signIn(browser, mock, 'zh', 'review');
  await page.waitForSelector('[data-seat]');
  expect([await page.$('nav b'), await page.$('[data-test=elsewhere]'), await page.title()]).toEqual([null, null, '实时看板 · 智慧考场']);
  Object.assign(mock.world.cases[0], { state: 'waiting', site_name: mock.world.sites[1].name });
  Object.assign(mock.world.cases[1], { state: 'waiting' }); // at the site of the board, where its seat tells
  mock.world.queueVersion++;
  await page.waitForSelector('[data-test=elsewhere]');
  expect(await page.textContent('[data-test=elsewhere]')).toContain('1 人在等待人工核对：高新区考场');
  expect([await page.textContent('nav b'), await page.title()]).toEqual(['2', '(2) 实时看板 · 智慧考场']);
  await openAt(page, 'recordings');
  expect(await page.textContent('nav b')).toBe('2');
  mock.world.cases[1].state = 'left';
  mock.world.queueVersion++;
  await page.waitForFunction(() => document.title.startsWith('(1) '));
  await openAt(page, 'board');
  await page.click('[data-test=elsewhere] a');
  await page.waitForSelector('[data-case=adm-0][aria-pressed=true]');
  await page.click('nav button >> nth=1'); // signed out: the tab tells nothing any more
  await page.waitForSelector('input[name=password]');
  expect(await page.title()).toBe('智慧考场');
});

/** Three who wait, the longest first: adm-1, adm-0, adm-9; what was decided about whom. */
async function threeWait() {
  const [first] = mock.world.cases;
  mock.world.cases.push({ ...first, admission_id: 'adm-9', waiting_since_ms: first.waiting_since_ms + 5000 });
  page = await signIn(browser, mock, 'zh', 'review');
  const decided = [];
  page.on('request', (request) => request.url().endsWith('/decision') && decided.push([request.url().split('/').at(-2), request.postDataJSON()]));
  await openAt(page, 'review');
  await caseAtHand(page);
  return decided;
}

test('a key that is held down admits one person, not the whole queue', async () => {
  const decided = await threeWait();
  const since = mock.world.cases[1].waiting_since_ms;
  await page.keyboard.down('a');
  for (let n = 0; n < 20; n++) {
    await page.waitForTimeout(100); // longer than a case is protected
    await page.keyboard.down('a'); // a repeat, as the keyboard sends them
  }
  await page.keyboard.up('a');
  expect(decided).toEqual([['adm-1', { decision: 'admit', reason: { zh: '', en: '' }, waiting_since_ms: since }]]);
  await page.waitForSelector('[data-case=adm-0][aria-pressed=true]'); // the next one is at hand, undecided
  await page.keyboard.press('a');
  await page.waitForSelector('[data-case=adm-0] em.admitted');
});

test('nothing is decided before the pictures are there, nor at once, nor while the withdrawal is asked about', async () => {
  let held = true;
  await threeWait();
  await page.route(/adm-0\/capture/, async (route) => {
    while (held) await new Promise((resolve) => setTimeout(resolve, 20));
    await route.continue().catch(() => undefined);
  });
  await page.route(/adm-9\/capture/, (route) => route.abort());
  await page.click('[data-case=adm-0]');
  await page.waitForSelector('aside [data-check="2"]');
  await page.waitForTimeout(1200);
  await page.keyboard.press('a');
  await page.keyboard.press('1');
  for (const button of await page.$$('aside footer .el-button')) expect(await button.isDisabled()).toBe(true);
  held = false;
  await caseAtHand(page);
  expect(await page.$('.explaining')).toBeNull();
  await page.click('[data-test=withdraw]');
  for (const pressed of ['a', '2', 't', 'r', 'ArrowDown']) await page.keyboard.press(pressed);
  await page.keyboard.press('Escape');
  await page.waitForSelector('.box', { state: 'detached' });
  expect(await page.getAttribute('[data-case=adm-0]', 'aria-pressed')).toBe('true');
  await page.keyboard.press('ArrowDown'); // a picture that cannot be had holds nobody up, but is told
  await page.waitForSelector('[data-case=adm-9][aria-pressed=true]');
  await page.keyboard.press('a'); // too soon
  await caseAtHand(page);
  expect(await page.textContent('aside .failed')).toContain('没有取到');
  expect(mock.world.cases.map((one) => one.state)).toEqual(['waiting', 'waiting', 'admitted', 'waiting']);
  page.faults = page.faults.filter((fault) => !fault.includes('net::ERR_FAILED')); // the picture that was not to be had
});

test.each([['zh', '不在队列中'], ['en', 'no longer in the queue']])('who begins anew is another case: nobody is put in the place of the one that was looked at (%s)', async (language, words) => {
  page = await signIn(browser, mock, language, 'review');
  const seen = [];
  page.on('request', (request) => request.url().endsWith('adm-1/capture') && seen.push(request.url()));
  await openAt(page, 'review');
  await caseAtHand(page);
  await page.waitForSelector('[data-case=adm-1][aria-pressed=true] img');
  const before = seen.length;
  mock.world.cases[1] = { ...mock.world.cases[1], waiting_since_ms: Date.now() };
  mock.world.queueVersion++;
  await page.waitForSelector('[data-test=gone]');
  expect(await page.textContent('[data-test=gone]')).toContain(words);
  await page.keyboard.press('a');
  await page.waitForSelector('[data-case=adm-1][aria-pressed=false] img');
  expect(seen.length).toBeGreaterThan(before); // not the picture of the earlier visit
  await page.click('aside footer .el-button');
  await page.waitForSelector('aside', { state: 'detached' });
  expect(await page.$('[data-case][aria-pressed=true]')).toBeNull();
  expect(mock.world.cases.map((one) => one.state)).toEqual(['waiting', 'waiting', 'admitted']);
  await page.keyboard.press('ArrowDown');
  await page.waitForSelector('[data-case=adm-0][aria-pressed=true]');
});

test('a decision about an earlier visit is refused', async () => {
  page = await signIn(browser, mock, 'zh', 'review');
  await openAt(page, 'review');
  await caseAtHand(page);
  justBefore(mock, 'reviewDecide', () => (mock.world.cases[1] = { ...mock.world.cases[1], waiting_since_ms: Date.now() }));
  await page.keyboard.press('a');
  await page.waitForSelector('.error-line[data-error=case_decided]');
  expect(mock.world.cases[1].state).toBe('waiting');
});

test('a case decided by someone else is told in words', async () => {
  page = await signIn(browser, mock, 'zh', 'review');
  await openAt(page, 'review');
  await caseAtHand(page);
  justBefore(mock, 'reviewDecide', () => mock.world.cases.forEach((one) => (one.state = 'admitted')));
  await page.click('aside footer .el-button--primary');
  await page.waitForSelector('.error-line[data-error=case_decided]');
});

test('no number or name of a queried person reaches an address', async () => {
  page = await signIn(browser, mock, 'zh', 'authority');
  const addresses = [];
  page.on('request', (request) => addresses.push(decodeURIComponent(request.url())));
  await page.fill('input[name=id_number]', '11010519491231002x');
  await page.fill('input[name=person]', '李四');
  await page.click('form.ask .el-button');
  await page.waitForSelector('.empty:has-text("没有查到")');
  expect(addresses.join(' ')).not.toMatch(/1101051949|李四/);
});

test('the invigilator pauses a sitting with a reason, and the time is given back on resuming', async () => {
  page = await signIn(browser, mock, 'zh', 'review');
  await page.click('[data-seat=A01]');
  await page.waitForSelector('.measures .grid');
  await page.click('.measures .el-button >> nth=1');
  await page.click('.measures .el-button--primary');
  await page.waitForSelector('.measures .error-line'); // no reason, no pause
  expect(mock.world.hall.records['sit-0'].state).toBe('running');
  await page.fill('.measures input', '旁边有人说话');
  await page.click('.measures .quick .el-button >> nth=1');
  expect(await page.inputValue('[data-test=pause-words]')).toContain('证件');
  const pause = page.waitForRequest(/\/pause$/);
  await page.click('.measures .el-button--primary');
  expect((await pause).postDataJSON()).toEqual({
    reason: '旁边有人说话', message: { zh: '请把证件拿在手里，等工作人员过来。', en: 'Please have your document at hand; somebody is coming to you.' },
  });
  await page.waitForSelector('[data-seat=A01].red');
  expect(mock.world.hall.records['sit-0'].why).toBe('旁边有人说话');
  await page.click('.measures .grid .el-button--primary');
  await page.waitForSelector('[data-seat=A01]:not(.red)');
  await page.waitForSelector('aside:has-text("1 分钟")');
});

test('a resume that the kiosk cannot hear waits, says so, and can be taken back by a new pause', async () => {
  page = await signIn(browser, mock, 'zh', 'review');
  mock.world.hall.seats.find((seat) => seat.seat_label === 'B02').kiosk_state = 'offline';
  await page.click('[data-seat=B02]');
  await page.click('.measures .grid .el-button--primary');
  await page.waitForSelector('[data-test=resume-waits]:has-text("等待考位恢复联网")');
  expect(await page.textContent('aside ol li >> nth=0')).toContain('继续已下达，等待考位恢复联网');
  expect(mock.world.hall.records['sit-9'].state).toBe('paused');
  expect(await page.$('.measures .grid .el-button--primary')).not.toBeNull(); // who comes later may say it again
  await page.click('.measures .grid .el-button >> nth=2');
  await page.fill('.measures input', '再看一下');
  await page.click('.measures .el-button--primary');
  await page.waitForSelector('[data-test=resume-waits]', { state: 'detached' });
  await page.waitForSelector('.measures .grid .el-button--primary');
});

test('a recording is watched, from an incident on, and what is missing is named; only what is played is fetched', async () => {
  page = await signIn(browser, mock, 'zh', 'review');
  await openAt(page, 'recordings');
  await page.click('[data-row=sit-film-1]');
  await page.waitForSelector('[data-test=gaps]');
  expect(await page.textContent('[data-test=gaps]')).toMatch(/已损坏[\s\S]*没有录/);
  expect(mock.world.watched ?? []).toEqual([]);
  expect(await page.$$('[data-incident] .film')).toHaveLength(2);
  expect(await page.$('[data-test=no-film]')).toBeNull();
  // Stopped where it is: on a busy machine the film would be over, and the next one fetched, before anybody has looked.
  const playedTo = (seconds) => page.waitForFunction((from) => {
    const film = document.querySelector('video');
    return film?.currentTime > from && (film.pause(), true);
  }, seconds);
  await page.click('[data-jump=second_person]');
  await playedTo(0);
  // 22 minutes less three seconds is near the end of the 44th half minute, which was not recorded; the next there is comes.
  expect(mock.world.watched).toEqual(['sit-film-1/48']);
  await page.click('[data-jump=absent]');
  await playedTo(27);
  expect(mock.world.watched).toEqual(['sit-film-1/48', 'sit-film-1/10']);
  await page.waitForFunction(() => document.querySelector('.clock').textContent.length === 8 && !document.querySelector('video').ended);
});

test('the invigilator takes the consent back for somebody who sits, and only where one was given', async () => {
  page = await signIn(browser, mock, 'zh', 'review');
  await page.click('[data-seat=A01]');
  await page.click('.measures [data-test=withdraw]');
  expect(await page.textContent('.measures .box')).toMatch(/考试照常进行[\s\S]*保存 3 年/);
  await page.click('.measures .box .el-button >> nth=0'); // not now
  expect(mock.world.hall.records['sit-0'].consent).toBe('given');
  await page.click('.measures [data-test=withdraw]');
  await page.click('.measures .box .el-button--danger');
  await page.waitForSelector('.measures [data-test=withdraw]', { state: 'detached' });
  expect(mock.world.hall.records['sit-0'].consent).toBe('declined');
  expect(await page.textContent('aside ol')).toContain('告诉远程监考员');
});

test('what was noticed is looked at and decided after the hand-in, also where nothing was recorded', async () => {
  page = await signIn(browser, mock, 'zh', 'review');
  await openAt(page, 'recordings');
  await page.waitForSelector('[data-row=sit-film-2]');
  await page.click('[data-test=only-open]');
  await page.waitForSelector('[data-row=sit-film-2]', { state: 'detached' });
  await page.click('[data-row=sit-film-3]');
  await page.waitForSelector('[data-incident=other_person] img');
  // The incident says why there is no film, in place of a way to it.
  await page.waitForSelector('[data-incident=other_person] [data-test=no-film]:has-text("没有要求录像")');
  expect(await page.$('[data-incident=other_person] .film')).toBeNull();
  expect(await page.$('.measures')).toBeNull(); // it is over
  await page.fill('[data-incident=other_person] input', '替考，已核实');
  await page.click('[data-incident=other_person] .el-button >> nth=1');
  await page.waitForSelector('[data-incident=other_person] .decided');
  expect(mock.world.hall.records['sit-film-3'].incidents[0]).toMatchObject({ decision: 'confirmed', note: '替考，已核实' });
  await page.click('[data-test=only-open]');
  await page.waitForSelector('[data-row=sit-film-2]');
  await page.click('[data-test=only-open]');
  await page.waitForSelector('[data-row=sit-film-2]', { state: 'detached' });
  expect(await page.$$eval('[data-row]', (rows) => rows.map((one) => one.dataset.row))).toEqual(['sit-film-1']);
});

test('older recordings follow without one left out, also where several exams began in the same moment', async () => {
  const began = mock.world.filmed[1].started_ms;
  for (const one of mock.world.filmed.slice(1)) one.started_ms = began;
  mock.world.recordingsAtOnce = 2;
  page = await signIn(browser, mock, 'zh', 'admin');
  await openAt(page, 'recordings');
  await page.waitForSelector('[data-row=sit-film-3]');
  expect(await page.$('[data-row=sit-film-1]')).toBeNull();
  await page.click('.older button');
  await page.waitForSelector('[data-row=sit-film-1]');
  expect(await page.$$eval('[data-row]', (rows) => rows.map((one) => one.dataset.row))).toEqual(['sit-5', 'sit-film-3', 'sit-film-2', 'sit-film-1']);
  expect(await page.$('.older')).toBeNull();
});

test('an administrator sees the recording of a sitting, and what there is none of, but no pictures', async () => {
  page = await signIn(browser, mock, 'zh', 'admin');
  await openAt(page, 'recordings');
  await page.click('[data-row=sit-film-3]');
  await page.waitForSelector('aside [data-test=recording]:has-text("没有要求录像")');
  expect(await page.$('[data-incident]')).toBeNull();
});

test('a disk that fills up is told to the administrator on the page of sites', async () => {
  mock.world.storage = { bytes: 95_000_000_000, free_bytes: 3_000_000_000, max_bytes: 100_000_000_000, state: 'low' };
  page = await signIn(browser, mock, 'zh', 'admin');
  await openAt(page, 'sites');
  expect(await page.textContent('[data-test=storage]')).toContain('还剩 3.0 GB');
});

test('the board shows only what needs a person when asked to, and finds a seat', async () => {
  page = await signIn(browser, mock, 'zh', 'review');
  await page.waitForSelector('[data-seat]');
  await page.click('.el-checkbox');
  expect(await page.$$eval('[data-seat]', (all) => all.map((one) => one.dataset.seat))).toEqual(['A03', 'A06', 'B02']);
  await page.fill('.search input', 'B02');
  expect(await page.$$('[data-seat]')).toHaveLength(1);
});

test('the limits of the face check are set in plain words; a device number that is none is refused at its place', async () => {
  page = await signIn(browser, mock, 'zh', 'admin');
  await openAt(page, 'sites');
  await page.waitForSelector('[data-row=site-2]');
  await page.click('[data-row=site-2]');
  await page.click('section .head .edit');
  await page.waitForSelector('[data-test=liveness]');
  expect(await page.textContent('[data-test=liveness]')).toContain('机器不拒绝任何人');
  await page.fill('[data-test=liveness] textarea >> nth=1', '046d:0825\n\n1bcf:2281\n');
  await page.fill('#challenge_steps', '3');
  await page.press('#challenge_steps', 'Enter');
  await page.click('aside footer .el-button');
  await page.waitForSelector('aside .note.calm');
  expect(mock.world.sites[1].policy.liveness).toMatchObject({ challenge_steps: 3, usb_ids: ['046d:0825', '1bcf:2281'], camera_drivers: ['uvcvideo'] });
  await page.fill('[data-test=liveness] textarea >> nth=1', 'webcam');
  await page.click('aside footer .el-button');
  await page.waitForSelector('[data-test=liveness] .error-line');
});

test('the reviewer sees each try, layer by layer, and takes the consent back for somebody who asks', async () => {
  page = await signIn(browser, mock, 'zh', 'review');
  await openAt(page, 'review');
  await page.waitForSelector('[data-case=adm-0]');
  await page.click('[data-case=adm-0]');
  const newest = await page.textContent('[data-check="2"]');
  for (const words of ['转人工', '与预约照片不够像', '0.41（至少 0.45）', '0.93（至少 0.60）', 'uvcvideo']) expect(newest).toContain(words);
  expect(await page.textContent('[data-check="1"]')).toContain('动作与要求不同');
  await page.click('[data-test=withdraw]');
  await page.click('.box .el-button--danger');
  await page.waitForSelector('[data-test=withdraw]', { state: 'detached' });
  expect(mock.world.cases[0]).toMatchObject({ state: 'waiting', references: 0, has_capture: false });
  expect(await page.textContent('aside')).toContain('考生选择由人核对');
});

test('a seat says what its kiosk sees with', async () => {
  page = await signIn(browser, mock, 'en', 'admin');
  await openAt(page, 'sites');
  await page.click('[data-row=seat-A1]');
  const engine = await page.textContent('[data-test=engine]');
  for (const words of ['yunet 2022mar', 'mobilefacenet', 'not installed', '046d:0825']) expect(engine).toContain(words);
});

test('the count of stored persons is on the page of candidates, and everywhere once a filing is near', async () => {
  page = await signIn(browser, mock, 'zh', 'admin');
  await page.waitForSelector('tbody tr');
  expect(await page.$('[data-test=face-count]')).toBeNull();
  await openAt(page, 'candidates');
  expect(await page.textContent('[data-test=face-count]')).toContain('1,284');
  mock.world.faceData.persons = 100_000;
  await openAt(page, 'reservations');
  await page.waitForSelector('[data-test=face-count][role=alert]');
  await page.reload();
  expect(await page.textContent('[data-test=face-count].due')).toContain('30 个工作日');
});
