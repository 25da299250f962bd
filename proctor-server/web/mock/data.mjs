// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// The world a fresh mock starts with. Persons and numbers are invented.
import { hallOf } from './hall.mjs';
import { filmsOf } from './recordings.mjs';
export const kZone = 'Asia/Shanghai';
const kMinute = 60_000;
const w = (zh, en) => ({ zh, en });
const hours = (open, close, days = [1, 2, 3, 4, 5, 6, 7]) =>
  days.map((weekday) => ({ weekday, open_minute: open, close_minute: close }));

export const kPolicy = {
  entry_before_minutes: 15, entry_after_minutes: 30, no_leaving_minutes: 30, turnover_minutes: 10, move_before_minutes: 120,
  booking_days: 14, walk_in: true, camera_kinds: ['camera'], admit_min: 0.45, refuse_below: 0.35, face_tries_max: 3, chip_photo: true,
  monitoring: {
    enabled: true, warnings_to_pause: 4, pause_minutes_max: 10, recording: { enabled: true, frames_per_second: 5 },
    rules: [['absent', 5, 20, 60], ['second_person', 0, 3, 20], ['other_person', 0, 5, 15], ['looking_away', 6, 20, 0]].map(([kind, notice_s, warning_s, pause_s]) => ({ kind, notice_s, warning_s, pause_s })),
  },
};

kPolicy.liveness = {
  challenge_steps: 2, flatness_min: 0.15, texture_mean_min: 0.6, texture_low_share_max: 0.2, texture_frames_min: 10, second_distance_max: 0.6, light: false, light_min: 0.3,
  camera_drivers: ['uvcvideo'], usb_ids: [],
};

const kCamera = { name: 'HD Pro Webcam', driver: 'uvcvideo', bus: 'usb-0000:00:14.0-3', usb_id: '046d:0825' };
export const kEngine = {
  detector: 'yunet 2022mar', landmarks: 'zqcnn 106', verifier: 'mobilefacenet', verifier_sha256: '5f3a0c1b9d2e4f60718293a4b5c6d7e8f9000102030405060708090a0b0c0d0e', pose: 'zqcnn headpose gaze',
  texture: 'minifasnet 2.7, 4.0', second: '', camera: kCamera,
};

/** One try of the face check, every layer content unless said otherwise. */
function check(n, at_ms, decision, finding, similarity, changes = {}) {
  return {
    n, at_ms, decision, finding, similarity,
    layers: {
      camera_kind: 'camera', camera: kCamera, frames: 5, timed_out: false, actions: ['turn_left', 'nod'], elapsed_ms: 9200, texture_skipped: false, compared: ['booking'], admit_min: kPolicy.admit_min,
      refuse_below: kPolicy.refuse_below, limits: kPolicy.liveness, detector: kEngine.detector, verifier: kEngine.verifier, verifier_sha256: kEngine.verifier_sha256, engine: kEngine,
      liveness: {
        challenge_id: `challenge-${n}`, result: 'passed', why: '', steps: [{ action: 'turn_left', ms: 1900 }, { action: 'nod', ms: 2600 }], flatness: 0.21,
        texture: { frames: 14, mean: 0.93, low_share: 0 }, light: null, track_breaks: 0, same_person_min: 0.66, second_distance: null, replayed: false, ...changes,
      },
    },
  };
}
export const kChecks = (now) => [
  check(1, now - 70_000, 'again', 'wrong_action', null, { result: 'failed', why: 'wrong_action', steps: [{ action: 'turn_left', ms: 2100 }], flatness: null, texture: null }),
  check(2, now - 42_000, 'reviewer', 'low_score', 0.41),
];

export const kTitles = {
  'special-operations-low-voltage': w('低压电工作业 · 理论考试', 'Low-voltage electrician · theory exam'),
  principal: w('主要负责人 · 安全生产知识考试', 'Principal of an enterprise · work-safety exam'),
  manager: w('安全生产管理人员 · 安全生产知识考试', 'Work-safety manager · work-safety exam'),
};

function sites() {
  return [
    { id: 'site-1', name: w('1 号智慧考场', 'Exam hall 1'), address: w('樊城区长虹路 18 号政务服务中心一楼', '18 Changhong Road, Fancheng, ground floor'), time_zone: kZone, hours: hours(0, 1440), policy: { ...kPolicy }, disabled: false },
    { id: 'site-2', name: w('高新区考场', 'High-tech zone hall'), address: w('高新区追日路 2 号', '2 Zhuiri Road, High-tech zone'), time_zone: kZone, hours: hours(510, 1020, [1, 2, 3, 4, 5]), policy: { ...kPolicy, walk_in: false }, disabled: false },
    { id: 'site-3', name: w('喀什考场', 'Kashgar hall'), address: w('喀什市人民西路 66 号', '66 Renmin West Road, Kashgar'), time_zone: 'Asia/Urumqi', hours: hours(600, 1200), policy: { ...kPolicy }, disabled: true },
  ];
}

function seats(now) {
  const made = [];
  for (const [site_id, room, prefix, count] of [['site-1', '1 号厅', 'A', 8], ['site-1', '2 号厅', 'B', 4], ['site-2', '考室', 'C', 6]]) {
    for (let n = 1; n <= count; n++) {
      const kiosk_state = n === 4 ? 'offline' : n === 6 ? 'none' : 'online';
      made.push({
        id: `seat-${prefix}${n}`, site_id, room, label: `${prefix}0${n}`, disabled: n === 5, kiosk_id: kiosk_state === 'none' ? '' : `kiosk-${prefix}${n}`,
        kiosk_seen_ms: kiosk_state === 'none' ? null : now - (kiosk_state === 'online' ? 4000 : 47 * kMinute), kiosk_state, engine: kiosk_state === 'none' ? null : kEngine, engine_ms: kiosk_state === 'none' ? null : now - 6 * 3_600_000,
      });
    }
  }
  return made;
}

