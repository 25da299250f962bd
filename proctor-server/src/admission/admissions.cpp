// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "admission/admissions.hpp"

#include "papers/blueprints.hpp"
#include "grading/grading.hpp"
#include "proctoring/proctoring.hpp"
#include "registration/identity.hpp"
#include "registration/registration.hpp"

namespace invigil::server {
namespace {

constexpr std::size_t kCaptureBody = 1600 << 10;
constexpr int kFramesMin = 3;
constexpr milliseconds kCaptureKept = std::chrono::hours(30 * 24);

/// A picture sent as Base64: checked to be a JPEG, sealed for the store. Empty stays empty.
Result<std::string> sealedCapture(App& app, const std::string& base64) {
  if (base64.empty()) return std::string();
  auto bytes = fromBase64(base64);
  if (!bytes || bytes->size() < 4 || (*bytes)[0] != 0xFF || (*bytes)[1] != 0xD8)
    return fail(ErrorCode::InvalidInput, "capture_not_jpeg", "", "capture");
  return app.sealer->seal(std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
}

Result<Reply> replyWith(App& app, Tx& tx, const std::string& id) {
  INVIGIL_TRY(row, admissionById(tx, id));
  INVIGIL_TRY(json, admissionJson(app, tx, row));
  return Reply{json};
}

auto wrongState(const AdmissionRow& row) {
  return fail(ErrorCode::Conflict, "admission_wrong_state", "The admission is in state " + row.state + ".");
}

/// The booking of an admission that is still on its way in. Errors: NotFound no_such_reservation; Conflict
/// no_such_admission (cancelled, released or moved away meanwhile).
Result<ReservationRow> stillBooked(Tx& tx, const AdmissionRow& row) {
  INVIGIL_TRY(reservation, reservationById(tx, row.reservation_id));
  if (reservation.state != "booked" || reservation.seat_id != row.seat_id)
    return fail(ErrorCode::Conflict, "no_such_admission", "The booking is in state " + reservation.state + ".");
  return reservation;
}

Result<Reply> getAdmission(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, ownAdmission(tx, call));
  INVIGIL_TRY(json, admissionJson(app, tx, row));
  Reply reply(json);
  if (row.state == call.q("state")) reply.wait_for = admissionTopic(row.id);
  return reply;
}

Result<Reply> consent(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, ownAdmission(tx, call));
  if (row.state != "new" && row.state != "face") return wrongState(row);
  INVIGIL_TRY(reservation, stillBooked(tx, row));
  INVIGIL_TRY(site, siteById(tx, reservation.site_id));
  const bool given = call.body.at("given").get<bool>();
  tx.exec("insert into consent(id, candidate_id, kind, version, given, channel, at_ms) "
          "values (:a, :b, 'face_check', :c, :d, :e, :f)",
          newId(), reservation.candidate_id, call.text("version"), given ? 1 : 0, "kiosk/" + call.text("language"),
          toMillis(call.now));
  tx.exec("update admission set consent = :a, consent_version = :b where id = :c", given ? "given" : "declined",
          call.text("version"), row.id);
  if (!given) sendToReviewer(tx, row.id, "declined", call.now);
  // Starting over at the welcome screen gives no new tries.
  else if (row.tries >= site.rule("face_tries_max")) sendToReviewer(tx, row.id, "low_score", call.now);
  else if (!referencePhoto(app, tx, reservation.candidate_id)) sendToReviewer(tx, row.id, "no_photo", call.now);
  else setAdmissionState(tx, row.id, "face", "");
  return replyWith(app, tx, row.id);
}

/// The decision of the site's policy about one face check.
Result<Reply> face(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, ownAdmission(tx, call));
  if (row.state != "face") return wrongState(row);
  INVIGIL_TRY(reservation, stillBooked(tx, row));
  INVIGIL_TRY(site, siteById(tx, reservation.site_id));
  INVIGIL_TRY(capture, sealedCapture(app, call.text("capture")));
  const double similarity = call.body.at("similarity").get<double>();
  const bool enough = !call.body.at("timed_out").get<bool>() && call.body.at("frames").get<int>() >= kFramesMin;
  const Json engine{{"camera_kind", call.body["camera_kind"]}, {"detector", call.body["detector"]},
                    {"verifier", call.body["verifier"]}, {"verifier_sha256", call.body["verifier_sha256"]},
                    {"admit_min", site.policy["admit_min"]}, {"refuse_below", site.policy["refuse_below"]},
                    {"frames", call.body["frames"]}};
  tx.exec("update admission set tries = tries + 1, similarity = :a, engine = :b, capture = :c where id = :d",
          enough ? std::optional<double>(similarity) : std::nullopt, engine.dump(), capture, row.id);
  row.tries += 1;
  const Json& kinds = site.policy["camera_kinds"];
  const bool camera_fine = std::find(kinds.begin(), kinds.end(), call.body["camera_kind"]) != kinds.end();
  const bool last = row.tries >= site.rule("face_tries_max");
  if (!camera_fine) sendToReviewer(tx, row.id, "camera_not_allowed", call.now);
  else if (enough && similarity >= site.policy["admit_min"].get<double>()) {
    INVIGIL_CHECK(admit(tx, row, "face", call.now, call.caller.kiosk_id));
  } else if ((enough && similarity >= site.policy["refuse_below"].get<double>()) || last)
    sendToReviewer(tx, row.id, "low_score", call.now);
  audit(tx, call.now, call.caller.kiosk_id, "face_check", row.id);
  return replyWith(app, tx, row.id);
}

