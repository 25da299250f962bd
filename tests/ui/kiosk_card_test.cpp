// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "station.hpp"

using namespace invigil::kiosk;
using namespace invigil::kiosk::test;

namespace {

struct CardStation : Station {
  CardStation(FakeServer& server, HandClock& clock, const QString& dir) : Station(server, clock, dir, {.reader = true, .wipe_ms = 50}) {}
  bool toConsent() {
    if (!at("welcome")) return false;
    reader.lay();
    return at("consent");
  }
  bool toFace() {
    if (!toConsent()) return false;
    kiosk.consent(true);
    return at("face");
  }
  FaceOutcome seen(const QList<int>& places) const { return {QString(), 0.8, 3, false, "JPEG", {}, places}; }
};

}  // namespace

/// An ID card on the reader, from the welcome screen to the confirmed person.
class KioskCardTest final : public KioskTest {
  Q_OBJECT
 private slots:
  void aCardOnTheWelcomeScreenFindsTheBooking() {
    CardStation s(*server_, clock_, dir_->path());
    QVERIFY(s.at("welcome"));
    QVERIFY(s.reader.seeking);
    QVERIFY(s.toConsent());
    QCOMPARE(server_->bodies["find"], (QJsonObject{{"kind", "id"}, {"id_type", "resident_id"}, {"id_number", "11010519491231002X"}, {"card_names", QJsonArray{"王小明"}}}));
    QVERIFY(!s.reader.seeking);
    QVERIFY(s.reader.decoded.isEmpty());  // nobody has agreed yet
  }

  void afterConsentTheChipsPhotoJoinsThoseOfTheBooking() {
    CardStation s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    QCOMPARE(s.reader.decoded, QByteArrayList{"WLT"});
    QCOMPARE(server_->bodies["consent"].value("chip_photo").toString(), QString("serial"));
    QTRY_COMPARE(s.eyes.references, (QByteArrayList{"JPEG", "JPEG2", "PNG"}));
    server_->after_face = "face";
    emit s.eyes.faceDone(s.seen({0, 1, 2}));
    QTRY_COMPARE(server_->bodies["face"].value("compared").toArray(), (QJsonArray{"booking", "chip"}));
    QTRY_COMPARE_WITH_TIMEOUT(s.kiosk.face()->tries(), 2, 30000);  // the photo is still there for the next try
    QCOMPARE(s.eyes.references.last(), QByteArray("PNG"));
    server_->after_face = "admitted";
    emit s.eyes.faceDone(s.seen({1}));
    QVERIFY(s.at("confirm"));
    QCOMPARE(server_->bodies["face"].value("compared").toArray(), (QJsonArray{"booking"}));
  }

  void withoutAPhotoFromTheBookingItIsEnough() {
    server_->photos = false;
    CardStation s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    QTRY_COMPARE(s.eyes.references, QByteArrayList{"PNG"});
    emit s.eyes.faceDone(s.seen({0}));
    QVERIFY(s.at("confirm"));
    QCOMPARE(server_->bodies["face"].value("compared").toArray(), QJsonArray{"chip"});
  }

  void photosOfDifferentPeopleGoToThePersonByName() {
    CardStation s(*server_, clock_, dir_->path());
    QVERIFY(s.toFace());
    QTRY_COMPARE(s.eyes.references.size(), 3);
    emit s.eyes.faceDone({QStringLiteral("photos_differ"), 0, 0, false, {}, {}, {0, 2}});
    QVERIFY(s.at("waiting"));
    QCOMPARE(server_->bodies["review"].value("why").toString(), QString("photos_differ"));
    QCOMPARE(server_->bodies["review"].value("compared").toArray(), (QJsonArray{"booking", "chip"}));
  }

  void whoDeclinesHasNoPhotoDecoded() {
    CardStation s(*server_, clock_, dir_->path());
    QVERIFY(s.toConsent());
    s.kiosk.consent(false);
    QVERIFY(s.at("waiting"));
    QVERIFY(s.reader.decoded.isEmpty());
    QCOMPARE(server_->bodies["consent"].value("chip_photo").toString(), QString());
  }

  void aPhotoThatCannotBeDecodedChangesNothing() {
    CardStation s(*server_, clock_, dir_->path());
    s.reader.picture.clear();
    QVERIFY(s.toFace());
    QCOMPARE(server_->bodies["consent"].value("chip_photo").toString(), QString());
    QTRY_COMPARE(s.eyes.references, (QByteArrayList{"JPEG", "JPEG2"}));
  }

