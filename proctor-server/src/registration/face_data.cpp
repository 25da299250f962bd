// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "registration/face_data.hpp"

#include <algorithm>
#include <cstdio>

#include "admission/admissions.hpp"
#include "proctoring/proctoring.hpp"
#include "registration/parts.hpp"

namespace invigil::server {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr const char* kPhotoPersons = "select candidate_id from reference_photo";
constexpr const char* kCapturePersons =
    "select r.candidate_id from admission a join reservation r on r.id = a.reservation_id where a.capture <> ''";
constexpr const char* kEvidencePersons =
    "select s.candidate_id from incident i join sitting s on s.id = i.sitting_id where exists "
    "(select 1 from evidence e where e.incident_id = i.id)";
constexpr const char* kRecordedPersons =
    "select s.candidate_id from recording g join sitting s on s.id = g.sitting_id where exists "
    "(select 1 from recording_segment t where t.sitting_id = g.sitting_id)";

/// The law's own words, so that nobody has to look up what to do.
Json dutyText(std::int64_t persons) {
  const std::string level = filingLevel(persons);
  if (level == "below") return wording("", "");
  if (level == "near")
    return wording("存有人脸照片的人数接近 10 万。《人脸识别技术应用安全管理办法》（国家网信办、公安部令第 19 号）要求：存储达到 10 万人之日起 30 个工作日内，向所在地省级以上网信部门备案。"
                   "请现在准备备案材料和个人信息保护影响评估报告，并检查到期未删的照片。",
                   "The number of people whose face pictures are stored comes near 100,000. Order 19 (Measures for the Security Management of the "
                   "Application of Facial Recognition Technology) asks for a filing with the provincial cyberspace administration within 30 working "
                   "days of reaching 100,000. Please prepare the filing and the impact assessment now, and check that expired photos are deleted.");
  return wording("存有人脸照片的人数已达到 10 万。《人脸识别技术应用安全管理办法》（国家网信办、公安部令第 19 号）要求：自达到之日起 30 个工作日内，向所在地省级以上网信部门备案。"
                 "请立即告知单位的个人信息保护负责人并办理备案；尚未备案前，不要再扩大收集范围。",
                 "The number of people whose face pictures are stored has reached 100,000. Order 19 (Measures for the Security Management of the "
                 "Application of Facial Recognition Technology) asks for a filing with the provincial cyberspace administration within 30 working days "
                 "from that day. Please tell the person in charge of data protection at once and file; collect no more kinds of data before.");
}

/// When a count first was at the duty's number: the days to file begin there, and go on when the number falls again. Null where
/// none ever was.
Json dutySince(Tx& tx) {
  return millis(tx.value<std::int64_t>("select reached_ms from face_data_count where reached_ms is not null order by reached_ms limit 1"));
}

Result<Reply> faceDataCount(App&, Tx& tx, const Call&) {
  const FaceDataCount count = countFaceData(tx);
  return Reply(Json{{"persons", count.persons}, {"photos", count.photos}, {"captures", count.captures}, {"evidence", count.evidence},
                    {"recorded", count.recorded}, {"notice_at", kFilingNotice}, {"filing_at", kFilingDuty}, {"level", filingLevel(count.persons)},
                    {"since_ms", dutySince(tx)}, {"what", dutyText(count.persons)}});
}

/// The newest word counts; two within one millisecond still have an order.
void takeBack(Tx& tx, const std::string& candidate_id, const std::string& kind, const std::string& channel, Instant now) {
  const auto last = tx.one<std::string, std::int64_t>(
      "select version, at_ms from consent where candidate_id = :a and kind = :b order by at_ms desc, id limit 1", candidate_id, kind);
  const std::string version = last ? std::get<0>(*last) : std::string();
  tx.exec("insert into consent(id, candidate_id, kind, version, given, channel, at_ms) values (:a, :b, :c, :d, 0, :e, :f)", newId(),
          candidate_id, kind, version, channel, std::max(toMillis(now), last ? std::get<1>(*last) + 1 : 0));
}

}  // namespace

FaceDataCount countFaceData(Tx& tx) {
  const auto count = [&](const std::string& persons) {
    return tx.value<std::int64_t>("select count(*) from (select distinct candidate_id from (" + persons + ") as some) as one").value_or(0);
  };
  const std::string all = std::string(kPhotoPersons) + " union all " + kCapturePersons + " union all " + kEvidencePersons + " union all " + kRecordedPersons;
  return {count(kPhotoPersons), count(kCapturePersons), count(kEvidencePersons), count(kRecordedPersons), count(all)};
}

const char* filingLevel(std::int64_t persons) {
  return persons >= kFilingDuty ? "due" : persons >= kFilingNotice ? "near" : "below";
}

FaceDataCount lastFaceDataCount(Tx& tx) {
  const auto row = tx.one<std::int64_t, std::int64_t, std::int64_t, std::int64_t>(
      "select photos, captures, evidence, persons from face_data_count order by day desc limit 1");
  if (!row) return {};
  const auto [photos, captures, evidence, persons] = *row;
  return {photos, captures, evidence, 0, persons};
}

