// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "hall.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

const std::string kJpeg = std::string("\xff\xd8\xff\xe0", 4) + "not much of a picture";

class FakeChecker final : public PhotoChecker {
 public:
  std::string name() const override { return "fake 1"; }
  Result<Verdict> check(const std::string&, const std::vector<std::string>& others) override {
    beside = others;
    if (meanwhile) std::exchange(meanwhile, {})();
    return verdict;
  }
  std::vector<std::string> beside;
  std::function<void()> meanwhile;  ///< what happens while the next picture is looked at
  Result<Verdict> verdict = Verdict{};
};

}  // namespace

class PhotoTest : public QObject {
  Q_OBJECT

  std::unique_ptr<Hall> hall;
  Caller me;

  Result<Reply> consent(bool given, const std::string& version) {
    return hall->post("/booking/consent", {{"kind", "reference_photo"}, {"version", version}, {"given", given}}, me);
  }
  std::string version() { return hall->get("/consents/reference_photo")->body.at("version"); }
  Result<Reply> send(const std::string& verb, const std::string& bytes) {
    Call call;
    call.caller = me;
    call.bytes = bytes;
    return hall->send(verb, "/api/v1/booking/photo", call);
  }
  Result<Reply> put(const std::string& bytes) { return send("put", bytes); }
  Result<Reply> add(const std::string& bytes) { return send("post", bytes); }
  std::vector<std::string> kept() {
    return *hall->app.store->readNow<std::vector<std::string>>(
        [&](Tx& tx) -> Result<std::vector<std::string>> { return referencePhotos(hall->app, tx, me.candidate_id); });
  }

 private slots:
  void init() {
    hall = std::make_unique<Hall>();
    me = hall->addPerson("王小明", "440308199901101512").caller;
  }
  void cleanup() { hall.reset(); }

  void withoutConsentNoPhotoIsTaken() {
    const auto refused = put(kJpeg);
    QCOMPARE(reason(refused), std::string("consent_missing"));
    QVERIFY(refused.error().code == ErrorCode::Forbidden);
    QCOMPARE(reason(consent(true, "older-text")), std::string("consent_version_old"));
    QCOMPARE(
        reason(hall->post("/booking/consent", {{"kind", "face_check"}, {"version", version()}, {"given", true}}, me)),
        std::string("consent_kind_wrong"));
    QCOMPARE(hall->count("select count(*) from consent"), std::int64_t{0});
  }

  void aConsentedPhotoIsKeptSealed() {
    QVERIFY(consent(true, version())->body.at("photo_consent").get<bool>());
    const auto answer = put(kJpeg);
    QVERIFY(answer->body.at("accepted").get<bool>());
    QCOMPARE(answer->body.at("checked_by"), "");
    QCOMPARE(hall->count("select count(*) from reference_photo where sealed like '%picture%'"), std::int64_t{0});
    QCOMPARE(kept(), std::vector{kJpeg});
    QVERIFY(put(kJpeg + "2").has_value());
    QCOMPARE(kept(), std::vector{kJpeg + "2"});
  }

  void upToThreePhotosOfOnePersonAreKept() {
    QVERIFY(consent(true, version()).has_value());
    auto checker = std::make_unique<FakeChecker>();
    FakeChecker* fake = checker.get();
    hall->app.photos = std::move(checker);
    QVERIFY(add(kJpeg).has_value() && fake->beside.empty());
    QVERIFY(add(kJpeg + "2").has_value());
    QCOMPARE(fake->beside, std::vector{kJpeg});
    fake->verdict = PhotoChecker::Verdict{false, {"other_person"}};
    QVERIFY(!add(kJpeg + "of somebody else")->body.at("accepted").get<bool>());
    fake->verdict = PhotoChecker::Verdict{};
    QVERIFY(add(kJpeg + "3").has_value());
    QCOMPARE(kept(), (std::vector{kJpeg, kJpeg + "2", kJpeg + "3"}));
    QCOMPARE(reason(add(kJpeg + "4")), std::string("photos_enough"));
    Call asked;
    asked.caller = me;
    QCOMPARE(hall->send("get", "/api/v1/booking/me", asked)->body.at("photos"), 3);
    QVERIFY(put(kJpeg + "5").has_value());
    QVERIFY(fake->beside.empty());
    // What it was compared with is no longer what is kept.
    fake->meanwhile = [&] { QVERIFY(put(kJpeg + "6").has_value()); };
    QCOMPARE(reason(add(kJpeg + "7")), std::string("photos_changed"));
    QCOMPARE(kept(), std::vector{kJpeg + "6"});
    // A row that cannot be opened keeps nobody out.
    QVERIFY(add(kJpeg + "8").has_value());
    hall->write<void>([&](Tx& tx) -> Status { tx.exec("update reference_photo set sealed = 'damaged' where number = 1"); return {}; });
    QCOMPARE(kept(), std::vector{kJpeg + "8"});
    QVERIFY(put(kJpeg + "5").has_value());
    QCOMPARE(kept(), std::vector{kJpeg + "5"});
    // Consent to an older text, which spoke of one photo, allows no second one.
    hall->write<void>([&](Tx& tx) -> Status { tx.exec("update consent set version = 'reference-photo-1'"); return {}; });
    QCOMPARE(reason(add(kJpeg)), std::string("consent_version_old"));
    QVERIFY(put(kJpeg).has_value());
  }

