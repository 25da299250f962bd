// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>

#include "invigil/credential/credential.hpp"
#include "registration/face_data.hpp"
#include "registration/parts.hpp"
#include "registration/photo_texts.hpp"

namespace invigil::server {
namespace {

constexpr const char* kKind = "reference_photo";
constexpr std::size_t kPhotoBytesMax = 8 << 20;
constexpr int kPhotosPerWindow = 20;
constexpr milliseconds kPhotoWindow{10 * 60 * 1000};

std::string actor(const Call& call) { return "candidate:" + call.caller.candidate_id; }

Result<Reply> photoConsent(App&, Tx&, const Call&) {
  return Reply(
      Json{{"kind", kKind}, {"version", kPhotoConsentVersion}, {"zh", kPhotoConsentZh}, {"en", kPhotoConsentEn}});
}

bool removePhoto(Tx& tx, const Call& call) {
  const bool removed = tx.exec("delete from reference_photo where candidate_id = :a", call.caller.candidate_id) > 0;
  if (removed) audit(tx, call.now, actor(call), "photo.delete", call.caller.candidate_id);
  return removed;
}

Result<Reply> giveConsent(App&, Tx& tx, const Call& call) {
  const bool given = call.body.at("given").get<bool>();
  const std::string& candidate = call.caller.candidate_id;
  if (call.text("kind") == "face_check" && !given) {
    INVIGIL_CHECK(withdrawFaceConsent(tx, candidate, "booking", actor(call), call.now));
    INVIGIL_TRY(person, personJson(tx, candidate, call.now));
    return Reply(std::move(person));
  }
  // The face check is agreed to at the kiosk, before its camera looks.
  if (call.text("kind") != kKind) return fail(ErrorCode::InvalidInput, "consent_kind_wrong", {}, "kind");
  if (given && call.text("version") != kPhotoConsentVersion)
    return fail(ErrorCode::Conflict, "consent_version_old", {}, "version");
  // The newest word counts; two within one millisecond still have an order.
  const auto last = tx.value<std::int64_t>(
      "select coalesce(max(at_ms), 0) from consent where candidate_id = :a and kind = :b", candidate, kKind);
  const std::string id = newId();
  tx.exec(
      "insert into consent(id, candidate_id, kind, version, given, channel, at_ms) "
      "values (:a, :b, :c, :d, :e, 'booking', :f)",
      id, candidate, kKind, call.text("version"), std::int64_t{given},
      std::max(toMillis(call.now), last.value_or(0) + 1));
  audit(tx, call.now, actor(call), given ? "consent.give" : "consent.withdraw", candidate, kKind);
  if (!given) removePhoto(tx, call);
  INVIGIL_TRY(person, personJson(tx, candidate, call.now));
  return Reply(std::move(person));
}

Result<Reply> deletePhoto(App&, Tx& tx, const Call& call) {
  removePhoto(tx, call);
  INVIGIL_TRY(person, personJson(tx, call.caller.candidate_id, call.now));
  return Reply(std::move(person));
}

bool looksLikePicture(const std::string& bytes) {
  return bytes.starts_with("\xff\xd8\xff") || bytes.starts_with("\x89PNG\r\n\x1a\n");
}

Json reasonJson(const std::string& id) {
  const auto* known = std::find_if(std::begin(kPhotoReasons), std::end(kPhotoReasons),
                                   [&](const PhotoReason& reason) { return id == reason.id; });
  const PhotoReason& reason = known == std::end(kPhotoReasons) ? kOtherReason : *known;
  return {{"id", id}, {"zh", reason.zh}, {"en", reason.en}};
}

Status needConsent(Tx& tx, const std::string& candidate_id) {
  if (!consentGiven(tx, candidate_id, kKind)) return fail(ErrorCode::Forbidden, "consent_missing");
  return {};
}

Reply verdict(bool accepted, const std::vector<std::string>& reasons, const std::string& checked_by) {
  Json list = Json::array();
  if (!accepted)
    for (const std::string& id : reasons) list.push_back(reasonJson(id));
  return Reply(Json{{"accepted", accepted}, {"reasons", list}, {"checked_by", checked_by}});
}

std::vector<std::string> sealedPhotos(Tx& tx, const std::string& candidate_id) {
  std::vector<std::string> out;
  for (auto& [sealed] : tx.all<std::string>("select sealed from reference_photo where candidate_id = :a order by number", candidate_id))
    out.push_back(std::move(sealed));
  return out;
}

/// For one photo more: the text of today speaks of several, an older one did not.
Status needRoom(Tx& tx, const std::string& candidate_id) {
  if (consentedVersion(tx, candidate_id, kKind) != kPhotoConsentVersion) return fail(ErrorCode::Conflict, "consent_version_old", {}, "version");
  if (photosOf(tx, candidate_id) >= kPhotosMax) return fail(ErrorCode::Conflict, "photos_enough");
  return {};
}

enum class Keep { Instead, Beside };  ///< instead of every earlier photo, or beside them

/// @param others  sealed, what the photo was compared with
Status storePhoto(Tx& tx, const Call& call, Keep keep, const std::vector<std::string>& others, const std::string& sealed, const std::string& checked_by) {
  const std::string& candidate = call.caller.candidate_id;
  // Consent may have been withdrawn, or another photo taken, while the picture was looked at.
  INVIGIL_CHECK(needConsent(tx, candidate));
  if (keep == Keep::Instead) tx.exec("delete from reference_photo where candidate_id = :a", candidate);
  else if (sealedPhotos(tx, candidate) != others) return fail(ErrorCode::Conflict, "photos_changed");
  tx.exec("insert into reference_photo(candidate_id, number, sealed, checked_by, taken_ms) values (:a, "
          "(select coalesce(max(number), 0) + 1 from reference_photo where candidate_id = :b), :c, :d, :e)",
          candidate, candidate, sealed, checked_by, toMillis(call.now));
  audit(tx, call.now, actor(call), keep == Keep::Instead ? "photo.put" : "photo.add", candidate, checked_by);
  return {};
}

Result<Reply> takePhoto(App& app, const Call& call, Keep keep) {
  const std::string& candidate = call.caller.candidate_id;
  std::vector<std::string> others, opened;
  const std::function<Status(Tx&)> ask = [&](Tx& tx) -> Status {
    INVIGIL_CHECK(needConsent(tx, candidate));
    if (keep == Keep::Instead) return {};
    INVIGIL_CHECK(needRoom(tx, candidate));
    others = sealedPhotos(tx, candidate);
    opened = referencePhotos(app, tx, candidate);
    return {};
  };
  INVIGIL_CHECK(app.store->readNow<void>(ask));
  // Looking at a picture is the slowest thing the server does.
  if (!app.limits.allow("photo:" + call.caller.candidate_id, kPhotosPerWindow, kPhotoWindow, call.now))
    return fail(ErrorCode::TooMany, "too_many_tries");
  if (call.bytes.size() > kPhotoBytesMax) return fail(ErrorCode::TooLarge, "photo_too_large");
  const std::string checked_by = app.photos ? app.photos->name() : std::string();
  if (!looksLikePicture(call.bytes)) return verdict(false, {"bad_image"}, checked_by);
  if (app.photos) {
    auto seen = app.photos->check(call.bytes, opened);
    if (!seen && seen.error().code == ErrorCode::InvalidInput) return verdict(false, {"bad_image"}, checked_by);
    if (!seen) return fail(seen.error());
    if (!seen->accepted) return verdict(false, seen->reasons, checked_by);
  }
  const std::string sealed = app.sealer->seal(call.bytes);
  const std::function<Status(Tx&)> store = [&](Tx& tx) { return storePhoto(tx, call, keep, others, sealed, checked_by); };
  INVIGIL_CHECK(app.store->writeNow<void>(store));
  return verdict(true, {}, checked_by);
}

Result<Reply> putPhoto(App& app, const Call& call) { return takePhoto(app, call, Keep::Instead); }
Result<Reply> addPhoto(App& app, const Call& call) { return takePhoto(app, call, Keep::Beside); }

}  // namespace

std::optional<std::string> consentedVersion(Tx& tx, const std::string& candidate_id, const std::string& kind) {
  const auto newest = tx.one<std::int64_t, std::string>(
      "select given, version from consent where candidate_id = :a and kind = :b order by at_ms desc, id limit 1", candidate_id, kind);
  if (!newest || std::get<0>(*newest) == 0) return std::nullopt;
  return std::get<1>(*newest);
}

bool consentGiven(Tx& tx, const std::string& candidate_id, const std::string& kind) {
  return consentedVersion(tx, candidate_id, kind).has_value();
}

std::int64_t photosOf(Tx& tx, const std::string& candidate_id) {
  return tx.value<std::int64_t>("select count(*) from reference_photo where candidate_id = :a", candidate_id).value_or(0);
}

std::vector<std::string> referencePhotos(const App& app, Tx& tx, const std::string& candidate_id) {
  std::vector<std::string> out;
  for (const std::string& sealed : sealedPhotos(tx, candidate_id)) {
    if (auto opened = app.sealer->open(sealed)) out.push_back(std::move(*opened));
    else std::fprintf(stderr, "invigil-server: a reference photo of %s cannot be opened: %s\n", candidate_id.c_str(), opened.error().reason.c_str());
  }
  return out;
}

void forgetPhotos(Tx& tx, Instant now) {
  // An eligibility counts through the whole of its last day: what runs out today, at whatever minute, is not over yet.
  const Instant today = credential::endOfDay(now) + seconds(1) - std::chrono::days(1);
  for (const auto& [candidate_id] :
       tx.all<std::string>("select distinct candidate_id from reference_photo p where not exists "
                           "(select 1 from eligibility e where e.candidate_id = p.candidate_id and e.passed = 0 "
                           "and e.attempts_used < e.attempts_max and e.expires_ms >= :a) and not exists "
                           "(select 1 from reservation r where r.candidate_id = p.candidate_id "
                           "and r.state in ('booked', 'admitted', 'sitting'))",
                           toMillis(today))) {
    tx.exec("delete from reference_photo where candidate_id = :a", candidate_id);
    audit(tx, now, "system", "photo.forget", candidate_id);
  }
}

Routes photoRoutes() {
  return {readRoute(Verb::Get, "/api/v1/consents/reference_photo", Scope::Public, photoConsent),
          writeRoute(Verb::Post, "/api/v1/booking/consent", Scope::Booking, giveConsent),
          taskRoute(Verb::Put, "/api/v1/booking/photo", Scope::Booking, putPhoto, kPhotoBytesMax),
          taskRoute(Verb::Post, "/api/v1/booking/photo", Scope::Booking, addPhoto, kPhotoBytesMax),
          writeRoute(Verb::Delete, "/api/v1/booking/photo", Scope::Booking, deletePhoto)};
}

}  // namespace invigil::server