Result<Reply> review(App& app, Tx& tx, const Call& call) {
  INVIGIL_TRY(row, ownAdmission(tx, call));
  if (row.state != "face" && row.state != "waiting") return wrongState(row);
  INVIGIL_CHECK(stillBooked(tx, row));
  INVIGIL_TRY(capture, sealedCapture(app, call.text("capture")));
  if (!capture.empty()) tx.exec("update admission set capture = :a where id = :b", capture, row.id);
  if (row.state == "face") sendToReviewer(tx, row.id, call.text("why"), call.now);
  else tx.notify(kReviewTopic);
  return replyWith(app, tx, row.id);
}

}  // namespace

std::string admissionTopic(const std::string& id) { return "admission/" + id; }

Json faceConsent() {
  return {{"kind", "face_check"}, {"version", "face-check-2"},
          {"zh", "为确认是您本人参加考试，我们希望用摄像头拍摄您的脸，与预约时的照片比对，并在考试中留意是否有人离开、换人或遮挡镜头。"
                 "比对在本机进行，核对用的特征考试结束即删除；出现上述情况时才保存画面，作为考试证据加密保存 3 年，需要人工核对时的画面保存 30 天。"
                 "您可以不同意：选择“人工核对”，由远程监考员确认身份，对考试没有任何影响。"},
          {"en", "To make sure that it is you who sits the exam, we would like to compare your face with the photo from your booking, and "
                 "to notice during the exam when somebody leaves, takes another's place or covers the camera. The comparison runs on this "
                 "machine and the face data go when the exam ends. Pictures are kept only of such moments, encrypted, for 3 years as exam "
                 "evidence; those for a person's check 30 days. You may decline: choose “checked by a person”. It makes no difference to "
                 "your exam."}};
}

Result<AdmissionRow> admissionById(Tx& tx, const std::string& id) {
  auto found = tx.one<std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::int64_t,
                      std::int64_t, std::optional<double>, std::optional<std::int64_t>, std::optional<std::int64_t>, std::int64_t>(
      "select reservation_id, seat_id, state, why, reason, consent, admitted_by, tries, created_ms, similarity, "
      "waiting_since_ms, decided_ms, case when capture = '' then 0 else 1 end from admission where id = :a",
      id);
  if (!found) return fail(ErrorCode::NotFound, "no_such_admission", "", "id");
  AdmissionRow row;
  row.id = id;
  std::int64_t has_capture = 0;
  std::tie(row.reservation_id, row.seat_id, row.state, row.why, row.reason, row.consent, row.admitted_by, row.tries,
           row.created_ms, row.similarity, row.waiting_since_ms, row.decided_ms, has_capture) = *found;
  row.has_capture = has_capture != 0;
  return row;
}

Result<AdmissionRow> ownAdmission(Tx& tx, const Call& call) {
  INVIGIL_TRY(row, admissionById(tx, call.id));
  if (row.seat_id != call.caller.seat_id) return fail(ErrorCode::Conflict, "admission_other_seat");
  return row;
}

Result<AdmissionRow> openAdmission(Tx& tx, const ReservationRow& reservation, Instant now) {
  const auto busy = tx.value<std::int64_t>(
      "select count(*) from admission where seat_id = :a and state = 'sitting' and reservation_id <> :b", reservation.seat_id,
      reservation.id);
  if (busy.value_or(0) > 0) return fail(ErrorCode::Conflict, "seat_busy");
  tx.exec("insert into admission(id, reservation_id, seat_id, state, created_ms) values (:a, :b, :c, 'new', :d) "
          "on conflict (reservation_id) do nothing",
          newId(), reservation.id, reservation.seat_id, toMillis(now));
  // One that was left half way starts over, its tries still counted; one that was closed by a move comes along to the
  // new seat. A person's refusal cancels the booking, so it cannot come back here.
  if (reservation.state == "booked")
    tx.exec("update admission set state = 'new', seat_id = :a, waiting_since_ms = null, decided_ms = null, reason = '', "
            "created_ms = case when state = 'refused' then :b else created_ms end "
            "where reservation_id = :c and state in ('new', 'face', 'waiting', 'refused')",
            reservation.seat_id, toMillis(now), reservation.id);
  tx.notify(kReviewTopic);
  return admissionById(tx, *tx.value<std::string>("select id from admission where reservation_id = :a", reservation.id));
}

