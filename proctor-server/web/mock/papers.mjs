// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// Blueprints and their pre-flight over a made-up stock of items: counts are compared, nothing is assembled.
import { readFileSync, readdirSync } from 'node:fs';
import { batchesOf, sealNow } from './batches.mjs';
import { fail } from './server.mjs';

const kFolder = new URL('../../../question-bank/blueprints/', import.meta.url);
const kDay = 86_400_000;
const kTopics = [
  ['law', '安全生产法律法规', 'Work-safety law'], ['shock', '触电事故与急救', 'Electric shock and first aid'], ['protection', '防触电技术', 'Protection against shock'],
  ['fire_lightning', '防火防爆、防雷与防静电', 'Fire, lightning and static'], ['apparatus', '低压电器与电动机', 'Low-voltage apparatus and motors'], ['lines', '电气线路与照明', 'Wiring and lighting'],
  ['tools', '工具、安全用具与仪表', 'Tools, safety gear and meters'], ['duties', '职责与管理制度', 'Duties and management system'], ['risk', '风险管控与隐患治理', 'Risk control and hazards'],
  ['operations', '作业与设备安全', 'Safe operations and equipment'], ['occupational', '职业健康与劳动防护', 'Occupational health'], ['emergency', '应急管理', 'Emergency management'], ['accident', '事故报告与调查处理', 'Accidents: report and inquiry'],
].map(([id, zh, en]) => ({ id, title: { zh, en } }));
/** Items in use by type and topic; short_text and numeric have none. */
const kStock = { true_false: 26, single_choice: 13, multiple_choice: 9 };
const kBank = 'sample-low-voltage';

/** One row per item of the stock, made up the same each time. */
const kItems = Object.entries(kStock).flatMap(([type, count], t) =>
  kTopics.flatMap((topic, at) => Array.from({ length: count }, (_, n) => ({
    id: `it-${t}-${at}-${n}`, bank_id: kBank, item_id: `${topic.id.slice(0, 3)}-${type.slice(0, 1)}${String(n + 1).padStart(3, '0')}`, state: 'released', version: 1, released_version: 1, in_use: true, type, topic: topic.id,
    difficulty: 1 + (n % 5), level: n % 3 ? 'national' : 'provincial', tags: n % 7 ? [] : ['new-rules'], title: '', stem: `关于${topic.title.zh}的第 ${n + 1} 题（示例）`, flags: [], changed_ms: 1_790_000_000_000, changed_by: 'import', mine: false,
  }))),
);
const refOf = (item) => `${item.bank_id}/${item.item_id}`;

function stockOf(world) {
  if (world.papers) return world.papers;
  const stock = (world.papers = { blueprints: [] });
  for (const file of readdirSync(kFolder).sort().reverse()) {
    const content = readFileSync(new URL(file, kFolder), 'utf8');
    const blueprint = JSON.parse(content);
    const version = { number: 1, author: 'server', made_ms: 1_790_000_000_000, reason: '第一版', state: 'in_use', released_by: '管理员', released_ms: 1_790_000_000_000 + kDay };
    stock.blueprints.push({ id: blueprint.id, versions: [version], contents: { 1: content }, settings: { papers_per_batch: 200, seal_when_left: 60, embargo_days: 90 }, seen: 1 });
  }
  const manager = stock.blueprints.find((one) => one.id === 'manager');
  manager.versions.unshift({ number: 2, author: world.accounts.find((one) => one.role === 'editor').display, made_ms: 1_794_000_000_000, reason: '多选题改为 25 道，判断题改为 35 道', state: 'waiting', released_by: '', released_ms: null });
  manager.contents[2] = manager.contents[1].replace('"count": 40', '"count": 35').replace('"minutes": 120', '"minutes": 110');
  return stock;
}

const find = (world, id) => stockOf(world).blueprints.find((one) => one.id === id) ?? fail(404, 'no_such_blueprint', '没有这个组卷方案', 'No such blueprint', 'id');
const usedVersion = (one) => one.versions.find((version) => version.state === 'in_use')?.number ?? 0;

