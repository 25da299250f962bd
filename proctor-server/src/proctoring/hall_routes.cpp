// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "invigil/bank/blueprint.hpp"
#include "proctoring/proctoring.hpp"
#include "registration/face_data.hpp"
#include "registration/identity.hpp"

namespace invigil::server {
namespace {

/// The reason of a measure. Errors: InvalidInput measure_reason_missing.
Result<std::string> reasonOf(const Call& call) {
  const std::string reason = trim(call.text("reason"));
  if (reason.empty()) return fail(ErrorCode::InvalidInput, "measure_reason_missing", "", "reason");
  return reason;
}

/// The sitting in the path while it runs. Errors: NotFound no_such_sitting; Conflict sitting_finished.
Result<SittingRow> runningSitting(Tx& tx, const Call& call) {
  INVIGIL_TRY(row, sittingById(tx, call.id));
  if (row.finished_ms) return fail(ErrorCode::Conflict, "sitting_finished");
  return row;
}

Result<Reply> recordOf(Tx& tx, const std::string& id) {
  INVIGIL_TRY(row, sittingById(tx, id));
  INVIGIL_TRY(json, hallRecordJson(tx, row));
  return Reply{json};
}

Result<Reply> record(App&, Tx& tx, const Call& call) {
  INVIGIL_CHECK(sittingById(tx, call.id).map([](auto&&) {}));
  audit(tx, call.now, call.caller.account_id, "hall_record_seen", call.id);
  return recordOf(tx, call.id);
}

/// Words for the candidate: where only one language was given, it stands for the other.
Json bothLanguages(const Json& text) {
  const std::string zh = trim(text.at("zh").get<std::string>()), en = trim(text.at("en").get<std::string>());
  return wording(zh.empty() ? en : zh, en.empty() ? zh : en);
}

Result<Reply> message(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, runningSitting(tx, call));
  const Json words = bothLanguages(call.body.at("text"));
  if (words["zh"] == "") return fail(ErrorCode::InvalidInput, "measure_reason_missing", "", "text");
  giveOrder(tx, row.id, call.text("kind"), words, call.now);
  addHallEntry(tx, row.id, call.now, call.caller.account_id, "said_" + call.text("kind"), words["zh"]);
  return recordOf(tx, row.id);
}

Result<Reply> pause(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, runningSitting(tx, call));
  INVIGIL_TRY(reason, reasonOf(call));
  const Json words = call.body.contains("message") ? bothLanguages(call.body.at("message")) : wording("", "");
  INVIGIL_CHECK(pauseSitting(tx, row, reason, call.caller.account_id, call.now, words));
  if (words["zh"] != "") addHallEntry(tx, row.id, call.now, call.caller.account_id, "said_notice", words["zh"]);
  return recordOf(tx, row.id);
}

Result<Reply> resume(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, runningSitting(tx, call));
  INVIGIL_CHECK(orderResume(tx, row, call.caller.account_id, call.now));
  return recordOf(tx, row.id);
}

Result<Reply> extend(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, runningSitting(tx, call));
  INVIGIL_TRY(reason, reasonOf(call));
  const milliseconds wanted = minutes(call.body.at("minutes").get<int>());
  // All or nothing: a person was told a number.
  if (extendDeadline(tx, row, wanted) < wanted) return fail(ErrorCode::Conflict, "seat_not_free_so_long", "", "minutes");
  giveOrder(tx, row.id, "extend", wording("", ""), call.now);
  addHallEntry(tx, row.id, call.now, call.caller.account_id, "extended", std::to_string(call.body["minutes"].get<int>()) + " min: " + reason);
  return recordOf(tx, row.id);
}

Result<Reply> end(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, runningSitting(tx, call));
  INVIGIL_TRY(reason, reasonOf(call));
  tx.exec("update sitting_hold set paused_since_ms = null, resume_wanted_ms = null where sitting_id = :a", row.id);
  addHallEntry(tx, row.id, call.now, call.caller.account_id, "ended", reason);
  INVIGIL_CHECK(finishSitting(app, tx, row.id, "invigilator", call.now));
  giveOrder(tx, row.id, "end", wording("", ""), call.now);
  audit(tx, call.now, call.caller.account_id, "sitting_ended_by_invigilator", row.id);
  return recordOf(tx, row.id);
}

/// The candidate has told the invigilator to take the consent back.
Result<Reply> withdraw(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, runningSitting(tx, call));
  INVIGIL_CHECK(withdrawFaceConsent(tx, row.candidate_id, "reviewer", call.caller.account_id, call.now));
  return recordOf(tx, row.id);
}

Result<Reply> decide(App&, Tx& tx, const Call& call) {
  auto found = tx.one<std::string, std::string, std::string>("select sitting_id, decision, kind from incident where id = :a", call.id);
  if (!found) return fail(ErrorCode::NotFound, "no_such_incident", "", "id");
  const auto& [sitting_id, decided, kind] = *found;
  const std::string decision = call.text("decision"), note = trim(call.text("note"));
  if (!decided.empty() && decided != call.body.value("instead_of", "")) return fail(ErrorCode::Conflict, "incident_decided");
  if (decision == "confirmed" && note.empty()) return fail(ErrorCode::InvalidInput, "measure_reason_missing", "", "note");
  tx.exec("update incident set decision = :a, note = :b, decided_by = :c, decided_ms = :d where id = :e", decision, note,
          call.caller.account_id, toMillis(call.now), call.id);
  addHallEntry(tx, sitting_id, call.now, call.caller.account_id, "incident_" + decision, note.empty() ? kind : kind + ": " + note);
  audit(tx, call.now, call.caller.account_id, "incident_" + decision, call.id);
  return recordOf(tx, sitting_id);
}

