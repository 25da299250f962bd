// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "proctoring/proctoring.hpp"

namespace invigil::server {
namespace {

constexpr std::size_t kBatchBody = 256 << 10;

Result<Reply> start(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(admission, admissionById(tx, call.text("admission_id")));
  if (admission.seat_id != call.caller.seat_id) return fail(ErrorCode::Conflict, "admission_other_seat");
  INVIGIL_TRY(row, startSitting(app, tx, admission, call.now, call.caller.kiosk_id));
  // A kiosk that was started anew watches anew: what its last run saw beginning has nobody who sees it end.
  if (!row.finished_ms) endIncidents(tx, row.id, call.now);
  INVIGIL_TRY(json, sittingJson(tx, row, call.now));
  return Reply{json};
}

bool isTyped(const std::string& shape, std::size_t position) {
  const char type = shape[(position - 1) * 2];
  return type == 'N' || type == 'T';
}

/// As stored in response.chosen: the shown positions, or what was typed.
std::string storedAnswer(const std::string& shape, const Json& response) {
  return isTyped(shape, response["position"].get<std::size_t>()) ? Json(response.value("text", "")).dump() : response["chosen"].dump();
}

/// Is this response possible on a paper of this shape?
Status checkResponse(const std::string& shape, const Json& response, std::size_t index) {
  const auto wrong = [&] {
    return fail(ErrorCode::InvalidInput, "no_such_position", "", "responses[" + std::to_string(index) + "]");
  };
  const auto position = response["position"].get<std::size_t>();
  if (position < 1 || position > shape.size() / 2) return wrong();
  const std::size_t place = (position - 1) * 2;
  const bool typed = isTyped(shape, position);
  if (typed ? !response["chosen"].empty() : response.contains("text")) return wrong();
  const int options = shape[place + 1] - '0';
  std::uint32_t seen = 0;
  for (const Json& choice : response["chosen"]) {
    const int at = choice.get<int>();
    if (at >= options || (seen >> at & 1) != 0) return wrong();
    seen |= 1u << at;
  }
  if (shape[place] != 'M' && response["chosen"].size() > 1) return wrong();
  return {};
}

/// Reads only the narrow columns: this is the busiest route of the house.
Result<Reply> saveResponses(App& app, Tx& tx, const Call& call) {
  auto head = tx.one<std::string, std::int64_t, std::int64_t, std::string, std::optional<std::int64_t>>(
      "select sitting.shape, sitting.deadline_ms, case when sitting.finished_ms is null then 0 else 1 end, admission.seat_id, "
      "sitting_hold.paused_since_ms from sitting join admission on admission.id = sitting.admission_id "
      "left join sitting_hold on sitting_hold.sitting_id = sitting.id where sitting.id = :a",
      call.id);
  if (!head) return fail(ErrorCode::NotFound, "no_such_sitting", "", "id");
  const auto& [shape, deadline, finished, seat_id, paused] = *head;
  if (seat_id != call.caller.seat_id) return fail(ErrorCode::Conflict, "admission_other_seat");
  // The clock stands during a pause: what was answered before it is still on its way.
  const bool late = !paused && call.now > fromMillis(deadline) + kSyncGrace && call.now > graceEnds(app, tx, seat_id, deadline);
  if (finished != 0 || late) return fail(ErrorCode::Conflict, "sitting_finished");
  Json saved = Json::array();
  std::size_t index = 0;
  for (const Json& response : call.body.at("responses")) {
    INVIGIL_CHECK(checkResponse(shape, response, index++));
    const auto position = response["position"].get<std::int64_t>();
    const auto revision = response["revision"].get<std::int64_t>();
    const auto shown = response.value("shown_ms", std::int64_t{0});
    const auto kept = tx.exec("insert into response(sitting_id, position, revision, chosen, flagged, saved_ms, shown_ms) values (:a, :b, :c, :d, :e, :f, :g) "
            "on conflict (sitting_id, position) do update set revision = excluded.revision, chosen = excluded.chosen, "
            "flagged = excluded.flagged, saved_ms = excluded.saved_ms, shown_ms = excluded.shown_ms where excluded.revision > response.revision",
            call.id, position, revision, storedAnswer(shape, response),
            response["flagged"].get<bool>() ? 1 : 0, toMillis(call.now), shown > 0 ? std::optional(shown) : std::nullopt);
    // A late repeat changes nothing; the kiosk learns which revision stands.
    const auto stands = kept > 0 ? revision
                                 : tx.value<std::int64_t>("select revision from response where sitting_id = :a and position = :b",
                                                          call.id, position).value_or(revision);
    saved.push_back({{"position", position}, {"revision", stands}});
  }
  return Reply{{{"saved", saved}, {"now_ms", toMillis(call.now)}, {"deadline_ms", deadline}}};
}

Result<Reply> submit(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, ownSitting(tx, call));
  if (!row.finished_ms) {
    INVIGIL_TRY(reservation, reservationById(tx, row.reservation_id));
    INVIGIL_TRY(site, siteById(tx, reservation.site_id));
    if (holdOf(tx, row.id).paused_since_ms) return fail(ErrorCode::Conflict, "sitting_paused");
    const bool over = toMillis(call.now) >= row.deadline_ms;
    if (!over && toMillis(call.now) < row.started_ms + site.rule("no_leaving_minutes") * 60000)
      return fail(ErrorCode::Conflict, "too_early_to_leave");
    INVIGIL_CHECK(finishSitting(app, tx, row.id, over ? "deadline" : "candidate", call.now));
  }
  INVIGIL_TRY(finished, sittingById(tx, row.id));
  INVIGIL_TRY(json, resultJson(tx, finished));
  return Reply{json};
}

Result<Reply> result(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, ownSitting(tx, call));
  INVIGIL_TRY(json, resultJson(tx, row));
  return Reply{json};
}

}  // namespace

Routes sittingRoutes() {
  const std::string base = "/api/v1/kiosk/sittings";
  return {writeRoute(Verb::Post, base, Scope::Kiosk, start),
          writeRoute(Verb::Post, base + "/{id}/responses", Scope::Kiosk, saveResponses, kBatchBody),
          writeRoute(Verb::Post, base + "/{id}/submit", Scope::Kiosk, submit),
          readRoute(Verb::Get, base + "/{id}/result", Scope::Kiosk, result)};
}

}  // namespace invigil::server
