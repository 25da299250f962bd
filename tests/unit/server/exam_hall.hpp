// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "admission/admissions.hpp"
#include "certification/certificates.hpp"
#include "hall.hpp"
#include "invigil/bank/bank.hpp"
#include "papers/papers.hpp"
#include "sitting/sittings.hpp"

namespace invigil::server {

inline constexpr const char* kFirst = "11010519491231002X";
inline constexpr const char* kSecond = "440308199901101512";

inline Bytes jpegBytes() { return {0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 0xFF, 0xD9}; }

/// A hall with two seats with kiosks, the sample banks, and what admission and the sitting need.
struct ExamHall : Hall {
  std::string site, seat_a, seat_b;
  Caller kiosk_a, kiosk_b, reviewer, authority;

  /// @param papers  sealed for the electricians; 0 where nobody sits
  explicit ExamHall(Json policy = defaultPolicy(), int papers = 10) {
    for (Routes part : {findRoutes(), admissionRoutes(), admissionRecordRoutes(), kioskRoutes(), reviewRoutes(), sittingRoutes(), authorityRoutes()})
      for (Route& route : part) routes.push_back(std::move(route));
    app.signing_key = std::make_unique<credential::SigningKey>(credential::SigningKey::generate());
    app.config.centre = "Test";
    app.trust.add("Test", *app.signing_key);
    for (const char* name : {"low-voltage-electrician-judge", "low-voltage-electrician-choice"}) {
      const auto text = readFile(std::string(INVIGIL_SOURCE_DIR "/question-bank/samples/") + name + ".json", 1 << 24);
      const auto bank = bank::parseNative(*text);
      if (!write<void>([&](Tx& tx) { return saveBank(tx, *bank, clock->now(), "t"); })) qFatal("no bank");
    }
    policy["camera_kinds"] = {"camera"};
    site = addSite("Asia/Shanghai", everyDay(0, 1440), policy);
    seat_a = addSeat(site, "A01");
    seat_b = addSeat(site, "A02");
    kiosk_a.kiosk_id = "ka", kiosk_a.seat_id = seat_a, kiosk_a.site_id = site;
    kiosk_b.kiosk_id = "kb", kiosk_b.seat_id = seat_b, kiosk_b.site_id = site;
    reviewer.account_id = "rev", authority.account_id = "aut";
    if (papers > 0) sealPapers(kElectrician, papers);
  }

  /// A sealed batch, as the job thread makes it.
  void sealPapers(const std::string& blueprint, int papers) {
    const auto queued = write<void>([&](Tx& tx) -> Status {
      INVIGIL_CHECK(queueBatch(tx, blueprint, 1, papers, "test", "server", clock->now()).map([](auto&&) {}));
      return {};
    });
    if (!queued) qFatal("no batch: %s", queued.error().reason.c_str());
    runJobs();
  }
  /// Runs what waits, as the job thread does.
  void runJobs() {
    for (;;) {
      auto ran = runNextJob(app);
      if (!ran) qFatal("jobs: %s", ran.error().reason.c_str());
      if (!*ran) return;
    }
  }