Result<Json> admissionJson(App& app, Tx& tx, const AdmissionRow& row) {
  INVIGIL_TRY(reservation, reservationById(tx, row.reservation_id));
  INVIGIL_TRY(site, siteById(tx, reservation.site_id));
  INVIGIL_TRY(eligibility, eligibilityById(tx, reservation.eligibility_id));
  INVIGIL_TRY(blueprint, blueprintById(tx, eligibility.blueprint_id));
  auto person = tx.one<std::string, std::string>("select name, id_number from candidate where id = :a", reservation.candidate_id);
  const auto& [name, number] = *person;
  std::string photo;
  if (row.state == "face")
    if (auto picture = referencePhoto(app, tx, reservation.candidate_id))
      photo = toBase64({reinterpret_cast<const std::uint8_t*>(picture->data()), picture->size()});
  const bool inside = row.state == "admitted" || row.state == "sitting" || row.state == "finished";
  return Json{{"id", row.id}, {"state", row.state}, {"why", row.why}, {"reason", row.reason},
              {"tries_left", std::max<std::int64_t>(0, site.rule("face_tries_max") - row.tries)}, {"reference_photo", photo},
              {"name", inside ? name : ""}, {"name_masked", maskName(name)}, {"id_masked", maskId(number)},
              {"title", wording(blueprint.title.zh, blueprint.title.en)}, {"minutes", blueprint.minutes},
              {"items", blueprint.items()}, {"pass_points", pointsJson(blueprint.pass_points)}, {"points_max", pointsJson(blueprint.points())},
              {"waiting_since_ms", millis(row.waiting_since_ms)}};
}

void setAdmissionState(Tx& tx, const std::string& id, const std::string& state, const std::string& why) {
  tx.exec("update admission set state = :a, why = :b where id = :c", state, why, id);
  tx.notify(admissionTopic(id));
  tx.notify(kReviewTopic);
  tx.notify(kHallTopic);
}

void sendToReviewer(Tx& tx, const std::string& id, const std::string& why, Instant now) {
  tx.exec("update admission set waiting_since_ms = :a where id = :b", toMillis(now), id);
  setAdmissionState(tx, id, "waiting", why);
}

Status admit(Tx& tx, const AdmissionRow& row, const std::string& admitted_by, Instant now, const std::string& actor) {
  INVIGIL_CHECK(stillBooked(tx, row));
  tx.exec("update admission set admitted_by = :a, decided_ms = :b where id = :c", admitted_by, toMillis(now), row.id);
  setAdmissionState(tx, row.id, "admitted", row.why);
  tx.exec("update reservation set state = 'admitted' where id = :a and state = 'booked'", row.reservation_id);
  audit(tx, now, actor, "admitted_by_" + admitted_by, row.id);
  return {};
}

void closeAdmission(Tx& tx, const std::string& reservation_id, Instant now) {
  const auto id = tx.value<std::string>(
      "select id from admission where reservation_id = :a and state in ('new', 'face', 'waiting', 'admitted')", reservation_id);
  if (!id) return;
  tx.exec("update admission set decided_ms = :a, reason = :b where id = :c", toMillis(now),
          "预约已取消、改期或过时。 The booking was cancelled, moved or is over.", *id);
  setAdmissionState(tx, *id, "refused", "");
}

void forgetCaptures(Tx& tx, Instant now) {
  tx.exec("update admission set capture = '' where capture <> '' and coalesce(decided_ms, created_ms) < :a", toMillis(now - kCaptureKept));
}

Routes admissionRoutes() {
  const std::string base = "/api/v1/kiosk/admissions/{id}";
  return {readRoute(Verb::Get, base, Scope::Kiosk, getAdmission),
          writeRoute(Verb::Post, base + "/consent", Scope::Kiosk, consent),
          writeRoute(Verb::Post, base + "/face", Scope::Kiosk, face, kCaptureBody),
          writeRoute(Verb::Post, base + "/review", Scope::Kiosk, review, kCaptureBody)};
}

}  // namespace invigil::server
