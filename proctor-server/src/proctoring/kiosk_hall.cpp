// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "invigil/api/contract.hpp"
#include "invigil/base/text.hpp"
#include "proctoring/recording.hpp"

namespace invigil::server {
namespace {

constexpr std::size_t kIncidentBody = 1400 << 10;
constexpr int kIncidentsMax = 500;  ///< of one sitting: more says nothing new

int severity(const std::string& measure) {
  constexpr const char* kOrder[]{"nothing", "notice", "warning", "pause", "end"};
  for (int i = 0; i < 5; ++i)
    if (measure == kOrder[i]) return i;
  return 0;
}

/// Why the exam stands, as the candidate may read it. What a person wrote down as the reason stays in the hall record.
struct ToldPause {
  std::string why;
  Json message;
};
ToldPause toldPause(Tx& tx, const std::string& sitting_id, const Hold& hold) {
  if (!hold.paused_since_ms) return {"", wording("", "")};
  const auto by = tx.value<std::string>("select actor from hall_entry where sitting_id = :a and what = 'paused' order by place desc limit 1", sitting_id);
  if (by == "policy") return {hold.why, wording("", "")};
  const auto said = tx.one<std::string, std::string>(
      "select text_zh, text_en from hall_order where sitting_id = :a and kind = 'pause' order by place desc limit 1", sitting_id);
  return {"invigilator", said ? wording(std::get<0>(*said), std::get<1>(*said)) : wording("", "")};
}

/// HallOrders of openapi.yaml without orders.
Json stateJson(Tx& tx, const SittingRow& row, Instant now) {
  const Hold hold = holdOf(tx, row.id);
  const ToldPause pause = toldPause(tx, row.id, hold);
  const auto [last, warnings] = tx.one<std::int64_t, std::int64_t>(
      "select coalesce(max(place), 0), coalesce(sum(case when measure in ('warning', 'pause', 'end') then 1 else 0 end), 0) from incident where sitting_id = :a",
      row.id).value_or(std::tuple<std::int64_t, std::int64_t>{});
  return {{"monitor", isMonitored(tx, row)}, {"record", isRecorded(tx, row)}, {"next_place", last + 1}, {"warnings", warnings}, {"state", row.finished_ms ? "finished" : hold.paused_since_ms ? "paused" : "running"},
          {"paused_since_ms", millis(hold.paused_since_ms)}, {"why", pause.why}, {"message", pause.message}, {"deadline_ms", row.deadline_ms},
          {"now_ms", toMillis(now)}, {"seen", 0}, {"orders", Json::array()}};
}

Json ordersJson(Tx& tx, const SittingRow& row, std::int64_t after, Instant now) {
  Json json = stateJson(tx, row, now);
  json["seen"] = after;
  for (auto& [place, kind, zh, en, at] : tx.all<std::int64_t, std::string, std::string, std::string, std::int64_t>(
           "select place, kind, text_zh, text_en, at_ms from hall_order where sitting_id = :a and place > :b order by place limit 50", row.id,
           after)) {
    json["orders"].push_back({{"place", place}, {"kind", kind}, {"text", wording(zh, en)}, {"at_ms", at}});
    json["seen"] = place;
  }
  return json;
}

Result<std::string> sealedJpeg(App& app, const std::string& base64, std::size_t index) {
  auto bytes = fromBase64(base64);
  if (!bytes || bytes->size() < 4 || (*bytes)[0] != 0xFF || (*bytes)[1] != 0xD8)
    return fail(ErrorCode::InvalidInput, "capture_not_jpeg", "", "evidence[" + std::to_string(index) + "].jpeg");
  return app.sealer->seal(std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
}

/// Makes the incident or brings it up to date: a measure only rises, an end is told once. What is reported after hand-in
/// as lasting ended with the sitting; an end from before it that comes late is the better one.
struct Kept {
  std::string id;
  bool rose = false;  ///< to a severer measure than was known
};
Result<Kept> keepIncident(Tx& tx, const SittingRow& row, const Call& call) {
  const Json& body = call.body;
  const auto place = body.at("place").get<std::int64_t>();
  const auto measure = call.text("measure"), kind = call.text("kind");
  const std::optional<std::int64_t> ended = body["ended_ms"].is_null() ? std::nullopt : std::optional(body["ended_ms"].get<std::int64_t>());
  auto found = tx.one<std::string, std::string, std::string, std::optional<std::int64_t>>(
      "select id, kind, measure, ended_ms from incident where sitting_id = :a and place = :b", row.id, place);
  std::string known = "nothing", id;
  bool was_over = false;
  if (found) {
    const auto& [found_id, found_kind, found_measure, found_ended] = *found;
    if (found_kind != kind) return fail(ErrorCode::Conflict, "incident_differs", "", "place");
    id = found_id, known = found_measure, was_over = found_ended.has_value();
    const std::optional<std::int64_t> end = ended && found_ended ? std::min(*ended, *found_ended) : ended ? ended : found_ended;
    tx.exec("update incident set ended_ms = :a, measure = :b, score = :c where id = :d", end,
            severity(measure) > severity(known) ? measure : known, body["score"].get<double>(), id);
  } else {
    if (tx.value<std::int64_t>("select count(*) from incident where sitting_id = :a", row.id).value_or(0) >= kIncidentsMax)
      return fail(ErrorCode::Conflict, "too_many_incidents", "", "place");  // not "later": the kiosk would ask for ever
    id = newId();
    tx.exec("insert into incident(id, sitting_id, place, kind, began_ms, ended_ms, measure, score, engine) "
            "values (:a, :b, :c, :d, :e, :f, :g, :h, :i)",
            id, row.id, place, kind, body["began_ms"].get<std::int64_t>(), ended, measure, body["score"].get<double>(), call.text("engine"));
    addHallEntry(tx, row.id, call.now, call.caller.kiosk_id, "incident", kind);
  }
  if (row.finished_ms) endIncidents(tx, row.id, fromMillis(*row.finished_ms));
  if (severity(measure) > severity(known)) addHallEntry(tx, row.id, call.now, "policy", measure, kind);
  if (ended && !was_over) addHallEntry(tx, row.id, call.now, call.caller.kiosk_id, "incident_over", kind);
  return Kept{id, severity(measure) > severity(known)};
}

/// What a kiosk saved up while it was offline comes late: only a pause that still stands there stops the clock here.
Status takePause(Tx& tx, const SittingRow& row, const Call& call) {
  INVIGIL_TRY(reservation, reservationById(tx, row.reservation_id));
  INVIGIL_TRY(site, siteById(tx, reservation.site_id));
  const minutes longest(site.policy.at("monitoring").at("pause_minutes_max").get<std::int64_t>());
  milliseconds stood(call.body.value("stood_ms", std::int64_t{0}));
  // Where somebody paused it here meanwhile, that part is given back with the pause of the server.
  if (const auto since = holdOf(tx, row.id).paused_since_ms) stood = std::max(milliseconds(0), stood - (call.now - fromMillis(*since)));
  giveBackStood(tx, row, stood, longest, call.now);
  if (!call.body["ended_ms"].is_null() || !call.body.value("stands", true)) return {};
  return pauseSitting(tx, row, call.text("kind"), "policy", call.now);
}

Result<Reply> takeReport(App& app, Tx& tx, const Call& call, const SittingRow& row) {
  INVIGIL_TRY(kept, keepIncident(tx, row, call));
  const auto withdrawn = withdrawnAt(tx, row.admission_id);
  const Json& pictures = call.body.at("evidence");
  // Counted as they were sent, with those that are not kept: a refusal names a picture of the sender's list.
  for (std::size_t index = 0; index < pictures.size(); ++index) {
    const Json& picture = pictures[index];
    if (withdrawn && picture["at_ms"].get<std::int64_t>() > *withdrawn) continue;  // a kiosk without network did not know yet
    INVIGIL_TRY(sealed, sealedJpeg(app, picture.at("jpeg").get<std::string>(), index));
    tx.exec("insert into evidence(id, incident_id, place, at_ms, picture) values (:a, :b, :c, :d, :e) on conflict do nothing", newId(), kept.id,
            picture["place"].get<std::int64_t>(), picture["at_ms"].get<std::int64_t>(), sealed);
  }
  // A report that is repeated gives nothing back twice and does not stop the clock again after somebody let it run.
  const bool pauses = kept.rose && call.text("measure") == "pause" && !row.finished_ms;
  if (pauses) INVIGIL_CHECK(takePause(tx, row, call));
  tx.notify(kHallTopic);
  if (!pauses) return Reply{stateJson(tx, row, call.now)};
  INVIGIL_TRY(moved, sittingById(tx, row.id));  // to another deadline
  return Reply{stateJson(tx, moved, call.now)};
}

Result<Reply> report(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, ownSitting(tx, call));
  INVIGIL_TRY(reply, takeReport(app, tx, call, row));
  if (!holdOf(tx, row.id).resume_wanted_ms) return reply;
  // Whoever reports hears the answer.
  INVIGIL_TRY(standing, sittingById(tx, row.id));
  INVIGIL_TRY(running, resumeHeard(tx, standing, std::numeric_limits<std::int64_t>::max(), call.now));
  return Reply{stateJson(tx, running, call.now)};
}

/// A report that a power cut or a change of seats left on a kiosk's disk, sealed with the sitting's key. The seal says whose it
/// is: the kiosk, or the candidate, may have another seat by now.
Result<Reply> sealedReport(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(key, incidentKey(app, tx, call.id));
  INVIGIL_TRY(head, segment::readHead(call.bytes));
  if (head.sitting_id != call.id) return fail(ErrorCode::InvalidInput, "segment_elsewhere", "", "id");
  INVIGIL_TRY(plain, segment::open(key, call.bytes));
  Call opened = call;
  opened.body = Json::parse(plain, nullptr, false);
  if (opened.body.is_discarded()) return fail(ErrorCode::InvalidInput, "bad_json", "", "body");
  INVIGIL_CHECK(api::Contract::instance().check("IncidentReport", opened.body));
  // Nobody has watched since: it lasted as long as there are pictures of it.
  if (opened.body["ended_ms"].is_null()) {
    std::int64_t last = opened.body["began_ms"];
    for (const Json& picture : opened.body["evidence"]) last = std::max(last, picture["at_ms"].get<std::int64_t>());
    opened.body["ended_ms"] = last;
  }
  INVIGIL_TRY(row, sittingById(tx, call.id));
  return takeReport(app, tx, opened, row);
}

Result<Reply> orders(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(own, ownSitting(tx, call));
  const auto seen = call.number("seen", 0, 0, 1'000'000);
  INVIGIL_TRY(row, resumeHeard(tx, own, seen, call.now));
  Reply reply{ordersJson(tx, row, seen, call.now)};
  if (reply.body["orders"].empty() && !row.finished_ms) reply.wait_for = ordersTopic(row.id);
  return reply;
}

}  // namespace

Routes kioskHallRoutes() {
  const std::string base = "/api/v1/kiosk/sittings/{id}";
  return {writeRoute(Verb::Post, base + "/incidents", Scope::Kiosk, report, kIncidentBody),
          writeRoute(Verb::Put, base + "/sealed-incident", Scope::Kiosk, sealedReport, kIncidentBody),
          writeRoute(Verb::Get, base + "/orders", Scope::Kiosk, orders)};
}

}  // namespace invigil::server
