// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// Statistics and regrades: made-up numbers that look like those of a real bank, one item with a wrong key.
import { kTitles } from './data.mjs';
import { jobAnswer, startJob } from './imports.mjs';
import { fail } from './server.mjs';

const w = (zh, en) => ({ zh, en });
const kItems = 60;
const kSittings = 412;
const round = (x) => Math.round(x * 1000) / 1000;
/** Numbers in [0, 1) that look random and are the same each time. */
const mixed = (n) => round(((Math.sin(n * 12.9898) * 43758.5453) % 1 + 1) % 1);

function optionStatistics(n, facility, wrong) {
  return Array.from({ length: 4 }, (_, at) => {
    const key = at === n % 4;
    const share = key ? facility : round((1 - facility) / 3);
    const slope = key === !wrong ? 0.12 : -0.05;
    return { option: at, text: ['12 V', '24 V', '36 V', '220 V'][at], key, chosen: Math.round(share * 380), share, mean_rest: round(key === !wrong ? 71.3 : 62.1), point_biserial: round(2 * slope), curve: [-2, -1, 0, 1, 2].map((g) => round(Math.min(1, Math.max(0, share + g * slope)))) };
  });
}

function itemStatistics(n) {
  const bare = n === 5;
  const wrong = n === 7;
  const facility = bare ? 1 : wrong ? 0.21 : round(0.35 + 0.6 * mixed(n));
  const rest = bare ? null : wrong ? -0.34 : round(0.05 + 0.4 * mixed(n + 99));
  const flags = bare ? ['too_easy'] : wrong ? ['negative_discrimination', 'key_probably_wrong'] : n % 11 === 3 ? ['dead_distractor'] : [];
  const estimate = (slope) => (bare ? null : { answers: 380, difficulty: round(2 * (0.6 - facility)), difficulty_se: 0.14, slope: slope ?? 1, slope_se: slope ? 0.2 : null, infit: round(0.9 + 0.2 * mixed(n + 7)), outfit: round(0.85 + 0.3 * mixed(n + 8)) });
  const seconds = n % 4 ? round(12 + 40 * mixed(n + 5)) : null;
  return {
    id: `it-${n}`, item_id: `lv-${String(n).padStart(3, '0')}`, version: 1 + (n % 2), versions: n % 2 ? [1, 2] : [1], responses: 380, left_open: n % 7, facility, sd: round(Math.sqrt(facility * (1 - facility))), point_biserial: rest === null ? null : round(rest + 0.05),
    item_rest: rest, discrimination_index: rest === null ? null : round(rest * 100), discriminative_efficiency: rest === null ? null : round(rest * 140), upper_lower: rest === null ? null : round(rest * 1.1), alpha_if_deleted: round(0.84 + 0.01 * mixed(n + 3)),
    lower_seconds: seconds && round(seconds * 0.6), median_seconds: seconds, upper_seconds: seconds && round(seconds * 1.7), rasch: estimate(null), two_pl: estimate(wrong ? -0.4 : round(0.6 + mixed(n + 13))), options: optionStatistics(n, facility, wrong),
    by_month: ['2026-08', '2026-09', '2026-10', '2026-11'].map((month, at) => ({ month, responses: 80 + at * 10, facility: round(Math.min(1, facility + 0.02 * (at - 1))) })), flags,
  };
}

const kMinimum = { rasch: 100, two_pl: 500 };
const kNone = { state: 'none', computed_ms: null, sittings: 0, total: 0, flagged: 0, next: '', items: [], test: null, minimum: kMinimum };
const kRow = ['id', 'item_id', 'version', 'responses', 'facility', 'point_biserial', 'item_rest', 'discrimination_index', 'discriminative_efficiency', 'alpha_if_deleted', 'median_seconds', 'flags'];

/** Flagged ones first, in pages of at most 50 so that the pages below are seen too. */
function statistics(after) {
  const scores = Array.from({ length: 45 }, (_, n) => ({ points: 54 + n, sittings: Math.round(20 * Math.exp(-(((n - 28) / 9) ** 2))) })).filter((one) => one.sittings);
  const all = Array.from({ length: kItems }, (_, n) => itemStatistics(n + 1)).map((one) => Object.fromEntries(kRow.map((key) => [key, one[key]])));
  const rows = [...all.filter((one) => one.flags.length), ...all.filter((one) => !one.flags.length)];
  const model = (slope) => ({ sittings: kSittings, items: kItems - 1, converged: true, log_likelihood: -18240.5, ability_sd: slope });
  return {
    state: 'ready', computed_ms: 1_795_000_000_000, sittings: kSittings, total: kItems, flagged: all.filter((one) => one.flags.length).length,
    next: after + 50 < kItems ? String(after + 50) : '', items: rows.slice(after, after + 50), minimum: kMinimum,
    test: { unit: 'points', scale: 100, mean: 81.4, median: 82, sd: 7.9, skewness: -0.4, kurtosis: 0.1, alpha: 0.842, sem: 3.14, scores, rasch: model(1.1), two_pl: model(1) },
  };
}

