// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "reservation/reservations.hpp"

#include <algorithm>
#include <map>

#include "admission/admissions.hpp"
#include "papers/blueprints.hpp"
#include "invigil/base/random.hpp"
#include "registration/registration.hpp"

namespace invigil::server {
namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kCheckInMinutes = 15;  ///< to get through consent and face check, begun in time
constexpr const char* kOpenStates = "state in ('booked', 'admitted', 'sitting')";

std::int64_t slotAt(std::int64_t ms) { return ms / kSlot.count(); }
std::int64_t slotAfter(std::int64_t ms) { return (ms + kSlot.count() - 1) / kSlot.count(); }

/// Far beyond any calendar, arithmetic on an instant could overflow.
constexpr std::int64_t kLastInstant = 100'000'000'000'000;

/// What a reservation asks of a site: sitting from start to end, the seat kept until `kept_ms`.
struct Span {
  std::int64_t start_ms, end_ms, kept_ms;
};

Result<Span> spanFor(Tx& tx, const Site& site, const EligibilityRow& eligibility, std::int64_t start_ms) {
  if (start_ms < 0 || start_ms > kLastInstant)
    return fail(ErrorCode::InvalidInput, "not_on_the_grid", {}, "start_ms");
  INVIGIL_TRY(blueprint, blueprintById(tx, eligibility.blueprint_id));
  const std::int64_t end_ms = start_ms + blueprint.minutes * kMinute;
  return Span{start_ms, end_ms, end_ms + site.rule("turnover_minutes") * kMinute};
}

Status checkTime(const Site& site, const EligibilityRow& eligibility, const Span& span, Instant now, bool walk_in) {
  if (site.disabled) return fail(ErrorCode::NotFound, "no_such_site");
  if (!walk_in && span.start_ms % kSlot.count() != 0)
    return fail(ErrorCode::InvalidInput, "not_on_the_grid", {}, "start_ms");
  if (fromMillis(span.start_ms) < now) return fail(ErrorCode::Conflict, "in_the_past", {}, "start_ms");
  if (fromMillis(span.start_ms) >= bookingHorizon(site, now))
    return fail(ErrorCode::Conflict, "too_far_ahead", {}, "start_ms");
  INVIGIL_CHECK(mayBook(eligibility, fromMillis(span.start_ms)));
  if (!site.openDuring(fromMillis(span.start_ms), fromMillis(span.end_ms)))
    return fail(ErrorCode::Conflict, "site_closed", {}, "start_ms");
  return {};
}

/// One person cannot sit two exams at once. @param except  the reservation being moved, or "".
Status checkOverlap(Tx& tx, const std::string& candidate_id, const Span& span, const std::string& except) {
  const auto others =
      tx.value<std::int64_t>(std::string("select count(*) from reservation where candidate_id = :a and ") +
                                 kOpenStates + " and start_ms < :b and end_ms > :c and id <> :d",
                             candidate_id, span.end_ms, span.start_ms, except);
  if (others.value_or(0) > 0) return fail(ErrorCode::Conflict, "overlapping_booking", {}, "start_ms");
  return {};
}

/// All half hours of one seat or none: the primary key (seat, slot) decides.
bool holdSeat(Tx& tx, const std::string& reservation_id, const std::string& seat_id, const Span& span) {
  for (std::int64_t slot = slotAt(span.start_ms); slot < slotAfter(span.kept_ms); ++slot) {
    const auto held = tx.exec(
        "insert into reservation_slot(seat_id, slot, reservation_id) values (:a, :b, :c) on conflict do nothing",
        seat_id, slot, reservation_id);
    if (held == 1) continue;
    tx.exec("delete from reservation_slot where reservation_id = :a", reservation_id);
    return false;
  }
  return true;
}

/// Errors: NotFound no_such_seat; Conflict seat_taken.
Result<std::vector<std::string>> seatsToTry(Tx& tx, const std::string& site_id, const std::string& seat_id,
                                            const Span& span) {
  std::vector<std::string> seats = freeSeats(tx, site_id, span.start_ms, span.kept_ms);
  if (!seat_id.empty()) {
    INVIGIL_TRY(seat, seatById(tx, seat_id));
    if (seat.site_id != site_id || seat.disabled) return fail(ErrorCode::NotFound, "no_such_seat");
    std::erase_if(seats, [&](const std::string& id) { return id != seat_id; });
  }
  if (seats.empty()) return fail(ErrorCode::Conflict, "seat_taken", {}, "start_ms");
  return seats;
}

Result<std::string> holdOneOf(Tx& tx, const std::string& reservation_id, const std::vector<std::string>& seats,
                              const Span& span) {
  for (const std::string& seat : seats)
    if (holdSeat(tx, reservation_id, seat, span)) return seat;
  return fail(ErrorCode::Conflict, "seat_taken", {}, "start_ms");
}

}  // namespace

