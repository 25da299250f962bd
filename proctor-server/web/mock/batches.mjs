// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// Sealed batches in every state, their logs, audits, files and proofs. The Merkle tree is a real one, the papers are not.
import { createHash } from 'node:crypto';
import { kTitles } from './data.mjs';
import { startJob } from './imports.mjs';
import { fail } from './server.mjs';

const w = (zh, en) => ({ zh, en });
const kDay = 86_400_000;
const sha = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const hex = (text) => sha(text).toString('hex');
const kTotal = 'special-operations-low-voltage';

/** The levels of the tree over `count` made-up leaves, and the path of one of them. */
function tree(id, count) {
  const levels = [Array.from({ length: count }, (_, slot) => sha(Buffer.of(0), `${id}|${slot}`))];
  while (levels.at(-1).length > 1) {
    const below = levels.at(-1);
    levels.push(Array.from({ length: Math.ceil(below.length / 2) }, (_, at) => (below[2 * at + 1] ? sha(Buffer.of(1), below[2 * at], below[2 * at + 1]) : below[2 * at])));
  }
  return levels;
}
const pathOf = (levels, slot) => levels.slice(0, -1).flatMap((level, up) => level[(slot >> up) ^ 1] ?? []).map((node) => node.toString('hex'));

const kFigures = {
  violations: 0, overlap: 0.3142, overlap_bound: 0.3135, exposure_max: 0.47, exposure_bound: 0.4615, difficulty_mean: 2.713, difficulty_sd: 0.00041, information_mean: 0, information_cv: 0, neighbour_overlap: 0.3129,
  neighbour_common_max: 44, pool_use: 1, seconds_per_paper: 0.0041,
};
const entry = (events, at_ms, event, actor, zh, en) => events.push({ place: events.length + 1, at_ms, event, actor, text: w(zh, en), hash: hex(`${events.at(-1)?.hash ?? ''}|${event}|${zh}`) });

function batch(number, state, now, extra = {}) {
  const papers = extra.papers ?? 200;
  const made_ms = now - (20 - number) * 7 * kDay;
  const id = `batch-${number}`;
  const sealed = state !== 'failed' && state !== 'sealing';
  const events = [];
  entry(events, made_ms, 'freeze', 'server', '冻结 338 道题，承诺种子', '338 items frozen, seed committed to');
  if (sealed) entry(events, made_ms + 4000, 'seal', 'server', `密封 ${papers} 份试卷`, `${papers} papers sealed`);
  for (let n = 0; n < Math.min(extra.used ?? 0, 50); n++) entry(events, made_ms + kDay + n * 3_600_000, 'take', 'kiosk', `考试 sit-${number}-${n} 取第 ${1 + ((n * 37) % papers)} 份`, `sitting sit-${number}-${n} took paper ${1 + ((n * 37) % papers)}`);
  return {
    id, number, blueprint_id: kTotal, blueprint_version: 1, title: kTitles[kTotal], state, papers, unused: sealed ? papers - (extra.used ?? 0) : 0, used: 0, withdrawn: 0, reason: '剩余试卷少于 60 份', made_by: 'server', made_ms,
    sealed_ms: sealed ? made_ms + 4000 : null, embargo_ms: sealed ? made_ms + 90 * kDay : null, revealed_ms: null, seed_commitment: hex(`seed ${id}`), items_root: sealed ? hex(`items ${id}`) : '',
    papers_root: sealed ? tree(id, papers).at(-1)[0].toString('hex') : '', figures: sealed ? kFigures : null, verdict: 'none', problem: null, job_id: '', seen: 1, events, ...extra,
  };
}

