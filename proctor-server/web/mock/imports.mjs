// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// Imports and jobs: a made-up spreadsheet that needs its columns named, reads in a few steps and is taken in.
import { fail } from './server.mjs';

const kStepMs = 120;
const w = (zh, en) => ({ zh, en });
const rest = () => new Promise((resolve) => setTimeout(resolve, kStepMs));
const kSheet = '低压电工作业';
const kRoles = ['ignore', 'type', 'stem', 'options', 'option_1', 'option_2', 'option_3', 'option_4', 'key', 'explanation', 'topic', 'difficulty', 'source'];

const kFound = {
  refused: ['key_outside', 8, 'E', w('答案 E 不在选项 A–D 之内', 'the key E is none of the options A–D')],
  repaired: ['key_full_width', 8, 'ＡＣ', w('答案是全角字母，已改为 AC', 'the key was in full-width letters; read as AC')],
  look_alikes: ['look_alike', 3, '', w('与第 12 行题干相同，选项不同，请核对', 'same stem as row 12, other options: please check')],
  duplicates: ['duplicate_in_bank', 0, '1. 停电检修时，验电器在使用前应先在确知有电的设备上试验。', w('与题库里的题 q-12 完全相同，不再导入', "the same as the bank's item q-12; it is not taken in again"), 'q-12', 'it-12'],
};
const kContents = [
  { type: 'true_false', stem: '停电检修时，验电器在使用前应先在确知有电的设备上试验。', options: ['正确', '错误'], key: [0] },
  { type: 'single_choice', stem: '在潮湿的金属容器内使用手持照明灯具，其电压不得超过（  ）。', options: ['12 V', '24 V', '36 V', '220 V'], key: [0], topic: 'shock' },
  { type: 'multiple_choice', stem: '下列属于直接接触电击防护措施的有（  ）。', options: ['绝缘', '屏护', '间距', '保护接地'], key: [0, 1, 2] },
];

const kRcd = '漏电保护器的动作电流一般不大于（  ）。';
const kLong = `依据用电安全规程，${'某车间配电柜检修前已停电、验电并挂接地线，'.repeat(14)}下一步应当（  ）。`;
/** What could be read of the rows that are refused, by their numbers; of the others nothing could. */
const kReadOf = {
  3: { stem: kRcd, options: ['10 mA', '30 mA', '50 mA', '100 mA'], written: { type: '单选', options: '10 mA\n30 mA\n50 mA\n100 mA', key: 'E' } },
  40: { stem: kLong, options: ['装设遮栏', '悬挂标示牌', '通知监护人', '开始检修'], written: { type: '单选题', options: 'A、装设遮栏B、悬挂标示牌C、通知监护人D、开始检修', key: '' } },
};

function row(draft, n, kind) {
  const [code, column, text, what, bank_item, bank_item_at] = kFound[kind] ?? [];
  const place = { file: draft.file_name, sheet: kSheet, row: n + 2, column: column ?? 0 };
  const refused = kind === 'refused';
  const taken = !refused && kind !== 'duplicates';
  const read = refused ? kReadOf[n] : undefined;
  const content = taken ? { ...kContents[n % 3], stem: `${n + 1}. ${kContents[n % 3].stem}` } : read ? { type: 'single_choice', stem: read.stem, options: read.options, key: [] } : null;
  return {
    id: `${draft.id}.${n + 1}`, kind: refused ? 'refused' : kind === 'duplicates' ? 'duplicate' : 'item', place: { ...place, column: 0 }, item_id: taken ? `q-${n + 1}` : (bank_item ?? ''), content,
    findings: code ? [{ place, code, text: refused ? (read?.stem ?? `单选|${kRcd}|10 mA|30 mA|50 mA|100 mA|E`) : text, what, ...(bank_item && { bank_item, bank_item_at }), ...(read && { written: read.written }) }] : [],
    fate: taken ? (n % 5 === 4 ? 'changed' : 'new') : 'none', left_out: false, fixed: false, seen: '1', tag: kind,
  };
}

function readRows(draft) {
  const kinds = { 3: 'refused', 17: 'refused', 40: 'refused', 6: 'repaired', 21: 'repaired', 14: 'look_alikes', 30: 'duplicates' };
  return Array.from({ length: 64 }, (_, n) => row(draft, n, kinds[n] ?? ''));
}

const inKind = {
  all: (r) => r.kind !== 'missing', imported: (r) => r.kind === 'item', repaired: (r) => r.kind === 'item' && r.tag === 'repaired',
  duplicates: (r) => r.kind === 'duplicate', look_alikes: (r) => r.kind === 'item' && r.tag === 'look_alikes', refused: (r) => r.kind === 'refused',
  notes: (r) => r.kind === 'note', new: (r) => r.kind === 'item' && !r.left_out && r.fate === 'new', changed: (r) => r.kind === 'item' && !r.left_out && r.fate === 'changed',
  unchanged: (r) => r.kind === 'item' && !r.left_out && r.fate === 'unchanged', missing: (r) => r.kind === 'missing', left_out: (r) => r.left_out,
  fixed: (r) => r.fixed, not_ready: () => false,
};
function count(draft) {
  const of = (kind) => draft.rows.filter(inKind[kind]).length;
  const names = ['imported', 'repaired', 'duplicates', 'look_alikes', 'refused', 'notes', 'new', 'changed', 'unchanged', 'missing', 'left_out'];
  draft.counts = { rows: of('imported') + of('duplicates') + of('refused'), ...Object.fromEntries(names.map((name) => [name, of(name)])) };
}