Instant bookingHorizon(const Site& site, Instant now) {
  const LocalTime today = site.zone.toLocal(now);
  const auto days = static_cast<int>(site.rule("booking_days"));
  return site.zone.toInstant(today.year, today.month, today.day, 24 * (days + 1), 0);
}

std::vector<std::string> freeSeats(Tx& tx, const std::string& site_id, std::int64_t from_ms, std::int64_t to_ms) {
  std::vector<std::string> seats;
  for (const auto& [id, kiosks] : tx.all<std::string, std::int64_t>(
           "select seat.id, (select count(*) from kiosk where kiosk.seat_id = seat.id and kiosk.revoked = 0) as kiosks "
           "from seat where site_id = :a and disabled = 0 and not exists (select 1 from reservation_slot held "
           "where held.seat_id = seat.id and held.slot >= :b and held.slot < :c) "
           "order by case when (select count(*) from kiosk k where k.seat_id = seat.id and k.revoked = 0) > 0 then 0 "
           "else 1 end, room, length(label), label",
           site_id, slotAt(from_ms), slotAfter(to_ms)))
    seats.push_back(id);
  return seats;
}

Result<ReservationRow> reservationById(Tx& tx, const std::string& id) {
  const auto row = tx.one<std::string, std::string, std::string, std::string, std::string, std::string, std::string,
                          std::int64_t, std::int64_t, std::int64_t>(
      "select id, code, candidate_id, eligibility_id, site_id, seat_id, state, start_ms, end_ms, walk_in "
      "from reservation where id = :a",
      id);
  if (!row) return fail(ErrorCode::NotFound, "no_such_reservation");
  const auto& [row_id, code, candidate, eligibility, site, seat, state, start, end, walk_in] = *row;
  return ReservationRow{row_id, code, candidate, eligibility, site, seat, state, start, end, walk_in != 0};
}

Result<NewReservation> takeSeat(App&, Tx& tx, const Call& call, const std::string& candidate_id,
                                const std::string& eligibility_id, const std::string& site_id,
                                const std::string& seat_id, std::int64_t start_ms, bool walk_in) {
  INVIGIL_TRY(site, siteById(tx, site_id));
  INVIGIL_TRY(eligibility, eligibilityById(tx, eligibility_id));
  if (eligibility.candidate_id != candidate_id) return fail(ErrorCode::NotFound, "no_such_eligibility");
  INVIGIL_TRY(span, spanFor(tx, site, eligibility, start_ms));
  INVIGIL_CHECK(checkTime(site, eligibility, span, call.now, walk_in));
  const auto booked = tx.value<std::int64_t>(
      std::string("select count(*) from reservation where eligibility_id = :a and ") + kOpenStates, eligibility_id);
  if (booked.value_or(0) > 0) return fail(ErrorCode::Conflict, "already_booked");
  INVIGIL_CHECK(checkOverlap(tx, candidate_id, span, ""));
  INVIGIL_TRY(seats, seatsToTry(tx, site_id, seat_id, span));
  NewReservation made{{newId(), randomCode(8), candidate_id, eligibility_id, site_id, seats.front(), "booked", start_ms,
                       span.end_ms, walk_in},
                      randomHex(32)};
  ReservationRow& row = made.row;
  // The index over open reservations decides between two bookings of one eligibility.
  const auto inserted = tx.exec(
      std::string("insert into reservation(id, code, manage_hash, candidate_id, eligibility_id, site_id, seat_id, "
                  "start_ms, end_ms, state, walk_in, created_ms) "
                  "values (:a, :b, :c, :d, :e, :f, :g, :h, :i, 'booked', :j, :k) on conflict (eligibility_id) where ") +
          kOpenStates + " do nothing",
      row.id, row.code, sha256Hex(made.manage_token), candidate_id, eligibility_id, site_id, row.seat_id, start_ms,
      row.end_ms, std::int64_t{walk_in}, toMillis(call.now));
  if (inserted == 0) return fail(ErrorCode::Conflict, "already_booked");
  INVIGIL_TRY(seat, holdOneOf(tx, row.id, seats, span));
  if (seat != row.seat_id) tx.exec("update reservation set seat_id = :a where id = :b", seat, row.id);
  row.seat_id = seat;
  audit(tx, call.now, "candidate:" + candidate_id, walk_in ? "reservation.walk_in" : "reservation.take", row.id, seat);
  return made;
}