export function batchesOf(world, now = Date.now()) {
  if (world.batches) return world.batches;
  const manager = { blueprint_id: 'manager', title: kTitles.manager };
  world.batches = [
    batch(7, 'sealed', now, { unused: 200 }),
    batch(6, 'failed', now, { ...manager, papers: 0, problem: { id: 'rule_cannot_be_kept', zh: '多选题 · 应急管理：每卷需要 3 道，题库只有 2 道，还差 1 道。', en: 'Multiple choice, emergency: a paper needs 3, the bank has 2; 1 missing.', where: 'topics[5].counts.multiple_choice' } }),
    batch(5, 'in_use', now, { used: 131, unused: 66, withdrawn: 3 }),
    batch(4, 'used_up', now, { ...manager, used: 200, unused: 0 }),
    batch(3, 'withdrawn', now, { used: 12, unused: 0, withdrawn: 188, problem: { id: 'withdrawn', zh: '一道题的答案有误，整批撤回', en: 'A key was wrong; the batch was withdrawn', where: '' } }),
    batch(2, 'revealed', now, { used: 200, unused: 0, revealed_ms: now - 3 * kDay, verdict: 'PASS' }),
    batch(1, 'revealed', now, { ...manager, used: 200, unused: 0, revealed_ms: now - 9 * kDay, verdict: 'FAIL' }),
  ];
  return world.batches;
}

const find = (world, id) => batchesOf(world).find((one) => one.id === id) ?? fail(404, 'no_such_batch', '没有这一批试卷', 'No such batch', 'id');
const bare = ({ events, ...one }) => ({ ...one, seen: String(one.seen) });
const editorOnly = (world) => ['administrator', 'editor'].includes(world.staff.role) || fail(403, 'not_allowed', '须由管理员或题库编辑操作', 'An administrator or an editor does this', '');

function revealOf(world, one) {
  const no = (id, zh, en) => ({ allowed: false, why_not: { id, zh, en, where: '' } });
  const may = !['administrator', 'authority'].includes(world.staff?.role) ? no('not_allowed', '须由管理员或发证机关公开', 'An administrator or the certifying authority reveals')
    : one.state === 'revealed' ? no('revealed', '已经公开', 'It is revealed already')
      : one.unused > 0 && one.embargo_ms > Date.now() ? no('embargo', '还有没用的试卷，且未到可公开的日期', 'Papers are unused and the date has not come') : { allowed: true, why_not: null };
  return { ...may, opens: w('种子、每份试卷的题目编号和选项顺序将对所有人公开；题干和答案不公开。', 'The seed, the item ids and the option orders of every paper become public; stems and keys do not.') };
}
const detailOf = (world, one) => ({ batch: bare(one), reveal: revealOf(world, one), events: one.events, events_total: one.events.length + Math.max(0, one.used - 50) });

function changed(world, one, event, zh, en) {
  entry(one.events, Date.now(), event, world.staff.display, zh, en);
  one.seen += 1;
  return detailOf(world, one);
}

/** A batch whose making was stopped keeps its number and says so. */
async function stopped(job, made) {
  while (job.state === 'running') await new Promise((resolve) => setTimeout(resolve, 20));
  if (job.state === 'cancelled') Object.assign(made, { state: 'failed', problem: { id: 'stopped', zh: '封卷被停止', en: 'Sealing was stopped', where: '' }, seen: made.seen + 1 });
}

/** A batch that is sealed in a few steps. */
export async function sealNow(world, row, papers, reason, made_by) {
  const all = batchesOf(world);
  const made = { ...batch(all.length + 1, 'sealing', Date.now(), { papers: 0 }), blueprint_id: row.id, title: row.title, blueprint_version: row.used_version || row.version, reason, made_by, made_ms: Date.now() };
  all.unshift(made);
  const job = await startJob(world, 'seal_batch', made.id, w('封一批试卷', 'Sealing a batch'), papers, () => {
    const done = batch(made.number, 'sealed', Date.now(), { papers, unused: papers });
    Object.assign(made, { state: 'sealed', papers, unused: papers, sealed_ms: Date.now(), embargo_ms: Date.now() + 90 * kDay, items_root: done.items_root, papers_root: done.papers_root, figures: kFigures, events: done.events, seen: made.seen + 1 });
  });
  made.job_id = job.id;
  void stopped(job, made);
  return bare(made);
}

