// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// The board and the hall record, from memory.
import { kTitles } from './data.mjs';
import { fail } from './server.mjs';

const kNames = ['王*', '李**', '张*', '', '陈**', '赵*', '王*', '', '周**', '吴*', '', '孙**'];
const kNone = { zh: '', en: '' };

/** Twelve seats: sitting, waiting, an open incident, one paused, free ones, one offline. */
export function hallOf(now) {
  const incident = (id, kind, measure, began, ended) => ({
    id, kind, began_ms: now - began * 1000, ended_ms: ended === null ? null : now - ended * 1000, measure, score: 0.21, engine: 'yunet 2022mar, mobilefacenet',
    evidence: [{ id: `${id}-1`, at_ms: now - began * 1000 }, { id: `${id}-2`, at_ms: now - began * 1000 + 4000 }], decision: '', note: '', decided_by: '', decided_ms: null,
  });
  const records = {};
  const seats = kNames.map((name, n) => {
    const label = n < 8 ? `A0${n + 1}` : `B0${n - 7}`;
    const seat = {
      seat_id: `seat-${label}`, room: '1 号厅', seat_label: label, kiosk_state: n === 10 ? 'offline' : 'online', state: 'free', name_masked: '', title: kNone, answered: 0, items: 0,
      deadline_ms: null, sitting_id: '', admission_id: '', incident: null, open_incidents: 0, next_start_ms: n === 7 ? now + 3_600_000 : null,
    };
    if (!name) return seat;
    const title = kTitles[['special-operations-low-voltage', 'principal', 'manager'][n % 3]];
    Object.assign(seat, { name_masked: name, title, admission_id: `adm-${n}` });
    if (n === 2) return Object.assign(seat, { state: 'waiting' });
    const incidents = n === 5 ? [incident('inc-1', 'absent', 'notice', 95, 80), incident('inc-2', 'second_person', 'warning', 12, null)] : n === 9 ? [incident('inc-3', 'other_person', 'pause', 48, null)] : [];
    Object.assign(seat, {
      state: n === 9 ? 'paused' : 'sitting', sitting_id: `sit-${n}`, answered: [62, 18, 0, 0, 91, 44, 38, 0, 7, 55, 0, 73][n], items: 100, deadline_ms: now + (30 + n) * 60_000,
    });
    records[seat.sitting_id] = {
      sitting_id: seat.sitting_id, name: name.replace(/\*/g, '小明'), id_masked: '420***********41', title, site_name: { zh: '1 号智慧考场', en: 'Exam hall 1' }, time_zone: 'Asia/Shanghai',
      room: seat.room, seat_label: label, state: n === 9 ? 'paused' : 'running', started_ms: now - 50 * 60_000, deadline_ms: seat.deadline_ms, finished_ms: null,
      paused_since_ms: n === 9 ? now - 40_000 : null, why: n === 9 ? 'other_person' : '', given_back_ms: n === 5 ? 300_000 : 0, admitted_by: 'face', consent: 'given', similarity: 0.62,
      entries: [
        { at_ms: now - 52 * 60_000, actor: '', what: 'admitted_by_face', detail: '' },
        { at_ms: now - 50 * 60_000, actor: '', what: 'sitting_started', detail: '' },
        ...incidents.flatMap((one) => [{ at_ms: one.began_ms, actor: '0123456789abcdef', what: 'incident', detail: one.kind }, { at_ms: one.began_ms + 3000, actor: 'policy', what: one.measure, detail: one.kind }]),
      ],
      incidents,
    };
    refreshSeat(seat, records[seat.sitting_id]);
    return seat;
  });
  return { seats, records, version: 1 };
}

function refreshSeat(seat, record) {
  const open = record.incidents.filter((one) => !one.decision && one.measure !== 'nothing');
  Object.assign(seat, { incident: open.at(-1) ?? null, open_incidents: open.length, deadline_ms: record.deadline_ms });
  if (record.state !== 'finished') seat.state = record.state === 'paused' ? 'paused' : 'sitting';
  else Object.assign(seat, { state: 'free', sitting_id: '', admission_id: '', name_masked: '', title: kNone, answered: 0, items: 0, deadline_ms: null, incident: null, open_incidents: 0 });
}

/** Of a sitting that is on no seat any more: what recordings.mjs lists. */
function recordOfFilm(world, id) {
  const film = world.filmed.find((one) => one.sitting_id === id);
  if (!film) return undefined;
  const { title, site_name, time_zone, room, seat_label, started_ms, finished_ms } = film;
  return (world.hall.records[id] = {
    sitting_id: id, name: film.name_masked.replace(/\*/g, '小明'), id_masked: '420***********41', title, site_name, time_zone, room, seat_label, state: 'finished', started_ms,
    deadline_ms: finished_ms, finished_ms, paused_since_ms: null, why: '', given_back_ms: 0, admitted_by: 'face', consent: 'given', similarity: 0.66,
    entries: [{ at_ms: started_ms, actor: '', what: 'sitting_started', detail: '' }, { at_ms: finished_ms, actor: '', what: 'submitted_by_candidate', detail: '88 / 100' }],
    incidents: film.incidents.map((one) => ({
      ...one, score: 0.2, engine: 'yunet 2022mar', evidence: [{ id: `${one.id}-1`, at_ms: one.began_ms }], note: '', decided_by: one.decision && '远程监考员 周敏', decided_ms: one.decision ? one.ended_ms + 60_000 : null,
    })),
  });
}

