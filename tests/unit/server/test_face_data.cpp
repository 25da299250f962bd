// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QFile>

#include "exam_hall.hpp"
#include "old_store.hpp"
#include "proctoring/proctoring.hpp"
#include "registration/face_data.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

struct FaceHall : ExamHall {
  FaceHall() {
    for (Routes part : {faceDataRoutes(), kioskHallRoutes(), hallRoutes()})
      for (Route& route : part) routes.push_back(std::move(route));
  }
  void run(std::function<void(Tx&)> work) {
    if (!write<void>([&](Tx& tx) -> Status { work(tx); return {}; })) qFatal("store failed");
  }
  /// Candidates with a reference photo: real rows, put in by one statement.
  void addPhotos(int from, int count) {
    run([&](Tx& tx) {
      const std::string numbers = "with recursive n(i) as (select " + std::to_string(from) + " union all select i + 1 from n where i + 1 < " +
                                  std::to_string(from + count) + ") ";
      tx.exec(numbers + "insert into candidate(id, name, id_type, id_number, phone, created_ms) "
              "select 'many-' || i, 'n', 'passport', 'P' || i, '13800000000', 0 from n");
      tx.exec(numbers + "insert into reference_photo(candidate_id, number, sealed, checked_by, taken_ms) select 'many-' || i, 1, 'x', '', 0 from n");
    });
  }
  Json counted() {
    if (!watchFaceData(app, clock->now())) qFatal("not counted");
    return must(get("/admin/face-data"));
  }
  Json view(const Visit& visit) { return must(post("/manage/view", {{"token", visit.reservation["manage_token"]}})); }
};

ExamHall::Visit withPictures(FaceHall& hall, double similarity) {
  const auto person = hall.addPerson("王小明", kFirst);
  hall.givePhoto(person);
  hall.run([&](Tx& tx) {
    tx.exec("insert into consent(id, candidate_id, kind, version, given, channel, at_ms) values ('c0', :a, 'reference_photo', 'v', 1, 'booking', 1)",
            person.caller.candidate_id);
  });
  const auto visit = hall.come(person);
  hall.consent(visit, true);
  hall.must(hall.face(visit, similarity));
  return visit;
}

}  // namespace

class FaceDataTest : public QObject {
  Q_OBJECT

 private slots:
  void aPersonIsCountedOnceHoweverManyPictures() {
    FaceHall hall;
    withPictures(hall, 0.4);  // a person has to look, so the picture of the check is there too
    const Json count = hall.counted();
    QCOMPARE(count["photos"], 1);
    QCOMPARE(count["captures"], 1);
    QCOMPARE(count["persons"], 1);
    QCOMPARE(count["level"], "below");
    QCOMPARE(count["what"]["zh"], "");
    QVERIFY(count["since_ms"].is_null());
  }