  void withdrawingDeletesThePhotoAtOnce() {
    QVERIFY(consent(true, version()).has_value());
    QVERIFY(put(kJpeg).has_value());
    // In the same millisecond, and whatever the text was then called.
    const auto person = consent(false, "older-text");
    QVERIFY(!person->body.at("photo_consent").get<bool>());
    QCOMPARE(person->body.at("photos"), 0);
    QCOMPARE(hall->count("select count(*) from reference_photo"), std::int64_t{0});
    QCOMPARE(reason(put(kJpeg)), std::string("consent_missing"));
    QCOMPARE(hall->count("select count(*) from consent"), std::int64_t{2});
    QVERIFY(consent(true, version())->body.at("photo_consent").get<bool>());
  }

  void thePhotoAloneCanBeDeleted() {
    QVERIFY(consent(true, version()).has_value());
    QVERIFY(put(kJpeg).has_value());
    Call call;
    call.caller = me;
    const auto person = hall->send("delete", "/api/v1/booking/photo", call);
    QCOMPARE(person->body.at("photos"), 0);
    QVERIFY(person->body.at("photo_consent").get<bool>());
  }

  // The ids of vision::PhotoVerdict::reasons; a person cannot act on "unsuitable".
  void everyReasonOfThePhotoCheckHasItsOwnSentence() {
    QVERIFY(consent(true, version()).has_value());
    auto checker = std::make_unique<FakeChecker>();
    FakeChecker* fake = checker.get();
    hall->app.photos = std::move(checker);
    const std::vector<std::string> ids{"no_face", "several_faces", "too_small", "too_close", "head_cut_off", "not_frontal",
                                       "tilted", "too_dark", "too_bright", "uneven_light", "low_contrast", "blurred",
                                       "eyes_closed", "mouth_open", "face_covered", "photo_of_screen", "unsure_face", "other_person"};
    fake->verdict = PhotoChecker::Verdict{false, {"something_new"}};
    const auto general = put(kJpeg)->body.at("reasons")[0].at("zh");
    fake->verdict = PhotoChecker::Verdict{false, ids};
    const auto reasons = put(kJpeg)->body.at("reasons");
    QCOMPARE(reasons.size(), ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      QCOMPARE(reasons[i].at("id").get<std::string>(), ids[i]);
      QVERIFY2(reasons[i].at("zh") != general, ids[i].c_str());
    }
  }

  void anUnsuitablePhotoIsExplainedAndNotKept() {
    QVERIFY(consent(true, version()).has_value());
    const auto text = put("hello");
    QVERIFY(!text->body.at("accepted").get<bool>());
    QCOMPARE(text->body.at("reasons")[0].at("id"), "bad_image");
    auto checker = std::make_unique<FakeChecker>();
    FakeChecker* fake = checker.get();
    hall->app.photos = std::move(checker);
    fake->verdict = PhotoChecker::Verdict{false, {"several_faces", "something_new"}};
    const auto refused = put(kJpeg);
    QCOMPARE(refused->body.at("reasons").size(), std::size_t{2});
    QVERIFY(!refused->body.at("reasons")[0].at("zh").get<std::string>().empty());
    QVERIFY(!refused->body.at("reasons")[1].at("en").get<std::string>().empty());
    QCOMPARE(refused->body.at("checked_by"), "fake 1");
    fake->verdict = fail(ErrorCode::InvalidInput, "bad_image");
    QCOMPARE(put(kJpeg)->body.at("reasons")[0].at("id"), "bad_image");
    fake->verdict = fail(ErrorCode::Unavailable, "no_face_detector");
    QCOMPARE(reason(put(kJpeg)), std::string("no_face_detector"));
    QCOMPARE(hall->count("select count(*) from reference_photo"), std::int64_t{0});
    fake->verdict = PhotoChecker::Verdict{};
    QVERIFY(put(kJpeg)->body.at("accepted").get<bool>());
  }

  void photosWithoutEndAreStopped() {
    QVERIFY(consent(true, version()).has_value());
    int taken = 0;
    while (taken < 100 && put(kJpeg).has_value()) ++taken;
    QVERIFY2(taken >= 10 && taken < 100, qPrintable(QString::number(taken)));
    QCOMPARE(reason(put(kJpeg)), std::string("too_many_tries"));
    hall->clock->advance(minutes(11));
    QVERIFY(put(kJpeg).has_value());
  }

  void aPhotoIsForgottenWhenNoExamIsLeft() {
    QVERIFY(consent(true, version()).has_value());
    QVERIFY(put(kJpeg).has_value());
    const auto left = [&](const std::string& change) {
      QVERIFY2(hall->write<void>([&](Tx& tx) -> Status {
        tx.exec(change);
        forgetPhotos(tx, hall->clock->now());
        return {};
      }),
               "");
    };
    left("update eligibility set attempts_used = 1");
    QCOMPARE(hall->count("select count(*) from reference_photo"), std::int64_t{1});
    left("update eligibility set passed = 1");
    QCOMPARE(hall->count("select count(*) from reference_photo"), std::int64_t{0});
    QVERIFY(put(kJpeg).has_value());
    left("update eligibility set passed = 0");
    QCOMPARE(hall->count("select count(*) from reference_photo"), std::int64_t{1});
    // Through the last day, also of an eligibility that was stored with the minute of its grant.
    left("update eligibility set attempts_used = 0, expires_ms = " + std::to_string(toMillis(shanghai(3, 9, 9))));
    hall->clock->set(shanghai(3, 9, 23, 59));
    left("update eligibility set attempts_used = 0");
    QCOMPARE(hall->count("select count(*) from reference_photo"), std::int64_t{1});
    hall->clock->set(shanghai(3, 10, 0));
    left("update eligibility set attempts_used = 0");
    QCOMPARE(hall->count("select count(*) from reference_photo"), std::int64_t{0});
  }
};

QTEST_GUILESS_MAIN(PhotoTest)
#include "test_photo.moc"