Result<ReservationRow> moveSeat(Tx& tx, const ReservationRow& row, const std::string& site_id, std::int64_t start_ms,
                                Instant now) {
  if (row.state != "booked") return fail(ErrorCode::Conflict, "cannot_change");
  INVIGIL_TRY(old_site, siteById(tx, row.site_id));
  if (toMillis(now) > row.start_ms - old_site.rule("move_before_minutes") * kMinute)
    return fail(ErrorCode::Conflict, "too_late_to_change");
  INVIGIL_TRY(site, siteById(tx, site_id));
  INVIGIL_TRY(eligibility, eligibilityById(tx, row.eligibility_id));
  INVIGIL_TRY(span, spanFor(tx, site, eligibility, start_ms));
  INVIGIL_CHECK(checkTime(site, eligibility, span, now, false));
  INVIGIL_CHECK(checkOverlap(tx, row.candidate_id, span, row.id));
  tx.exec("delete from reservation_slot where reservation_id = :a", row.id);
  INVIGIL_TRY(seats, seatsToTry(tx, site_id, "", span));
  INVIGIL_TRY(seat, holdOneOf(tx, row.id, seats, span));
  if (tx.exec("update reservation set site_id = :a, seat_id = :b, start_ms = :c, end_ms = :d "
              "where id = :e and state = 'booked'",
              site_id, seat, start_ms, span.end_ms, row.id) == 0)
    return fail(ErrorCode::Conflict, "cannot_change");
  closeAdmission(tx, row.id, now);
  audit(tx, now, "candidate:" + row.candidate_id, "reservation.move", row.id, seat);
  return reservationById(tx, row.id);
}

void releaseSeat(Tx& tx, const std::string& reservation_id, const std::string& state, std::int64_t from_ms) {
  tx.exec("update reservation set state = :a where id = :b", state, reservation_id);
  tx.exec("delete from reservation_slot where reservation_id = :a and slot >= :b", reservation_id, slotAfter(from_ms));
}

std::int64_t seatUntil(Tx& tx, const ReservationRow& row, std::int64_t wanted_ms, bool take) {
  const auto last = tx.value<std::int64_t>("select coalesce(max(slot), -1) from reservation_slot where reservation_id = :a and seat_id = :b", row.id, row.seat_id);
  std::int64_t next = last.value_or(-1) + 1;
  for (; next > 0 && next * kSlot.count() < wanted_ms; ++next) {
    if (take)
      tx.exec("insert into reservation_slot(seat_id, slot, reservation_id) values (:a, :b, :c) on conflict do nothing", row.seat_id, next, row.id);
    const auto holder = tx.value<std::string>("select reservation_id from reservation_slot where seat_id = :a and slot = :b", row.seat_id, next);
    if (holder.value_or(row.id) != row.id) break;
  }
  return next * kSlot.count();
}

