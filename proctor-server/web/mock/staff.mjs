// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// Staff pages: canned answers over the mock's world.
import { readFileSync } from 'node:fs';
import { kChecks, kTitles } from './data.mjs';
import { fail } from './server.mjs';

const page = (rows, query) => rows.slice(Number(query.offset || 0), Number(query.offset || 0) + Number(query.limit || 50));
const byId = (rows, id) => rows.find((row) => row.id === id) ?? fail(404, 'not_found', '没有找到', 'Not found', 'id');
const has = (row, q) => !q || JSON.stringify(row).toLowerCase().includes(q.toLowerCase());
const meOf = (account, now) => ({ name: account.name, display: account.display, role: account.role, expires_ms: now + 8 * 3_600_000, demo: true });
const day8 = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);

function face(label, tone) {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="600"><rect width="480" height="600" fill="#35504a"/><ellipse cx="240" cy="270" rx="120" ry="160" fill="${tone}"/><text x="20" y="580" fill="#fff" font-size="28">${label}</text></svg>`,
  );
}

function csvReport(csv, dry_run) {
  const lines = csv.replace(/^\ufeff/, '').trim().split(/\r?\n/).slice(1);
  const refused = lines.map((text, n) => ({ row: n + 2, text: text.slice(0, 200), reason: '证件号码最后一位对不上 / check digit is wrong' })).filter((_, n) => n % 4 === 3);
  return { rows: lines.length, imported: lines.length - refused.length, repaired: 1, refused, warnings: ['第 2 行：手机号有空格，已去除'], dry_run };
}

function bankReport(body) {
  let parsed;
  try {
    parsed = JSON.parse(body.content);
  } catch {
    fail(422, 'broken_json', '文件在第 58718 个字符处不是有效的 JSON，可能被截断。', 'The file is not valid JSON at character 58718; it may be cut off.', 'content');
  }
  const list = Array.isArray(parsed) ? parsed : parsed.items;
  const refused = list.length > 5 ? [{ row: 3, text: String(list[2].title ?? list[2].stem), reason: '没有答案 / no answer' }] : [];
  return { rows: list.length, imported: list.length - refused.length, repaired: 2, refused, warnings: ['没有专题和难度：组卷时按题型抽题'], dry_run: body.dry_run };
}

const record = (world, now, n, passed) => ({
  sitting_id: `sit-2-${n}`, certificate_id: passed ? `TP-26-00012${n}` : '', name: '王建国', id_masked: '420***********12', title: kTitles['special-operations-low-voltage'], category: '1.2',
  points: passed ? 92 : 71, points_max: 100, passed, finished_ms: now - (3 - n) * 86_400_000, issued_ms: passed ? now - 86_400_000 : null,
  expires_ms: passed ? now + 364 * 86_400_000 : null, site_name: world.sites[0].name, admitted_by: n ? 'face' : 'reviewer', attempt: n + 1, text: passed ? 'IVG1:6BFOXN' : '',
  withdrawn: passed ? [{ certificate_id: 'TP-26-000098', state: 'superseded', reason: '单选第 12 题的答案按新标准更正', at_ms: now - 43_200_000 }] : [],
});

export const staffRoutes = {
  login: ({ world, body, now }) => {
    const account = world.accounts.find((a) => a.name === body.name && !a.disabled);
    if (!account || body.password !== 'demo') fail(401, 'wrong_login', '账号或密码不对。连续 5 次不对会锁定 15 分钟。', 'Wrong account or password. Five wrong tries lock it for 15 minutes.', '');
    world.staff = account;
    return meOf(account, now);
  },
  logout: ({ world }) => ((world.staff = null), { ok: true }),
  me: ({ world, now }) => meOf(world.staff, now),
  changePassword: ({ body }) => (body.old === 'demo' ? { ok: true } : fail(403, 'wrong_password', '原密码不对', 'The old password is wrong', 'old')),
  listAccounts: ({ world }) => ({ accounts: world.accounts }),
  makeAccount: ({ world, body }) => {
    if (world.accounts.some((a) => a.name === body.name)) fail(409, 'name_taken', '这个账号名已有人用', 'This account name is taken', 'name');
    const account = { id: `acc-${world.accounts.length}`, ...body, disabled: false, locked_until_ms: null, last_login_ms: null };
    world.accounts.push(account);
    return { account, password: 'rowan-tidal-47-ember' };
  },
  resetAccount: ({ world, id }) => ({ account: Object.assign(byId(world.accounts, id), { locked_until_ms: null }), password: 'maple-quiet-82-stone' }),
  changeAccount: ({ world, id, body }) => Object.assign(byId(world.accounts, id), body),
  adminSites: ({ world }) => ({ sites: world.sites }),
  makeSite: ({ world, body }) => {
    if (!body.name.zh) fail(422, 'name_wrong', '请填写中文名称', 'Enter the Chinese name', 'name.zh');
    world.sites.push({ id: `site-${world.sites.length + 1}`, ...body });
    return world.sites[world.sites.length - 1];
  },
  changeSite: ({ world, id, body }) => {
    if ((body.policy.liveness?.usb_ids ?? []).some((one) => !/^[0-9a-f]{4}:[0-9a-f]{4}$/i.test(one))) fail(400, 'usb_id_wrong', 'USB 编号应为“厂商:产品”，例如 046d:0825。', 'A USB id is vendor:product, e.g. 046d:0825.', 'policy.liveness.usb_ids');
    return Object.assign(byId(world.sites, id), body);
  },
  faceDataCount: ({ world }) => {
    const { persons } = world.faceData;
    const level = persons >= 100_000 ? 'due' : persons >= 90_000 ? 'near' : 'below';
    const what = level === 'below' ? { zh: '', en: '' } : { zh: '《人脸识别技术应用安全管理办法》要求：达到 10 万人之日起 30 个工作日内，向所在地省级以上网信部门备案。', en: 'Order 19 asks for a filing with the provincial cyberspace administration within 30 working days of reaching 100,000.' };
    return { persons, photos: persons - 3, captures: 12, evidence: 4, recorded: 9, notice_at: 90_000, filing_at: 100_000, level, since_ms: level === 'due' ? 1_795_000_000_000 : null, what };
  },
  withdrawForCandidate: ({ world, id }) => {
    const one = world.cases.find((c) => c.admission_id === id) ?? fail(404, 'no_such_case', '没有这个核对请求。', 'There is no such case.', 'id');
    Object.assign(one, { references: 0, has_capture: false, consent: 'declined', why: 'declined' });
    world.queueVersion++;
    return one;
  },
  admissionRecord: ({ world, id, now }) => {
    const row = byId(world.reservations, id);
    if (!['admitted', 'sitting', 'finished'].includes(row.state)) fail(404, 'no_such_admission', '没有这次入场。', 'There is no such admission.', 'id');
    const checks = kChecks(now).map((one, n) => (n === 1 ? { ...one, decision: 'admitted', finding: '', similarity: 0.62 } : one));
    return { admission_id: `adm-${id}`, state: row.state, why: '', consent: 'given', admitted_by: 'face', tries: 2, created_ms: now - 90_000, decided_ms: now - 40_000, compared: ['booking', 'chip'], card: 'same', checks };
  },
  listSeats: ({ world, id }) => ({ seats: world.seats.filter((s) => s.site_id === id) }),
  makeSeat: ({ world, id, body }) => {
    if (world.seats.some((s) => s.site_id === id && s.label === body.label)) fail(409, 'label_taken', '这个座位号已存在', 'This seat label exists already', 'label');
    const seat = { id: `seat-${body.label}`, site_id: id, ...body, kiosk_id: '', kiosk_seen_ms: null, kiosk_state: 'none', engine: null, engine_ms: null };
    world.seats.push(seat);
    return seat;
  },
  changeSeat: ({ world, id, body }) => Object.assign(byId(world.seats, id), body),
  makeEnrolment: ({ now }) => ({ code: 'H4TQ-92KM', expires_ms: now + 15 * 60_000 }),
  revokeKiosk: ({ world, id }) => Object.assign(byId(world.seats, id), { kiosk_id: '', kiosk_seen_ms: null, kiosk_state: 'none', engine: null, engine_ms: null }),
  searchCandidates: ({ world, body }) => {
    const rows = world.candidates.filter((c) => has(c, body.q));
    return { candidates: page(rows, body), total: rows.length };
  },
  makeCandidate: ({ world, body }) => {
    const made = { ...world.candidates[0], id: 'candidate-new', name: body.name, id_type: body.id_type, photo: false };
    world.candidates.unshift(made);
    return made;
  },
  importCandidates: ({ body }) => csvReport(body.csv, body.dry_run),
  searchReservations: ({ world, body }) => {
    const rows = world.reservations.filter((r) => (!body.site || r.site_id === body.site) && (!body.day || day8(r.start_ms) === body.day) && has(r, body.q));
    return { reservations: page(rows, body), total: rows.length };
  },
  cancelReservation: ({ world, id }) => Object.assign(byId(world.reservations, id), { state: 'cancelled' }),
  listBanks: ({ world }) => ({
    banks: world.banks,
    blueprints: Object.keys(kTitles).map((id) => ({
      id, title: kTitles[id], items: 100, minutes: 120, pass_points: 80, pool: id === 'manager' ? 0 : 250, drawable: id !== 'manager',
      problem: id === 'manager' ? '多选题不够：需要 20 道，启用的题库里有 0 道' : '',
    })),
  }),
  importBank: ({ world, body, now }) => {
    const report = bankReport(body);
    if (body.dry_run) return { bank: null, report };
    const bank = { ...world.banks[0], id: body.id || 'imported', title: { zh: body.title || '导入的题库', en: body.title || 'Imported bank' }, items: report.imported, imported_ms: now };
    world.banks.unshift(bank);
    return { bank, report };
  },
  exportLosses: ({ world, id, query }) => {
    const { items } = byId(world.banks, id);
    const lost = query.format === 'native_json' ? [] : [
      { item: '', code: 'not_carried', what: { zh: '没有带上：题库的适用对象', en: 'not carried: roles of the bank' } },
      { item: 'lv-012', code: 'left_out', what: { zh: '没有导出：图片', en: 'left out: pictures' } },
    ];
    return { items, left_out: lost.length ? 1 : 0, total: lost.length, size: 120_000, lost };
  },
  exportBank: () => ({ picture: Buffer.from('{}'), type: 'application/octet-stream' }),
  changeBank: ({ world, id, body }) => Object.assign(byId(world.banks, id), body),
  reviewQueue: async ({ world, query, now }) => {
    const until = Date.now() + Math.min(Number(query.wait_ms || 0), 1500);
    while (query.version === String(world.queueVersion) && Date.now() < until) await new Promise((r) => setTimeout(r, 50));
    const later = (one) => (one.state === 'waiting' ? 0 : 1);
    const sorted = [...world.cases].sort((a, b) => later(a) - later(b) || a.waiting_since_ms - b.waiting_since_ms);
    const cases = sorted.slice(0, 200);
    return { cases, more: sorted.length - cases.length, version: world.queueVersion, now_ms: now };
  },
  reviewReference: ({ world, id }) => picture(world, id, '#c79d7b'),
  reviewCapture: ({ world, id }) => picture(world, id, '#bd9474'),
  reviewDecide: ({ world, id, body }) => {
    const found = world.cases.find((c) => c.admission_id === id);
    if (found.state !== 'waiting' || body.waiting_since_ms !== found.waiting_since_ms) fail(409, 'case_decided', '这位考生已由其他人处理。', 'This case has already been decided.', '');
    if (body.decision !== 'admit' && !(body.reason.zh && body.reason.en)) fail(422, 'reason_missing', '请写明原因', 'Give a reason', 'reason');
    if (body.decision === 'again' && found.consent !== 'given') fail(409, 'again_needs_consent', '考生没有同意刷脸，不能再拍。', 'The candidate has not agreed to the face check.', 'decision');
    world.queueVersion++;
    return Object.assign(found, { state: { admit: 'admitted', again: 'again', refuse: 'refused' }[body.decision] });
  },
  authorityQuery: ({ world, body, now }) => ({ records: body.name === '王建国' ? [record(world, now, 0, false), record(world, now, 1, true)] : [] }),
  authorityVerify: ({ body, now }) => {
    const reason = /X$/.test(body.text) ? 'bad_signature' : /OLD$/.test(body.text) ? 'expired' : '';
    const read = reason !== 'bad_signature';
    const issued = reason ? Date.UTC(2025, 2, 2, 3) : now - 86_400_000;
    const words = {
      '': ['签名有效，证书在有效期内。', 'The signature is right and the theory pass is within its validity.'],
      expired: ['签名有效，但凭证已过有效期。', 'The signature is good, but the theory pass has expired.'],
      bad_signature: ['签名不对：内容被改动过，或不是本系统签发。', 'The signature is wrong: the text was changed, or was not issued here.'],
    }[reason];
    return {
      valid: !reason, reason, zh: words[0], en: words[1],
      certificate_id: read ? 'TP-26-000121' : '', name: read ? '王建国' : '', title: read ? kTitles['special-operations-low-voltage'] : { zh: '', en: '' }, points: read ? 92 : 0, points_max: read ? 100 : 0,
      issued_ms: read ? issued : null, expires_ms: !read ? null : reason ? Date.UTC(2026, 2, 2, 15, 59, 59) : now + 364 * 86_400_000, on_record: read,
    };
  },
};

function picture(world, id, tone) {
  const own = process.env.INVIGIL_MOCK_FACE;
  return { picture: own ? readFileSync(own) : face(id, tone), type: own ? 'image/jpeg' : 'image/svg+xml' };
}