function rowOf(world, one) {
  const blueprint = JSON.parse(one.contents[one.versions[0].number]);
  const batches = batchesOf(world).filter((batch) => batch.blueprint_id === one.id);
  const free = batches.filter((batch) => batch.unused > 0 && (batch.state === 'sealed' || batch.state === 'in_use'));
  return {
    id: one.id, title: { zh: blueprint.title.zh, en: blueprint.title.en ?? blueprint.title.zh }, role: blueprint.role, category: blueprint.category ?? '', items: blueprint.parts.reduce((sum, part) => sum + part.count, 0),
    minutes: blueprint.minutes, points_max: blueprint.parts.reduce((sum, part) => sum + part.count * part.points_each, 0), pass_points: blueprint.pass_points, version: one.versions[0].number, used_version: usedVersion(one),
    papers: { unused: free.reduce((sum, batch) => sum + batch.unused, 0), sealing: batches.some((batch) => batch.state === 'sealing'), problem: batches[0]?.state === 'failed' ? batches[0].problem : null },
  };
}
const detailOf = (world, one) => ({
  row: rowOf(world, one), content: one.contents[one.versions[0].number], settings: one.settings, versions: one.versions,
  may_release: one.versions[0].state === 'waiting' && one.versions[0].author !== world.staff.display, seen: String(one.seen),
});

function addVersion(world, one, body, now) {
  const number = (one.versions[0]?.number ?? 0) + 1;
  one.versions.unshift({ number, author: world.staff.display, made_ms: now, reason: body.reason, state: 'waiting', released_by: '', released_ms: null });
  one.contents[number] = body.content;
  one.seen += 1;
  return detailOf(world, one);
}

const among = (list, value) => !list || list.includes(value);
const fits = (counts) => (item) =>
  among(counts.types, item.type) && among(counts.topics, item.topic) && among(counts.levels, item.level) && (!counts.tags || counts.tags.some((tag) => item.tags.includes(tag))) &&
  (!counts.items || counts.items.includes(refOf(item))) && (!counts.difficulty || (item.difficulty >= counts.difficulty.low && item.difficulty <= counts.difficulty.high));

/** The rules that the blueprint states, each with the items that it counts. */
function rulesOf(blueprint, pool) {
  const rules = [];
  const add = (where, low, high, holds) => {
    const items = pool.filter(holds);
    rules.push({ where, low, high, stock: items.length, items });
  };
  blueprint.parts.forEach((part, p) => add(`parts[${p}].count`, part.count, part.count, (item) => item.type === part.type));
  (blueprint.topics ?? []).forEach((topic, n) => blueprint.parts.forEach((part) => add(`topics[${n}].counts.${part.type}`, topic.counts[part.type] ?? 0, topic.counts[part.type] ?? 0, (item) => item.type === part.type && item.topic === topic.id)));
  (blueprint.rules ?? []).forEach((rule, n) => add(`rules[${n}]`, rule.low, rule.high, fits(rule.counts)));
  (blueprint.required ?? []).forEach((id, n) => rules.push({ where: `required[${n}]`, low: 1, high: 1, stock: 1, items: pool.filter((item) => refOf(item) === id) }));
  return rules;
}

function findingsOf(rules) {
  const finding = (rule, kind, severity, by, items) => ({ kind, severity, rule: rule.where, where: rule.where, title: { zh: rule.where, en: rule.where }, low: rule.low, high: rule.high, stock: rule.stock, by, items, what: { zh: rule.where, en: rule.where } });
  const short = rules.filter((rule) => rule.low > rule.stock).map((rule) => finding(rule, 'short', 'error', rule.low - rule.stock, []));
  if (short.length) return short;
  return rules.filter((rule) => rule.low > 0 && rule.low === rule.stock).map((rule) => finding(rule, 'forced', 'warning', 0, rule.items.slice(0, 50).map(refOf)));
}

/** Two made-up pairs that never stand together. */
const kEnemies = [[kItems[0], kItems[3]], [kItems[4], kItems[9]]];
const enemiesIn = (list) => kEnemies.filter((pair) => pair.some((item) => list.includes(item))).map(([one, other]) => `enemies ${refOf(one)} | ${refOf(other)}`);

/** As assembly names rules. */
function nameOf(blueprint, where) {
  const [, list, at, type] = /^(\w+)\[(\d+)\](?:\.counts?\.?(\w*))?$/.exec(where);
  const part = blueprint.parts.findIndex((one) => one.type === (list === 'parts' ? blueprint.parts[at].type : type));
  if (list === 'parts') return `part ${part + 1} (${blueprint.parts[part].type})`;
  if (list === 'rules' && blueprint.rules[at].title) return blueprint.rules[at].title.zh;
  return list === 'topics' ? `part ${part + 1} (${type}), topic ${blueprint.topics[at].id}` : where;
}