  void theDutyToFileIsAnnouncedAndNamed() {
    FaceHall hall;
    hall.addPhotos(0, 89'999);
    QCOMPARE(hall.counted()["level"], "below");
    hall.addPhotos(89'999, 1);
    hall.clock->advance(std::chrono::hours(24));
    const Json near = hall.counted();
    QCOMPARE(near["level"], "near");
    QCOMPARE(near["persons"], 90'000);
    QVERIFY(near["since_ms"].is_null());
    QVERIFY(near["what"]["zh"].get<std::string>().find("人脸识别技术应用安全管理办法") != std::string::npos);
    hall.addPhotos(90'000, 10'000);
    hall.clock->advance(std::chrono::hours(24));
    const Instant reached = hall.clock->now();
    const Json due = hall.counted();
    QCOMPARE(due["level"], "due");
    QCOMPARE(due["since_ms"], toMillis(reached));
    QVERIFY(due["what"]["en"].get<std::string>().find("30 working days") != std::string::npos);
    // The days to file begin once, however often it is counted; the health document has the word only.
    hall.clock->advance(std::chrono::hours(24));
    QCOMPARE(hall.counted()["since_ms"], toMillis(reached));
    QCOMPARE(hall.count("select count(*) from face_data_count"), 4);
    const auto level = *hall.app.store->readNow<std::string>([](Tx& tx) -> Result<std::string> { return filingLevel(lastFaceDataCount(tx).persons); });
    QCOMPARE(level, std::string("due"));
    // Nor do they end when somebody's photo is deleted.
    hall.run([](Tx& tx) { tx.exec("delete from reference_photo where candidate_id = 'many-5'"); });
    hall.clock->advance(std::chrono::hours(24));
    const Json fallen = hall.counted();
    QCOMPARE(fallen["level"], "near");
    QCOMPARE(fallen["since_ms"], toMillis(reached));
  }

  void aDayThatReachedTheNumberAndFellBackKeepsItsMoment() {
    FaceHall hall;
    hall.clock->set(fromMillis(toMillis(hall.clock->now()) / 86'400'000 * 86'400'000));  // a day begins, UTC
    hall.addPhotos(0, 99'999);
    QVERIFY(hall.counted()["since_ms"].is_null());
    hall.addPhotos(99'999, 2);
    hall.clock->advance(std::chrono::hours(2));
    const Instant reached = hall.clock->now();
    QCOMPARE(hall.counted()["since_ms"], toMillis(reached));
    hall.clock->advance(std::chrono::hours(2));
    QCOMPARE(hall.counted()["since_ms"], toMillis(reached));  // the first count of the day that had it, not the last
    hall.run([](Tx& tx) { tx.exec("delete from reference_photo where candidate_id in ('many-5', 'many-6')"); });
    hall.clock->advance(std::chrono::hours(2));
    const Json fallen = hall.counted();
    QCOMPARE(fallen["level"], "near");
    QCOMPARE(fallen["since_ms"], toMillis(reached));
    QCOMPARE(hall.count("select count(*) from face_data_count"), 1);
    QCOMPARE(hall.count("select persons from face_data_count"), 99'999);
    QCOMPARE(hall.count("select persons_most from face_data_count"), 100'001);
  }

  void aDayCountedByAnOlderProgramKeepsWhatItKnew() {
    QTemporaryDir dir;
    const std::string file = dir.filePath("old.db").toStdString();
    {
      soci::session old("sqlite3", "dbname=" + file);
      migrateTo(old, 18);
      old << "insert into face_data_count values (20000, 1000, 100000, 1, 1, 1), (20001, 2000, 7, 1, 1, 1)";
    }
    auto store = std::move(*store::Store::open(file));
    const auto kept = *store->readNow<std::vector<std::int64_t>>([](Tx& tx) -> Result<std::vector<std::int64_t>> {
      return std::vector{tx.value<std::int64_t>("select reached_ms from face_data_count where day = 20000").value_or(-1),
                         tx.value<std::int64_t>("select persons_most from face_data_count where day = 20001").value_or(-1),
                         tx.value<std::int64_t>("select count(*) from face_data_count where reached_ms is null").value_or(-1)};
    });
    QCOMPARE(kept, (std::vector<std::int64_t>{1000, 7, 1}));
  }

  void itIsCountedOnceAnHour() {
    FaceHall hall;
    QVERIFY(watchFaceData(hall.app, hall.clock->now()).has_value());
    hall.addPhotos(0, 3);
    QVERIFY(watchFaceData(hall.app, hall.clock->now() + minutes(59)).has_value());
    QCOMPARE(hall.count("select persons from face_data_count"), 0);
    QVERIFY(watchFaceData(hall.app, hall.clock->now() + minutes(61)).has_value());
    QCOMPARE(hall.count("select persons from face_data_count"), 3);
  }

  void theManageLinkTakesTheConsentBackAndThePicturesGoAtOnce() {
    FaceHall hall;
    const auto visit = withPictures(hall, 0.4);  // waits for the reviewer, picture and all
    QCOMPARE(hall.view(visit)["face_data"], (Json{{"photo", true}, {"captures", 1}, {"evidence", 0}, {"recordings", 0}, {"recordings_until_ms", nullptr}, {"consented", true}}));
    const auto sealed = *hall.app.store->readNow<std::vector<std::string>>([](Tx& tx) -> Result<std::vector<std::string>> {
      return std::vector{*tx.value<std::string>("select sealed from reference_photo"), *tx.value<std::string>("select capture from admission")};
    });
    const Json after = hall.must(hall.post("/manage/withdraw", {{"token", visit.reservation["manage_token"]}}));
    QCOMPARE(after["face_data"], (Json{{"photo", false}, {"captures", 0}, {"evidence", 0}, {"recordings", 0}, {"recordings_until_ms", nullptr}, {"consented", false}}));
    QCOMPARE(after["reservation"]["state"], "booked");
    QCOMPARE(hall.count("select count(*) from reference_photo"), 0);
    QCOMPARE(hall.count("select count(*) from audit where action = 'consent.withdraw'"), 1);
    QCOMPARE(hall.count("select count(*) from consent where given = 0 and channel = 'manage'"), 2);
    // The reviewer goes on, without pictures; the person loses nothing.
    QCOMPARE(hall.admissionOf(visit)["why"], "declined");
    hall.must(hall.decide(visit, "admit"));
    QCOMPARE(hall.sit(visit)["state"], "running");
    // What was measured stays on record, what was seen does not: not in the rows, not in the file.
    QCOMPARE(hall.count("select count(*) from admission_check"), 1);
    hall.app.store.reset();
    QFile file(hall.dir.filePath("hall.db"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    for (const std::string& one : sealed) QVERIFY(bytes.indexOf(QByteArray::fromStdString(one.substr(0, 24))) < 0);
  }

  void saidTwiceItIsTheSame() {
    FaceHall hall;
    const auto visit = withPictures(hall, 0.4);
    for (int i = 0; i < 2; ++i) hall.must(hall.post("/manage/withdraw", {{"token", visit.reservation["manage_token"]}}));
    QCOMPARE(hall.count("select count(*) from consent where given = 0"), 2);
    QCOMPARE(reason(hall.post("/manage/withdraw", {{"token", "wrong"}})), std::string("no_such_reservation"));
  }

  void whoTakesItBackAtTheCameraGoesToAPerson() {
    FaceHall hall;
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true);
    const Json waiting = hall.must(hall.post("/kiosk/admissions/{id}/withdraw", nullptr, visit.kiosk, visit.admission));
    QCOMPARE(waiting["state"], "waiting");
    QCOMPARE(waiting["why"], "declined");
    QVERIFY(waiting["challenge"].is_null());
    QCOMPARE(hall.count("select count(*) from reference_photo"), 0);
    QCOMPARE(reason(hall.face(visit, 0.9)), std::string("admission_wrong_state"));
    // What the kiosk still sends for the reviewer is not kept: the consent to it is gone.
    const Json late = hall.must(hall.post("/kiosk/admissions/{id}/review", {{"why", "asked"}, {"capture", toBase64(jpegBytes())}}, visit.kiosk, visit.admission));
    QCOMPARE(late["state"], "waiting");
    QCOMPARE(hall.count("select count(*) from admission where capture <> ''"), 0);
    // Coming again another time: no photo, so a person, without penalty.
    hall.must(hall.post("/kiosk/find", {{"kind", "code"}, {"code", visit.reservation["code"]}}, visit.kiosk));
    QCOMPARE(hall.consent(visit, true)["why"], "no_photo");
  }

  void theReviewerTakesItBackForSomebodyWhoAsks() {
    FaceHall hall;
    const auto visit = withPictures(hall, 0.4);
    const Json changed = hall.must(hall.post("/review/cases/{id}/withdraw", nullptr, hall.reviewer, visit.admission));
    QCOMPARE(changed["has_capture"], false);
    QCOMPARE(changed["references"], 0);
    QCOMPARE(changed["consent"], "declined");
    QCOMPARE(changed["state"], "waiting");
  }

  void theInvigilatorTakesItBackForSomebodyWhoSits() {
    FaceHall hall;
    const auto visit = withPictures(hall, 0.9);
    const Json sitting = hall.sit(visit);
    const auto withdraw = [&] { return hall.post("/hall/sittings/{id}/withdraw", nullptr, hall.reviewer, sitting["id"]); };
    const Json record = hall.must(withdraw());
    QCOMPARE(record["consent"], "declined");
    QCOMPARE(record["state"], "running");
    QVERIFY(std::any_of(record["entries"].begin(), record["entries"].end(), [](const Json& e) { return e["what"] == "consent_withdrawn" && e["detail"] == "reviewer"; }));
    QCOMPARE(hall.count("select count(*) from reference_photo"), 0);
    QCOMPARE(hall.count("select count(*) from consent where given = 0 and channel = 'reviewer'"), 2);
    QCOMPARE(hall.count("select count(*) from hall_order where kind = 'notice'"), 1);  // the person reads that it was heard
    hall.clock->advance(minutes(40));
    hall.must(hall.submit(visit, sitting));
    QCOMPARE(reason(withdraw()), std::string("sitting_finished"));
  }

  void theBookingPageTakesItBackToo() {
    FaceHall hall;
    const auto visit = withPictures(hall, 0.4);
    Caller candidate;
    candidate.candidate_id = *hall.app.store->readNow<std::string>([](Tx& tx) -> Result<std::string> { return *tx.value<std::string>("select id from candidate"); });
    const Json person = hall.must(hall.post("/booking/consent", {{"kind", "face_check"}, {"version", ""}, {"given", false}}, candidate));
    QCOMPARE(person["photos"], 0);
    QCOMPARE(person["photo_consent"], false);
    QCOMPARE(person["face_data"]["captures"], 0);
    QCOMPARE(reason(hall.post("/booking/consent", {{"kind", "face_check"}, {"version", "v"}, {"given", true}}, candidate)), std::string("consent_kind_wrong"));
  }

  void duringTheExamTheCameraStopsWatchingAndTheEvidenceStays() {
    FaceHall hall;
    const auto visit = withPictures(hall, 0.9);
    const Json sitting = hall.sit(visit);
    const auto now = toMillis(hall.clock->now());
    const Json incident{{"place", 1}, {"kind", "absent"}, {"began_ms", now}, {"ended_ms", nullptr}, {"measure", "notice"}, {"score", 0}, {"engine", "d"},
                        {"evidence", {{{"place", 1}, {"at_ms", now}, {"jpeg", toBase64(jpegBytes())}}}}};
    QCOMPARE(hall.must(hall.post("/kiosk/sittings/{id}/incidents", incident, visit.kiosk, sitting["id"]))["monitor"], true);
    const auto photos = [&] {
      Call call;
      call.caller = visit.kiosk;
      call.id = visit.admission;
      return hall.must(hall.send("get", "/api/v1/kiosk/admissions/{id}", call))["reference_photos"].size();
    };
    QCOMPARE(photos(), 1u);  // for a kiosk that starts anew
    hall.must(hall.post("/manage/withdraw", {{"token", visit.reservation["manage_token"]}}));
    QCOMPARE(hall.view(visit)["face_data"]["evidence"], 1);
    QCOMPARE(hall.count("select count(*) from incident where ended_ms = " + std::to_string(now)), 1);  // nobody sees any more how long it lasts
    QCOMPARE(photos(), 0u);
    Call call;
    call.caller = visit.kiosk;
    call.id = sitting["id"];
    const Json orders = hall.must(hall.send("get", "/api/v1/kiosk/sittings/{id}/orders", call));
    QCOMPARE(orders["monitor"], false);
    QCOMPARE(orders["record"], false);
    QCOMPARE(orders["orders"][0]["kind"], "notice");  // the person reads that it was heard
    call.caller = hall.reviewer;
    const Json record = hall.must(hall.send("get", "/api/v1/hall/sittings/{id}", call));
    QVERIFY(std::any_of(record["entries"].begin(), record["entries"].end(), [](const Json& e) { return e["what"] == "consent_withdrawn" && e["actor"] == "candidate"; }));
    QCOMPARE(hall.counted()["persons"], 1);  // the evidence
  }

  void aRefusedPictureIsNamedByItsPlaceInWhatWasSent() {
    FaceHall hall;
    const auto visit = withPictures(hall, 0.9);
    const Json sitting = hall.sit(visit);
    const auto now = toMillis(hall.clock->now());
    hall.must(hall.post("/manage/withdraw", {{"token", visit.reservation["manage_token"]}}));
    // The kiosk did not know yet: its first picture is of after the withdrawal and is not kept, the second is no picture.
    const Json incident{{"place", 1}, {"kind", "absent"}, {"began_ms", now}, {"ended_ms", nullptr}, {"measure", "notice"}, {"score", 0}, {"engine", "d"},
                        {"evidence", {{{"place", 1}, {"at_ms", now + 1000}, {"jpeg", toBase64(jpegBytes())}}, {{"place", 2}, {"at_ms", now}, {"jpeg", "bm8gSlBFRw=="}}}}};
    const auto refused = hall.post("/kiosk/sittings/{id}/incidents", incident, visit.kiosk, sitting["id"]);
    QCOMPARE(reason(refused), std::string("capture_not_jpeg"));
    QCOMPARE(refused.error().where, std::string("evidence[1].jpeg"));
    QCOMPARE(hall.count("select count(*) from incident"), 0);  // refused whole
  }
};

QTEST_GUILESS_MAIN(FaceDataTest)
#include "test_face_data.moc"