function eligibility(id, blueprint_id, state, extra = {}) {
  return {
    id, blueprint_id, title: kTitles[blueprint_id], minutes: 120, attempts_left: 2, is_makeup: false,
    expires_ms: 1_830_000_000_000, state, reservation_start_ms: null, ...extra,
  };
}

const kSurnames = '王李张刘陈杨赵黄周吴徐孙';
function candidates() {
  return Array.from({ length: 63 }, (_, n) => ({
    id: `candidate-${n}`, name: `${kSurnames[n % 12]}${['建国', '小平', '海燕', '志强', '秀英'][n % 5]}`, id_type: n % 13 === 12 ? 'passport' : 'resident_id',
    id_masked: `420***********${String(10 + n).slice(-2)}`, phone_masked: `138****${String(5600 + n)}`, photo: n % 3 !== 0,
    eligibilities: [eligibility(`e-${n}`, Object.keys(kTitles)[n % 3], ['open', 'booked', 'passed', 'used_up', 'expired'][n % 5])],
  }));
}

function reservations(now) {
  const slot = 30 * kMinute;
  // The first dozen are of one day of the site, also shortly before and after its midnight: the page shows a day.
  const zone = 8 * 60 * kMinute;
  const day = Math.floor((now + zone) / (48 * slot)) * 48 * slot - zone;
  const base = Math.min(Math.max(Math.floor(now / slot) * slot, day + 6 * slot), day + 40 * slot);
  return Array.from({ length: 41 }, (_, n) => ({
    id: `r-${n}`, code: `K7${String.fromCharCode(65 + (n % 24))}${n + 10}QH`, state: n < 9 ? ['sitting', 'finished', 'booked', 'no_show', 'cancelled', 'admitted'][n % 6] : 'booked',
    start_ms: base + (n - 6) * slot, seat_label: `A0${(n % 8) + 1}`, room: '1 号厅', site_id: 'site-1', site_name: w('1 号智慧考场', 'Exam hall 1'),
    name_masked: `${kSurnames[n % 12]}${n % 2 ? '*' : '**'}`, title: Object.values(kTitles)[n % 3], points: n < 9 && n % 6 === 1 ? 92 : null, ...(n < 9 && n % 6 === 1 ? { sitting_id: `sit-5-${n}` } : {}),
  }));
}

function banks(now) {
  const bank = (id, title, role, category, count, enabled) => ({
    id, title, roles: [role], category, revision: 1, enabled, items: count, by_type: { true_false: Math.round(count * 0.7), single_choice: count - Math.round(count * 0.7), multiple_choice: 0, numeric: 0, short_text: 0 }, imported_ms: now - 3 * 86_400_000,
  });
  return [
    bank('sample-low-voltage', w('低压电工作业 示例题库', 'Low-voltage electrician, sample bank'), 'special_operations', '1.2', 250, true),
    bank('sample-principal', w('主要负责人 示例题库', 'Principals, sample bank'), 'principal', '', 200, true),
    bank('old-2019', w('2019 年旧题库', 'Old bank of 2019'), 'manager', '', 60, false),
  ];
}

function reviewCases(now) {
  const one = (n, extra) => ({
    admission_id: `adm-${n}`, name: ['张秀英', '王建国', '赵海燕'][n], id_masked: `420***********${40 + n}`, title: kTitles['special-operations-low-voltage'],
    site_name: w('1 号智慧考场', 'Exam hall 1'), room: '1 号厅', seat_label: `A0${n + 3}`, why: 'low_score', similarity: 0.41, admit_min: 0.45, refuse_below: 0.35, tries: 2,
    consent: 'given', references: 2, compared: ['booking'], card: '', has_capture: true, waiting_since_ms: now - 42_000 - n * 60_000, state: 'waiting', checks: kChecks(now), ...extra,
  });
  return [
    one(0, {}),
    one(1, { why: 'declined', similarity: null, consent: 'declined', references: 0, compared: [], card: 'differs', tries: 0, checks: [] }),
    one(2, { state: 'admitted', similarity: 0.44, waiting_since_ms: now - 900_000 }),
  ];
}

export function freshWorld(now) {
  return {
    sites: sites(), seats: seats(now), candidates: candidates(), reservations: reservations(now), banks: banks(now),
    cases: reviewCases(now), queueVersion: 1, hall: hallOf(now), filmed: filmsOf(now),
    accounts: [['admin', '管理员', 'administrator'], ['review', '远程监考员 周敏', 'reviewer'], ['authority', '考试机构 陈涛', 'authority'], ['former', '已离职', 'reviewer'], ['editor', '题库编辑 吴敏', 'editor']].map(([name, display, role], n) => ({
      id: `acc-${n}`, name, display, role, disabled: n === 3, locked_until_ms: n === 1 ? now + 600_000 : null, last_login_ms: n === 3 ? null : now - n * 3_600_000,
    })),
    person: {
      name_masked: '王*', photos: 0, photos_max: 3, photo_consent: false, face_data: { photo: false, captures: 0, evidence: 0, recordings: 0, recordings_until_ms: null, consented: false },
      eligibilities: [
        eligibility('el-1', 'special-operations-low-voltage', 'open'),
        eligibility('el-2', 'principal', 'passed', { attempts_left: 0 }),
        eligibility('el-3', 'manager', 'used_up', { attempts_left: 0 }),
      ],
    },
    faceData: { persons: 1284 },
    managed: new Map(), staff: null, booking: false, fullDay: '', takeNext: false,
  };
}
