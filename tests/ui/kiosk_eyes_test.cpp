// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include "camera_eyes.hpp"

using namespace invigil::kiosk;

/// The camera that comes and goes: here a folder of pictures, without models, as a kiosk may stand.
class KioskEyesTest : public QObject {
  Q_OBJECT

  QTemporaryDir room_;
  QString folder() const { return room_.filePath("pictures"); }
  void plugIn() {
    QDir().mkpath(folder());
    QImage picture(640, 480, QImage::Format_RGB32);
    picture.fill(Qt::gray);
    QVERIFY(picture.save(folder() + "/1.png"));
  }
  void unplug() { QVERIFY(QDir(folder()).removeRecursively()); }
  std::unique_ptr<CameraEyes> eyes() {
    return std::make_unique<CameraEyes>("file:" + folder(), room_.filePath("no-models"), CameraEyes::Desk{room_.filePath("desk"), {}});
  }
  static GuardRules rules() { return {{{"camera_lost", 1, 2, 0}}, 0, 1}; }

 private slots:
  void cleanup() { QDir(folder()).removeRecursively(); }

  void aCameraThatIsGoneWhenThePaperBeginsIsAnIncidentAndComesBack() {
    plugIn();
    const auto eyes = this->eyes();
    QTRY_VERIFY_WITH_TIMEOUT(eyes->hasCamera(), 10000);
    QList<ConcernChange> told;
    connect(eyes.get(), &Eyes::concern, this, [&](const ConcernChange& one) { told.append(one); });
    QSignalSpy lost(eyes.get(), &Eyes::lost);
    unplug();
    eyes->guard(rules());
    QTRY_VERIFY_WITH_TIMEOUT(!told.isEmpty() && told.last().measure == "warning", 15000);
    QCOMPARE(told.first().concern, QString("camera_lost"));
    QVERIFY(lost.isEmpty());
    plugIn();
    QTRY_VERIFY_WITH_TIMEOUT(told.last().ended_ago_ms >= 0, 15000);
  }

  void aCameraPluggedInAfterTheStartIsFound() {
    const auto eyes = this->eyes();
    QSignalSpy ready(eyes.get(), &Eyes::readyChanged);
    QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, 10000);
    QVERIFY(!eyes->hasCamera() && !eyes->shouldSee());
    plugIn();
    QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 2, 15000);
    QVERIFY(eyes->hasCamera());
    QCOMPARE(eyes->kind(), QString("file"));
    QVERIFY(!eyes->device().value("name").toString().isEmpty());
  }

  void whoWasAdmittedByFaceIsMissedWhenTheCameraIsGoneAfterARestart() {
    const auto eyes = this->eyes();
    QSignalSpy ready(eyes.get(), &Eyes::readyChanged);
    QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, 10000);
    eyes->remember({"no picture"});
    QVERIFY(eyes->shouldSee());
    QSignalSpy concern(eyes.get(), &Eyes::concern);
    eyes->guard(rules());
    QTRY_VERIFY_WITH_TIMEOUT(concern.count() > 0, 15000);
    eyes->off();
    eyes->forgetPerson();
    QVERIFY(!eyes->shouldSee());
  }

  void lookingForAFaceWithoutACameraSaysSo() {
    const auto eyes = this->eyes();
    QSignalSpy lost(eyes.get(), &Eyes::lost);
    eyes->watch();
    QTRY_COMPARE_WITH_TIMEOUT(lost.count(), 1, 10000);
  }
};

QTEST_GUILESS_MAIN(KioskEyesTest)
#include "kiosk_eyes_test.moc"