  Json must(Result<Reply> reply) {
    if (!reply) qFatal("refused: %s (%s)", reply.error().reason.c_str(), reply.error().detail.c_str());
    return reply->body;
  }
  void givePhoto(const Person& person) {
    const Bytes jpeg = jpegBytes();
    const std::string sealed = app.sealer->seal(std::string_view(reinterpret_cast<const char*>(jpeg.data()), jpeg.size()));
    if (!write<void>([&](Tx& tx) -> Status {
          tx.exec("insert into reference_photo(candidate_id, number, sealed, checked_by, taken_ms) values (:a, 1, :b, '', 0)",
                  person.caller.candidate_id, sealed);
          return {};
        }))
      qFatal("no photo");
  }
  /// Books 10:00 and comes at 09:55 to the right kiosk.
  struct Visit { Json reservation, found; Caller kiosk; std::string admission; };
  Visit come(const Person& person) {
    Visit visit;
    visit.reservation = must(reserve(person, site, shanghai(3, 2, 10)));
    clock->set(shanghai(3, 2, 9, 55));
    visit.kiosk = visit.reservation["seat_label"] == "A01" ? kiosk_a : kiosk_b;
    visit.found = must(post("/kiosk/find", {{"kind", "code"}, {"code", visit.reservation["code"]}}, visit.kiosk));
    visit.admission = visit.found["admission_id"];
    return visit;
  }
  /// @param chip  the reader of an ID card whose photo the kiosk holds
  Json consent(const Visit& visit, bool given, const char* chip = "") {
    return must(post("/kiosk/admissions/{id}/consent", {{"given", given}, {"version", "face-check-5"}, {"language", "zh"}, {"chip_photo", chip}},
                     visit.kiosk, visit.admission));
  }
  Json admissionOf(const Visit& visit) {
    Call call;
    call.caller = visit.kiosk;
    call.id = visit.admission;
    return must(send("get", "/api/v1/kiosk/admissions/{id}", call));
  }
  /// A report with every layer content: the challenge of this moment done in its order, 400 ms a step.
  Json faceReport(const Visit& visit, double similarity, const char* camera = "camera", int frames = 5) {
    const Json challenge = admissionOf(visit)["challenge"];
    Json steps = Json::array();
    if (!challenge.is_null())
      for (const Json& action : challenge["actions"]) steps.push_back({{"action", action}, {"ms", 400}});
    return {{"camera_kind", camera}, {"similarity", similarity}, {"frames", frames}, {"timed_out", false},
            {"detector", "d"}, {"verifier", "v"}, {"verifier_sha256", "s"}, {"capture", toBase64(jpegBytes())},
            {"liveness", {{"challenge_id", challenge.is_null() ? Json("") : challenge["id"]},
                          {"result", challenge.is_null() ? "none" : "passed"}, {"why", ""}, {"steps", steps}, {"flatness", 0.2},
                          {"texture", {{"frames", 12}, {"mean", 0.9}, {"low_share", 0.0}}}, {"light", nullptr}, {"track_breaks", 0},
                          {"same_person_min", 0.7}, {"second_distance", 0.4}, {"replayed", false}}},
            {"camera", {{"name", "HD Webcam"}, {"driver", "uvcvideo"}, {"bus", "usb-1"}, {"usb_id", "046d:0825"}}}};
  }
  /// Sends it after the time that the steps take.
  Result<Reply> sendFace(const Visit& visit, const Json& report) {
    clock->advance(seconds(3));
    return post("/kiosk/admissions/{id}/face", report, visit.kiosk, visit.admission);
  }
  /// One try with living skin and the right movements.
  Result<Reply> face(const Visit& visit, double similarity, const char* camera = "camera", int frames = 5) {
    return sendFace(visit, faceReport(visit, similarity, camera, frames));
  }
  Json sit(const Visit& visit) { return must(post("/kiosk/sittings", {{"admission_id", visit.admission}}, visit.kiosk)); }
  /// The stored key of each place, which only the server has.
  std::vector<std::vector<int>> keys(const std::string& sitting_id) {
    const auto paper = *app.store->readNow<std::string>([&](Tx& tx) -> Result<std::string> {
      return *tx.value<std::string>("select paper from sitting where id = :a", sitting_id);
    });
    std::vector<std::vector<int>> keys;
    for (const Json& place : Json::parse(paper)) keys.push_back(place["key"].get<std::vector<int>>());
    return keys;
  }
  Result<Reply> answer(const Visit& visit, const Json& sitting, int position, std::vector<int> chosen, int revision = 1) {
    return post("/kiosk/sittings/{id}/responses",
                {{"responses", {{{"position", position}, {"revision", revision}, {"chosen", chosen}, {"flagged", false}}}}},
                visit.kiosk, sitting["id"]);
  }
  void answerRight(const Visit& visit, const Json& sitting, int count) {
    const auto all = keys(sitting["id"]);
    for (int i = 0; i < count; ++i) must(answer(visit, sitting, i + 1, all[static_cast<std::size_t>(i)]));
  }
  Result<Reply> submit(const Visit& visit, const Json& sitting) {
    return post("/kiosk/sittings/{id}/submit", nullptr, visit.kiosk, sitting["id"]);
  }
  /// What the remote invigilator decides, with the same words in both languages.
  Result<Reply> decide(const Visit& visit, const char* decision, const std::string& words = "") {
    return post("/review/cases/{id}/decision", {{"decision", decision}, {"reason", {{"zh", words}, {"en", words}}}}, reviewer, visit.admission);
  }
  /// The code is typed at the kiosk.
  Json findAgain(const Visit& visit) { return must(post("/kiosk/find", {{"kind", "code"}, {"code", visit.reservation["code"]}}, visit.kiosk)); }
  Result<Reply> leave(const Visit& visit, bool cancel = false) { return post("/kiosk/admissions/{id}/leave", {{"cancel", cancel}}, visit.kiosk, visit.admission); }
  /// Declines the face check and is let in by a person.
  Json admitted(const Visit& visit) {
    consent(visit, false);
    must(decide(visit, "admit"));
    return sit(visit);
  }
};

}  // namespace invigil::server
