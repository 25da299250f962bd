// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <cstdlib>
#include <utility>

#include "invigil/devices/camera.hpp"
#include "invigil/devices/simulated_face.hpp"

using namespace invigil;
using namespace invigil::devices;

class CamerasTest : public QObject {
  Q_OBJECT
 private slots:
  void theSameSceneGivesTheSameBytes() {
    const FaceScene scene{.identity = 3, .yaw = 7, .eye_closed = 0.3};
    QCOMPARE(drawFace(scene).bgr, drawFace(scene).bgr);
    QVERIFY(drawFace(scene).bgr != drawFace({.identity = 4, .yaw = 7, .eye_closed = 0.3}).bgr);
    QVERIFY(drawFace(scene).bgr != drawFace({.identity = 3, .yaw = 7, .eye_closed = 0.9}).bgr);
  }

  void everySizeAndExtremePoseCanBeDrawn() {
    for (const double turn : {-80.0, 80.0})
      for (int identity = 1; identity <= kFaceIdentities; ++identity) {
        const auto frame =
            drawFace({.identity = identity, .yaw = turn, .pitch = turn / 2, .distance = 0.4, .sway_x = 0.9}, 97, 131);
        QCOMPARE(frame.bgr.size(), 97U * 131U * 3U);
      }
    QCOMPARE(drawFace({.identity = 0}, 1, 1).width, 64);
  }

  void theSimulatedCameraRepeatsItself() {
    auto a = openCamera("simulated:1,fps=0,seed=1"), b = openCamera("simulated:1,fps=0,seed=1");
    QVERIFY(a && b);
    QCOMPARE((*a)->kind(), "simulated");
    QCOMPARE((*a)->name(), "simulated candidate 1");
    milliseconds before{-1};
    Bytes last;
    for (int i = 0; i < 5; ++i) {
      const auto x = (*a)->grab(), y = (*b)->grab();
      QVERIFY(x && y);
      QCOMPARE(x->width, 640);
      QCOMPARE(x->height, 480);
      QCOMPARE(x->bgr, y->bgr);
      QVERIFY(x->bgr != last);
      QVERIFY(x->at > before);
      before = x->at;
      last = x->bgr;
    }
  }

  void withoutASeedNobodySitsDownTwiceInTheSamePlace() {
    auto first = openCamera("simulated:1,fps=0"), again = openCamera("simulated:1,fps=0");
    QVERIFY(first && again);
    QVERIFY((*first)->grab()->bgr != (*again)->grab()->bgr);
  }

  void itBlinksNowAndThen() {
    int shut = 0, frames = 0;
    for (milliseconds at{0}; at < seconds{60}; at += milliseconds{66}, ++frames)
      shut += sceneAt(1, at, false).eye_closed > 0.7;
    QVERIFY(shut >= 12);
    QVERIFY(shut < frames / 10);
  }

  void theScriptedPoseTurnsBothWays() {
    double left = 0, right = 0, up = 0, down = 0;
    for (milliseconds at{0}; at < seconds{20}; at += milliseconds{66}) {
      const FaceScene scene = sceneAt(1, at, true);
      left = std::min(left, scene.yaw);
      right = std::max(right, scene.yaw);
      up = std::min(up, scene.pitch);
      down = std::max(down, scene.pitch);
    }
    QVERIFY(left < -25 && right > 25 && up < -14 && down > 14);
  }

  void badSpecsAreRefused() {
    for (const char* spec :
         {"", "nonsense", "device:", "device:x", "device:-1", "file:", "simulated:", "simulated:0", "simulated:9",
          "simulated:1,", "simulated:1,pose=wild", "simulated:1,light=x", "simulated:1,fps=900"}) {
      const auto camera = openCamera(spec);
      QVERIFY2(!camera, spec);
      QCOMPARE(camera.error().reason, "bad_camera_spec");
    }
  }

  void anAbsentDeviceIsSaidToBeAbsent() {
    const auto camera = openCamera("device:31");
    if (camera) QSKIP("this machine has a /dev/video31");
    QCOMPARE(camera.error().code, ErrorCode::Unavailable);
    QCOMPARE(camera.error().reason, "no_camera");
    if (!anyCameraPresent()) QCOMPARE(openCamera("auto").error().reason, "no_camera");
  }

