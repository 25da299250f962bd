// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// Booking and managing: canned answers over the mock's world.
import { fail } from './server.mjs';

const kSlot = 30 * 60_000;
const kDay = 86_400_000;
const kEast8 = 8 * 3_600_000;

const publicSite = (world) => (site) => ({
  id: site.id, name: site.name, address: site.address, time_zone: site.time_zone, seats: world.seats.filter((s) => s.site_id === site.id).length,
  open_now: site.id === 'site-1', always_open: site.id === 'site-1', hours: site.hours, booking_days: site.policy.booking_days,
  move_before_minutes: site.policy.move_before_minutes, entry_before_minutes: site.policy.entry_before_minutes,
});

function slotsOf(world, site, day, now) {
  const midnight = Date.parse(`${day}T00:00:00Z`) - kEast8;
  const weekday = new Date(midnight + kEast8).getUTCDay() || 7;
  const open = site.hours.find((h) => h.weekday === weekday);
  if (!open) return [];
  const slots = [];
  for (let minute = open.open_minute; minute + 120 <= open.close_minute || (open.close_minute === 1440 && minute < 1440); minute += 30) {
    const start_ms = midnight + minute * 60_000;
    if (start_ms < now) continue;
    const label = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    slots.push({ start_ms, label, free: day === world.fullDay ? 0 : (minute / 30) % 5 === 2 ? 0 : 2 + ((minute / 30) % 7) });
  }
  return slots;
}

export function reservationFor(world, site, start_ms, extra = {}) {
  const code = 'K7M2-Q9HD';
  return {
    id: 'res-1', code, manage_token: 'tok_' + 'a1b2c3d4e5f6'.repeat(3), state: 'booked', site_id: site.id, site_name: site.name, site_address: site.address,
    time_zone: site.time_zone, seat_label: 'B03', room: '2 号厅', start_ms, end_ms: start_ms + 120 * 60_000, entry_from_ms: start_ms - 15 * 60_000,
    entry_until_ms: start_ms + 30 * 60_000, move_until_ms: start_ms - 120 * 60_000, title: world.person.eligibilities[0].title, name_masked: '王*', ...extra,
  };
}

function siteOf(world, id) {
  return world.sites.find((s) => s.id === id) ?? fail(404, 'no_such_site', '没有这个考点', 'There is no such site', 'site_id');
}

function managedBy(world, token) {
  return world.managed.get(token) ?? fail(404, 'no_such_reservation', '没有找到这个预约。请检查链接是否完整。', 'No such reservation. Check that the link is complete.', 'token');
}

function refuseTaken(world) {
  if (!world.takeNext) return;
  world.takeNext = false;
  fail(409, 'seat_taken', '这个时间的座位刚刚被约满，请另选时间。', 'The last seat at this time has just been taken. Choose another time.', 'start_ms');
}

/** A photo looked at: kept as the n-th, or refused and nothing changed. */
function takePhoto(world, bytes, n) {
  if (!bytes.length || bytes.length > 8 << 20) fail(413, 'body_too_large', '照片太大', 'The photo is too large', '');
  const refused = world.refusePhoto;
  world.refusePhoto = false;
  if (!refused) {
    world.person.photos = n;
    world.person.face_data.photo = true;
  }
  const reasons = refused ? [{ id: 'too_dark', zh: '光线太暗，请到亮一些的地方再拍', en: 'It is too dark; take it again where there is more light' }, { id: 'turned', zh: '请正对镜头', en: 'Please face the camera' }] : [];
  return { accepted: !refused, reasons, checked_by: 'YuNet 2022mar' };
}