const recordOf = (world, id) => world.hall.records[id] ?? recordOfFilm(world, id) ?? fail(404, 'no_such_sitting', '没有这场考试。', 'There is no such sitting.', 'id');

function changed(world, record, now, what, detail, more = {}) {
  Object.assign(record, more);
  record.entries.push({ at_ms: now, actor: '远程监考员 周敏', what, detail });
  const seat = world.hall.seats.find((one) => one.sitting_id === record.sitting_id);
  if (seat) refreshSeat(seat, record);
  world.hall.version++;
  return record;
}
const needReason = (body, where) => body[where].trim() || fail(422, 'measure_reason_missing', '请写明原因，它会进入考场记录。', 'Please give a reason; it goes into the hall record.', where);

export const hallRoutes = {
  hallBoard: async ({ world, query, now }) => {
    const until = Date.now() + Math.min(Number(query.wait_ms || 0), 1500);
    while (query.version === String(world.hall.version) && Date.now() < until) await new Promise((r) => setTimeout(r, 50));
    const sites = world.sites.slice(0, 2).map(({ id, name }) => ({ id, name }));
    const site_id = query.site || sites[0].id;
    return { sites, site_id, time_zone: 'Asia/Shanghai', seats: site_id === sites[0].id ? world.hall.seats : [], version: String(world.hall.version), now_ms: now };
  },
  hallRecord: ({ world, id }) => recordOf(world, id),
  hallMessage: ({ world, id, body, now }) => changed(world, recordOf(world, id), now, `said_${body.kind}`, body.text.zh),
  hallPause: ({ world, id, body, now }) => {
    const record = changed(world, recordOf(world, id), now, 'paused', needReason(body, 'reason'), { state: 'paused', paused_since_ms: now, why: body.reason });
    return body.message ? changed(world, record, now, 'said_notice', body.message.zh) : record;
  },
  hallWithdraw: ({ world, id, now }) => changed(world, recordOf(world, id), now, 'consent_withdrawn', 'reviewer', { consent: 'declined' }),
  hallResume: ({ world, id, now }) => {
    const record = recordOf(world, id);
    if (world.hall.seats.some((one) => one.sitting_id === id && one.kiosk_state === 'offline')) return changed(world, record, now, 'resume_ordered', '');
    return changed(world, record, now, 'resumed', '1 / 1 min', { state: 'running', paused_since_ms: null, why: '', given_back_ms: 60_000 });
  },
  hallExtend: ({ world, id, body, now }) => {
    needReason(body, 'reason');
    if (body.minutes > 60) fail(409, 'seat_not_free_so_long', '这个座位后面已有预约，不能延长这么久；请减少分钟数。', 'The seat is booked afterwards; please give fewer minutes.', 'minutes');
    const record = recordOf(world, id);
    return changed(world, record, now, 'extended', `${body.minutes} min: ${body.reason}`, { deadline_ms: record.deadline_ms + body.minutes * 60_000 });
  },
  hallEnd: ({ world, id, body, now }) => changed(world, recordOf(world, id), now, 'ended', needReason(body, 'reason'), { state: 'finished', finished_ms: now, paused_since_ms: null, why: '' }),
  decideIncident: ({ world, id, body, now }) => {
    const record = Object.values(world.hall.records).find((one) => one.incidents.some((incident) => incident.id === id));
    if (body.decision === 'confirmed') needReason(body, 'note');
    const incident = record.incidents.find((one) => one.id === id);
    const { instead_of, ...said } = body;
    if (instead_of !== undefined && instead_of !== incident.decision) fail(409, 'incident_decided', '别人刚刚处理过，请重新查看。', 'Somebody else has just decided this; please look again.', 'instead_of');
    Object.assign(incident, { ...said, decided_by: '远程监考员 周敏', decided_ms: now });
    for (const one of world.filmed.flatMap((film) => film.incidents)) if (one.id === id) one.decision = body.decision;
    return changed(world, record, now, `incident_${body.decision}`, body.note ? `${incident.kind}: ${body.note}` : incident.kind);
  },
  hallEvidence: () => ({
    type: 'image/svg+xml',
    picture: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="480" height="360"><rect width="480" height="360" fill="#35504a"/><ellipse cx="220" cy="180" rx="80" ry="110" fill="#c79d7b"/></svg>'),
  }),
};
