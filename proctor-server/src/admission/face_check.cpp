// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "admission/admissions.hpp"
#include "registration/face_data.hpp"
#include "registration/registration.hpp"

// What the kiosk asks on the way in: consent, one report for each try of the face check, a person.
namespace invigil::server {
namespace {

constexpr std::size_t kCaptureBody = 1600 << 10;

/// A picture sent as Base64: checked to be a JPEG, sealed for the store. Empty stays empty.
Result<std::string> sealedCapture(App& app, const std::string& base64) {
  if (base64.empty()) return std::string();
  auto bytes = fromBase64(base64);
  if (!bytes || bytes->size() < 4 || (*bytes)[0] != 0xFF || (*bytes)[1] != 0xD8)
    return fail(ErrorCode::InvalidInput, "capture_not_jpeg", "", "capture");
  return app.sealer->seal(std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
}

Result<Reply> replyWith(App& app, Tx& tx, const Call& call, const std::string& id) {
  INVIGIL_TRY(row, admissionById(tx, id));
  INVIGIL_TRY(json, admissionJson(app, tx, row, call.now));
  return Reply{json};
}

auto wrongState(const AdmissionRow& row) {
  return fail(ErrorCode::Conflict, "admission_wrong_state", "The admission is in state " + row.state + ".");
}

Result<Reply> getAdmission(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, ownAdmission(tx, call));
  INVIGIL_TRY(json, admissionJson(app, tx, row, call.now));
  Reply reply(json);
  if (row.state == call.q("state")) reply.wait_for = admissionTopic(row.id);
  return reply;
}

/// Starting over gives no new tries, and a challenge that was seen and not answered has used one: else somebody could
/// start over until the actions suit a prepared film. @return the tries used up by now
std::int64_t countAbandoned(Tx& tx, AdmissionRow& row, Instant now) {
  if (row.state != "new" || !row.challenge) return row.tries;
  row.tries += 1;
  tx.exec("update admission set tries = :a, challenge = '' where id = :b", row.tries, row.id);
  addCheck(tx, row, "abandoned", "abandoned", std::nullopt, nullptr, now);
  row.why = "liveness";
  return row.tries;
}

Result<Reply> consent(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, ownAdmission(tx, call));
  if (row.state != "new" && row.state != "face") return wrongState(row);
  INVIGIL_TRY(reservation, stillBooked(tx, row));
  INVIGIL_TRY(site, siteById(tx, reservation.site_id));
  const bool given = call.body.at("given").get<bool>();
  // A no is a no to any text.
  if (given && !faceConsentCounts(call.text("version"))) return fail(ErrorCode::Conflict, "consent_version_old", {}, "version");
  tx.exec("insert into consent(id, candidate_id, kind, version, given, channel, at_ms) "
          "values (:a, :b, 'face_check', :c, :d, :e, :f)",
          newId(), reservation.candidate_id, call.text("version"), given ? 1 : 0, "kiosk/" + call.text("language"),
          toMillis(call.now));
  row.card.chip = given ? call.body.value("chip_photo", "") : "";
  const std::string said = given ? "given" : "declined";
  // A yes after a withdrawal is a new word, to a new visit.
  tx.exec("update admission set consent = :a, consent_version = :b, chip = :c, withdrawn_ms = case when :d = 'given' then null else withdrawn_ms end where id = :e",
          said, call.text("version"), row.card.chip, said, row.id);
  if (!given) sendToReviewer(tx, row.id, "declined", call.now);
  else if (countAbandoned(tx, row, call.now) >= site.rule("face_tries_max"))
    sendToReviewer(tx, row.id, row.why.empty() ? "low_score" : row.why, call.now);
  else if (referencePhotos(app, tx, reservation.candidate_id).empty() && !chipSuffices(row.card, policyInForce(app, site))) sendToReviewer(tx, row.id, "no_photo", call.now);
  else if (row.state == "new" || !row.challenge) askForFace(tx, row.id, site, "", call.now);
  return replyWith(app, tx, call, row.id);
}

/// Which reference photos the kiosk has compared with; one from before ID cards knows those of the booking only.
Json comparedOf(const Call& call, Json otherwise) { return call.body.value("compared", std::move(otherwise)); }

void keepCompared(Tx& tx, const std::string& id, const Json& compared) {
  std::string kinds;
  for (const Json& kind : compared) kinds += (kinds.empty() ? "" : ",") + kind.get<std::string>();
  tx.exec("update admission set compared = :a where id = :b", kinds, id);
}

/// AdmissionLayers of openapi.yaml: what was measured, by what, and the limits of this moment.
Json layersJson(Tx& tx, const Call& call, const Site& site, const AdmissionRow& row, const FaceDecision& decision) {
  const auto part = [&](const char* name) { return call.body.value(name, Json(nullptr)); };
  return {{"camera_kind", call.body["camera_kind"]}, {"camera", part("camera")}, {"frames", call.body["frames"]},
          {"timed_out", call.body["timed_out"]}, {"actions", row.challenge ? Json(row.challenge->actions) : Json::array()},
          {"elapsed_ms", row.challenge ? Json((call.now - row.challenge->issued).count()) : Json(nullptr)},
          {"liveness", part("liveness")}, {"texture_skipped", decision.texture_skipped}, {"admit_min", site.policy["admit_min"]},
          {"refuse_below", site.policy["refuse_below"]}, {"limits", site.policy["liveness"]}, {"detector", call.body["detector"]},
          {"verifier", call.body["verifier"]}, {"verifier_sha256", call.body["verifier_sha256"]},
          {"compared", comparedOf(call, {"booking"})}, {"engine", kioskEngine(tx, call.caller.kiosk_id)}};
}

/// Writes the try down and moves the admission on, as was decided.
/// @param capture  the sealed picture of this try
Status follow(Tx& tx, const Call& call, const Site& site, const AdmissionRow& row, const FaceDecision& decision, const std::string& capture) {
  using Outcome = FaceDecision::Outcome;
  const double similarity = call.body.at("similarity").get<double>();
  const bool compared = decision.finding.empty() || decision.finding == "low_score" || decision.finding == "second_opinion" ||
                        decision.finding == "card_name";
  const std::optional<double> shown = compared ? std::optional<double>(similarity) : std::nullopt;
  tx.exec("update admission set tries = :a, similarity = :b, challenge = '' where id = :c", row.tries, shown, row.id);
  keepCompared(tx, row.id, comparedOf(call, {"booking"}));
  const char* word = decision.outcome == Outcome::Admit ? "admitted" : decision.outcome == Outcome::Again ? "again" : "reviewer";
  addCheck(tx, row, word, decision.finding, shown, layersJson(tx, call, site, row, decision), call.now);
  audit(tx, call.now, call.caller.kiosk_id, "face_check", row.id, decision.finding);
  // Kept for a person's check only, which is what the notice promises: whom the machine admits needs none.
  const bool admits = decision.outcome == Outcome::Admit;
  tx.exec("update admission set capture = :a where id = :b", admits ? std::string() : capture, row.id);
  if (admits) return admit(tx, row, "face", call.now, call.caller.kiosk_id);
  if (decision.outcome == Outcome::Again) askForFace(tx, row.id, site, decision.why, call.now);
  else sendToReviewer(tx, row.id, decision.why, call.now);
  return {};
}

/// One try of the face check. A report that answers an earlier challenge is refused and counts for nothing: a message
/// that was sent twice must not cost a try.
Result<Reply> face(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, ownAdmission(tx, call));
  if (row.state != "face") return wrongState(row);
  INVIGIL_TRY(reservation, stillBooked(tx, row));
  INVIGIL_TRY(site, siteById(tx, reservation.site_id));
  INVIGIL_TRY(capture, sealedCapture(app, call.text("capture")));
  if (row.challenge && !answers(*row.challenge, call.body)) return fail(ErrorCode::Conflict, "challenge_stale", "", "liveness.challenge_id");
  if (!row.challenge && site.challengeSteps() > 0) {  // the site asks for one only since a moment ago
    askForFace(tx, row.id, site, "", call.now);
    return replyWith(app, tx, call, row.id);
  }
  row.tries += 1;
  const bool last = row.tries >= site.rule("face_tries_max");
  INVIGIL_CHECK(follow(tx, call, site, row, decideFaceCheck(call.body, policyInForce(app, site), row.challenge, call.now, last, row.card), capture));
  return replyWith(app, tx, call, row.id);
}