Status watchFaceData(App& app, Instant now) {
  if (!app.limits.allow("housekeeping/face_data", 1, std::chrono::hours(1), now)) return {};
  // Counted beside the writers, which would have to wait for it.
  INVIGIL_TRY(count, app.store->readNow<FaceDataCount>([](Tx& tx) -> Result<FaceDataCount> { return countFaceData(tx); }));
  const Status kept = app.store->writeNow<void>([&](Tx& tx) -> Status {
    // The newest count of the day, its highest, and when the duty's number was first there.
    const std::optional<std::int64_t> reached = count.persons >= kFilingDuty ? std::optional(toMillis(now)) : std::nullopt;
    tx.exec("insert into face_data_count(day, at_ms, persons, photos, captures, evidence, persons_most, reached_ms) "
            "values (:a, :b, :c, :d, :e, :f, :g, :h) on conflict (day) do update set at_ms = excluded.at_ms, "
            "persons = excluded.persons, photos = excluded.photos, captures = excluded.captures, evidence = excluded.evidence, "
            "persons_most = case when excluded.persons_most > face_data_count.persons_most then excluded.persons_most "
            "else face_data_count.persons_most end, reached_ms = coalesce(face_data_count.reached_ms, excluded.reached_ms)",
            toMillis(now) / kDayMs, toMillis(now), count.persons, count.photos, count.captures, count.evidence, count.persons, reached);
    return {};
  });
  INVIGIL_CHECK(kept);
  if (app.limits.allow("housekeeping/face_data_log", 1, std::chrono::hours(24), now))
    std::fprintf(stderr, "invigil-server: face pictures of %lld persons are stored; filing duty from %lld: %s\n",
                 static_cast<long long>(count.persons), static_cast<long long>(kFilingDuty), filingLevel(count.persons));
  return {};
}

Json faceDataJson(Tx& tx, const std::string& candidate_id) {
  const auto count = [&](const char* sql) { return tx.value<std::int64_t>(sql, candidate_id).value_or(0); };
  const auto last = tx.value<std::int64_t>("select coalesce(finished_ms, deadline_ms) as ended_ms from sitting where candidate_id = :a and exists "
                                           "(select 1 from recording_segment g where g.sitting_id = sitting.id) order by ended_ms desc limit 1", candidate_id);
  return {{"photo", photosOf(tx, candidate_id) > 0},
          {"captures", count("select count(*) from reservation r join admission a on a.reservation_id = r.id "
                             "where r.candidate_id = :a and a.capture <> ''")},
          {"evidence", count("select count(*) from sitting s join incident i on i.sitting_id = s.id join evidence e on e.incident_id = i.id "
                             "where s.candidate_id = :a")},
          {"recordings", count("select count(*) from sitting where candidate_id = :a and exists "
                               "(select 1 from recording_segment g where g.sitting_id = sitting.id)")},
          {"recordings_until_ms", last ? Json(*last + kExamEvidenceKept.count()) : Json(nullptr)},
          {"consented", consentGiven(tx, candidate_id, "face_check") || consentGiven(tx, candidate_id, "reference_photo")}};
}

Status withdrawFaceConsent(Tx& tx, const std::string& candidate_id, const std::string& channel, const std::string& actor, Instant now) {
  for (const char* kind : {"face_check", "reference_photo"})
    if (consentGiven(tx, candidate_id, kind)) takeBack(tx, candidate_id, kind, channel, now);
  const auto photos = tx.exec("delete from reference_photo where candidate_id = :a", candidate_id);
  const auto captures = tx.exec("update admission set capture = '' where capture <> '' and reservation_id in "
                                "(select id from reservation where candidate_id = :a)", candidate_id);
  for (const auto& [id, state, consent] : tx.all<std::string, std::string, std::string>(
           "select a.id, a.state, a.consent from admission a join reservation r on r.id = a.reservation_id "
           "where r.candidate_id = :a and a.state in ('new', 'face', 'waiting', 'admitted', 'sitting')", candidate_id)) {
    tx.exec("update admission set consent = 'declined', challenge = '', withdrawn_ms = coalesce(withdrawn_ms, :a) where id = :b", toMillis(now), id);
    if (state == "face") sendToReviewer(tx, id, "declined", now);
    if (state == "waiting") setAdmissionState(tx, id, "waiting", "declined");
    const auto sitting = tx.value<std::string>("select id from sitting where admission_id = :a and finished_ms is null", id);
    if (!sitting) continue;
    addHallEntry(tx, *sitting, now, actor.starts_with("candidate") ? "candidate" : actor, "consent_withdrawn", channel);
    if (consent != "given") continue;
    endIncidents(tx, *sitting, now);  // nobody sees any more how long they last
    // Wakes the kiosk, and the person at it reads that the wish was heard.
    giveOrder(tx, *sitting, "notice", wording("已按您的要求停止监控和录像，请继续答题。", "Monitoring and recording have ended, as you wished. Please go on."), now);
  }
  audit(tx, now, actor, "consent.withdraw", candidate_id,
        "face_check, " + channel + ": " + std::to_string(photos) + " photo, " + std::to_string(captures) + " captures deleted");
  return {};
}

Routes faceDataRoutes() { return {readRoute(Verb::Get, "/api/v1/admin/face-data", Scope::Administrator, faceDataCount)}; }

}  // namespace invigil::server
