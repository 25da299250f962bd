// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// Recordings, from memory. film.webm is half a minute of the drawn candidate:
//   build/dev/bin/invigil-face film --source simulated:1,pose=scripted,fps=0 --seconds 30 --webm proctor-server/web/mock/film.webm
import { readFileSync } from 'node:fs';
import { kTitles } from './data.mjs';
import { fail } from './server.mjs';

const kFilm = readFileSync(new URL('./film.webm', import.meta.url));
const kHalfMinute = 30_000;
const kSites = { zh: '1 号智慧考场', en: 'Exam hall 1' };

/** A running one of a seat on the board; one with holes and incidents, one whole, one of a site that watches and does not record. */
export function filmsOf(now) {
  const one = (sitting_id, n, minutes, holes, more) => {
    const started = now - (minutes + n * 600) * 60_000;
    const segments = Array.from({ length: minutes * 2 }, (_, i) => ({
      number: i + 1, began_ms: started + i * kHalfMinute, ended_ms: started + (i + 1) * kHalfMinute, frames: 150, bytes: 560_000, state: i === 20 && holes ? 'damaged' : 'good',
    })).filter((segment) => !(holes && segment.number > 40 && segment.number < 48));
    const gap = (from, to, why) => ({ from_ms: started + from * kHalfMinute, to_ms: started + to * kHalfMinute, why });
    return {
      sitting_id, name_masked: ['王*', '李**', '赵*'][n % 3], title: kTitles[['special-operations-low-voltage', 'principal', 'manager'][n % 3]], site_name: kSites, time_zone: 'Asia/Shanghai',
      room: '1 号厅', seat_label: `A0${n + 1}`, started_ms: started, finished_ms: n ? started + minutes * 60_000 : null, kept_until_ms: now + 1096 * 86_400_000,
      state: n === 0 ? 'running' : holes ? 'gaps' : 'whole', why: '', covered_ms: segments.length * kHalfMinute, bytes: segments.length * 560_000, now_ms: now, segments,
      gaps: holes ? [gap(20, 21, 'damaged'), gap(40, 47, 'not_recorded')] : [],
      incidents: holes ? [['absent', 5], ['second_person', 22]].map(([kind, minute], i) => ({ id: `film-inc-${i}`, kind, began_ms: started + minute * 60_000, ended_ms: started + minute * 60_000 + 8000, measure: 'warning', decision: i ? '' : 'dismissed' })) : [],
      ...more,
    };
  };
  const began = now - (50 + 3 * 600) * 60_000;
  const unfilmed = {
    state: 'none', why: 'off', covered_ms: 0, bytes: 0, segments: [],
    incidents: [{ id: 'film-inc-9', kind: 'other_person', began_ms: began + 600_000, ended_ms: began + 640_000, measure: 'pause', decision: '' }],
  };
  return [one('sit-5', 0, 42, false), one('sit-film-1', 1, 60, true), one('sit-film-2', 2, 75, false), one('sit-film-3', 3, 50, false, unfilmed)];
}

const recordingOf = (world, id) => world.filmed.find((one) => one.sitting_id === id) ?? fail(404, 'no_such_sitting', '没有这场考试。', 'There is no such sitting.', 'id');
const storage = { bytes: 1_800_000_000, free_bytes: 412_000_000_000, max_bytes: 0, state: 'good' };

export const recordingRoutes = {
  listRecordings: ({ world, query }) => {
    const size = world.recordingsAtOnce ?? 100;
    const found = world.filmed
      .filter((one) => !query.before_ms || one.started_ms < Number(query.before_ms) || (one.started_ms === Number(query.before_ms) && one.sitting_id < (query.before_id ?? '')))
      .filter((one) => query.open !== '1' || one.incidents.some((incident) => !incident.decision))
      .sort((a, b) => b.started_ms - a.started_ms || (a.sitting_id < b.sitting_id ? 1 : -1));
    return {
      recordings: found.slice(0, size).map(({ segments, gaps, incidents, why, now_ms, ...row }) => ({ ...row, open_incidents: incidents.filter((one) => !one.decision).length })),
      more: found.length > size,
      storage: world.storage ?? storage,
    };
  },
  recordingStorage: ({ world }) => world.storage ?? storage,
  recording: ({ world, id }) => recordingOf(world, id),
  playSegment: ({ world, id, query }) => {
    const segment = recordingOf(world, id).segments.find((one) => one.number === Number(query.number));
    if (!segment || segment.state !== 'good') fail(422, 'segment_damaged', '这一段录像已损坏，不能播放；已在考场记录中注明。', 'This segment is damaged and cannot be played; the hall record says so.', '');
    (world.watched ??= []).push(`${id}/${query.number}`);
    return { type: 'video/webm', picture: kFilm };
  },
};
