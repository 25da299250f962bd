// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// Items with versions, states and four eyes, case material and pictures: as the real server answers, in memory.
import { createHash } from 'node:crypto';
import { jobAnswer, startJob } from './imports.mjs';
import { freshItems, item, kBase, kMoves, kOther, kPictureName, kPng, kTree, w } from './item_data.mjs';
import { fail } from './server.mjs';

function bankOf(world) {
  if (world.itemBank) return world.itemBank;
  const now = Date.now();
  const stimulus = (id, n, text, markup = 'plain') => ({ bank_id: 'sample-low-voltage', id, version: 1 + (n % 2), markup, text });
  world.itemBank = {
    items: freshItems(now), media: new Map([[kPictureName, { bytes: kPng, type: 'image/png' }]]), made: 0,
    stimuli: [
      stimulus('case-1', 1, '<p>某企业配电室进行<b>停电检修</b>。作业前，工作负责人张某办理了第一种工作票，并安排两名电工验电、挂接地线。</p>', 'html'),
      ...Array.from({ length: 6 }, (_, n) => stimulus(`case-${n + 2}`, n, `某化工厂检修班在受限空间作业，未检测氧气浓度即进入，${n + 2} 人窒息。`)),
    ],
  };
  return world.itemBank;
}

const find = (world, id) => bankOf(world).items.find((one) => one.id === id) ?? fail(404, 'no_such_item', '没有这道题。', 'There is no such item.', 'id');
const newest = (one) => one.versions[one.versions.length - 1];
const plain = (text) => text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();
const problem = (id, zh, en, where) => ({ id, zh, en, where });
const stimulusOf = (world, one, id) => bankOf(world).stimuli.find((s) => s.id === id && s.bank_id === one.bank_id) ?? null;
const usersOf = (world, s) => bankOf(world).items.filter((one) => one.bank_id === s.bank_id && newest(one).content.stimulus === s.id).length;
const shownStimulus = (world, s) => s && { ...s, items: usersOf(world, s) };

function problemsOf({ type, stem, options, key, answers, markup }) {
  const found = [];
  if (!stem.trim()) found.push(problem('stem_empty', '题干是空的。', 'The stem is empty.', 'stem'));
  if (type === 'numeric' || type === 'short_text') {
    if (!answers.length) found.push(problem('answers_missing', '还没有可接受的答案。', 'No accepted answer is given.', 'answers'));
    found.push(problem('type_not_on_kiosk', '考试机还不能作答这种题型，可以保存但不能发布。', 'The kiosk cannot take answers of this type yet; it can be kept but not released.', 'type'));
  } else {
    if (!key.length) found.push(problem('key_missing', '还没有正确答案。', 'The key is missing.', 'key'));
    if (options.some((one) => !one.trim())) found.push(problem('option_empty', '有空的选项。', 'An option is empty.', `options[${options.findIndex((one) => !one.trim())}]`));
  }
  if (markup === 'html' && stem.includes('\\(')) found.push(problem('formula_not_on_kiosk', '考试机还不能显示公式，可以保存但不能发布；可以把公式做成图片。', 'The kiosk cannot show formulae yet; the item can be kept but not released. A picture of the formula can be used.', 'stem'));
  return found;
}
const waiting = (one) => one.versions.filter((v) => v.number > Math.min(one.approved, newest(one).number - 1)).map((v) => v.author.name);
function whyNot(world, one, rule) {
  if (rule.move === 'suspend' && !one.released) return problem('impossible_move', '当前状态下不能这样操作，请刷新后再看。', 'This cannot be done in the item’s present state; please look again.', 'move');
  if (rule.needs_other_person && waiting(one).includes(world.staff.name)) return problem('released_by_author', '修改题目的人不能自己发布，请由另一位同事发布。', 'Who made a change cannot release it; please ask a colleague.', 'move');
  const [first] = ['submit', 'release', 'resume'].includes(rule.move) ? problemsOf(newest(one).content) : [];
  return first ? problem('not_ready_for_release', `题目还不能送审或发布，请先解决问题。${first.zh}`, `The item cannot go on yet; please mend what is wrong. ${first.en}`, first.where) : null;
}