function workOf(world) {
  if (world.analysis) return world.analysis;
  const other = { proposed_by: '题库编辑 吴敏', proposed_ms: 1_795_000_000_000, by: 'other', applied_by: '', applied_ms: null, job_id: 'job-0', seen: 1, error: null };
  const counts = { sittings: 371, changed: 143, up: 120, down: 23, now_passed: 9, now_failed: 2 };
  const one = (id, state, how) => ({ id, item: 'it-7', item_id: 'lv-007', versions: [1], how, key: how === 'new_key' ? [1] : [], reason: '标准已修订，正确答案应为 24 V', state, counts, ...other });
  world.analysis = { computed: new Set(['sample-low-voltage']), regrades: [one('rg-1', 'ready', 'new_key'), one('rg-0', 'discarded', 'leave_out')] };
  return world.analysis;
}
const bare = (world, { by, ...one }) => ({ ...one, seen: String(one.seen), mine: by === world.staff.name });
const find = (world, id) => workOf(world).regrades.find((one) => one.id === id) ?? fail(404, 'not_found', '没有找到', 'Not found', 'id');

function change(regrade, n) {
  const up = n % 6 !== 5;
  const before = up ? 72 + (n % 20) : 80 + (n % 3);
  const after = before + (up ? 1 : -1);
  const applied = regrade.state === 'applied';
  return {
    sitting_id: `sit-${n}`, name_masked: `${'王李张刘陈'[n % 5]}${n % 2 ? '*' : '**'}`, finished_ms: 1_794_000_000_000 + n * 3_600_000, exam: kTitles['special-operations-low-voltage'],
    points_before: before, points_after: after, passed_before: before >= 80, passed_after: after >= 80,
    certificate_before: before >= 80 ? `TP-26-000${100 + n}` : '', certificate_after: applied && after >= 80 ? `TP-26-001${100 + n}` : '',
  };
}

async function compute(world, regrade, from, to) {
  regrade.state = from;
  regrade.job_id = (await startJob(world, 'regrade', regrade.id, w('重新评分', 'Regrading'), regrade.counts?.sittings ?? 371, () => {
    regrade.state = to;
    regrade.counts ??= { sittings: 371, changed: 143, up: 120, down: 23, now_passed: 9, now_failed: 2 };
    if (to === 'applied') Object.assign(regrade, { applied_by: world.staff.display, applied_ms: Date.now() });
    regrade.seen += 1;
  })).id;
  return bare(world, regrade);
}

export const analysisRoutes = {
  bankStatistics: ({ world, query }) => (workOf(world).computed.has(query.bank) ? statistics(Number(query.after || 0)) : kNone),
  itemStatistics: ({ id }) => ({ statistics: /^it-\d+$/.test(id) ? itemStatistics(Number(id.slice(3))) : null }),
  exportResponses: () => ({ picture: Buffer.from('sitting,item,mark,max,chosen,key,options,month,seconds\n'), type: 'text/csv' }),
  computeStatistics: async ({ world, body }) => jobAnswer(await startJob(world, 'statistics', body.bank_id, w('计算统计', 'Computing statistics'), kSittings, () => workOf(world).computed.add(body.bank_id))),
  regrades: ({ world }) => ({ regrades: workOf(world).regrades.map((one) => bare(world, one)) }),
  proposeRegrade: ({ world, body, now }) => {
    const { regrades } = workOf(world);
    const made = {
      id: `rg-${regrades.length}`, item: body.item, item_id: `lv-${body.item.replace('it-', '').padStart(3, '0')}`, versions: body.versions, how: body.how, key: body.key ?? [], ...(body.answers ? { answers: body.answers } : {}), reason: body.reason, state: 'computing',
      proposed_by: world.staff.display, proposed_ms: now, by: world.staff.name, applied_by: '', applied_ms: null, counts: null, job_id: '', seen: 1, error: null,
    };
    regrades.unshift(made);
    return compute(world, made, 'computing', 'ready');
  },
  regrade: ({ world, id }) => bare(world, find(world, id)),
  regradeChanges: ({ world, id, query }) => {
    const regrade = find(world, id);
    const total = regrade.counts?.changed ?? 0;
    const from = Number(query.after || 0);
    const to = Math.min(total, from + Number(query.limit || 50));
    return { changes: Array.from({ length: to - from }, (_, n) => change(regrade, from + n)), total, next: to < total ? String(to) : '' };
  },
  applyRegrade: ({ world, id, body }) => {
    const regrade = find(world, id);
    if (body.changed !== regrade.counts.changed) fail(409, 'regrade_is_stale', '有人刚交卷，人数变了，请重新查看', 'Someone has just finished; look again', 'changed');
    return compute(world, regrade, 'applying', 'applied');
  },
  discardRegrade: ({ world, id }) => bare(world, Object.assign(find(world, id), { state: 'discarded' })),
};
