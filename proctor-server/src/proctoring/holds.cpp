// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "proctoring/proctoring.hpp"

namespace invigil::server {
namespace {

// A kiosk asks how the hall is every 4 s (HallModel). Who was not heard for so long may not hear an order either; a kiosk that does all
// the same goes on some seconds later, which are given back. The longer this is, the more pauses go on unheard when the network just failed.
constexpr milliseconds kSilent{6000};
// A kiosk that the server has not answered for so long ends a pause of pause_minutes_max by itself (ProctorModel::lookAtPause).
constexpr milliseconds kAlone{60'000};

std::string minutesText(std::int64_t ms) { return std::to_string((ms + 30000) / 60000); }

/// When the kiosk at the sitting's seat was heard last; 0 = never.
std::int64_t kioskSeen(Tx& tx, const std::string& sitting_id) {
  return tx.value<std::int64_t>(
      "select coalesce(max(kiosk.seen_ms), 0) from sitting join admission on admission.id = sitting.admission_id "
      "join kiosk on kiosk.seat_id = admission.seat_id where sitting.id = :a and kiosk.revoked = 0", sitting_id).value_or(0);
}

milliseconds longestPause(const Site& site) { return minutes(site.policy.at("monitoring").at("pause_minutes_max").get<std::int64_t>()); }

/// When a kiosk that hears nothing lets the clock run by itself. Whoever took a pause over meanwhile has not begun it anew there.
std::int64_t goesOnAlone(Tx& tx, const std::string& sitting_id, std::int64_t paused_since_ms, milliseconds longest) {
  return std::max(paused_since_ms + longest.count(), kioskSeen(tx, sitting_id) + kAlone.count());
}

/// Does the kiosk stand still, and cannot hear that it may go on? It knows of a pause that it began itself, and of an order given while it
/// was not silent (its long poll brings it at once); where it does not, the candidate works on and loses nothing.
bool standsUnheard(Tx& tx, const SittingRow& row, std::int64_t since, Instant now) {
  const std::int64_t seen = kioskSeen(tx, row.id);
  if (seen == 0 || toMillis(now) - seen <= kSilent.count()) return false;
  const auto by = tx.value<std::string>("select actor from hall_entry where sitting_id = :a and what = 'paused' and at_ms >= :b order by place limit 1", row.id, since);
  if (seen + kSilent.count() < since && by != "policy") return false;
  const auto site_id = tx.value<std::string>("select site_id from reservation where id = :a", row.reservation_id);
  const auto site = siteById(tx, site_id.value_or(""));
  return site && toMillis(now) < goesOnAlone(tx, row.id, since, longestPause(*site));
}

}  // namespace

std::string ordersTopic(const std::string& sitting_id) { return "orders/" + sitting_id; }

Hold holdOf(Tx& tx, const std::string& sitting_id) {
  auto found = tx.one<std::optional<std::int64_t>, std::string, std::int64_t, std::optional<std::int64_t>>(
      "select paused_since_ms, why, given_back_ms, resume_wanted_ms from sitting_hold where sitting_id = :a", sitting_id);
  if (!found) return {};
  return {std::get<0>(*found), std::get<1>(*found), std::get<2>(*found), std::get<3>(*found)};
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
  const Hold hold = holdOf(tx, row.id);
  if (hold.paused_since_ms && actor == "policy" && !hold.resume_wanted_ms) return {};
  if (hold.paused_since_ms)  // already; now a person wants it to, with a reason of their own, or somebody had ended it
    tx.exec("update sitting_hold set why = :a, resume_wanted_ms = null where sitting_id = :b", why, row.id);
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
  tx.exec("update sitting_hold set paused_since_ms = null, why = '', resume_wanted_ms = null where sitting_id = :a", row.id);
  giveOrder(tx, row.id, "resume", wording("", ""), now);
  addHallEntry(tx, row.id, now, actor, "resumed", minutesText(given.count()) + " / " + minutesText(lost.count()) + " min");
  return {};
}

Status orderResume(Tx& tx, const SittingRow& row, const std::string& actor, Instant now) {
  const Hold hold = holdOf(tx, row.id);
  if (hold.resume_wanted_ms && !row.finished_ms) return {};  // said before
  if (row.finished_ms || !hold.paused_since_ms || !standsUnheard(tx, row, *hold.paused_since_ms, now)) return resumeSitting(tx, row, actor, now);
  tx.exec("update sitting_hold set resume_wanted_ms = :a, resume_actor = :b where sitting_id = :c", toMillis(now), actor, row.id);
  // Its number tells a kiosk that has it from a long poll that hangs here since before the network failed.
  giveOrder(tx, row.id, "resume", wording("", ""), now);
  addHallEntry(tx, row.id, now, actor, "resume_ordered", "");
  return {};
}

Result<SittingRow> resumeHeard(Tx& tx, const SittingRow& row, std::int64_t seen, Instant now) {
  const auto waits = tx.one<std::string, std::int64_t>(
      "select resume_actor, (select max(place) from hall_order where hall_order.sitting_id = sitting_hold.sitting_id and kind = 'resume') from sitting_hold "
      "where sitting_id = :a and paused_since_ms is not null and resume_wanted_ms is not null", row.id);
  if (!waits || row.finished_ms || seen < std::get<1>(*waits)) return row;
  INVIGIL_CHECK(resumeSitting(tx, row, std::get<0>(*waits), now));
  return sittingById(tx, row.id);
}

void giveBackStood(Tx& tx, const SittingRow& row, milliseconds stood, milliseconds longest, Instant now) {
  const milliseconds lost = std::min({stood, longest, milliseconds(toMillis(now) - row.started_ms)});
  if (row.finished_ms || lost < milliseconds(1000)) return;
  const milliseconds given = extendDeadline(tx, row, lost);
  addHallEntry(tx, row.id, now, "policy", "stood", std::to_string(given.count() / 1000) + " / " + std::to_string(lost.count() / 1000) + " s");
}

void endForgottenPauses(Tx& tx, Instant now) {
  for (auto& [id, paused_since, resume_wanted, last, site_id] :
       tx.all<std::string, std::int64_t, std::optional<std::int64_t>, std::int64_t, std::string>(
           "select sitting_hold.sitting_id, paused_since_ms, resume_wanted_ms, (select max(at_ms) from hall_entry where hall_entry.sitting_id = sitting_hold.sitting_id and what = 'paused'), "
           "reservation.site_id from sitting_hold "
           "join sitting on sitting.id = sitting_hold.sitting_id join reservation on reservation.id = sitting.reservation_id "
           "where paused_since_ms is not null")) {
    const auto site = siteById(tx, site_id);
    if (!site) continue;
    const milliseconds longest = longestPause(*site);
    if (toMillis(now) < (resume_wanted ? goesOnAlone(tx, id, paused_since, longest) : last + longest.count())) continue;
    // A pause is no verdict: where no person comes, the exam goes on and the pictures wait for one.
    if (auto row = sittingById(tx, id); row && !row->finished_ms) (void)resumeSitting(tx, *row, "policy", now);
    else tx.exec("update sitting_hold set paused_since_ms = null, resume_wanted_ms = null where sitting_id = :a", id);
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
  // With the key goes what a kiosk's disk may still hold of it.
  tx.exec("delete from incident_key where sitting_id in (select id from sitting where coalesce(finished_ms, deadline_ms) < :a)", toMillis(now - kExamEvidenceKept));
}

}  // namespace invigil::server