function rowOf(world, one) {
  const { content, number } = newest(one);
  return {
    id: one.id, bank_id: one.bank_id, item_id: one.item_id, state: one.state, version: number, released_version: one.released, in_use: one.released > 0, type: content.type, topic: content.topic,
    difficulty: content.difficulty, level: content.level, tags: content.tags, title: content.title, stem: plain(content.stem).slice(0, 240), flags: one.flags, changed_ms: one.changed_ms,
    changed_by: one.changed_by, mine: one.versions.some((v) => v.number > one.approved && v.author.name === world.staff.name),
  };
}
const versionOf = (world, one, v) => ({ number: v.number, content: v.content, stimulus: shownStimulus(world, v.content.stimulus ? stimulusOf(world, one, v.content.stimulus) : null), author: v.author.display, made_ms: v.made_ms, reason: v.reason, released: v.number === one.released });
function detailOf(world, one) {
  const last = newest(one);
  return {
    row: rowOf(world, one), newest: versionOf(world, one, last),
    versions: [...one.versions].reverse().map((v) => ({ number: v.number, author: v.author.display, made_ms: v.made_ms, reason: v.reason, released: v.number <= one.approved })),
    history: [...one.history].reverse(),
    moves: kMoves.filter((rule) => rule.from.includes(one.state)).map((rule) => ({ move: rule.move, allowed: !whyNot(world, one, rule), why_not: whyNot(world, one, rule) })),
    problems: problemsOf(last.content),
    enemies: last.content.enemies.map((id) => {
      const other = bankOf(world).items.find((two) => two.item_id === id);
      return { item_id: id, id: other?.id ?? '', stem: other ? plain(newest(other).content.stem).slice(0, 240) : '', known: !!other };
    }),
    statistics: one.id === 'it-1' ? kStatistics(one) : null,
  };
}
const kStatistics = (one) => ({
  id: one.id, item_id: one.item_id, version: 1, versions: [1], responses: 380, left_open: 3, facility: 0.71, sd: 0.45, point_biserial: 0.38, item_rest: 0.33, discrimination_index: 33, discriminative_efficiency: 50, upper_lower: 0.4, alpha_if_deleted: 0.84,
  lower_seconds: 18, median_seconds: 31, upper_seconds: 52, rasch: null, two_pl: null, options: [], by_month: [], flags: one.flags,
});