function auditOf(one) {
  const failed = one.verdict === 'FAIL';
  return {
    batch_id: one.id, verdict: one.verdict, failures: failed ? ['papers.jsonl 第 37 行与重新计算的不同：第 12 题 law-t004，应为 law-t019', 'seal.json：试卷根与叶子不符'] : [], papers: one.papers, figures: failed ? { ...kFigures, overlap: 0.352, exposure_max: 0.61, violations: 1 } : kFigures,
    computed_ms: Date.now() - 3_600_000, computed_by: '管理员', before_reveal: one.revealed_ms === null, log_entries: one.events.length, takes_checked: one.used, items_checked: 338, exposures: Array.from({ length: 338 }, (_, n) => Math.max(1, Math.round((failed ? 122 : 94) * (n < 8 ? 1 : Math.exp(-n / 260))))),
  };
}

const waited = async (one, query) => {
  const until = Date.now() + Math.min(Number(query.wait_ms || 0), 1500);
  while (query.seen === String(one.seen) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 30));
  return one;
};

export const batchRoutes = {
  batches: ({ world, query }) => {
    const rows = batchesOf(world).filter((one) => (!query.blueprint || one.blueprint_id === query.blueprint) && (!query.state || one.state === query.state));
    return { batches: rows.slice(Number(query.offset || 0), Number(query.offset || 0) + Number(query.limit || 50)).map(bare), total: rows.length };
  },
  batch: async ({ world, id, query }) => detailOf(world, await waited(find(world, id), query)),
  withdrawBatch: ({ world, id, body }) => {
    editorOnly(world);
    const one = find(world, id);
    if (!body.reason) fail(422, 'reason_missing', '请写明原因', 'Say why', 'reason');
    Object.assign(one, { state: 'withdrawn', withdrawn: one.withdrawn + one.unused, unused: 0 });
    return changed(world, one, 'withdraw', `撤回整批：${body.reason}`, `batch withdrawn: ${body.reason}`);
  },
  revealBatch: ({ world, id, body }) => {
    const one = find(world, id);
    if (!revealOf(world, one).allowed) fail(403, 'not_allowed', '现在不能公开', 'It cannot be revealed now', '');
    if (body.withdraw_unused !== one.unused) fail(409, 'batch_is_stale', '刚有人取走一份试卷，请重新查看', 'Somebody has just taken a paper; look again', 'withdraw_unused');
    Object.assign(one, { state: 'revealed', withdrawn: one.withdrawn + one.unused, unused: 0, revealed_ms: Date.now() });
    return changed(world, one, 'reveal', '公开种子和试卷', 'seed and papers revealed');
  },
  batchAudit: ({ world, id }) => {
    const one = find(world, id);
    return one.verdict === 'none' ? fail(404, 'no_audit_yet', '还没有审计过', 'Not audited yet', '') : auditOf(one);
  },
  auditBatch: async ({ world, id }) => {
    const one = find(world, id);
    one.job_id = (await startJob(world, 'audit_batch', one.id, w('审计一批试卷', 'Auditing a batch'), one.papers, () => Object.assign(one, { verdict: 'PASS', seen: one.seen + 1 }))).id;
    one.seen += 1;
    return detailOf(world, one);
  },
  batchFile: ({ world, id, query }) => ({ picture: Buffer.from(`${find(world, id).id} ${query.name}\n`), type: 'application/octet-stream' }),
  sittingProof: ({ world, id }) => {
    const [, number, n] = /^sit-(\d+)-(\d+)$/.exec(id) ?? fail(404, 'no_such_sitting', '没有这场考试，请核对编号。', 'No such sitting; check the number.', 'id');
    const one = find(world, `batch-${number}`);
    const slot = (Number(n) * 37) % one.papers;
    const levels = tree(one.id, one.papers);
    return {
      batch_id: one.id, number: one.number, slot, papers: one.papers, leaf: levels[0][slot].toString('hex'), path: pathOf(levels, slot), papers_root: world.tamper ? hex('another root') : one.papers_root, sealed_ms: one.sealed_ms,
      taken_ms: one.sealed_ms + kDay, log_hash: one.events[2 + Number(n)]?.hash ?? '', revealed: one.revealed_ms !== null,
    };
  },
};