export const bookingRoutes = {
  listSites: ({ world, now }) => ({ sites: world.sites.filter((s) => !s.disabled).map(publicSite(world)), now_ms: now, demo: true }),
  photoConsent: () => ({
    kind: 'reference_photo', version: 'v1',
    zh: '为了在考场确认是您本人，我们请您提供一张正面照片。\n用途：只用于本次考试入场时与现场画面比对。\n保存：考试结束后 7 天内删除；您可以随时撤回同意，照片立即删除。\n您可以不提供照片：到考场后由工作人员远程核对证件，不影响预约、考试和成绩。',
    en: 'So that the exam hall can tell that it is you, we ask for a photo of your face.\nUse: only to compare with the picture at the kiosk when you enter.\nKept: deleted within 7 days after the exam; you may withdraw at any time and it is deleted at once.\nYou may decline: a person then checks your document, as the hall arranges it. Booking, exam and result are the same.',
  }),
  availability: ({ world, query, now }) => {
    const site = siteOf(world, query.site);
    const slots = slotsOf(world, site, query.day, now);
    const today = new Date(now + kEast8).toISOString().slice(0, 10) === query.day;
    const walk = today && site.policy.walk_in && query.day !== world.fullDay;
    return { site_id: site.id, day: query.day, slots, now_free: walk ? 6 : 0, now_start_ms: walk ? Math.floor(now / kSlot) * kSlot : null };
  },
  requestCode: ({ world, body, now }) => {
    if (body.name === '限流') fail(429, 'too_many_codes', '获取验证码太频繁，请 10 分钟后再试。', 'Too many codes asked for. Try again in 10 minutes.', 'phone');
    world.challenge = 'ch-1';
    return { challenge_id: 'ch-1', expires_ms: now + 300_000, demo_code: '246810' };
  },
  openBooking: ({ world, body }) => {
    if (body.code !== '246810') fail(403, 'wrong_code', '验证码不对，或资料与登记的不一致。请核对后再试。', 'The code is wrong, or the details differ from those registered. Check and try again.', 'code');
    world.booking = true;
    return world.person;
  },
  bookingMe: ({ world }) => world.person,
  closeBooking: ({ world }) => ((world.booking = false), { ok: true }),
  giveConsent: ({ world, body }) => {
    if (body.kind === 'face_check') {
      Object.assign(world.person, { photos: 0, photo_consent: false, face_data: { ...world.person.face_data, photo: false, captures: 0, consented: false } });
      return world.person;
    }
    world.person.photo_consent = body.given;
    world.person.face_data.consented = body.given;
    if (!body.given) {
      world.person.photos = 0;
      world.person.face_data.photo = false;
    }
    return world.person;
  },
  putPhoto: ({ world, bytes }) => takePhoto(world, bytes, 1),
  addPhoto: ({ world, bytes }) => {
    const { photos, photos_max } = world.person;
    if (photos >= photos_max) fail(409, 'photos_enough', '照片已经够了', 'There are enough photos', '');
    return takePhoto(world, bytes, photos + 1);
  },
  deletePhoto: ({ world }) => ((world.person.photos = 0), (world.person.face_data.photo = false), world.person),
  reserve: ({ world, body }) => {
    refuseTaken(world);
    const reservation = reservationFor(world, siteOf(world, body.site_id), body.start_ms);
    world.managed.set(reservation.manage_token, { reservation, can_change: true, result: null, face_data: { photo: world.person.photos > 0, captures: 0, evidence: 0, recordings: 0, recordings_until_ms: null, consented: world.person.photo_consent } });
    Object.assign(world.person.eligibilities.find((e) => e.id === body.eligibility_id), { state: 'booked', reservation_start_ms: body.start_ms });
    return reservation;
  },
  manageView: ({ world, body }) => managedBy(world, body.token),
  manageMove: ({ world, body }) => {
    refuseTaken(world);
    const view = managedBy(world, body.token);
    view.reservation = reservationFor(world, siteOf(world, body.site_id), body.start_ms, { manage_token: body.token });
    return view;
  },
  manageWithdraw: ({ world, body }) => {
    const view = managedBy(world, body.token);
    view.face_data = { ...view.face_data, photo: false, captures: 0, consented: false };
    return view;
  },
  manageCancel: ({ world, body }) => {
    const view = managedBy(world, body.token);
    view.reservation.state = 'cancelled';
    view.can_change = false;
    return view;
  },
};

/** A finished sitting behind a token, for pictures and tests. */
export function addResult(world, now, token, passed) {
  const topic = (id, zh, en, points, points_max) => ({ id, title: { zh, en }, points, points_max });
  const site = world.sites[0];
  world.managed.set(token, {
    reservation: reservationFor(world, site, now - kDay, { state: 'finished', manage_token: token }), can_change: false, face_data: { photo: true, captures: 1, evidence: 2, recordings: 1, recordings_until_ms: now + 1095 * kDay, consented: true },
    result: {
      sitting_id: 'sit-1', points: passed ? 92 : 71, points_max: 100, pass_points: 80, passed, submitted_by: passed ? 'candidate' : 'invigilator', finished_ms: now - kDay + 80 * 60_000,
      topics: [
        topic('law', '安全生产法律法规', 'Work-safety law', passed ? 11 : 8, 12), topic('shock', '触电事故与急救', 'Electric shock and first aid', passed ? 15 : 12, 16),
        topic('protection', '防触电技术', 'Protection against shock', passed ? 16 : 9, 17), topic('fire', '防火防爆、雷与静电', 'Fire, lightning and static', 11, 12),
        topic('apparatus', '低压电器与电动机', 'Low-voltage apparatus and motors', passed ? 15 : 11, 16), topic('lines', '电气线路与照明', 'Wiring and lighting', passed ? 11 : 9, 12),
        topic('tools', '工具、安全用具与仪表', 'Tools, safety gear and meters', passed ? 13 : 11, 15),
      ],
      credential: passed ? { id: 'TP-26-000123', text: 'IVG1:' + '6BFOXN%TSMAHN-H0SKN8Q'.repeat(16), expires_ms: now + 364 * kDay, issued_ms: now - kDay + 80 * 60_000 } : null,
      regraded: passed ? { at_ms: now - kDay / 2, reason: '单选第 12 题的答案按新标准更正', points_before: 91, passed_before: true } : null,
      attempts_left: passed ? 0 : 1,
    },
  });
}
