// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "exam_hall.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

/// The card is laid on the reader instead of a code being typed.
Json byCard(ExamHall& hall, const ExamHall::Visit& visit, Json names) {
  return hall.must(hall.post("/kiosk/find", {{"kind", "id"}, {"id_type", "resident_id"}, {"id_number", kFirst}, {"card_names", std::move(names)}}, visit.kiosk));
}

Json record(ExamHall& hall, const ExamHall::Visit& visit) {
  return hall.must(hall.get("/admin/reservations/{id}/admission", {}, visit.reservation["id"]));
}

Json theCase(ExamHall& hall) {
  Call call;
  call.caller = hall.reviewer;
  return hall.must(hall.send("get", "/api/v1/review/queue", call))["cases"][0];
}

}  // namespace

class IdCardTest : public QObject {
  Q_OBJECT

 private slots:
  void aCardFindsTheBookingLikeATypedNumberAndItsNameIsCompared() {
    const std::pair<const char*, const char*> same[] = {{"王小明", "王小明"}, {"阿依·古丽", "阿依•古丽"}, {"SMITH JOHN", "Smith, John"}};
    for (const auto& [booked, card] : same) {
      ExamHall hall(defaultPolicy(), 0);
      const auto visit = hall.come(hall.addPerson(booked, kFirst));
      QCOMPARE(record(hall, visit)["card"], Json(""));
      const Json found = byCard(hall, visit, {"另一个字", card});
      QCOMPARE(found["admission_id"], Json(visit.admission));
      QCOMPARE(record(hall, visit)["card"], Json("same"));
    }
  }

  void anotherNameGoesToAPersonWhoIsToldSo() {
    ExamHall hall(defaultPolicy(), 0);
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    QCOMPARE(byCard(hall, visit, {"王小朋"})["outcome"], Json("ready"));  // not refused
    // Typing afterwards does not wash it off.
    hall.must(hall.post("/kiosk/find", {{"kind", "id"}, {"id_type", "resident_id"}, {"id_number", kFirst}}, visit.kiosk));
    QCOMPARE(hall.consent(visit, true)["state"], Json("face"));
    const Json after = hall.must(hall.face(visit, 0.8));
    QCOMPARE(after["state"], Json("waiting"));
    QCOMPARE(after["why"], Json("card_name"));
    QVERIFY(!after["advice"]["zh"].get<std::string>().empty());
    const Json one = theCase(hall);
    QCOMPARE(one["card"], Json("differs"));
    QCOMPARE(one["similarity"], Json(0.8));
    hall.must(hall.decide(visit, "admit"));
    QCOMPARE(record(hall, visit)["admitted_by"], Json("reviewer"));
  }

  void theChipsPhotoAloneAdmitsAndIsOnRecord() {
    ExamHall hall(defaultPolicy(), 0);
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    byCard(hall, visit, {"王小明"});
    const Json face = hall.consent(visit, true, "serial");
    QCOMPARE(face["state"], Json("face"));
    QVERIFY(face["reference_photos"].empty());
    Json report = hall.faceReport(visit, 0.7);
    report["compared"] = {"chip"};
    QCOMPARE(hall.must(hall.sendFace(visit, report))["state"], Json("admitted"));
    const Json known = record(hall, visit);
    QCOMPARE(known["compared"], Json({"chip"}));
    QCOMPARE(known["admitted_by"], Json("face"));
    QCOMPARE(known["checks"][0]["layers"]["compared"], Json({"chip"}));
    QCOMPARE(hall.count("select count(*) from reference_photo"), 0);  // it is not kept
  }

  void withBookingPhotosItJoinsThem() {
    ExamHall hall(defaultPolicy(), 0);
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true, "serial");
    Json report = hall.faceReport(visit, 0.45);
    report["compared"] = {"booking", "chip"};
    QCOMPARE(hall.must(hall.sendFace(visit, report))["state"], Json("waiting"));
    QCOMPARE(theCase(hall)["compared"], Json({"booking", "chip"}));
  }

  void whereItDoesNotCountAPersonChecks() {
    Json strict = defaultPolicy();
    strict["chip_photo"] = false;
    const std::tuple<Json, const char*> ways[] = {{strict, "serial"}, {defaultPolicy(), "simulated"}, {defaultPolicy(), ""}};
    for (const auto& [policy, chip] : ways) {
      ExamHall hall(policy, 0);
      const auto visit = hall.come(hall.addPerson("王小明", kFirst));
      const Json after = hall.consent(visit, true, chip);
      QCOMPARE(after["state"], Json("waiting"));
      QCOMPARE(after["why"], Json("no_photo"));
    }
  }

  void aDeclinedCheckHasNoChipPhoto() {
    ExamHall hall(defaultPolicy(), 0);
    const auto visit = hall.come(hall.addPerson("王小明", kFirst));
    QCOMPARE(hall.consent(visit, false, "serial")["why"], Json("declined"));
    QCOMPARE(hall.count("select count(*) from admission where chip <> ''"), 0);
  }

  void photosThatDifferAreNamedByTheirKind() {
    ExamHall hall(defaultPolicy(), 0);
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true, "serial");
    hall.must(hall.post("/kiosk/admissions/{id}/review", {{"why", "photos_differ"}, {"capture", ""}, {"compared", {"booking", "chip"}}}, visit.kiosk, visit.admission));
    const Json one = theCase(hall);
    QCOMPARE(one["why"], Json("photos_differ"));
    QCOMPARE(one["compared"], Json({"booking", "chip"}));
  }

  void aKioskFromBeforeComparesWithTheBookingsPhotos() {
    ExamHall hall(defaultPolicy(), 0);
    const auto person = hall.addPerson("王小明", kFirst);
    hall.givePhoto(person);
    const auto visit = hall.come(person);
    hall.consent(visit, true);
    QCOMPARE(hall.must(hall.face(visit, 0.8))["state"], Json("admitted"));
    QCOMPARE(record(hall, visit)["compared"], Json({"booking"}));
  }
};

QTEST_GUILESS_MAIN(IdCardTest)
#include "test_id_card.moc"