const kGuess = {
  mapping: { sheets: [{ name: kSheet, use: true, header_row: 1, columns: ['ignore', 'type', 'stem', 'option_1', 'option_2', 'option_3', 'option_4', 'key'] }, { name: '统计', use: false, header_row: 0, columns: [] }] },
  sheets: [
    { name: kSheet, rows: 65, columns: 9, first_rows: [['序号', '题型', '题目', 'A', 'B', 'C', 'D', '正确答案', '备注'], ['1', '单选', '在潮湿的金属容器内使用手持照明灯具，其电压不得超过（  ）。', '12 V', '24 V', '36 V', '220 V', 'A', ''], ['2', '判断', '停电检修时应先验电。', '', '', '', '', '√', '']] },
    { name: '统计', rows: 3, columns: 2, first_rows: [['题型', '数量'], ['单选', '40']] },
  ],
  roles: kRoles,
};

function newDraft(stock, now, account, body) {
  const draft = {
    id: `imp-${stock.imports.length + 1}`, bank_id: body.bank_id, bank_exists: false, file_name: body.file_name, format: body.format ?? '', state: 'waiting_for_file',
    made_ms: now, made_by: account.display, by: account.name, counts: null, guess: null, job_id: '', seen: 1, error: null, rows: [],
  };
  stock.imports.unshift(draft);
  return draft;
}

/** The imports and jobs of this world; the first two drafts are another person's. */
export function stockOf(world, now = Date.now()) {
  if (world.stock) return world.stock;
  const stock = (world.stock = { imports: [], jobs: [] });
  const other = { name: 'other', display: '题库编辑 吴敏' };
  for (const [name, state] of [['主要负责人 2026.json', 'awaiting_second'], ['old.csv', 'accepted']]) {
    const draft = Object.assign(newDraft(stock, now - 86_400_000, other, { bank_id: 'principal-2026', file_name: name, format: 'csv' }), { state });
    draft.rows = readRows(draft);
    count(draft);
  }
  return stock;
}

const bare = (world, { rows, by, ...draft }) => ({ ...draft, seen: String(draft.seen), mine: by === world.staff.name, mended_by_me: rows.some((r) => r.fixed_by === world.staff.name) });
const jobOf = ({ after, ...job }) => ({ ...job, seen: String(job.seen) });
const find = (rows, id) => rows.find((one) => one.id === id) ?? fail(404, 'not_found', '没有找到', 'Not found', 'id');

/** A job that goes from 0 to `total` in a few steps and then does `after`. */
export async function startJob(world, kind, subject, what, total, after) {
  const stock = stockOf(world);
  const job = { id: `job-${stock.jobs.length + 1}`, kind, subject, state: 'running', done: 0, total, what, made_ms: Date.now(), made_by: world.staff.display, seen: 1, result: null, error: null, after };
  stock.jobs.unshift(job);
  void (async () => {
    for (let step = 1; step <= 4 && job.state === 'running'; step++) {
      await rest();
      while (world.holdJobs && job.state === 'running') await new Promise((resolve) => setTimeout(resolve, 20));
      job.done = Math.round((total * step) / 4);
      job.seen += 1;
    }
    if (job.state === 'running') {
      job.state = 'done';
      after?.();
    }
    job.seen += 1;
  })();
  return job;
}
export const jobAnswer = jobOf;

async function waited(one, query) {
  const until = Date.now() + Math.min(Number(query.wait_ms || 0), 1500);
  while (query.seen === String(one.seen) && Date.now() < until) await new Promise((r) => setTimeout(r, 30));
  return one;
}

async function read(world, draft) {
  draft.state = 'reading';
  draft.seen += 1;
  const job = await startJob(world, 'import_read', draft.id, w('读取文件', 'Reading the file'), 64, () => {
    Object.assign(draft, { state: 'ready', format: 'xlsx', guess: kGuess, rows: readRows(draft) });
    count(draft);
    draft.seen += 1;
  });
  draft.job_id = job.id;
  return bare(world, draft);
}

async function takeIn(world, draft) {
  draft.state = 'accepting';
  draft.seen += 1;
  draft.job_id = (await startJob(world, 'import_accept', draft.id, w('写入题库', 'Taking into the bank'), 60, () => {
    draft.state = 'accepted';
    draft.seen += 1;
  })).id;
  return bare(world, draft);
}

