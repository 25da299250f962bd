// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "admission/admissions.hpp"

#include <algorithm>

#include "papers/blueprints.hpp"
#include "grading/grading.hpp"
#include "proctoring/proctoring.hpp"
#include "registration/identity.hpp"
#include "registration/registration.hpp"

namespace invigil::server {
namespace {

constexpr milliseconds kCaptureKept = std::chrono::hours(30 * 24);

}  // namespace

std::string admissionTopic(const std::string& id) { return "admission/" + id; }

Json faceConsent() {
  return {{"kind", "face_check"}, {"version", "face-check-5"},
          {"zh", "为确认是您本人参加考试，我们希望用摄像头拍摄您的脸，与预约时的照片比对（您放了身份证、本机能解出芯片照片的，也与它比对），并在考试中留意是否有人离开、换人或遮挡镜头；考试全程录像。"
                 "比对在本机进行，核对用的特征考试结束即删除；芯片照片只在您同意后解出，核对完即清除，不保存、不上传；录像和出现上述情况时的画面作为考试证据加密保存 3 年，需要人工核对时的画面保存 30 天，到期删除；"
                 "只有监考员和管理员能看，每次查看都有记录。"
                 "您可以不同意：选择“人工核对”，由远程监考员确认身份，本机不录像，对考试没有任何影响。同意以后，考试中也可以随时在屏幕上撤回，撤回后不再拍摄。"},
          {"en", "To make sure that it is you who sits the exam, we would like to compare your face with the photo from your booking (and, where "
                 "you lay your ID card on the reader and this machine can decode it, with the photo on its chip), and to notice during the "
                 "exam when somebody leaves, takes another's place or covers the camera; the whole exam is recorded "
                 "on video. The comparison runs on this machine and the face data go when the exam ends; the chip's photo is decoded only if "
                 "you agree, is cleared after the check, and is neither stored nor sent. The recording, and pictures of such "
                 "moments, are kept encrypted for 3 years as exam evidence, those for a person's check 30 days, then deleted; only "
                 "invigilators and administrators can look, and every look is recorded. You may decline: choose “checked by a person”; "
                 "this machine then records nothing. It makes no difference to your exam. Having agreed, you may withdraw on the screen at any time, "
                 "during the exam too; from then on nothing is filmed."}};
}

bool faceConsentCounts(const std::string& version) {
  // Texts before today's that promise the same but for words added since: of the card's chip, of how to withdraw.
  return version == "face-check-3" || version == "face-check-4" || faceConsent()["version"] == version;
}

Result<AdmissionRow> admissionById(Tx& tx, const std::string& id) {
  auto found = tx.one<std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::int64_t,
                      std::int64_t, std::optional<double>, std::optional<std::int64_t>, std::optional<std::int64_t>, std::int64_t,
                      std::string, std::int64_t, std::string, std::string, std::string, std::string>(
      "select reservation_id, seat_id, state, why, reason, consent, admitted_by, tries, created_ms, similarity, "
      "waiting_since_ms, decided_ms, case when capture = '' then 0 else 1 end, challenge, challenge_ms, card, chip, compared, reason_en from admission where id = :a",
      id);
  if (!found) return fail(ErrorCode::NotFound, "no_such_admission", "", "id");
  AdmissionRow row;
  row.id = id;
  std::int64_t has_capture = 0, issued = 0;
  std::string challenge;
  std::tie(row.reservation_id, row.seat_id, row.state, row.why, row.reason_zh, row.consent, row.admitted_by, row.tries,
           row.created_ms, row.similarity, row.waiting_since_ms, row.decided_ms, has_capture, challenge, issued, row.card_name, row.card.chip, row.compared, row.reason_en) = *found;
  row.card.name_differs = row.card_name == "differs";
  row.has_capture = has_capture != 0;
  if (!challenge.empty()) {
    const Json drawn = Json::parse(challenge);
    row.challenge = Challenge{drawn.at("id"), drawn.at("actions").get<std::vector<std::string>>(), fromMillis(issued)};
  }
  return row;
}

Result<ReservationRow> stillBooked(Tx& tx, const AdmissionRow& row) {
  INVIGIL_TRY(reservation, reservationById(tx, row.reservation_id));
  if ((reservation.state != "booked" && reservation.state != "admitted") || reservation.seat_id != row.seat_id)
    return fail(ErrorCode::Conflict, "no_such_admission", "The booking is in state " + reservation.state + ".");
  return reservation;
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
  // One that was left half way starts over, its tries still counted, and so does one that was left after the check: whoever
  // comes now with the code may be somebody else. Nothing that was seen of the earlier visit speaks for this one, but for a
  // card with another name. One that was closed by a move comes along to the new seat. A person's refusal cancels the
  // booking, so it cannot come back here. Who waits keeps the place in the queue when the kiosk is started anew.
  if (reservation.state == "booked" || reservation.state == "admitted")
    tx.exec("update admission set state = 'new', seat_id = :a, waiting_since_ms = null, decided_ms = null, reason = '', reason_en = '', admitted_by = '', "
            "queued_since_ms = case when state in ('new', 'face', 'waiting') then queued_since_ms end, "
            "capture = '', similarity = null, compared = '', chip = '', card = case when card = 'same' then '' else card end, "
            "created_ms = case when state = 'refused' then :b else created_ms end "
            "where reservation_id = :c and state in ('new', 'face', 'waiting', 'refused', 'admitted')",
            reservation.seat_id, toMillis(now), reservation.id);
  tx.notify(kReviewTopic);
  return admissionById(tx, *tx.value<std::string>("select id from admission where reservation_id = :a", reservation.id));
}

Json comparedJson(const AdmissionRow& row) {
  Json kinds = Json::array();
  for (const char* kind : {"booking", "chip"})
    if (("," + row.compared + ",").find(std::string(",") + kind + ",") != std::string::npos) kinds.push_back(kind);
  return kinds;
}

namespace {

Json adviceOf(const AdmissionRow& row) {
  if (row.state == "face" && row.why == kAskedAgain)
    return wording("监考员请您再试一次：" + row.reason_zh, "The invigilator asks you to try once more: " + row.reason_en);
  return faceAdvice(row.state, row.why);
}

/// Whole minutes of a sitting that began now: all of them, or as many as the seat is this person's or nobody's.
std::int64_t minutesNow(Tx& tx, const ReservationRow& reservation, std::int64_t whole, Instant now) {
  const std::int64_t until = seatUntil(tx, reservation, toMillis(now + minutes(whole)), false);
  return std::clamp<std::int64_t>((until - toMillis(now)) / 60000, 0, whole);
}

Json challengeJson(const AdmissionRow& row) {
  if (row.state != "face" || !row.challenge) return nullptr;
  return {{"id", row.challenge->id}, {"actions", row.challenge->actions}, {"seconds_each", kSecondsEach}};
}

}  // namespace

Result<Json> admissionJson(App& app, Tx& tx, const AdmissionRow& row, Instant now) {
  INVIGIL_TRY(reservation, reservationById(tx, row.reservation_id));
  INVIGIL_TRY(site, siteById(tx, reservation.site_id));
  INVIGIL_TRY(eligibility, eligibilityById(tx, reservation.eligibility_id));
  INVIGIL_TRY(blueprint, blueprintById(tx, eligibility.blueprint_id));
  auto person = tx.one<std::string, std::string>("select name, id_number from candidate where id = :a", reservation.candidate_id);
  const auto& [name, number] = *person;
  Json photos = Json::array();
  // In a sitting for a kiosk that was started anew: it has to know again who was let in, by the face check or by a person.
  const bool to_resume = row.state == "sitting" && row.consent == "given";
  if (row.state == "face" || to_resume)
    for (const std::string& one : referencePhotos(app, tx, reservation.candidate_id))
      photos.push_back(toBase64({reinterpret_cast<const std::uint8_t*>(one.data()), one.size()}));
  const bool inside = row.state == "admitted" || row.state == "sitting" || row.state == "finished";
  return Json{{"id", row.id}, {"state", row.state}, {"consent", row.consent}, {"why", row.why}, {"reason", wording(row.reason_zh, row.reason_en)},
              {"advice", adviceOf(row)}, {"challenge", challengeJson(row)},
              {"tries_left", std::max<std::int64_t>(0, site.rule("face_tries_max") - row.tries)}, {"reference_photos", photos},
              {"name", inside ? name : ""}, {"name_masked", maskName(name)}, {"id_masked", maskId(number)},
              {"title", wording(blueprint.title.zh, blueprint.title.en)}, {"minutes", blueprint.minutes},
              {"minutes_now", row.state == "admitted" ? minutesNow(tx, reservation, blueprint.minutes, now) : blueprint.minutes},
              {"items", blueprint.items()}, {"pass_points", pointsJson(blueprint.pass_points)}, {"points_max", pointsJson(blueprint.points())},
              {"waiting_since_ms", millis(row.waiting_since_ms)}};
}

void setAdmissionState(Tx& tx, const std::string& id, const std::string& state, const std::string& why) {
  tx.exec("update admission set state = :a, why = :b where id = :c", state, why, id);
  tx.notify(admissionTopic(id));
  tx.notify(kReviewTopic);
  tx.notify(kHallTopic);
}

void askForFace(Tx& tx, const std::string& id, const Site& site, const std::string& why, Instant now) {
  if (site.challengeSteps() > 0) {
    const Challenge drawn = drawChallenge(site.challengeSteps(), now);
    tx.exec("update admission set challenge = :a, challenge_ms = :b where id = :c",
            Json{{"id", drawn.id}, {"actions", drawn.actions}}.dump(), toMillis(now), id);
  } else {
    tx.exec("update admission set challenge = '' where id = :a", id);
  }
  setAdmissionState(tx, id, "face", why);
}

void sendToReviewer(Tx& tx, const std::string& id, const std::string& why, Instant now) {
  tx.exec("update admission set waiting_since_ms = :a, queued_since_ms = coalesce(queued_since_ms, :b) where id = :c", toMillis(now), toMillis(now), id);
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

void leaveAdmission(Tx& tx, const AdmissionRow& row) {
  // The challenge stays: one that was seen and not answered has used a try.
  tx.exec("update admission set waiting_since_ms = null, queued_since_ms = null, capture = '' where id = :a", row.id);
  setAdmissionState(tx, row.id, "new", "");
}

void closeAdmission(Tx& tx, const std::string& reservation_id, Instant now, const std::string& why) {
  const auto id = tx.value<std::string>(
      "select id from admission where reservation_id = :a and state in ('new', 'face', 'waiting', 'admitted')", reservation_id);
  if (!id) return;
  tx.exec("update admission set decided_ms = :a where id = :b", toMillis(now), *id);
  // No person was asked, so no person's check is left that the picture could serve.
  tx.exec("update admission set capture = '' where capture <> '' and waiting_since_ms is null and id = :a", *id);
  setAdmissionState(tx, *id, "refused", why);
}

void forgetCaptures(Tx& tx, Instant now) {
  tx.exec("update admission set capture = '' where capture <> '' and coalesce(decided_ms, created_ms) < :a", toMillis(now - kCaptureKept));
}

}  // namespace invigil::server