Result<Reply> evidence(App& app, Tx& tx, const Call& call) {
  const auto sealed = tx.value<std::string>("select picture from evidence where id = :a", call.id);
  if (!sealed) return fail(ErrorCode::NotFound, "no_such_evidence", "", "id");
  INVIGIL_TRY(jpeg, app.sealer->open(*sealed));
  audit(tx, call.now, call.caller.account_id, "evidence_seen", call.id);
  Reply reply;
  reply.content_type = "image/jpeg";
  reply.bytes = std::move(jpeg);
  return reply;
}

Json entry(std::int64_t at, const std::string& actor, const std::string& what, const std::string& detail) {
  return {{"at_ms", at}, {"actor", actor}, {"what", what}, {"detail", detail}};
}

/// The rows of the record, with what admission and grading keep elsewhere, oldest first.
Json entriesJson(Tx& tx, const SittingRow& row, const AdmissionRow& admission) {
  std::vector<Json> entries;
  if (admission.decided_ms) entries.push_back(entry(*admission.decided_ms, "", "admitted_by_" + admission.admitted_by, admission.why));
  entries.push_back(entry(row.started_ms, "", "sitting_started", ""));
  for (auto& [at, actor, what, detail] : tx.all<std::int64_t, std::string, std::string, std::string>(
           "select at_ms, coalesce(account.display, actor), what, detail from hall_entry left join account on account.id = actor "
           "where sitting_id = :a order by place",
           row.id))
    entries.push_back(entry(at, actor, what, detail));
  if (row.finished_ms) entries.push_back(entry(*row.finished_ms, "", "submitted_by_" + row.submitted_by, row.points.text() + " / " + row.points_max.text()));
  std::stable_sort(entries.begin(), entries.end(), [](const Json& a, const Json& b) { return a["at_ms"] < b["at_ms"]; });
  return entries;
}

}  // namespace

Result<Json> hallRecordJson(Tx& tx, const SittingRow& row) {
  INVIGIL_TRY(admission, admissionById(tx, row.admission_id));
  INVIGIL_TRY(reservation, reservationById(tx, row.reservation_id));
  INVIGIL_TRY(site, siteById(tx, reservation.site_id));
  INVIGIL_TRY(seat, seatById(tx, admission.seat_id));
  INVIGIL_TRY(blueprint, bank::parseBlueprint(row.blueprint));
  auto person = tx.one<std::string, std::string>("select name, id_number from candidate where id = :a", row.candidate_id);
  const Hold hold = holdOf(tx, row.id);
  return Json{{"sitting_id", row.id}, {"name", std::get<0>(*person)}, {"id_masked", maskId(std::get<1>(*person))},
              {"title", wording(blueprint.title.zh, blueprint.title.en)}, {"site_name", wording(site.name_zh, site.name_en)},
              {"time_zone", site.zone.name()}, {"room", seat.room}, {"seat_label", seat.label},
              {"state", row.finished_ms ? "finished" : hold.paused_since_ms ? "paused" : "running"}, {"started_ms", row.started_ms},
              {"deadline_ms", row.deadline_ms}, {"finished_ms", millis(row.finished_ms)}, {"paused_since_ms", millis(hold.paused_since_ms)},
              {"why", hold.why}, {"given_back_ms", hold.given_back_ms}, {"admitted_by", admission.admitted_by},
              {"consent", admission.consent == "given" ? "given" : "declined"},
              {"similarity", admission.similarity ? Json(*admission.similarity) : Json(nullptr)},
              {"entries", entriesJson(tx, row, admission)}, {"incidents", incidentsJson(tx, row.id)}};
}

Routes hallRoutes() {
  const std::string sitting = "/api/v1/hall/sittings/{id}";
  return {writeRoute(Verb::Get, sitting, Scope::Reviewer, record),
          writeRoute(Verb::Post, sitting + "/message", Scope::Reviewer, message),
          writeRoute(Verb::Post, sitting + "/pause", Scope::Reviewer, pause),
          writeRoute(Verb::Post, sitting + "/resume", Scope::Reviewer, resume),
          writeRoute(Verb::Post, sitting + "/extend", Scope::Reviewer, extend),
          writeRoute(Verb::Post, sitting + "/end", Scope::Reviewer, end),
          writeRoute(Verb::Post, sitting + "/withdraw", Scope::Reviewer, withdraw),
          writeRoute(Verb::Post, "/api/v1/hall/incidents/{id}/decision", Scope::Reviewer, decide),
          writeRoute(Verb::Get, "/api/v1/hall/evidence/{id}", Scope::Reviewer, evidence)};
}

}  // namespace invigil::server