const findings = (draft, kind) => draft.rows.filter(inKind[kind]).flatMap((r) => r.findings);
export const importRoutes = {
  imports: ({ world }) => ({ imports: stockOf(world).imports.map((draft) => bare(world, { ...draft, guess: null })) }),
  newImport: ({ world, body, now }) => {
    if (body.bank_id === 'taken') fail(409, 'bank_id_taken', '这个编号已有人用', 'This id is taken', 'bank_id');
    return bare(world, newDraft(stockOf(world), now, world.staff, body));
  },
  importDraft: async ({ world, id, query }) => bare(world, await waited(find(stockOf(world).imports, id), query)),
  importFile: ({ world, id, bytes }) => {
    if (!bytes.length) fail(422, 'no_items', '这个文件是空的', 'The file is empty', 'body');
    return read(world, find(stockOf(world).imports, id));
  },
  readImport: ({ world, id }) => read(world, find(stockOf(world).imports, id)),
  importRows: ({ world, id, query }) => {
    const all = find(stockOf(world).imports, id).rows.filter((r) => inKind[query.kind](r) && JSON.stringify(r).includes(query.q ?? ''));
    const from = Number(query.after || 0);
    const to = from + Number(query.limit || 50);
    return { rows: all.slice(from, to).map(({ tag, fixed_by, ...r }) => r), total: all.length, next: to < all.length ? String(to) : '' };
  },
  fixImportRow: ({ world, id, body }) => {
    const draft = find(stockOf(world).imports, id.slice(0, id.lastIndexOf('.')));
    const found = find(draft.rows, id);
    const typed = body.content?.type === 'numeric' || body.content?.type === 'short_text'; // answers in place of a key
    if (typed && !body.content.answers?.every((one) => (one.match === 'range') === (body.content.type === 'numeric'))) fail(422, 'answer_unusable', '这个答案没法用来评分：区间要写成两个数，小的在前；正则表达式要合乎写法。', 'A response cannot be held against this answer: a range is two numbers, the smaller first; a pattern must be a valid regular expression.', 'answers');
    if (body.content && !typed && !body.content.key?.length) fail(422, 'key_missing', '没有标出答案，请勾选正确的选项', 'No option is marked as right; tick the right one', 'key');
    if (body.seen !== found.seen) fail(409, 'import_row_changed', '别人刚刚改过这一行，请关上后重新打开，再改一次。', 'Somebody else has just changed this row; please close it, open it again and repeat your change.', 'seen');
    const alike = body.content && draft.rows.find((r) => r !== found && r.kind === 'item' && r.content.stem === body.content.stem);
    if (body.content) found.findings = found.findings.filter((one) => one.code !== 'same_stem');
    if (alike) found.findings = [...found.findings, { place: found.place, code: 'same_stem', text: body.content.stem, what: w(`与${kSheet} 第 ${alike.place.row} 行题干相同，选项不同`, `the same stem as ${kSheet} row ${alike.place.row} with other options`) }];
    Object.assign(found, { left_out: body.left_out, seen: String(Number(found.seen) + 1) }, body.content ? { content: body.content, kind: 'item', fate: 'new', fixed: true, fixed_by: world.staff.name } : {});
    count(draft);
    draft.seen += 1;
    const { tag, fixed_by, ...answer } = found;
    return answer;
  },
  importReport: ({ world, id }) => {
    const draft = find(stockOf(world).imports, id);
    const { rows, imported, repaired, duplicates } = draft.counts;
    const file = { file: draft.file_name, rows, imported, repaired, duplicates, refused: findings(draft, 'refused'), duplicate_rows: findings(draft, 'duplicates'), look_alikes: findings(draft, 'look_alikes'), repairs: findings(draft, 'repaired'), notes: [] };
    return { bank_id: draft.bank_id, counts: draft.counts, files: [file] };
  },
  importReportSheet: () => ({ picture: Buffer.from('PK'), type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' }),
  acceptImport: ({ world, id, body }) => {
    const draft = find(stockOf(world).imports, id);
    if (body.seen !== undefined && body.seen !== String(draft.seen)) fail(409, 'import_has_changed', '别人刚刚改过这份导入，什么都没有导入。请看过现在的内容后再接受。', 'Somebody else has just changed this import; nothing was taken in. Please look at it as it is now before accepting it.', 'seen');
    if (body.state !== 'released') return takeIn(world, draft);
    draft.state = 'awaiting_second';
    draft.seen += 1;
    return bare(world, draft);
  },
  confirmImport: ({ world, id }) => takeIn(world, find(stockOf(world).imports, id)),
  discardImport: ({ world, id }) => {
    const draft = find(stockOf(world).imports, id);
    Object.assign(draft, { state: 'discarded', rows: [], counts: null, seen: draft.seen + 1 });
    return bare(world, draft);
  },
  jobs: ({ world }) => ({ jobs: stockOf(world).jobs.map(jobOf) }),
  job: async ({ world, id, query }) => jobOf(await waited(find(stockOf(world).jobs, id), query)),
  cancelJob: ({ world, id }) => {
    const job = find(stockOf(world).jobs, id);
    if (job.state === 'running') Object.assign(job, { state: 'cancelled', seen: job.seen + 1 });
    return jobOf(job);
  },
};
