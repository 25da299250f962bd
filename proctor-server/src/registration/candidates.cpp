// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "registration/identity.hpp"
#include "registration/face_data.hpp"
#include "registration/parts.hpp"
#include "store/like.hpp"

namespace invigil::server {
namespace {

Json eligibilitiesJson(Tx& tx, const std::string& candidate_id, Instant now) {
  Json list = Json::array();
  for (const EligibilityRow& row : eligibilitiesOf(tx, candidate_id)) list.push_back(eligibilityJson(tx, row, now));
  return list;
}

Result<Json> candidateJson(Tx& tx, const std::string& id, Instant now) {
  const auto row = tx.one<std::string, std::string, std::string, std::string>(
      "select name, id_type, id_number, phone from candidate where id = :a", id);
  if (!row) return fail(ErrorCode::NotFound, "no_such_candidate");
  const auto& [name, id_type, id_number, phone] = *row;
  return Json{{"id", id},
              {"name", name},
              {"id_type", id_type},
              {"id_masked", maskId(id_number)},
              {"phone_masked", maskPhone(phone)},
              {"photo", photosOf(tx, id) > 0},
              {"eligibilities", eligibilitiesJson(tx, id, now)}};
}

/// Pattern for the end of a document number: 4 to 6 letters or digits, else one that no number fits. Fewer would find
/// everybody, more is a number that somebody types in full.
std::string endOfNumber(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
  return plain && text.size() >= 4 && text.size() <= 6 ? "%" + text : std::string();
}

/// Asked with a body: names never reach a URL.
Result<Reply> searchCandidates(App&, Tx& tx, const Call& call) {
  const std::string wanted = trim(call.text("q")), pattern = store::containing(wanted), number = endOfNumber(wanted);
  const auto limit = call.body.value("limit", std::int64_t{50}), offset = call.body.value("offset", std::int64_t{0});
  const std::string where = " from candidate where (name like :a escape '\\' or upper(id_number) like upper(:b))";
  Json list = Json::array();
  for (const auto& [id] : tx.all<std::string>("select id" + where + " order by created_ms desc, id limit :c offset :d",
                                              pattern, number, limit, offset)) {
    INVIGIL_TRY(one, candidateJson(tx, id, call.now));
    list.push_back(std::move(one));
  }
  const auto total = tx.value<std::int64_t>("select count(*)" + where, pattern, number).value_or(0);
  return Reply(Json{{"candidates", list}, {"total", total}});
}

Result<Reply> makeCandidate(App&, Tx& tx, const Call& call) {
  Json request = call.body;
  request["actor"] = call.caller.account_id;
  INVIGIL_TRY(added, addCandidate(tx, call.now, request));
  INVIGIL_TRY(body, candidateJson(tx, added.id, call.now));
  if (added.phone_changed) body["phone_changed"] = true;
  return Reply(std::move(body));
}

}  // namespace

Result<Json> personJson(Tx& tx, const std::string& candidate_id, Instant now) {
  const auto name = tx.value<std::string>("select name from candidate where id = :a", candidate_id);
  if (!name) return fail(ErrorCode::NotFound, "no_such_candidate");
  return Json{{"name_masked", maskName(*name)},
              {"eligibilities", eligibilitiesJson(tx, candidate_id, now)},
              {"photos", photosOf(tx, candidate_id)},
              {"photos_max", kPhotosMax},
              {"photo_consent", consentGiven(tx, candidate_id, "reference_photo")},
              {"face_data", faceDataJson(tx, candidate_id)}};
}

Routes candidateRoutes() {
  return {readRoute(Verb::Post, "/api/v1/admin/candidates/search", Scope::Administrator, searchCandidates),
          writeRoute(Verb::Post, "/api/v1/admin/candidates", Scope::Administrator, makeCandidate)};
}

Routes registrationRoutes() {
  Routes all;
  for (Routes part : {bookingSessionRoutes(), photoRoutes(), candidateRoutes(), candidateImportRoutes()})
    for (Route& route : part) all.push_back(std::move(route));
  return all;
}

}  // namespace invigil::server
