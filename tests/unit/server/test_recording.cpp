// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <thread>

#include "accounts/accounts.hpp"
#include "exam_hall.hpp"
#include "old_store.hpp"
#include "proctoring/recording.hpp"
#include "registration/face_data.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

struct RecordedHall : ExamHall {
  explicit RecordedHall(Json policy = defaultPolicy()) : ExamHall(std::move(policy)) {
    for (Routes part : {kioskHallRoutes(), hallRoutes(), kioskRecordingRoutes(), recordingRoutes()})
      for (Route& route : part) routes.push_back(std::move(route));
    app.config.recordings_dir = dir.filePath("recordings").toStdString();
    std::filesystem::create_directory(app.config.recordings_dir);
  }
  using ExamHall::get;
  Result<Reply> get(const std::string& path, std::map<std::string, std::string> query, const std::string& id) {
    Call call;
    call.query = std::move(query);
    call.caller = reviewer;
    call.id = id;
    return send("get", "/api/v1" + path, call);
  }

  struct Sat {
    Visit visit;
    Json sitting;
    std::string id;
  };
  /// Somebody who agreed to the camera, at the paper.
  Sat sat(const char* version = "face-check-3") {
    const Person person = addPerson("王小明", kFirst);
    givePhoto(person);
    Sat out{come(person), {}, {}};
    must(post("/kiosk/admissions/{id}/consent", {{"given", true}, {"version", version}, {"language", "zh"}}, out.visit.kiosk, out.visit.admission));
    must(face(out.visit, 0.9));
    out.sitting = sit(out.visit);
    out.id = out.sitting["id"];
    return out;
  }
  Json order(const Sat& one) { return must(post("/kiosk/sittings/{id}/recording", nullptr, one.visit.kiosk, one.id)); }
  static segment::Key keyOf(const Json& order) {
    segment::Key key{};
    const Bytes bytes = *fromBase64(order["film_key"].get<std::string>());
    std::copy(bytes.begin(), bytes.end(), key.begin());
    return key;
  }
  /// Half a minute of film, beginning so long after the start of the sitting.
  std::string film(const Sat& one, const segment::Key& key, std::uint32_t number, std::int64_t from_s, const std::string& content = "film") {
    const std::int64_t start = one.sitting["started_ms"];
    return *segment::seal(key, {one.id, number, start + from_s * 1000, start + (from_s + 30) * 1000, 150}, content + std::to_string(number));
  }
  Result<Reply> keep(const Sat& one, const std::string& sealed, std::optional<Caller> kiosk = {}, std::string sha256 = {}) {
    Call call;
    call.id = one.id;
    call.bytes = sealed;
    call.query["sha256"] = sha256.empty() ? sha256Hex(sealed) : sha256;
    call.caller = kiosk.value_or(one.visit.kiosk);
    return send("put", "/api/v1/kiosk/sittings/{id}/segment", call);
  }
  Result<Reply> tell(const Sat& one, const char* what, int segments, const char* why = "") {
    return post("/kiosk/sittings/{id}/recording-news", {{"what", what}, {"why", why}, {"at_ms", toMillis(clock->now())}, {"segments", segments}}, one.visit.kiosk, one.id);
  }
  Json recording(const Sat& one) { return must(get("/recordings/{id}", {}, one.id)); }
  Result<Reply> play(const Sat& one, int number) {
    Call call;
    call.id = one.id;
    call.query["number"] = std::to_string(number);
    call.caller = reviewer;
    call.now = clock->now();
    return run("get", "/api/v1/recordings/{id}/segment", call);
  }
  std::string file(const Sat& one, int number) { return app.config.recordings_dir + "/" + one.id + "/" + std::to_string(number) + ".segment"; }
  std::vector<std::string> whys(const Json& json) {
    std::vector<std::string> all;
    for (const Json& gap : json["gaps"]) all.push_back(gap["why"]);
    return all;
  }
  /// The one recorded sitting again and again, begun in the same millisecond.
  void multiply(int copies) {
    if (!write<void>([&](Tx& tx) -> Status {
          const std::string n = "with recursive n(i) as (select 1 union all select i + 1 from n where i < " + std::to_string(copies) + ") ";
          tx.exec("insert into reservation " + n + "select id || '-' || i, code || '-' || i, manage_hash || '-' || i, candidate_id, eligibility_id, "
                  "site_id, seat_id, start_ms, end_ms, state, walk_in, created_ms from reservation, n");
          tx.exec("insert into admission(id, reservation_id, seat_id, state, created_ms) " + n + "select id || '-' || i, reservation_id || '-' || i, "
                  "seat_id, state, created_ms from admission, n");
          tx.exec("insert into sitting(id, admission_id, reservation_id, candidate_id, eligibility_id, attempt, blueprint, seed, paper, shape, "
                  "started_ms, deadline_ms, finished_ms, submitted_by, points_x100, points_max_x100, passed, topics) " + n + "select id || '-' || i, "
                  "admission_id || '-' || i, reservation_id || '-' || i, candidate_id, eligibility_id, attempt, blueprint, seed, paper, shape, "
                  "started_ms, deadline_ms, finished_ms, submitted_by, points_x100, points_max_x100, passed, topics from sitting, n");
          tx.exec("insert into recording(sitting_id, key, made_ms) " + n + "select sitting_id || '-' || i, key, made_ms from recording, n");
          return {};
        }))
      qFatal("not multiplied");
  }
  struct Stretch {
    std::int64_t from_ms, to_ms;  ///< after the start of the sitting
    bool damaged = false;
  };
  /// These segments and no others, with a file of ten bytes each.
  void lay(const Sat& one, const std::vector<Stretch>& stretches) {
    const std::int64_t start = one.sitting["started_ms"];
    std::filesystem::create_directories(app.config.recordings_dir + "/" + one.id);
    if (!write<void>([&](Tx& tx) -> Status {
          tx.exec("delete from recording_segment");
          std::int64_t number = 0;
          for (const Stretch& s : stretches)
            tx.exec("insert into recording_segment(sitting_id, number, began_ms, ended_ms, frames, bytes, sha256, received_ms, damaged) "
                    "values (:a, :b, :c, :d, 1, 10, '', 0, :e)", one.id, ++number, start + s.from_ms, start + s.to_ms, std::int64_t{s.damaged});
          return {};
        }))
      qFatal("not laid");
    for (std::size_t number = 1; number <= stretches.size(); ++number) std::ofstream(file(one, static_cast<int>(number))) << "ten bytes.";
  }
  void finish(const Sat& one) {
    clock->set(fromMillis(one.sitting["deadline_ms"].get<std::int64_t>() + 60'000));
    if (!finishOverdue(app, clock->now())) qFatal("not finished");
  }
};

}  // namespace

class RecordingTest : public QObject {
  Q_OBJECT