  void aCameraThatHangsIsWaitedForASecond() {
    const char* name = "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT";  // read by OpenCV, in seconds
    qunsetenv(name);
    limitCameraWaits();
    QCOMPARE(qgetenv(name), QByteArray("1"));
    qputenv(name, "3");
    limitCameraWaits();
    QCOMPARE(qgetenv(name), QByteArray("3"));
    qunsetenv(name);
  }

  void picturesAreLooped() {
    QTemporaryDir folder;
    for (int i = 0; i < 2; ++i) {
      const auto jpeg = vision::encodeJpeg(drawFace({.identity = i + 1}, 160, 120));
      QVERIFY(writeFileDurably(folder.filePath(QString("%1.jpg").arg(i)).toStdString(),
                               {reinterpret_cast<const char*>(jpeg->data()), jpeg->size()}));
    }
    auto camera = openCamera("file:" + folder.path().toStdString());
    QVERIFY(camera);
    QCOMPARE((*camera)->kind(), "file");
    const auto first = (*camera)->grab(), second = (*camera)->grab(), third = (*camera)->grab();
    QVERIFY(first && second && third);
    QVERIFY(first->bgr != second->bgr);
    QCOMPARE(first->bgr, third->bgr);
    QVERIFY(third->at > first->at);
    auto still = openCamera("file:" + folder.filePath("0.jpg").toStdString());
    QVERIFY(still);
    QCOMPARE((*still)->grab()->bgr, first->bgr);
    QCOMPARE((*still)->grab()->bgr, first->bgr);
  }

  void picturesOfAFolderComeInTheOrderOfTheirNumbers() {
    QTemporaryDir folder;
    // Told apart by their tones.
    const std::pair<const char*, int> frames[]{{"f_1", 40}, {"f_2", 80}, {"f_10", 120}, {"f_0011", 160}, {"g_1", 200}};
    for (const auto& [name, tone] : frames) {
      const auto jpeg = vision::encodeJpeg({32, 32, std::vector<std::uint8_t>(32 * 32 * 3, static_cast<std::uint8_t>(tone)), milliseconds{0}});
      QVERIFY(jpeg && writeFileDurably(folder.filePath(QString(name) + ".jpg").toStdString(), {reinterpret_cast<const char*>(jpeg->data()), jpeg->size()}));
    }
    auto camera = openCamera("file:" + folder.path().toStdString(), false);
    QVERIFY(camera);
    for (const auto& [name, tone] : frames) {
      const auto frame = (*camera)->grab();
      QVERIFY2(frame && std::abs(frame->bgr.front() - tone) < 10, name);
    }
  }

  void aFileThatIsNoPictureIsRefused() {
    QTemporaryDir folder;
    QCOMPARE(openCamera("file:" + folder.path().toStdString()).error().reason, "no_such_file");
    QCOMPARE(openCamera("file:/nonexistent.jpg").error().reason, "no_such_file");
    QVERIFY(writeFileDurably(folder.filePath("a.mp4").toStdString(), "not a film"));
    QCOMPARE(openCamera("file:" + folder.filePath("a.mp4").toStdString()).error().reason, "bad_image");
    QVERIFY(writeFileDurably(folder.filePath("b.jpg").toStdString(), "not a picture"));
    auto camera = openCamera("file:" + folder.filePath("b.jpg").toStdString());
    QVERIFY(camera);
    QCOMPARE((*camera)->grab().error().reason, "bad_image");
  }

  void theToolWritesAPortrait() {
    QTemporaryDir folder;
    const QString out = folder.filePath("a.jpg");
    QCOMPARE(
        QProcess::execute(INVIGIL_BIN_DIR "/invigil-simface", {"--identity", "2", "--size", "240x320", "--out", out}),
        0);
    const auto bytes = readFile(out.toStdString(), 1'000'000);
    QVERIFY(bytes);
    const auto frame = vision::decodeImage({reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()});
    QVERIFY(frame);
    QCOMPARE(frame->width, 240);
    QCOMPARE(frame->height, 320);
    for (const QStringList& wrong :
         {QStringList{}, {"--identity", "9", "--out", out}, {"--yaw", "much", "--out", out}, {"--out"}})
      QCOMPARE(QProcess::execute(INVIGIL_BIN_DIR "/invigil-simface", wrong), 2);
  }
};

QTEST_GUILESS_MAIN(CamerasTest)
#include "test_cameras.moc"