function under(topic, ancestor) {
  for (let at = topic; at; at = kTree.topics.find((t) => t.id === at)?.parent) if (at === ancestor) return true;
  return false;
}
function fits(world, one, q) {
  const row = rowOf(world, one);
  const text = `${row.item_id} ${row.title} ${row.stem} ${newest(one).content.options.join(' ')} ${row.tags.join(' ')} ${newest(one).content.source}`.toLowerCase();
  const topic = !q.topic || (q.topic === '-' ? row.topic === '' : q.topic.endsWith('/') ? under(row.topic, q.topic.slice(0, -1)) : row.topic === q.topic);
  return topic && ['state', 'type', 'level'].every((name) => !q[name] || row[name] === q[name]) && (!q.bank || row.bank_id === q.bank) && (!q.difficulty || String(row.difficulty) === q.difficulty)
    && (!q.tag || row.tags.includes(q.tag)) && (!q.flag || row.flags.includes(q.flag)) && (!q.in_use || row.in_use === (q.in_use === '1')) && (!q.mine || row.mine === (q.mine === '1'))
    && (!q.stimulus || newest(one).content.stimulus === q.stimulus) && (q.q ?? '').toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
function counted(world, q) {
  const of = (name, valuesOf) => {
    const counts = new Map();
    for (const one of bankOf(world).items) if (fits(world, one, { ...q, [name]: '' })) for (const value of valuesOf(rowOf(world, one))) counts.set(value, (counts.get(value) ?? 0) + 1);
    return [...counts].map(([value, items]) => ({ value: String(value), items }));
  };
  return {
    type: of('type', (r) => [r.type]), topic: of('topic', (r) => [r.topic || '-']), state: of('state', (r) => [r.state]), level: of('level', (r) => [r.level]), difficulty: of('difficulty', (r) => [r.difficulty]),
    tag: of('tag', (r) => r.tags), flag: of('flag', (r) => r.flags),
  };
}
const kOrders = { changed: (r) => r.changed_ms, difficulty: (r) => r.difficulty, item_id: (r) => r.item_id, state: (r) => r.state, type: (r) => r.type };

function addVersion(world, one, content, reason, move, now) {
  const from = one.state;
  const number = one.versions.length + 1;
  one.versions.push({ number, content: { ...kBase, ...content }, author: world.staff, made_ms: now, reason });
  Object.assign(one, { state: 'draft', changed_ms: now, changed_by: world.staff.display });
  one.history.push({ at_ms: now, by: world.staff.display, move, from, to: 'draft', version: number, reason });
}
function makeMove(world, one, rule, reason, now) {
  one.history.push({ at_ms: now, by: world.staff.display, move: rule.move, from: one.state, to: rule.to, version: newest(one).number, reason });
  one.state = rule.to;
  if (rule.to === 'released') one.released = one.approved = newest(one).number;
  if (rule.to === 'suspended' || rule.to === 'retired') one.released = 0;
  Object.assign(one, { changed_ms: now, changed_by: world.staff.display });
}
function differing(a, b) {
  const shown = (value) => (value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value));
  const fields = [];
  const compare = (field, x, y) => JSON.stringify(x) !== JSON.stringify(y) && fields.push({ field, before: shown(x), after: shown(y) });
  for (const field of ['type', 'markup', 'title', 'stem', 'stimulus']) compare(field, a[field], b[field]);
  for (const list of ['options', 'option_notes']) for (let n = 0; n < Math.max(a[list].length, b[list].length); n++) compare(`${list}[${n}]`, a[list][n], b[list][n]);
  for (const field of ['key', 'answers', 'explanation', 'source', 'topic', 'difficulty', 'level', 'tags', 'enemies', 'fixed_order']) compare(field, a[field], b[field]);
  return fields;
}
const changedBy = (content, change) => ({
  ...content, ...('topic' in change ? { topic: change.topic } : {}), ...('difficulty' in change ? { difficulty: change.difficulty } : {}), ...('level' in change ? { level: change.level } : {}),
  tags: [...new Set([...content.tags.filter((one) => !(change.remove_tags ?? []).includes(one)), ...(change.add_tags ?? [])])].sort(),
});
function bulk(world, { filter, ids, change, reason, dry_run }) {
  const chosen = bankOf(world).items.filter((one) => (ids ? ids.includes(one.id) : fits(world, one, filter)));
  const result = { matched: chosen.length, changed: 0, unchanged: 0, refused: 0, refusals: [], dry_run: !!dry_run };
  const refuse = (one, why) => (result.refused++, result.refusals.push({ id: one.id, item_id: one.item_id, why }));
  for (const one of chosen) {
    const rule = kMoves.find((two) => two.move === change.move);
    if (rule) {
      const why = rule.from.includes(one.state) ? whyNot(world, one, rule) : problem('impossible_move', '当前状态下不能这样操作，请刷新后再看。', 'This cannot be done in the item’s present state; please look again.', 'move');
      if (why) refuse(one, why);
      else if (++result.changed && !dry_run) makeMove(world, one, rule, reason, Date.now());
      continue;
    }
    const content = changedBy(newest(one).content, change);
    if (one.state === 'retired') refuse(one, problem('item_retired', '这道题已退役，请先重新启用再修改。', 'This item is retired; please revive it before editing.', 'id'));
    else if (!differing(newest(one).content, content).length) result.unchanged++;
    else if (++result.changed && !dry_run) addVersion(world, one, content, reason, 'bulk', Date.now());
  }
  return result;
}