  void whoLeavesWhileItIsDecodedHasLeft() {
    CardStation s(*server_, clock_, dir_->path());
    s.reader.slow = true;
    QVERIFY(s.toConsent());
    s.kiosk.consent(true);
    s.kiosk.leave();
    emit s.reader.photoReady("PNG");
    QVERIFY(s.at("welcome"));
    QVERIFY(!server_->bodies.contains("consent"));
    // The next person has none of it.
    s.kiosk.begin("code");
    s.kiosk.code()->press("7KQ2M9PX");
    s.kiosk.find();
    QVERIFY(s.at("consent"));
    QVERIFY(!server_->bodies["find"].contains("card_names"));
    s.kiosk.consent(true);
    QVERIFY(s.at("face"));
    QTRY_COMPARE(s.eyes.references, (QByteArrayList{"JPEG", "JPEG2"}));
  }

  void nobodyThereAnyMoreForgetsTheCard() {
    CardStation s(*server_, clock_, dir_->path());
    QVERIFY(s.toConsent());
    clock_.at += std::chrono::minutes(4);
    QVERIFY(s.at("welcome"));
    QVERIFY(s.reader.decoded.isEmpty() && s.reader.seeking);
  }

  void aTypedNumberBringsNothingOfTheCardBefore() {
    CardStation s(*server_, clock_, dir_->path());
    QVERIFY(s.at("welcome"));
    server_->refuse_id = "too_many";
    s.reader.lay();
    QTRY_COMPARE(s.kiosk.errorId(), QString("too_many"));
    s.kiosk.setFindMode("id");
    s.kiosk.document()->setKind("resident_id");
    s.kiosk.document()->press("440308199901101512");
    s.kiosk.find();
    QVERIFY(s.at("consent"));
    QVERIFY(!server_->bodies["find"].contains("card_names"));
    s.kiosk.consent(true);
    QVERIFY(s.at("face"));
    QVERIFY(s.reader.decoded.isEmpty());
  }

  void anExpiredCardIsSaidSoAndTheNumberMayBeTyped() {
    CardStation s(*server_, clock_, dir_->path());
    QVERIFY(s.at("welcome"));
    CardSeen card = FakeReader::aCard();
    card.until = s.kiosk.hall()->now().date().addDays(-1);
    s.reader.lay(card);
    QVERIFY(s.at("find"));
    QCOMPARE(s.kiosk.errorId(), QString("card_expired"));
    QVERIFY(find(s.window, "error.text")->property("text").toString().contains("有效期"));
    QVERIFY(!server_->bodies.contains("find"));
    card.until = s.kiosk.hall()->now().date();  // to its last day
    s.reader.lay(card);
    QVERIFY(s.at("consent"));
  }

  void aWrongNumberIsNotSent() {
    CardStation s(*server_, clock_, dir_->path());
    QVERIFY(s.at("welcome"));
    CardSeen card = FakeReader::aCard();
    card.number = "110105194912310021";
    s.reader.lay(card);
    QVERIFY(s.at("find"));
    QCOMPARE(s.kiosk.errorId(), QString("card_unreadable"));
    QVERIFY(!server_->bodies.contains("find"));
  }

  void atWalkInTheCardTypesTheNumberAndThePhoneIsStillAsked() {
    CardStation s(*server_, clock_, dir_->path());
    QVERIFY(s.at("welcome"));
    s.kiosk.begin("walkin");
    s.reader.lay();
    QCOMPARE(s.kiosk.document()->text(), QString("11010519491231002X"));
    QVERIFY(s.at("walkin"));
    s.kiosk.phone()->press("8000");
    s.kiosk.walkIn();
    QVERIFY(s.at("consent"));
    QCOMPARE(server_->bodies["walkin"].value("card_names").toArray(), QJsonArray{"王小明"});
    QCOMPARE(server_->bodies["walkin"].value("phone_last4").toString(), QString("8000"));
  }

  void aBrokenReaderIsSaidSoAndOtherWaysStay() {
    CardStation s(*server_, clock_, dir_->path());
    QVERIFY(s.at("welcome"));
    s.kiosk.begin("card");
    QTRY_VERIFY(find(s.window, "card.heading"));
    s.reader.break_("card_reader_unplugged");
    QTRY_VERIFY(find(s.window, "card.words")->property("text").toString().contains("正在重试"));
    QVERIFY(find(s.window, "find.tab.id") && find(s.window, "find.tab.scan"));
    s.reader.break_({});
    QTRY_VERIFY(find(s.window, "card.words")->property("text").toString().contains("不要移动"));
  }

  void withoutAReaderNothingSpeaksOfOne() {
    Station s(*server_, clock_, dir_->path());
    QVERIFY(s.at("welcome"));
    s.kiosk.begin("card");
    QCOMPARE(s.kiosk.findMode(), QString("code"));
    QTRY_VERIFY(find(s.window, "find.tab.id"));
    QVERIFY(!find(s.window, "find.tab.card"));
  }
};

int main(int argc, char** argv) { return runOnScreen<KioskCardTest>(argc, argv); }
#include "kiosk_card_test.moc"