function preflightOf(blueprint, papers) {
  const pool = kItems.filter((item) => blueprint.parts.some((part) => part.type === item.type) && among(blueprint.topics?.map((topic) => topic.id), item.topic));
  const rules = rulesOf(blueprint, pool);
  const findings = findingsOf(rules);
  const feasible = !findings.some((one) => one.severity === 'error');
  const cells = new Map();
  for (const item of pool) {
    const of = rules.flatMap((rule, at) => (rule.items.includes(item) ? [at] : []));
    const cell = cells.get(of.join()) ?? { rules: of, part: blueprint.parts.findIndex((part) => part.type === item.type), list: [] };
    cell.list.push(item);
    cells.set(of.join(), cell);
  }
  const shareOf = (cell) => Math.min(1, Math.max(0, ...cell.rules.map((at) => rules[at]).filter((rule) => /^topics|^required/.test(rule.where) || !blueprint.topics).map((rule) => rule.low / Math.max(1, rule.stock))));
  const made = [...cells.values()].map((cell) => ({ ...cell, exposure: shareOf(cell) }));
  const length = blueprint.parts.reduce((sum, part) => sum + part.count, 0);
  const items = made.flatMap((cell, at) => cell.list.map((item) => ({ item: item.id, item_id: refOf(item), exposure: cell.exposure, cell: at }))).sort((a, b) => b.exposure - a.exposure);
  const endless = items.reduce((sum, one) => sum + one.exposure ** 2, 0) / length;
  return {
    feasible, pool: pool.length, findings, 
    exposure_bound: feasible ? (items[0]?.exposure ?? 0) : null, overlap_bound: feasible ? Math.max(0, (papers * endless - 1) / Math.max(1, papers - 1)) : null, overlap_bound_endless: feasible ? endless : null, exposure_rules: feasible ? ['length', 'part 2 (single_choice), topic shock'] : [], papers,
    cells: made.map(({ list, rules: of, ...cell }) => ({ ...cell, name: [...of.map((at) => nameOf(blueprint, rules[at].where)), ...enemiesIn(list)].join(' + '), items: list.length, places: cell.exposure * list.length })), items: items.slice(0, 2000), items_total: items.length,
  };
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export const paperRoutes = {
  blueprints: ({ world }) => ({ blueprints: stockOf(world).blueprints.map((one) => rowOf(world, one)) }),
  createBlueprint: ({ world, body, now }) => {
    const { id } = JSON.parse(body.content);
    if (stockOf(world).blueprints.some((one) => one.id === id)) fail(409, 'blueprint_exists', '这个编号已有组卷方案，请换一个编号。', 'A blueprint has this id already; choose another.', 'id');
    const one = { id, versions: [], contents: {}, settings: { papers_per_batch: 200, seal_when_left: 60, embargo_days: 90 }, seen: 0 };
    stockOf(world).blueprints.push(one);
    return addVersion(world, one, body, now);
  },
  blueprint: ({ world, id }) => detailOf(world, find(world, id)),
  saveBlueprint: ({ world, id, body, now }) => {
    const one = find(world, id);
    if (body.version !== one.versions[0].number) fail(409, 'version_is_not_newest', '别人刚保存了更新的一版，请先看过再保存。', 'Somebody has just saved a newer version; look at it first.', 'version');
    if (one.versions[0].state === 'waiting') one.versions[0].state = 'replaced';
    return addVersion(world, one, body, now);
  },
  blueprintVersion: ({ world, id, query }) => {
    const one = find(world, id);
    return { head: one.versions.find((version) => String(version.number) === query.number), content: one.contents[query.number] };
  },
  releaseBlueprint: ({ world, id, now }) => {
    const one = find(world, id);
    const old = one.versions.find((version) => version.state === 'in_use');
    if (old) old.state = 'replaced';
    Object.assign(one.versions[0], { state: 'in_use', released_by: world.staff.display, released_ms: now });
    void sealNow(world, rowOf(world, one), one.settings.papers_per_batch, '启用新版', 'server');
    return detailOf(world, one);
  },
  setPapers: ({ world, id, body }) => detailOf(world, Object.assign(find(world, id), { settings: body })),
  preflight: async ({ world, body }) => {
    world.preflights = (world.preflights ?? 0) + 1;
    await wait(world.preflightMs ?? 0);
    return preflightOf(JSON.parse(body.content), body.papers);
  },
  sealBatch: async ({ world, body }) => {
    const one = find(world, body.blueprint_id);
    return sealNow(world, rowOf(world, one), body.papers || one.settings.papers_per_batch, body.reason, world.staff.display);
  },
};