export const itemRoutes = {
  taxonomy: () => kTree,
  itemTransitions: () => ({ moves: kMoves }),
  searchItems: ({ world, query }) => {
    let found = bankOf(world).items.filter((one) => fits(world, one, query));
    const total = found.length;
    const order = query.sort?.replace('-', '');
    if (order) found = [...found].sort((a, b) => (kOrders[order](rowOf(world, a)) > kOrders[order](rowOf(world, b)) ? 1 : -1) * (query.sort[0] === '-' ? -1 : 1));
    const from = query.after ? found.findIndex((one) => one.id === query.after) + 1 : Number(query.offset || 0);
    const items = found.slice(from, from + Number(query.limit || 50)).map((one) => rowOf(world, one));
    return { items, total, next: !order && from + items.length < total ? items[items.length - 1].id : '', counts: query.counts === '1' ? counted(world, query) : null };
  },
  item: ({ world, id }) => detailOf(world, find(world, id)),
  itemVersion: ({ world, id, query }) => versionOf(world, find(world, id), find(world, id).versions[Number(query.number) - 1] ?? fail(404, 'no_such_version', '这道题没有这个版本。', 'The item has no such version.', 'number')),
  itemDiff: ({ world, id, query }) => {
    const { versions } = find(world, id);
    return { from: Number(query.from), to: Number(query.to), fields: differing(versions[query.from - 1].content, versions[query.to - 1].content) };
  },
  createItem: ({ world, body, now }) => {
    const bank = bankOf(world);
    const own = body.item_id || `q-${++bank.made}`;
    if (bank.items.some((one) => one.bank_id === body.bank_id && one.item_id === own)) fail(409, 'item_id_taken', '这个题号已有人使用，请换一个。', 'This item id is taken; please choose another.', 'item_id');
    const made = { ...item(`new-${bank.items.length}`, own, { ...kBase, ...body.content }, 'draft', 0, now, world.staff), bank_id: body.bank_id };
    made.versions[0].reason = body.reason ?? '';
    made.history[0] = { ...made.history[0], move: 'made' };
    bank.items.unshift(made);
    return detailOf(world, made);
  },
  editItem: ({ world, id, body, now }) => {
    const one = find(world, id);
    if (body.version !== newest(one).number) fail(409, 'version_is_not_newest', '别人刚刚改过，请先查看最新版本再操作。', 'Somebody else was faster; please look at the newest version first.', 'version');
    addVersion(world, one, body.content, body.reason, 'edited', now);
    return detailOf(world, one);
  },
  moveItem: ({ world, id, body, now }) => {
    const one = find(world, id);
    const rule = kMoves.find((two) => two.move === body.move);
    if (body.version !== newest(one).number) fail(409, 'version_is_not_newest', '别人刚刚改过，请先查看最新版本再操作。', 'Somebody else was faster; please look at the newest version first.', 'version');
    if (rule.needs_reason && !body.reason) fail(422, 'reason_needed', '请写明原因，它会记入历史。', 'Please give a reason; it goes into the history.', 'reason');
    const why = whyNot(world, one, rule);
    if (why) fail(409, why.id, why.zh, why.en, why.where);
    makeMove(world, one, rule, body.reason ?? '', now);
    return detailOf(world, one);
  },
  bulkEdit: async ({ world, body }) => {
    const total = bankOf(world).items.filter((one) => (body.ids ? body.ids.includes(one.id) : fits(world, one, body.filter))).length;
    const job = await startJob(world, 'bulk_edit', body.filter?.bank ?? '', w('批量修改', 'Changing together'), total, () => {
      const now = bulk(world, { ...body, dry_run: true }).changed;
      if (body.expected === undefined || body.expected === now) job.result = bulk(world, body);
      else Object.assign(job, { state: 'failed', error: problem('bulk_is_stale', '题目在此期间有变化，没有改动任何内容。请重新预览后再执行。', 'The items have changed in the meantime; nothing was changed. Please look at what would happen again.', 'expected') });
    });
    return jobAnswer(job);
  },
  stimuli: ({ world, query }) => {
    const found = bankOf(world).stimuli.filter((s) => s.bank_id === query.bank && s.id > (query.after ?? '') && s.text.includes(query.q ?? '')).sort((a, b) => (a.id > b.id ? 1 : -1));
    const limit = Number(query.limit || 50);
    return { stimuli: found.slice(0, limit).map((s) => shownStimulus(world, s)), next: found.length > limit ? found[limit - 1].id : '' };
  },
  saveStimulus: ({ world, body }) => {
    const bank = bankOf(world);
    const id = body.id || `case-new-${++bank.made}`;
    const known = bank.stimuli.find((s) => s.id === id && s.bank_id === body.bank_id);
    if ((known?.version ?? 0) !== body.version) fail(409, 'version_is_not_newest', '别人刚刚改过，请先查看最新版本再操作。', 'Somebody else was faster; please look at the newest version first.', 'version');
    const next = { bank_id: body.bank_id, id, version: body.version + 1, markup: body.markup, text: body.text };
    if (known) Object.assign(known, next);
    else bank.stimuli.push(next);
    return shownStimulus(world, next);
  },
  addMedia: ({ world, bytes }) => {
    if (!bytes.subarray(0, 4).equals(Buffer.from('89504e47', 'hex'))) fail(422, 'media_not_a_picture', '只接受 PNG、JPEG、GIF、WebP 图片。', 'Only PNG, JPEG, GIF and WebP pictures are accepted.', 'body');
    const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.png`;
    bankOf(world).media.set(name, { bytes, type: 'image/png' });
    return { name, bytes: bytes.length };
  },
  bankMedia: ({ world, id }) => {
    const found = bankOf(world).media.get(id) ?? fail(404, 'no_such_media', '没有这张图片。', 'There is no such picture.', 'id');
    return { picture: found.bytes, type: found.type };
  },
};

/** Another person saves a version, as happens while one writes. */
export function editElsewhere(world, id, change) {
  const one = find(world, id);
  const me = world.staff;
  world.staff = kOther;
  addVersion(world, one, { ...newest(one).content, ...change }, '同时修改', 'edited', Date.now());
  world.staff = me;
}