 private slots:
  void whatTheKioskSendsIsPlayedAndEveryLookIsARow() {
    RecordedHall hall;
    const auto one = hall.sat();
    const Json order = hall.order(one);
    QCOMPARE(order["record"], Json(true));
    QCOMPARE(hall.order(one)["film_key"], order["film_key"]);  // the same after a restart
    const auto key = hall.keyOf(order);
    QVERIFY(hall.count("select count(*) from recording where key = '" + order["film_key"].get<std::string>() + "'") == 0);  // sealed
    hall.must(hall.tell(one, "began", 0));
    hall.must(hall.keep(one, hall.film(one, key, 1, 0)));
    hall.must(hall.keep(one, hall.film(one, key, 2, 30)));
    QCOMPARE(hall.order(one)["next_number"], Json(3));
    QVERIFY(readFile(hall.file(one, 1), 1 << 20)->find("film1") == std::string::npos);  // as it came
    const auto played = hall.play(one, 2);
    QVERIFY(played && played->content_type == "video/webm");
    QCOMPARE(played->bytes, std::string("film2"));
    QCOMPARE(hall.count("select count(*) from audit where action = 'recording_seen' and subject = '" + one.id + "' and detail = 'segment 2'"), 1);
    QCOMPARE(reason(hall.play(one, 3)), std::string("no_such_segment"));
    QCOMPARE(hall.count("select count(*) from audit where action = 'recording_seen'"), 1);
    const Json json = hall.recording(one);
    QCOMPARE(json["covered_ms"], Json(60'000));
    QCOMPARE(json["segments"].size(), std::size_t{2});
  }

  void theSameSegmentMayComeAgainAndAgain() {
    RecordedHall hall;
    const auto one = hall.sat();
    const auto key = hall.keyOf(hall.order(one));
    const std::string sealed = hall.film(one, key, 1, 0);
    hall.must(hall.keep(one, sealed));
    hall.must(hall.keep(one, sealed));
    QCOMPARE(hall.count("select count(*) from recording_segment"), 1);
    QCOMPARE(reason(hall.keep(one, hall.film(one, key, 1, 0, "another film"))), std::string("segment_differs"));
    QCOMPARE(hall.play(one, 1)->bytes, std::string("film1"));
  }

  void manyAtOnceLeaveOneWholeFileEach() {
    RecordedHall hall;
    const auto one = hall.sat();
    const auto key = hall.keyOf(hall.order(one));
    std::vector<std::string> films;
    for (std::uint32_t n = 1; n <= 4; ++n) films.push_back(hall.film(one, key, n, 30 * (n - 1), std::string(200'000, 'x')));
    std::atomic<int> kept{0};
    std::vector<std::thread> kiosks;
    for (int t = 0; t < 8; ++t)
      kiosks.emplace_back([&, t] { kept += hall.keep(one, films[static_cast<std::size_t>(t / 2)]).has_value(); });
    for (std::thread& kiosk : kiosks) kiosk.join();
    QCOMPARE(kept.load(), 8);
    for (int n = 1; n <= 4; ++n) QVERIFY(hall.play(one, n).has_value());
    QCOMPARE(hall.count("select count(*) from recording_segment where damaged = 0"), 4);
  }

  void tornForeignAndUnreadableSegmentsAreToldApart() {
    RecordedHall hall;
    const auto one = hall.sat();
    const auto key = hall.keyOf(hall.order(one));
    const std::string sealed = hall.film(one, key, 1, 0);
    QCOMPARE(reason(hall.keep(one, sealed.substr(0, 80), {}, sha256Hex(sealed))), std::string("segment_torn"));
    QCOMPARE(reason(hall.keep(one, "no segment")), std::string("bad_segment"));
    QCOMPARE(reason(hall.keep(one, *segment::seal(key, {"elsewhere", 1, 1, 2, 1}, "x"))), std::string("segment_elsewhere"));
    segment::Key wrong{};
    const Caller other = one.visit.kiosk.seat_id == hall.seat_a ? hall.kiosk_b : hall.kiosk_a;
    QCOMPARE(reason(hall.keep(one, hall.film(one, wrong, 1, 0), other)), std::string("admission_other_seat"));
    QCOMPARE(hall.count("select count(*) from recording_segment"), 0);
    // From its own kiosk it is kept and named, and a good one takes its place.
    QCOMPARE(hall.must(hall.keep(one, hall.film(one, wrong, 1, 0)))["damaged"], Json(true));
    QCOMPARE(hall.recording(one)["segments"][0]["state"], Json("damaged"));
    QCOMPARE(reason(hall.play(one, 1)), std::string("segment_damaged"));
    QCOMPARE(hall.must(hall.keep(one, sealed))["damaged"], Json(false));
    QCOMPARE(hall.play(one, 1)->bytes, std::string("film1"));
    // A kiosk that was moved to another seat still brings what it holds: the seal says whose film it is.
    hall.must(hall.keep(one, hall.film(one, key, 2, 30), other));
  }

  void whatIsMissingIsNamed() {
    RecordedHall hall;
    const auto one = hall.sat();
    const auto key = hall.keyOf(hall.order(one));
    hall.clock->advance(milliseconds(10 * 60'000));
    for (const std::uint32_t n : {1U, 2U, 4U}) hall.must(hall.keep(one, hall.film(one, key, n, 30 * (n - 1))));
    QCOMPARE(hall.whys(hall.recording(one)), (std::vector<std::string>{"missing", "on_its_way"}));
    hall.must(hall.keep(one, hall.film(one, key, 3, 60)));
    hall.must(hall.keep(one, hall.film(one, key, 5, 300)));  // the camera was gone for three minutes
    QCOMPARE(hall.whys(hall.recording(one)), (std::vector<std::string>{"not_recorded", "on_its_way"}));
    hall.must(hall.tell(one, "ended", 5));
    hall.finish(one);
    const Json json = hall.recording(one);
    QCOMPARE(hall.whys(json), (std::vector<std::string>{"not_recorded", "not_recorded"}));
    QCOMPARE(json["state"], Json("gaps"));
    // A file that is gone, and one that rotted on the server's own disk.
    std::filesystem::remove(hall.file(one, 1));
    std::string rotten = *readFile(hall.file(one, 2), 1 << 20);
    rotten.back() = static_cast<char>(rotten.back() ^ 1);
    std::ofstream(hall.file(one, 2), std::ios::binary) << rotten;
    QCOMPARE(reason(hall.play(one, 1)), std::string("segment_missing"));
    QCOMPARE(reason(hall.play(one, 2)), std::string("segment_damaged"));
    QCOMPARE(hall.whys(hall.recording(one)), (std::vector<std::string>{"missing", "damaged", "not_recorded", "not_recorded"}));
  }

  void theKiosksNewsStandInTheHallRecordOnce() {
    RecordedHall hall;
    const auto one = hall.sat();
    QCOMPARE(reason(hall.tell(one, "began", 0)), std::string("no_recording"));
    hall.order(one);
    hall.must(hall.tell(one, "began", 0));
    hall.must(hall.tell(one, "stopped", 3, "disk_full"));
    hall.must(hall.tell(one, "stopped", 3, "disk_full"));
    const Json record = hall.must(hall.get("/hall/sittings/{id}", {}, one.id));
    std::vector<std::string> whats;
    for (const Json& entry : record["entries"])
      if (entry["what"].get<std::string>().starts_with("recording")) whats.push_back(entry["what"].get<std::string>() + " " + entry["detail"].get<std::string>());
    QCOMPARE(whats, (std::vector<std::string>{"recording_began ", "recording_stopped disk_full"}));
  }

  void aReportThatWasLeftOnTheKiosksDiskCountsAsIfItHadCome() {
    RecordedHall hall;
    const auto one = hall.sat();
    const auto key = hall.keyOf(hall.order(one));
    const std::int64_t now = toMillis(hall.clock->now());
    const Json body{{"place", 1}, {"kind", "absent"}, {"began_ms", now}, {"ended_ms", nullptr}, {"measure", "warning"}, {"score", 0}, {"engine", "yunet"},
                    {"evidence", {{{"place", 1}, {"at_ms", now}, {"jpeg", toBase64(jpegBytes())}}}}};
    const auto put = [&](const std::string& sealed, std::optional<Caller> kiosk = {}) {
      Call call;
      call.id = one.id;
      call.bytes = sealed;
      call.caller = kiosk.value_or(one.visit.kiosk);
      return hall.send("put", "/api/v1/kiosk/sittings/{id}/sealed-incident", call);
    };
    const segment::Head head{one.id, 1, now, now, 1};
    for (int i = 0; i < 2; ++i) hall.must(put(*segment::seal(key, head, body.dump())));
    QCOMPARE(hall.count("select count(*) from incident where kind = 'absent' and measure = 'warning'"), 1);
    QCOMPARE(hall.count("select count(*) from evidence"), 1);
    // A kiosk that was moved to another seat, or whose candidate was, still brings what it holds: the seal says whose it is.
    const Caller other = one.visit.kiosk.seat_id == hall.seat_a ? hall.kiosk_b : hall.kiosk_a;
    Json second = body;
    second["place"] = 2;
    second["evidence"] = Json::array();
    QCOMPARE(reason(hall.post("/kiosk/sittings/{id}/incidents", second, other, one.id)), std::string("admission_other_seat"));
    hall.must(put(*segment::seal(key, {one.id, 2, now, now, 1}, second.dump()), other));
    QCOMPARE(hall.count("select count(*) from incident where place = 2"), 1);
    QCOMPARE(reason(put(*segment::seal({}, head, body.dump()), other)), std::string("segment_damaged"));
    QCOMPARE(reason(put(*segment::seal({}, head, body.dump()))), std::string("segment_damaged"));
    QCOMPARE(reason(put(*segment::seal(key, head, "not json"))), std::string("bad_json"));
    QCOMPARE(reason(put(*segment::seal(key, head, "{}"))), std::string("wrong_shape"));
    QCOMPARE(reason(put(*segment::seal(key, {"elsewhere", 1, 1, 1, 1}, body.dump()))), std::string("segment_elsewhere"));
  }

  void whoDidNotAgreeIsNotRecorded() {
    {
      RecordedHall hall;
      const auto visit = hall.come(hall.addPerson("王小明", kFirst));
      const Json sitting = hall.admitted(visit);  // declined the camera
      const RecordedHall::Sat one{visit, sitting, sitting["id"]};
      QCOMPARE(hall.order(one)["record"], Json(false));
      QCOMPARE(hall.order(one)["film_key"], Json(""));
      QCOMPARE(hall.recording(one)["why"], Json("no_consent"));
      QCOMPARE(reason(hall.keep(one, hall.film(one, {}, 1, 0))), std::string("no_recording"));
    }
    {
      RecordedHall hall;
      const auto one = hall.sat();
      if (!hall.write<void>([](Tx& tx) -> Status { tx.exec("update admission set consent_version = 'face-check-2'"); return {}; })) qFatal("no old consent");
      // Agreed to a text that spoke of no recording.
      QCOMPARE(hall.order(one)["record"], Json(false));
    }
    Json policy = defaultPolicy();
    policy["monitoring"]["recording"]["enabled"] = false;
    RecordedHall hall(policy);
    const auto one = hall.sat();
    QCOMPARE(hall.order(one)["record"], Json(false));
    QCOMPARE(hall.recording(one)["why"], Json("off"));
    policy["monitoring"]["enabled"] = false;
    RecordedHall unwatched(policy);
    QCOMPARE(unwatched.order(unwatched.sat())["film_key"], Json(""));
  }

  /// Watched over and not recorded: what a kiosk noticed lies sealed on its disk all the same, and counts from any seat.
  void whereNothingIsRecordedReportsHaveAKeyOfTheirOwn() {
    Json policy = defaultPolicy();
    policy["monitoring"]["recording"]["enabled"] = false;
    RecordedHall hall(policy);
    const auto one = hall.sat();
    const Json order = hall.order(one);
    QCOMPARE(order["record"], Json(false));
    const auto key = hall.keyOf(order);
    QVERIFY(key != segment::Key{});
    QCOMPARE(hall.order(one)["film_key"], order["film_key"]);  // the same after a restart
    QVERIFY(hall.count("select count(*) from incident_key where key = '" + order["film_key"].get<std::string>() + "'") == 0);  // sealed
    // No film is missing, and none is taken.
    QCOMPARE(hall.recording(one)["state"], Json("none"));
    QCOMPARE(hall.recording(one)["why"], Json("off"));
    QCOMPARE(reason(hall.keep(one, hall.film(one, key, 1, 0))), std::string("no_recording"));
    QCOMPARE(reason(hall.tell(one, "began", 0)), std::string("no_recording"));
    const Caller other = one.visit.kiosk.seat_id == hall.seat_a ? hall.kiosk_b : hall.kiosk_a;
    const std::int64_t now = toMillis(hall.clock->now());
    const auto put = [&](int place, std::int64_t at) {
      const Json body{{"place", place}, {"kind", "absent"}, {"began_ms", at}, {"ended_ms", at}, {"measure", "warning"}, {"score", 0}, {"engine", "yunet"},
                      {"evidence", {{{"place", 1}, {"at_ms", at}, {"jpeg", toBase64(jpegBytes())}}}}};
      Call call;
      call.id = one.id;
      call.bytes = *segment::seal(key, {one.id, static_cast<std::uint32_t>(place), at, at, 1}, body.dump());
      call.caller = other;
      return hall.send("put", "/api/v1/kiosk/sittings/{id}/sealed-incident", call);
    };
    hall.must(put(1, now));
    QCOMPARE(hall.count("select count(*) from incident"), 1);
    QCOMPARE(hall.count("select count(*) from evidence"), 1);
    // The site begins to record meanwhile: what lies there still opens.
    policy["monitoring"]["recording"]["enabled"] = true;
    const auto set = [&](const Json& value) {
      if (!hall.write<void>([&](Tx& tx) -> Status { tx.exec("update site set policy = :a", value.dump()); return {}; })) qFatal("no policy");
    };
    set(policy);
    QCOMPARE(hall.order(one)["record"], Json(true));
    QCOMPARE(hall.order(one)["film_key"], order["film_key"]);
    policy["monitoring"]["recording"]["enabled"] = false;
    set(policy);
    QCOMPARE(hall.order(one)["film_key"], order["film_key"]);
    // Taken back: no key any more; what was seen before counts, its pictures too, and of later ones none is kept.
    hall.clock->advance(minutes(5));
    if (!hall.write<void>([&](Tx& tx) -> Status {
          return withdrawFaceConsent(tx, *tx.value<std::string>("select candidate_id from sitting"), "manage", "candidate:x", hall.clock->now());
        }))
      qFatal("no withdrawal");
    QCOMPARE(hall.order(one)["film_key"], Json(""));
    hall.must(put(2, now + 1000));
    hall.must(put(3, now + 600'000));
    QCOMPARE(hall.count("select count(*) from incident"), 3);
    QCOMPARE(hall.count("select count(*) from evidence"), 2);
  }

  void theKeyOfReportsGoesWithTheirPictures() {
    Json policy = defaultPolicy();
    policy["monitoring"]["recording"]["enabled"] = false;
    RecordedHall hall(policy);
    const auto one = hall.sat();
    const auto key = hall.keyOf(hall.order(one));
    hall.finish(one);
    QCOMPARE(hall.order(one)["film_key"], Json(""));
    const auto forgotten = [&](Instant at) {
      hall.clock->set(at);
      if (!hall.write<void>([&](Tx& tx) -> Status { forgetEvidence(tx, at); return {}; })) qFatal("not forgotten");
      return hall.count("select count(*) from incident_key") == 0;
    };
    const Instant until = fromMillis(hall.recording(one)["kept_until_ms"].get<std::int64_t>());
    QVERIFY(!forgotten(until));
    QVERIFY(forgotten(until + milliseconds(1)));
    Call late;
    late.id = one.id;
    late.bytes = *segment::seal(key, {one.id, 1, 1, 1, 1}, "{}");
    late.caller = one.visit.kiosk;
    QCOMPARE(reason(hall.send("put", "/api/v1/kiosk/sittings/{id}/sealed-incident", late)), std::string("no_recording"));
  }

  void whoIsOnARecordingIsCountedAmongTheFacePictures() {
    RecordedHall hall;
    const auto one = hall.sat();
    hall.must(hall.keep(one, hall.film(one, RecordedHall::keyOf(hall.order(one)), 1, 0)));
    const auto count = *hall.app.store->readNow<FaceDataCount>([](Tx& tx) -> Result<FaceDataCount> { return countFaceData(tx); });
    QCOMPARE(count.recorded, std::int64_t{1});
    QCOMPARE(count.persons, std::int64_t{1});
  }

  void whoIsOnARecordingReadsSoAndUntilWhen() {
    RecordedHall hall;
    const auto one = hall.sat();
    const Json link = Json::object({{"token", one.visit.reservation["manage_token"]}});
    const auto stored = [&]() -> Json { return hall.must(hall.post("/manage/view", link))["face_data"]; };
    QCOMPARE(stored()["recordings"], Json(0));
    QCOMPARE(stored()["recordings_until_ms"], Json(nullptr));
    hall.must(hall.keep(one, hall.film(one, RecordedHall::keyOf(hall.order(one)), 1, 0)));
    const Json filmed = stored();
    QCOMPARE(filmed["recordings"], Json(1));
    QCOMPARE(filmed["recordings_until_ms"], Json(one.sitting["deadline_ms"].get<std::int64_t>() + kExamEvidenceKept.count()));
    QCOMPARE(filmed["recordings_until_ms"], hall.recording(one)["kept_until_ms"]);
    // It stays when the consent is taken back, and is told all the same.
    hall.must(hall.post("/manage/withdraw", link));
    QCOMPARE(stored()["recordings"], Json(1));
  }

  void twoFilmsOfOneNumberAreBothKeptInTheOrderOfTheirTimes() {
    RecordedHall hall;
    const auto one = hall.sat();
    const auto key = hall.keyOf(hall.order(one));
    hall.must(hall.keep(one, hall.film(one, key, 1, 0)));
    hall.must(hall.keep(one, hall.film(one, key, 2, 120, "second kiosk ")));
    const std::string late = hall.film(one, key, 2, 30, "first kiosk ");  // comes back with what it filmed before
    const Json number = hall.must(hall.keep(one, late))["number"];
    QVERIFY(number.get<int>() > 50'000);
    QCOMPARE(hall.must(hall.keep(one, late))["number"], number);  // once, however often it comes
    QCOMPARE(hall.count("select count(*) from recording_segment"), 3);
    QCOMPARE(hall.play(one, number.get<int>())->bytes, std::string("first kiosk 2"));
    QCOMPARE(hall.play(one, 2)->bytes, std::string("second kiosk 2"));
    const Json segments = hall.recording(one)["segments"];
    QCOMPARE(segments[1]["number"], number);
    QCOMPARE(segments[2]["number"], Json(2));
    QCOMPARE(hall.order(one)["next_number"], Json(3));
  }

  /// The kiosk had no network when the consent was taken back on a telephone.
  void whatWasFilmedAfterAWithdrawalIsNotKept() {
    RecordedHall hall;
    const auto one = hall.sat();
    const auto key = hall.keyOf(hall.order(one));
    hall.must(hall.keep(one, hall.film(one, key, 1, 0)));
    const std::string film = hall.film(one, key, 2, 600);
    hall.clock->advance(minutes(5));
    if (!hall.write<void>([&](Tx& tx) -> Status {
          return withdrawFaceConsent(tx, *tx.value<std::string>("select candidate_id from sitting"), "manage", "candidate:x", hall.clock->now());
        }))
      qFatal("no withdrawal");
    hall.must(hall.keep(one, film));
    QCOMPARE(hall.count("select count(*) from recording_segment"), 1);
    QCOMPARE(hall.count("select last_number from recording"), 1);
  }

  /// Taken back at the door, and given again at the next visit with the same booking.
  void aConsentThatIsGivenAgainCounts() {
    RecordedHall hall;
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    hall.consent(visit, true);
    hall.must(hall.post("/kiosk/admissions/{id}/withdraw", nullptr, visit.kiosk, visit.admission));
    QCOMPARE(hall.count("select count(*) from admission where withdrawn_ms is not null"), 1);
    hall.must(hall.leave(visit));
    hall.findAgain(visit);
    hall.consent(visit, true);
    QCOMPARE(hall.count("select count(*) from admission where withdrawn_ms is not null"), 0);
  }

  void theConsentTextSaysSo() {
    const Json text = faceConsent();
    QCOMPARE(text["version"], Json("face-check-5"));
    QVERIFY(text["zh"].get<std::string>().find("全程录像") != std::string::npos && text["zh"].get<std::string>().find("3 年") != std::string::npos);
    QVERIFY(text["en"].get<std::string>().find("recorded on video") != std::string::npos && text["en"].get<std::string>().find("3 years") != std::string::npos);
  }

  void aSiteStoredBeforeRecordingsRecordsByTheHousesRule() {
    RecordedHall hall;
    const auto changed = hall.write<void>([&](Tx& tx) -> Status {
      Json old = defaultPolicy();
      old["monitoring"].erase("recording");
      old["monitoring"]["pause_minutes_max"] = 33;
      tx.exec("update site set policy = :a", old.dump());
      return {};
    });
    QVERIFY(changed.has_value());
    const auto one = hall.sat();
    QCOMPARE(hall.order(one)["frames_per_second"], Json(5));
  }

  void afterThreeYearsKeyAndFilesAreGoneAndNotADayBefore() {
    RecordedHall hall;
    const auto one = hall.sat();
    const auto key = hall.keyOf(hall.order(one));
    hall.must(hall.keep(one, hall.film(one, key, 1, 0)));
    hall.must(hall.tell(one, "ended", 1));
    hall.finish(one);
    const std::int64_t until = hall.recording(one)["kept_until_ms"];
    hall.clock->set(fromMillis(until) - std::chrono::hours(24));
    QVERIFY(forgetRecordings(hall.app, hall.clock->now()).has_value());
    QVERIFY(hall.play(one, 1).has_value());
    QVERIFY(fromMillis(until) >= zone("Asia/Shanghai").toInstant(2029, 3, 2, 9, 55));  // three calendar years at least
    hall.clock->set(fromMillis(until) + std::chrono::hours(1));
    QVERIFY(forgetRecordings(hall.app, hall.clock->now()).has_value());
    QCOMPARE(hall.count("select count(*) from recording"), 0);
    QCOMPARE(hall.count("select count(*) from recording_segment"), 0);
    QVERIFY(!std::filesystem::exists(hall.app.config.recordings_dir + "/" + one.id));
    QCOMPARE(reason(hall.play(one, 1)), std::string("no_recording"));
    QCOMPARE(hall.count("select count(*) from audit where action = 'recording_deleted'"), 1);
  }

  void aFullServerLeavesTheFilmOnTheKioskAndSaysSo() {
    RecordedHall hall;
    hall.app.config.recordings_bytes_max = 1000;
    const auto one = hall.sat();
    const auto key = hall.keyOf(hall.order(one));
    hall.must(hall.keep(one, hall.film(one, key, 1, 0, std::string(2000, 'x'))));
    QCOMPARE(reason(hall.keep(one, hall.film(one, key, 2, 30))), std::string("recordings_full"));
    const Json storage = hall.must(hall.get("/recording-storage", {}, ""));
    QCOMPARE(storage["state"], Json("full"));
    hall.must(hall.keep(one, *readFile(hall.file(one, 1), 1 << 20)));  // what is there is still acknowledged
    hall.app.config.recordings_bytes_max = 10'000;
    hall.must(hall.keep(one, hall.film(one, key, 2, 30)));
  }

  void whatWasNoticedIsListedAfterTheEndAlsoWithoutARecording() {
    Json policy = defaultPolicy();
    policy["monitoring"]["recording"]["enabled"] = false;
    RecordedHall hall(policy);
    const auto one = hall.sat();
    const auto listed = [&](std::map<std::string, std::string> query) -> Json { return hall.must(hall.get("/recordings", std::move(query), ""))["recordings"]; };
    const std::int64_t now = toMillis(hall.clock->now());
    const Json incident{{"place", 1}, {"kind", "absent"}, {"began_ms", now}, {"ended_ms", now + 1000}, {"measure", "warning"}, {"score", 0}, {"engine", "yunet"},
                        {"evidence", {{{"place", 1}, {"at_ms", now}, {"jpeg", toBase64(jpegBytes())}}}}};
    hall.must(hall.post("/kiosk/sittings/{id}/incidents", incident, one.visit.kiosk, one.id));
    QCOMPARE(listed({}).size(), std::size_t{0});  // it runs: the board has it
    hall.finish(one);
    const Json all = listed({});
    QCOMPARE(all.size(), std::size_t{1});
    QCOMPARE(all[0]["state"], Json("none"));
    QCOMPARE(all[0]["open_incidents"], Json(1));
    QCOMPARE(listed({{"open", "1"}}).size(), std::size_t{1});
    const std::string id = hall.must(hall.get("/hall/sittings/{id}", {}, one.id))["incidents"][0]["id"];
    hall.must(hall.post("/hall/incidents/{id}/decision", {{"decision", "dismissed"}, {"note", ""}}, hall.reviewer, id));
    QCOMPARE(listed({{"open", "1"}}).size(), std::size_t{0});
    QCOMPARE(listed({})[0]["open_incidents"], Json(0));  // its pictures may still be looked at
    if (!hall.write<void>([](Tx& tx) -> Status { tx.exec("delete from evidence"); return {}; })) qFatal("not deleted");
    QCOMPARE(listed({}).size(), std::size_t{0});
  }

  void whatRecordingsTakeIsCountedAsTheyComeAndGo() {
    RecordedHall hall;
    const auto one = hall.sat();
    const auto key = hall.keyOf(hall.order(one));
    const auto counted = [&] {
      if (hall.count("select bytes from recording_total") != hall.count("select coalesce(sum(bytes), 0) from recording_segment")) qFatal("not the sum");
      return hall.count("select bytes from recording_total");
    };
    const std::string first = hall.film(one, key, 1, 0);
    for (int i = 0; i < 2; ++i) hall.must(hall.keep(one, first));
    hall.must(hall.keep(one, hall.film(one, {}, 2, 30, std::string(500, 'x'))));  // does not open
    const auto before = counted();
    QVERIFY(before > 500);
    hall.must(hall.keep(one, hall.film(one, key, 2, 30)));  // takes its place
    QVERIFY(counted() < before - 400);
    hall.must(hall.tell(one, "ended", 2));
    hall.finish(one);
    hall.clock->set(fromMillis(hall.recording(one)["kept_until_ms"].get<std::int64_t>()) + std::chrono::hours(1));
    QVERIFY(forgetRecordings(hall.app, hall.clock->now()).has_value());
    QCOMPARE(counted(), 0);
  }

  void whatAnOlderProgramHadStoredIsCountedOnce() {
    QTemporaryDir dir;
    const std::string file = dir.filePath("old.db").toStdString();
    {
      soci::session old("sqlite3", "dbname=" + file);
      migrateTo(old, 23);
      old << "insert into recording_segment values ('s', 1, 1, 2, 1, 70, '', 3, 0), ('s', 2, 1, 2, 1, 7, '', 3, 0)";
    }
    auto store = std::move(*store::Store::open(file));
    const auto bytes = store->readNow<std::int64_t>([](Tx& tx) -> Result<std::int64_t> { return tx.value<std::int64_t>("select bytes from recording_total").value_or(-1); });
    QCOMPARE(*bytes, std::int64_t{77});
  }

  void pagesLeaveNoneOutWhereSeveralBeganAtOnce() {
    RecordedHall hall;
    const auto one = hall.sat();
    hall.order(one);
    hall.finish(one);
    hall.multiply(230);
    std::vector<std::string> ids;
    std::map<std::string, std::string> query;
    for (const std::size_t rows : {100u, 100u, 31u}) {
      const Json page = hall.must(hall.get("/recordings", query, ""));
      QCOMPARE(page["recordings"].size(), rows);
      QCOMPARE(page["more"], Json(rows == 100));
      for (const Json& row : page["recordings"]) ids.push_back(row["sitting_id"]);
      query = {{"before_ms", page["recordings"].back()["started_ms"].dump()}, {"before_id", ids.back()}};
    }
    QVERIFY(std::is_sorted(ids.rbegin(), ids.rend()));
    QVERIFY(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
  }

  void aPageDoesNotReadTheHistory() {
    RecordedHall hall;
    const auto plan = [&](bool only_open) {
      return *hall.app.store->readNow<std::string>([&](Tx& tx) -> Result<std::string> {
        std::string steps;
        for (auto& [id, parent, unused, step] : tx.all<std::int64_t, std::int64_t, std::int64_t, std::string>(
                 "explain query plan " + recordingListSql(only_open), std::int64_t{1} << 52, std::string(), std::int64_t{101}))
          steps += step + "; ";
        return steps;
      });
    };
    const std::string all = plan(false), open = plan(true);
    QVERIFY2(all.find("COVERING INDEX sitting_by_start") != std::string::npos, all.c_str());
    QVERIFY2(all.find("SCAN") == std::string::npos && all.find("TEMP B-TREE") == std::string::npos, all.c_str());  // the newest come first by themselves
    QVERIFY2(open.find("INDEX incident_to_decide") != std::string::npos && open.find("SCAN sitting") == std::string::npos, open.c_str());
  }

  /// A row of the list is added up by the database; the recording itself is told segment by segment.
  void theListAndTheRecordingAgreeAboutWhatThereIs() {
    RecordedHall hall;
    const auto one = hall.sat();
    hall.order(one);
    hall.finish(one);
    const auto row = [&] { return hall.must(hall.get("/recordings", {}, ""))["recordings"][0]; };
    const std::int64_t all = row()["finished_ms"].get<std::int64_t>() - one.sitting["started_ms"].get<std::int64_t>();
    const struct { std::vector<RecordedHall::Stretch> stretches; const char* state; std::int64_t covered_ms; } cases[] = {
        {{{0, all}}, "whole", all},
        {{}, "gaps", 0},
        {{{0, 50'000}, {52'999, all}}, "whole", all - 2999},  // the camera's own
        {{{0, 50'000}, {53'000, all}}, "gaps", all - 3000},
        {{{0, 1000}, {3000, 5000}, {7000, all}}, "whole", all - 4000},  // together longer, each short
        {{{0, 60'000}, {1000, 2000}, {61'000, all}}, "whole", all},     // of two kiosks; the earlier one reaches further
        {{{-5000, 10'000}, {10'000, all + 5000}}, "whole", all + 10'000},
        {{{-9000, -8000}, {2000, all}}, "whole", all - 1000},
        {{{3000, all}}, "gaps", all - 3000},
        {{{0, all - 2999}}, "whole", all - 2999},
        {{{0, all - 3000}}, "gaps", all - 3000},
        {{{0, 30'000}, {30'000, 60'000, true}, {60'000, all}}, "gaps", all - 30'000},
    };
    for (const auto& [stretches, state, covered_ms] : cases) {
      hall.lay(one, stretches);
      const Json told = row(), whole = hall.recording(one);
      QCOMPARE(told["state"], Json(state));
      QCOMPARE(told["covered_ms"], Json(covered_ms));
      QCOMPARE(told["bytes"], Json(10 * stretches.size()));
      for (const char* member : {"state", "covered_ms", "bytes", "started_ms", "finished_ms", "kept_until_ms", "name_masked", "title", "site_name", "time_zone", "room", "seat_label"})
        QCOMPARE(told[member], whole[member]);
    }
  }

  void theListNamesNobodyInFullAndPages() {
    RecordedHall hall;
    const auto one = hall.sat();
    const auto key = hall.keyOf(hall.order(one));
    hall.must(hall.keep(one, hall.film(one, key, 1, 0)));
    const Json list = hall.must(hall.get("/recordings", {}, ""));
    QCOMPARE(list["recordings"].size(), std::size_t{1});
    QCOMPARE(list["recordings"][0]["state"], Json("running"));
    QVERIFY(list.dump().find("王小明") == std::string::npos);
    QCOMPARE(list["more"], Json(false));
    QCOMPARE(hall.must(hall.get("/recordings", {{"before_ms", one.sitting["started_ms"].dump()}}, ""))["recordings"].size(), std::size_t{0});
  }
};

QTEST_GUILESS_MAIN(RecordingTest)
#include "test_recording.moc"
