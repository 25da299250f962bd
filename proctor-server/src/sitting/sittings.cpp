// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "sitting/sittings.hpp"

#include <algorithm>
#include <cstdio>

#include "banking/banking.hpp"
#include "certification/certificates.hpp"
#include "grading/grading.hpp"
#include "invigil/base/assert.hpp"
#include "papers/papers.hpp"
#include "proctoring/proctoring.hpp"
#include "registration/registration.hpp"

namespace invigil::server {
namespace {

/// One place on the paper as stored: everything showing and grading needs, in the order that was shown, and where it
/// comes from (uid, version, order: shown position -> index into the version's options).
Json placedItem(const DrawnItem& drawn, const bank::PaperItem& placed, const bank::Part& part) {
  const bank::Item& item = drawn.version.item;
  Json options = Json::array(), key = Json::array();
  for (std::size_t shown = 0; shown < placed.option_order.size(); ++shown) {
    const int original = placed.option_order[shown];
    options.push_back(item.options[static_cast<std::size_t>(original)]);
    if (std::find(item.key.begin(), item.key.end(), original) != item.key.end()) key.push_back(shown);
  }
  Json json{{"item", placed.item_id.substr(0, placed.item_id.find('@'))}, {"uid", drawn.uid}, {"version", drawn.version.number}, {"order", placed.option_order},
            {"type", bank::toText(item.type)}, {"part", placed.part}, {"points", pointsJson(part.points_each)}, {"topic", item.topic},
            {"stem", item.stem}, {"options", options}, {"key", key}};
  for (const bank::AcceptedAnswer& answer : item.answers)
    json["answers"].push_back({{"match", bank::toText(answer.match)}, {"text", answer.text}, {"upper", answer.upper}, {"percent", answer.percent}});
  if (item.markup == bank::Markup::Html) json["markup"] = "html";
  if (!item.stimulus.empty())
    json["stimulus"] = {{"id", item.stimulus}, {"markup", drawn.stimulus_markup}, {"text", drawn.stimulus_text}};
  return json;
}

/// "J2S4M5N0T0…": type and number of options of each place; lets a response be checked without reading the paper.
std::string shapeOf(const Json& paper) {
  std::string shape;
  for (const Json& place : paper) {
    const auto type = place["type"].get<std::string>();
    shape += type == "true_false" ? 'J' : type == "single_choice" ? 'S' : type == "multiple_choice" ? 'M' : type == "numeric" ? 'N' : 'T';
    shape += static_cast<char>('0' + place["options"].size());
  }
  return shape;
}

/// The whole taken paper as it is stored.
Json storedPaper(const TakenPaper& taken) {
  Json stored = Json::array();
  for (const bank::PaperItem& placed : taken.places)
    stored.push_back(placedItem(taken.batch->items.at(placed.item_id), placed, taken.batch->blueprint.parts[static_cast<std::size_t>(placed.part)]));
  return stored;
}

}  // namespace

Result<SittingRow> sittingById(Tx& tx, const std::string& id) {
  auto found = tx.one<std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string,
                      std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                      std::optional<std::int64_t>, std::int64_t>(
      "select admission_id, reservation_id, candidate_id, eligibility_id, blueprint, paper, shape, submitted_by, topics, attempt, "
      "started_ms, deadline_ms, points_x100, points_max_x100, finished_ms, passed from sitting where id = :a",
      id);
  if (!found) return fail(ErrorCode::NotFound, "no_such_sitting", "", "id");
  SittingRow row;
  row.id = id;
  std::int64_t passed = 0, points = 0, points_max = 0;
  std::tie(row.admission_id, row.reservation_id, row.candidate_id, row.eligibility_id, row.blueprint, row.paper, row.shape,
           row.submitted_by, row.topics, row.attempt, row.started_ms, row.deadline_ms, points, points_max, row.finished_ms,
           passed) = *found;
  row.points = bank::Points(points);
  row.points_max = bank::Points(points_max);
  row.passed = passed != 0;
  return row;
}

Result<SittingRow> ownSitting(Tx& tx, const Call& call) {
  INVIGIL_TRY(row, sittingById(tx, call.id));
  INVIGIL_TRY(admission, admissionById(tx, row.admission_id));
  if (admission.seat_id != call.caller.seat_id) return fail(ErrorCode::Conflict, "admission_other_seat");
  return row;
}

Result<SittingRow> startSitting(App& app, Tx& tx, const AdmissionRow& admission, Instant now, const std::string& actor) {
  if (auto id = tx.value<std::string>("select id from sitting where admission_id = :a", admission.id)) return sittingById(tx, *id);
  if (admission.state != "admitted")
    return fail(ErrorCode::Conflict, "admission_wrong_state", "The admission is in state " + admission.state + ".");
  INVIGIL_TRY(reservation, reservationById(tx, admission.reservation_id));
  if (reservation.state != "admitted" || reservation.seat_id != admission.seat_id)
    return fail(ErrorCode::Conflict, "no_such_admission", "The booking is in state " + reservation.state + ".");
  INVIGIL_TRY(site, siteById(tx, reservation.site_id));
  INVIGIL_TRY(eligibility, eligibilityById(tx, reservation.eligibility_id));
  // Who stood at the kiosk in time is in time, however long the reviewer took.
  const std::int64_t entry_until = entryUntil(app, site, reservation.start_ms);
  // The seat is this person's for the half hours it was taken for, whatever the policy says by now.
  if (admission.created_ms > entry_until || seatUntil(tx, reservation, 0, false) <= toMillis(now)) return fail(ErrorCode::Conflict, "admission_too_late");
  if (tx.exec("update eligibility set attempts_used = attempts_used + 1 where id = :a and attempts_used < attempts_max and passed = 0",
              eligibility.id) != 1)
    return fail(ErrorCode::Conflict, "not_eligible", "No attempt is left.");
  const std::string id = newId();
  INVIGIL_TRY(taken, takePaper(app, tx, eligibility.blueprint_id, reservation.candidate_id, id, now, actor));
  // Waiting for a person costs no time of the exam where the seat is free after the booking; the kiosk has said where it is not.
  const std::int64_t whole = toMillis(now + minutes(taken.batch->blueprint.minutes));
  const std::int64_t deadline = std::min(whole, seatUntil(tx, reservation, whole, true));
  const Json paper = storedPaper(taken);
  tx.exec("insert into sitting(id, admission_id, reservation_id, candidate_id, eligibility_id, attempt, blueprint, seed, paper, "
          "shape, started_ms, deadline_ms, batch_id, slot, leaf, take_hash) values (:a, :b, :c, :d, :e, :f, :g, '', :h, :i, :j, :k, :l, :m, :n, :o)",
          id, admission.id, reservation.id, reservation.candidate_id, eligibility.id, eligibility.attempts_used + 1,
          taken.batch->blueprint_text, paper.dump(), shapeOf(paper), toMillis(now), deadline, taken.batch_id, taken.slot, taken.leaf,
          taken.take_hash);
  setAdmissionState(tx, admission.id, "sitting", admission.why);
  tx.exec("update reservation set state = 'sitting' where id = :a", reservation.id);
  audit(tx, now, actor, "sitting_started", id, eligibility.blueprint_id);
  return sittingById(tx, id);
}

Result<Json> sittingJson(Tx& tx, const SittingRow& row, Instant now) {
  INVIGIL_TRY(blueprint, bank::parseBlueprint(row.blueprint));
  INVIGIL_TRY(reservation, reservationById(tx, row.reservation_id));
  INVIGIL_TRY(site, siteById(tx, reservation.site_id));
  const auto name = tx.value<std::string>("select name from candidate where id = :a", row.candidate_id).value_or("");
  Json items = Json::array(), responses = Json::array();
  std::int64_t position = 0;
  for (const Json& place : Json::parse(row.paper)) {
    items.push_back({{"position", ++position}, {"type", place["type"]}, {"points", place["points"]}, {"stem", place["stem"]},
                     {"options", place["options"]}});
    for (const char* more : {"markup", "stimulus"})
      if (place.contains(more)) items.back()[more] = place[more];
  }
  for (auto& [at, revision, chosen, flagged, shown] : tx.all<std::int64_t, std::int64_t, std::string, std::int64_t, std::optional<std::int64_t>>(
           "select position, revision, chosen, flagged, shown_ms from response where sitting_id = :a order by position", row.id)) {
    responses.push_back({{"position", at}, {"revision", revision}, {"flagged", flagged != 0}});
    const Json given = Json::parse(chosen);
    responses.back()["chosen"] = given.is_string() ? Json::array() : given;
    if (given.is_string()) responses.back()["text"] = given;
    if (shown) responses.back()["shown_ms"] = *shown;
  }
  return Json{{"id", row.id}, {"state", row.finished_ms ? "finished" : "running"},
              {"title", wording(blueprint.title.zh, blueprint.title.en)}, {"name_masked", maskName(name)},
              {"now_ms", toMillis(now)}, {"started_ms", row.started_ms}, {"deadline_ms", row.deadline_ms},
              {"paused_since_ms", millis(holdOf(tx, row.id).paused_since_ms)}, {"no_leaving_before_ms", row.started_ms + site.rule("no_leaving_minutes") * 60000},
              {"pass_points", pointsJson(blueprint.pass_points)}, {"points_max", pointsJson(blueprint.points())}, {"items", items},
              {"responses", responses}};
}

Status finishSitting(App& app, Tx& tx, const std::string& id, const std::string& by, Instant now) {
  INVIGIL_TRY(row, sittingById(tx, id));
  if (row.finished_ms) return {};
  INVIGIL_TRY(blueprint, bank::parseBlueprint(row.blueprint));
  const Grade graded = gradePaper(Json::parse(row.paper), blueprint, responsesOf(tx, id), appliedCorrections(tx));
  const std::int64_t finished = std::min(toMillis(now), row.deadline_ms);
  tx.exec("update sitting set finished_ms = :a, submitted_by = :b where id = :c", finished, by, id);
  endIncidents(tx, id, fromMillis(finished));
  storeGrade(tx, id, graded, "", now);
  setAdmissionState(tx, row.admission_id, "finished", "");
  INVIGIL_TRY(reservation, reservationById(tx, row.reservation_id));
  INVIGIL_TRY(site, siteById(tx, reservation.site_id));
  releaseSeat(tx, row.reservation_id, "finished", toMillis(now) + site.rule("turnover_minutes") * 60000);
  audit(tx, now, by, "sitting_finished", id, graded.points.text());
  if (!graded.passed) return {};
  tx.exec("update eligibility set passed = 1 where id = :a", row.eligibility_id);
  INVIGIL_TRY(finished_row, sittingById(tx, id));
  INVIGIL_CHECK(issueCertificate(app, tx, finished_row, blueprint, now).map([](auto&&) {}));
  return {};
}

Instant graceEnds(const App& app, Tx& tx, const std::string& seat_id, std::int64_t deadline_ms) {
  const Instant deadline = fromMillis(deadline_ms), last = deadline + kKioskAwaited;
  Instant from = std::max(deadline, app.serving_since.load());
  const auto kiosk = tx.one<std::int64_t, std::int64_t>("select coalesce(max(seen_ms), 0), coalesce(max(back_ms), 0) from kiosk where seat_id = :a and revoked = 0", seat_id);
  const auto [seen_ms, back_ms] = kiosk.value_or(std::tuple<std::int64_t, std::int64_t>{});
  if (seen_ms > 0 && seen_ms < deadline_ms) from = std::max(from, last);
  else if (back_ms > deadline_ms) from = std::max(from, std::min(fromMillis(back_ms), last));
  return from + kSyncGrace;
}

namespace {

/// Those whose time is over, of all or just this one.
std::vector<std::string> overdue(const App& app, Tx& tx, Instant now, const std::string& only = "") {
  std::vector<std::string> ids;
  for (auto& [id, seat_id, deadline_ms] : tx.all<std::string, std::string, std::int64_t>(
           "select sitting.id, admission.seat_id, sitting.deadline_ms from sitting join admission on admission.id = sitting.admission_id "
           "where sitting.finished_ms is null and sitting.deadline_ms < :a and (:b = '' or sitting.id = :c) and not exists (select 1 from sitting_hold "
           "where sitting_id = sitting.id and paused_since_ms is not null) order by sitting.deadline_ms",
           toMillis(now - kSyncGrace), only, only))
    if (now > graceEnds(app, tx, seat_id, deadline_ms)) ids.push_back(id);
  return ids;
}

}  // namespace

Status finishOverdue(App& app, Instant now) {
  INVIGIL_TRY(ids, app.store->readNow<std::vector<std::string>>([&](Tx& tx) -> Result<std::vector<std::string>> { return overdue(app, tx, now); }));
  Status all;  // one that cannot be graded must not keep the others from it
  for (const std::string& id : ids)
    if (Status done = app.store->writeNow<void>([&](Tx& tx) -> Status {
          // Looked at again: the invigilator may have given it more time meanwhile.
          return overdue(app, tx, now, id).empty() ? Status() : finishSitting(app, tx, id, "deadline", now);
        });
        !done)
      all = done;
  return all;
}

Result<Json> resultJson(Tx& tx, const SittingRow& row) {
  if (!row.finished_ms) return fail(ErrorCode::Conflict, "sitting_running");
  INVIGIL_TRY(blueprint, bank::parseBlueprint(row.blueprint));
  INVIGIL_TRY(eligibility, eligibilityById(tx, row.eligibility_id));
  const std::int64_t left = row.passed ? 0 : std::max<std::int64_t>(0, eligibility.attempts_max - eligibility.attempts_used);
  return Json{{"sitting_id", row.id}, {"points", pointsJson(row.points)}, {"points_max", pointsJson(row.points_max)},
              {"pass_points", pointsJson(blueprint.pass_points)}, {"passed", row.passed}, {"submitted_by", row.submitted_by},
              {"finished_ms", *row.finished_ms}, {"topics", Json::parse(row.topics)},
              {"credential", certificateJson(tx, row.id)}, {"regraded", regradedJson(tx, row.id)}, {"attempts_left", left}};
}

Json sittingResultFor(Tx& tx, const std::string& reservation_id) {
  auto id = tx.value<std::string>("select id from sitting where reservation_id = :a and finished_ms is not null", reservation_id);
  if (!id) return nullptr;
  auto row = sittingById(tx, *id);
  if (!row) return nullptr;
  auto json = resultJson(tx, *row);
  return json ? *json : Json(nullptr);
}

}  // namespace invigil::server
