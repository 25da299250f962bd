// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QFile>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>
#include <atomic>

#include "camera_eyes.hpp"
#include "invigil/devices/simulated_face.hpp"
#include "shared_corpora.hpp"

using namespace invigil;
using namespace invigil::kiosk;

namespace {

/// A camera of this name until another one, or none, is plugged in.
class NamedCamera final : public devices::CameraSource {
 public:
  NamedCamera(std::string name, const std::atomic<int>& plugged) : name_(std::move(name)), plugged_(plugged), own_(plugged) {}
  std::string kind() const override { return "camera"; }
  std::string name() const override { return name_; }
  devices::DeviceIdentity device() const override { return {name_, "uvcvideo", "usb-1", "046d:0825"}; }
  Result<vision::Frame> grab() override {
    QThread::msleep(20);
    if (plugged_ != own_) return fail(ErrorCode::Unavailable, "camera_lost", "pulled out", "kiosk_eyes_test.cpp");
    return vision::Frame{64, 48, Bytes(64 * 48 * 3, 90), clock_.monotonic()};
  }

 private:
  std::string name_;
  const std::atomic<int>& plugged_;
  const int own_;
  SystemClock clock_;
};

/// A camera whose device opens for one at a time, as V4L2's do, and that hangs until it is opened anew.
class SingleCamera final : public devices::CameraSource {
 public:
  struct Device {
    std::atomic<int> open{0}, refused{0}, hung{0};  ///< hung: the opening, counted from 1, that gives no more pictures
    std::atomic<int> openings{0};
  };
  explicit SingleCamera(Device& device) : device_(device), own_(++device.openings) { ++device_.open; }
  ~SingleCamera() override { --device_.open; }
  static Result<std::unique_ptr<devices::CameraSource>> open(Device& device) {
    if (device.open == 0) return std::make_unique<SingleCamera>(device);
    ++device.refused;
    return fail(ErrorCode::Unavailable, "no_camera", "device or resource busy", "kiosk_eyes_test.cpp");
  }
  std::string kind() const override { return "camera"; }
  std::string name() const override { return "single"; }
  devices::DeviceIdentity device() const override { return {"single", "uvcvideo", "usb-1", "046d:0825"}; }
  Result<vision::Frame> grab() override {
    QThread::msleep(20);
    if (device_.hung == own_) return fail(ErrorCode::Unavailable, "camera_lost", "no picture in time", "kiosk_eyes_test.cpp");
    return vision::Frame{64, 48, Bytes(64 * 48 * 3, 90), clock_.monotonic()};
  }