std::int64_t entryUntil(const App& app, const Site& site, std::int64_t start_ms) {
  return std::max(start_ms, toMillis(app.serving_since)) + site.rule("entry_after_minutes") * kMinute;
}

Result<Json> reservationJson(App& app, Tx& tx, const ReservationRow& row, const std::string& manage_token) {
  INVIGIL_TRY(site, siteById(tx, row.site_id));
  INVIGIL_TRY(seat, seatById(tx, row.seat_id));
  INVIGIL_TRY(eligibility, eligibilityById(tx, row.eligibility_id));
  const auto name = tx.value<std::string>("select name from candidate where id = :a", row.candidate_id);
  return Json{{"id", row.id},
              {"code", row.code},
              {"manage_token", manage_token},
              {"state", row.state},
              {"site_id", site.id},
              {"site_name", wording(site.name_zh, site.name_en)},
              {"site_address", wording(site.address_zh, site.address_en)},
              {"time_zone", site.zone.name()},
              {"seat_label", seat.label},
              {"room", seat.room},
              {"start_ms", row.start_ms},
              {"end_ms", row.end_ms},
              {"entry_from_ms", row.start_ms - site.rule("entry_before_minutes") * kMinute},
              {"entry_until_ms", row.state == "booked" ? entryUntil(app, site, row.start_ms) : row.start_ms + site.rule("entry_after_minutes") * kMinute},
              {"move_until_ms", row.start_ms - site.rule("move_before_minutes") * kMinute},
              {"title", examTitle(tx, eligibility.blueprint_id)},
              {"name_masked", maskName(name.value_or(""))}};
}

void releaseNoShows(App& app, Tx& tx, Instant now) {
  // Who waited to the end and whom nobody came to check has not stayed away.
  const auto release = [&](const std::string& id, bool waited) {
    releaseSeat(tx, id, waited ? "cancelled" : "no_show", 0);
    closeAdmission(tx, id, now, waited ? "nobody_came" : "closed");
    audit(tx, now, "system", waited ? "reservation.nobody_came" : "reservation.no_show", id);
  };
  const auto late = tx.all<std::string, std::string, std::int64_t, std::int64_t, std::string, std::int64_t>(
      "select r.id, r.site_id, r.start_ms, r.end_ms, coalesce(a.state, ''), case when a.queued_since_ms is null then 0 else 1 end from reservation r "
      "left join admission a on a.reservation_id = r.id where r.state = 'booked' and r.start_ms < :a",
      toMillis(now));
  std::map<std::string, std::int64_t> entry_ms;
  for (const auto& [id, site_id, start_ms, end_ms, admission, queued] : late) {
    auto known = entry_ms.find(site_id);
    if (known == entry_ms.end()) {
      const auto site = siteById(tx, site_id);
      known = entry_ms.emplace(site_id, site ? site->rule("entry_after_minutes") * kMinute : 30 * kMinute).first;
    }
    // Who stands at the kiosk in time is no no-show, however long the reviewer takes.
    std::int64_t until = std::max(start_ms, toMillis(app.serving_since)) + known->second;
    // Also who was asked for one more try, or whose kiosk was started anew meanwhile.
    if (admission == "waiting" || ((admission == "new" || admission == "face") && queued != 0)) until = std::max(until, end_ms);
    else if (admission == "new" || admission == "face") until += kCheckInMinutes * kMinute;
    if (until < toMillis(now)) release(id, admission == "waiting");
  }
  // Let in, but never begun: without this the person could not book again. By now no sitting can start on it.
  for (const auto& [id, admission] : tx.all<std::string, std::string>(
           "select r.id, coalesce(a.state, '') from reservation r left join admission a on a.reservation_id = r.id where r.state = 'admitted' and not exists "
           "(select 1 from reservation_slot held where held.reservation_id = r.id and held.slot >= :a)",
           slotAt(toMillis(now))))
    release(id, admission == "waiting");
}

}  // namespace invigil::server
