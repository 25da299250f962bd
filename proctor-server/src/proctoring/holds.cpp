// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "proctoring/proctoring.hpp"

namespace invigil::server {
namespace {

std::string minutesText(std::int64_t ms) { return std::to_string((ms + 30000) / 60000); }

}  // namespace

std::string ordersTopic(const std::string& sitting_id) { return "orders/" + sitting_id; }

Hold holdOf(Tx& tx, const std::string& sitting_id) {
  auto found = tx.one<std::optional<std::int64_t>, std::string, std::int64_t>(
      "select paused_since_ms, why, given_back_ms from sitting_hold where sitting_id = :a", sitting_id);
  if (!found) return {};
  return {std::get<0>(*found), std::get<1>(*found), std::get<2>(*found)};
}

void addHallEntry(Tx& tx, const std::string& sitting_id, Instant at, const std::string& actor, const std::string& what,
                  const std::string& detail) {
  const auto place = tx.value<std::int64_t>("select coalesce(max(place), 0) + 1 from hall_entry where sitting_id = :a", sitting_id);
  tx.exec("insert into hall_entry(sitting_id, place, at_ms, actor, what, detail) values (:a, :b, :c, :d, :e, :f)", sitting_id,
          place.value_or(1), toMillis(at), actor, what, detail);
  tx.notify(kHallTopic);
}

void giveOrder(Tx& tx, const std::string& sitting_id, const std::string& kind, const Json& text, Instant now) {
  const auto place = tx.value<std::int64_t>("select coalesce(max(place), 0) + 1 from hall_order where sitting_id = :a", sitting_id);
  tx.exec("insert into hall_order(sitting_id, place, kind, text_zh, text_en, at_ms) values (:a, :b, :c, :d, :e, :f)", sitting_id,
          place.value_or(1), kind, text.at("zh").get<std::string>(), text.at("en").get<std::string>(), toMillis(now));
  tx.notify(ordersTopic(sitting_id));
}

Status pauseSitting(Tx& tx, const SittingRow& row, const std::string& why, const std::string& actor, Instant now, const Json& message) {
  if (row.finished_ms) return fail(ErrorCode::Conflict, "sitting_finished");
  const bool stands = holdOf(tx, row.id).paused_since_ms.has_value();
  if (stands && actor == "policy") return {};
  if (stands)  // already; now a person wants it to, with a reason of their own
    tx.exec("update sitting_hold set why = :a where sitting_id = :b", why, row.id);
  else
    tx.exec("insert into sitting_hold(sitting_id, paused_since_ms, why) values (:a, :b, :c) on conflict (sitting_id) do update set "
            "paused_since_ms = excluded.paused_since_ms, why = excluded.why",
            row.id, toMillis(now), why);
  giveOrder(tx, row.id, "pause", message, now);
  addHallEntry(tx, row.id, now, actor, "paused", why);
  return {};
}

milliseconds extendDeadline(Tx& tx, const SittingRow& row, milliseconds more) {
  const auto reservation = reservationById(tx, row.reservation_id);
  if (!reservation) return milliseconds(0);
  const std::int64_t wanted = row.deadline_ms + more.count();
  const std::int64_t deadline = std::max(row.deadline_ms, std::min(wanted, seatUntil(tx, *reservation, wanted, true))), given = deadline - row.deadline_ms;
  tx.exec("update sitting set deadline_ms = :a where id = :b", deadline, row.id);
  tx.exec("insert into sitting_hold(sitting_id, given_back_ms) values (:a, :b) on conflict (sitting_id) do update set "
          "given_back_ms = sitting_hold.given_back_ms + excluded.given_back_ms",
          row.id, given);
  return milliseconds(given);
}

Status resumeSitting(Tx& tx, const SittingRow& row, const std::string& actor, Instant now) {
  if (row.finished_ms) return fail(ErrorCode::Conflict, "sitting_finished");
  const Hold hold = holdOf(tx, row.id);
  if (!hold.paused_since_ms) return fail(ErrorCode::Conflict, "sitting_not_paused");
  const milliseconds lost(std::max<std::int64_t>(0, toMillis(now) - *hold.paused_since_ms));
  const milliseconds given = extendDeadline(tx, row, lost);
  tx.exec("update sitting_hold set paused_since_ms = null, why = '' where sitting_id = :a", row.id);
  giveOrder(tx, row.id, "resume", wording("", ""), now);
  addHallEntry(tx, row.id, now, actor, "resumed", minutesText(given.count()) + " / " + minutesText(lost.count()) + " min");
  return {};
}

void giveBackStood(Tx& tx, const SittingRow& row, milliseconds stood, milliseconds longest, Instant now) {
  const milliseconds lost = std::min({stood, longest, milliseconds(toMillis(now) - row.started_ms)});
  if (row.finished_ms || lost < milliseconds(1000)) return;
  const milliseconds given = extendDeadline(tx, row, lost);
  addHallEntry(tx, row.id, now, "policy", "stood", std::to_string(given.count() / 1000) + " / " + std::to_string(lost.count() / 1000) + " s");
}

void endForgottenPauses(Tx& tx, Instant now) {
  for (auto& [id, since, site_id] : tx.all<std::string, std::int64_t, std::string>(
           "select sitting_hold.sitting_id, (select max(at_ms) from hall_entry where hall_entry.sitting_id = sitting_hold.sitting_id and what = 'paused'), "
           "reservation.site_id from sitting_hold "
           "join sitting on sitting.id = sitting_hold.sitting_id join reservation on reservation.id = sitting.reservation_id "
           "where paused_since_ms is not null")) {
    const auto site = siteById(tx, site_id);
    if (!site || toMillis(now) < since + site->policy.at("monitoring").at("pause_minutes_max").get<std::int64_t>() * 60000) continue;
    // A pause is no verdict: where no person comes, the exam goes on and the pictures wait for one.
    if (auto row = sittingById(tx, id); row && !row->finished_ms) (void)resumeSitting(tx, *row, "policy", now);
    else tx.exec("update sitting_hold set paused_since_ms = null where sitting_id = :a", id);
  }
}

void endIncidents(Tx& tx, const std::string& sitting_id, Instant at) {
  tx.exec("update incident set ended_ms = case when began_ms > :a then began_ms else :b end where sitting_id = :c and ended_ms is null", toMillis(at),
          toMillis(at), sitting_id);
}

void forgetEvidence(Tx& tx, Instant now) {
  // By the sitting's end, as its recording: a kiosk's clock that was wrong must not shorten or lengthen it.
  tx.exec("delete from evidence where incident_id in (select i.id from incident i join sitting s on s.id = i.sitting_id "
          "where coalesce(s.finished_ms, s.deadline_ms) < :a)", toMillis(now - kExamEvidenceKept));
}

}  // namespace invigil::server