Result<Reply> review(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, ownAdmission(tx, call));
  if (row.state != "face" && row.state != "waiting") return wrongState(row);
  INVIGIL_TRY(reservation, stillBooked(tx, row));
  INVIGIL_TRY(capture, sealedCapture(app, call.text("capture")));
  // The consent may have been taken back while the message was on its way, or never been given.
  if (!capture.empty() && row.consent == "given") tx.exec("update admission set capture = :a where id = :b", capture, row.id);
  if (call.body.contains("compared")) keepCompared(tx, row.id, comparedOf(call, Json::array()));
  // After one more try that an invigilator asked for, without anything to compare with.
  const bool no_photo = call.text("why") == "no_model" && photosOf(tx, reservation.candidate_id) == 0;
  if (row.state == "face") sendToReviewer(tx, row.id, no_photo ? "no_photo" : call.text("why"), call.now);
  else tx.notify(kReviewTopic);
  return replyWith(app, tx, call, row.id);
}

/// Said at the kiosk: what is stored of this person's face goes, a person checks.
Result<Reply> withdraw(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, ownAdmission(tx, call));
  // The wish may cross the word that lets the person in; it is heard all the same.
  if (row.state == "finished" || row.state == "refused") return wrongState(row);
  INVIGIL_TRY(reservation, reservationById(tx, row.reservation_id));
  INVIGIL_CHECK(withdrawFaceConsent(tx, reservation.candidate_id, "kiosk", call.caller.kiosk_id, call.now));
  if (row.state == "new") sendToReviewer(tx, row.id, "declined", call.now);
  return replyWith(app, tx, call, row.id);
}

/// Said at the kiosk, or nobody is there any more.
Result<Reply> leave(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, ownAdmission(tx, call));
  const bool inside = row.state == "sitting" || row.state == "finished";
  if (inside) return wrongState(row);
  if (row.state != "refused") {
    INVIGIL_CHECK(stillBooked(tx, row));
    leaveAdmission(tx, row);
    if (call.body.at("cancel").get<bool>()) {
      releaseSeat(tx, row.reservation_id, "cancelled", 0);
      closeAdmission(tx, row.reservation_id, call.now);
      audit(tx, call.now, call.caller.kiosk_id, "reservation.cancel", row.reservation_id);
    }
  }
  return replyWith(app, tx, call, row.id);
}

}  // namespace

Routes admissionRoutes() {
  const std::string base = "/api/v1/kiosk/admissions/{id}";
  return {readRoute(Verb::Get, base, Scope::Kiosk, getAdmission),
          writeRoute(Verb::Post, base + "/consent", Scope::Kiosk, consent),
          writeRoute(Verb::Post, base + "/face", Scope::Kiosk, face, kCaptureBody),
          writeRoute(Verb::Post, base + "/withdraw", Scope::Kiosk, withdraw),
          writeRoute(Verb::Post, base + "/leave", Scope::Kiosk, leave),
          writeRoute(Verb::Post, base + "/review", Scope::Kiosk, review, kCaptureBody)};
}

}  // namespace invigil::server