 private:
  Device& device_;
  const int own_;
  SystemClock clock_;
};

/// A drawn person who turns the head to and fro: the same film whenever it is opened.
class FilmCamera final : public devices::CameraSource {
 public:
  explicit FilmCamera(const std::vector<vision::Frame>& film) : film_(film) {}
  std::string kind() const override { return "simulated"; }
  std::string name() const override { return "film"; }
  /// Plays on by the clock however busy the machine is: what was not fetched in time is skipped.
  Result<vision::Frame> grab() override {
    const auto step = [&] { return clock_.monotonic().count() / kStepMs; };
    while (step() == place_) QThread::msleep(10);
    place_ = step();
    vision::Frame frame = film_[static_cast<std::size_t>(place_) % film_.size()];
    frame.at = milliseconds{place_ * kStepMs};
    return frame;
  }
  static constexpr int kStepMs = 200;
  static std::vector<vision::Frame> film() {
    std::vector<vision::Frame> frames;
    for (int at = 4000; at < 12'000; at += kStepMs) frames.push_back(devices::drawFace(devices::sceneAt(1, milliseconds{at}, true)));
    return frames;
  }

 private:
  const std::vector<vision::Frame>& film_;
  std::int64_t place_ = 0;
  SystemClock clock_;
};

}  // namespace

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
    QTRY_VERIFY_WITH_TIMEOUT(eyes->hasCamera(), 60'000);
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

  void anotherCameraInTheMiddleOfAPaperIsNotUsed() {
    std::atomic<int> plugged{1};  // the first time, another camera, none, the first one again
    const auto names = QStringList{"", "Integrated Camera", "OBS Virtual Camera", "", "Integrated Camera"};
    QList<ConcernChange> told;
    CameraEyes eyes("auto", room_.filePath("no-models"), CameraEyes::Desk{room_.filePath("desk"), {}}, [&]() -> Result<std::unique_ptr<devices::CameraSource>> {
      const QString name = names[plugged];
      if (name.isEmpty()) return fail(ErrorCode::Unavailable, "no_camera", "none", "kiosk_eyes_test.cpp");
      return std::make_unique<NamedCamera>(name.toStdString(), plugged);
    });
    QObject here;  // nothing arrives when this function is over
    connect(&eyes, &Eyes::concern, &here, [&](const ConcernChange& one) { told.append(one); });
    QTRY_VERIFY_WITH_TIMEOUT(eyes.hasCamera(), 60'000);
    eyes.guard(rules());
    QTest::qWait(1500);
    QVERIFY(told.isEmpty());
    plugged = 2;
    QTRY_VERIFY_WITH_TIMEOUT(!told.isEmpty() && told.last().measure == "warning", 15000);
    QCOMPARE(told.last().concern, QString("camera_lost"));
    QTest::qWait(7000);  // it is found twice meanwhile
    QVERIFY(told.last().ended_ago_ms < 0);
    QCOMPARE(eyes.device().value("name").toString(), QString("Integrated Camera"));
    plugged = 3;
    QTest::qWait(500);
    plugged = 4;
    QTRY_VERIFY_WITH_TIMEOUT(told.last().ended_ago_ms >= 0, 15000);
  }

  void aCameraThatWasReplacedBetweenTwoVisitsAccusesNobody() {
    std::atomic<int> plugged{0};
    const auto names = QStringList{"Old Camera", "New Camera"};
    QList<ConcernChange> told;
    CameraEyes eyes("auto", room_.filePath("no-models"), CameraEyes::Desk{room_.filePath("desk"), {}},
                    [&]() -> Result<std::unique_ptr<devices::CameraSource>> { return std::make_unique<NamedCamera>(names[plugged].toStdString(), plugged); });
    QObject here;  // nothing arrives when this function is over
    connect(&eyes, &Eyes::concern, &here, [&](const ConcernChange& one) {
      if (one.concern == "camera_lost") told.append(one);
    });
    QTRY_VERIFY_WITH_TIMEOUT(eyes.hasCamera(), 60'000);
    plugged = 1;
    eyes.watch();  // at the door: a person admits whoever that is
    QTRY_COMPARE_WITH_TIMEOUT(eyes.device().value("name").toString(), QString("New Camera"), 10'000);
    eyes.off();
    eyes.guard(rules());
    QTest::qWait(4000);
    QVERIFY(told.isEmpty());
    // In the middle of a visit it counts, until that is over.
    eyes.off();
    plugged = 0;
    eyes.guard(rules());
    QTRY_VERIFY_WITH_TIMEOUT(!told.isEmpty() && told.last().measure == "warning", 15'000);
    eyes.off();
    eyes.forgetPerson();
    QTRY_VERIFY_WITH_TIMEOUT(told.last().ended_ago_ms >= 0, 10'000);
    told.clear();
    eyes.guard(rules());
    QTest::qWait(4000);
    QVERIFY(told.isEmpty());
    QCOMPARE(eyes.device().value("name").toString(), QString("Old Camera"));
  }

  /// A file in the way stands for a full disk.
  void aDiskThatTakesNoFilmIsSaidAndTriedAgain() {
    const QString desk = room_.filePath("full");
    QFile in_the_way(desk);
    QVERIFY(in_the_way.open(QIODevice::WriteOnly));
    in_the_way.close();
    const std::atomic<int> plugged{0};
    QStringList told;
    CameraEyes eyes("auto", room_.filePath("no-models"), CameraEyes::Desk{desk, {std::int64_t{1} << 30, 0}},
                    [&]() -> Result<std::unique_ptr<devices::CameraSource>> { return std::make_unique<NamedCamera>("Camera", plugged); });
    QObject here;  // nothing arrives when this function is over
    connect(&eyes, &Eyes::recordingNews, &here, [&](const RecordingNews& one) { told.append(one.sitting_id + " " + one.what + " " + one.why); });
    QTRY_VERIFY_WITH_TIMEOUT(eyes.hasCamera(), 60'000);
    SittingRecording rules;
    rules.sitting_id = "s1";
    rules.key = QByteArray(32, 'k');
    eyes.record(rules);
    QTRY_COMPARE_WITH_TIMEOUT(told, QStringList{"s1 stopped disk_failed"}, 15'000);
    QTest::qWait(11'000);
    QCOMPARE(told.size(), 1);  // once
    QVERIFY(in_the_way.remove());
    QTRY_COMPARE_WITH_TIMEOUT(told.last(), QString("s1 began "), 25'000);
    eyes.off();
    QTRY_COMPARE_WITH_TIMEOUT(told.last(), QString("s1 ended "), 15'000);
  }

  void picturesOfALargeCameraAreNoLargerThanOthers() {
    QVERIFY(QDir().mkpath(folder()));
    QImage picture(1920, 1440, QImage::Format_RGB32);
    picture.fill(Qt::gray);
    QVERIFY(picture.save(folder() + "/1.png"));
    const auto eyes = this->eyes();
    eyes->watch();
    QTRY_VERIFY_WITH_TIMEOUT(!eyes->capture().isEmpty(), 60'000);
    const QByteArray jpeg = eyes->capture();
    const auto shown = vision::decodeImage({reinterpret_cast<const std::uint8_t*>(jpeg.constData()), static_cast<std::size_t>(jpeg.size())});
    QVERIFY(shown.has_value());
    QCOMPARE(shown->width, 640);
    QCOMPARE(shown->height, 480);
  }

  void aCameraThatIsGoneBetweenTwoVisitsIsKnownToBeGone() {
    plugIn();
    const auto eyes = this->eyes();
    QTRY_VERIFY_WITH_TIMEOUT(eyes->hasCamera(), 60'000);
    unplug();
    QSignalSpy lost(eyes.get(), &Eyes::lost);
    eyes->watch();
    QTRY_VERIFY_WITH_TIMEOUT(!lost.isEmpty() && !eyes->hasCamera(), 15'000);
    eyes->off();
    plugIn();
    QTRY_VERIFY_WITH_TIMEOUT(eyes->hasCamera(), 15'000);
  }

  void aCameraThatHangsIsLetGoBeforeItIsOpenedAgain() {
    SingleCamera::Device device;
    QList<ConcernChange> told;
    CameraEyes eyes("auto", room_.filePath("no-models"), CameraEyes::Desk{room_.filePath("desk"), {}}, [&] { return SingleCamera::open(device); });
    QObject here;  // nothing arrives when this function is over
    connect(&eyes, &Eyes::concern, &here, [&](const ConcernChange& one) { told.append(one); });
    QTRY_VERIFY_WITH_TIMEOUT(eyes.hasCamera(), 60'000);
    eyes.guard(rules());
    QTRY_VERIFY_WITH_TIMEOUT(device.open == 1, 10000);
    QTest::qWait(1000);
    QVERIFY(told.isEmpty());
    device.hung = device.openings.load();
    QTRY_VERIFY_WITH_TIMEOUT(!told.isEmpty() && told.last().ended_ago_ms >= 0, 15000);
    QCOMPARE(told.first().concern, QString("camera_lost"));
    QCOMPARE(device.refused.load(), 0);
  }

  void aFilmOfSomebodyAtTheExamIsNoticedAtTheDoor() {
    SHARED_FILE_OR_SKIP(models, "models");
    const auto film = FilmCamera::film();
    CameraEyes eyes("simulated:1", models, CameraEyes::Desk{room_.filePath("desk"), {}},
                    [&]() -> Result<std::unique_ptr<devices::CameraSource>> { return std::make_unique<FilmCamera>(film); });
    QTRY_VERIFY_WITH_TIMEOUT(eyes.canVerify() && eyes.hasCamera(), 60'000);
    const auto photo = vision::encodeJpeg(devices::drawFace({.identity = 1}, 480, 640), 90);
    const QByteArrayList photos{QByteArray(reinterpret_cast<const char*>(photo->data()), static_cast<qsizetype>(photo->size()))};
    FaceRules rules;
    rules.actions = QStringList{"nod"};
    rules.seconds_max = 7;  // a head that never rests is never asked
    QSignalSpy done(&eyes, &Eyes::faceDone);
    const auto replayed = [&] {
      eyes.checkFace(photos, rules);
      return QTest::qWaitFor([&] { return !done.isEmpty(); }, 60'000) && done.takeFirst().first().value<FaceOutcome>().liveness.value("replayed").toBool();
    };
    eyes.guard(KioskEyesTest::rules());
    QTest::qWait(16'000);  // the film twice
    eyes.off();
    QVERIFY(replayed());
    // What was kept of somebody goes with the consent.
    eyes.off();
    eyes.forgetFilms();
    eyes.forgetPerson();
    QTest::qWait(500);
    QVERIFY(!replayed());
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
