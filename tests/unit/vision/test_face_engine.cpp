// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>

#include "invigil/devices/simulated_face.hpp"
#include "invigil/vision/bands.hpp"
#include "invigil/vision/face_engine.hpp"
#include "invigil/vision/photo_check.hpp"
#include "shared_corpora.hpp"

using namespace invigil;
using namespace invigil::vision;
using invigil::devices::drawFace;
using invigil::devices::FaceScene;

namespace {

Frame blurred(Frame frame, int reach) {
  for (const bool across : {true, false}) {
    const auto source = frame.bgr;
    for (int y = 0; y < frame.height; ++y)
      for (int x = 0; x < frame.width; ++x)
        for (int k = 0; k < 3; ++k) {
          int sum = 0, count = 0;
          for (int d = -reach; d <= reach; ++d) {
            const int xx = across ? x + d : x, yy = across ? y : y + d;
            if (xx < 0 || yy < 0 || xx >= frame.width || yy >= frame.height) continue;
            sum += source[static_cast<std::size_t>((yy * frame.width + xx) * 3 + k)];
            ++count;
          }
          frame.bgr[static_cast<std::size_t>((y * frame.width + x) * 3 + k)] = static_cast<std::uint8_t>(sum / count);
        }
  }
  return frame;
}

Frame twoPeople() {
  Frame frame = drawFace({.identity = 1, .sway_x = -0.25});
  const Frame other = drawFace({.identity = 3, .sway_x = 0.25});
  for (int y = 0; y < frame.height; ++y) {
    const auto from = static_cast<std::ptrdiff_t>((y * frame.width + frame.width / 2) * 3);
    std::copy_n(other.bgr.begin() + from, frame.width / 2 * 3, frame.bgr.begin() + from);
  }
  return frame;
}

}  // namespace

/// The drawn candidate in front of each detector.
class FaceEngineTest : public QObject {
  Q_OBJECT
 private slots:
  void hints_data() {
    QTest::addColumn<bool>("yunet");
    QTest::newRow("dlib HOG") << false;
    QTest::newRow("YuNet") << true;
  }

  void hints() {
    QFETCH(bool, yunet);
    const std::string models = test::sharedFile("models").toStdString();
    if (yunet && models.empty()) QSKIP("../shared/models is absent: YuNet is not tested");
    auto created = FaceEngine::create(models, yunet ? FaceEngine::Detector::YuNet : FaceEngine::Detector::Hog);
    if (!created) QSKIP("libdlib-data is absent: dlib is not tested");
    FaceEngine& engine = **created;
    auto hint = [&](const FaceScene& scene) { return engine.look(drawFace(scene)).hint; };
    QCOMPARE(hint({}), Hint::None);
    QCOMPARE(hint({.light = 0.15}), Hint::MoreLight);
    QCOMPARE(hint({.light = 0}), Hint::MoreLight);  // nobody to be seen: still the reason, not "no face"
    QCOMPARE(hint({.light = 2.5}), Hint::LessLight);
    // Half of the face in the shade: the image's left is the person's right.
    const auto shaded = [&](bool image_left) {
      Frame frame = drawFace({});
      for (int y = 0; y < frame.height; ++y)
        for (int x = 0; x < frame.width; ++x)
          if ((x < frame.width / 2) == image_left)
            for (int k = 0; k < 3; ++k) frame.bgr[static_cast<std::size_t>((y * frame.width + x) * 3 + k)] = static_cast<std::uint8_t>(frame.bgr[static_cast<std::size_t>((y * frame.width + x) * 3 + k)] * 2 / 5);
      return engine.look(frame);
    };
    const Look left = shaded(false), right = shaded(true);
    QVERIFY(right.light_side > 0.30F && left.light_side < -0.30F);
    QVERIFY(right.hint == Hint::LightRight && left.hint == Hint::LightLeft);
    Frame pale = drawFace({});
    for (auto& value : pale.bgr) value = static_cast<std::uint8_t>(150 + value / 12);
    QVERIFY(engine.look(pale).hint == Hint::LowContrast || engine.look(pale).faces == 0);
    QCOMPARE(hint({.distance = 2.6}), Hint::ComeCloser);
    QCOMPARE(hint({.distance = 0.5}), Hint::MoveBack);
    QCOMPARE(hint({.yaw = 30}), Hint::LookStraight);
    QCOMPARE(hint({.yaw = -30}), Hint::LookStraight);
    QCOMPARE(hint({.pitch = 28}), Hint::LookStraight);
    QCOMPARE(hint({.sway_x = 0.3}), Hint::CentreFace);
    QCOMPARE(engine.look(blurred(drawFace({}), 10)).hint, Hint::HoldStill);
    const Look both = engine.look(twoPeople());
    QCOMPARE(both.faces, 2);
    QCOMPARE(both.hint, Hint::SeveralFaces);
    QCOMPARE(engine.look(Frame{}).hint, Hint::NoFace);
    Frame wall{640, 480, Bytes(640 * 480 * 3, 128), milliseconds{0}};
    QCOMPARE(engine.look(wall).hint, Hint::NoFace);
    // The 68 points miss the closed eyes of a drawing; the 106 points see them.
    if (yunet) QCOMPARE(hint({.eye_closed = 1}), Hint::OpenEyes);
  }

  void poseFollowsTheHead() {
    auto created = FaceEngine::create(test::sharedFile("models").toStdString());
    if (!created) QSKIP("no face detector at all on this machine");
    auto look = [&](const FaceScene& scene) { return (*created)->look(drawFace(scene)); };
    QVERIFY(std::abs(look({}).yaw) < 5);
    QVERIFY(look({.yaw = 20}).yaw > 12);
    QVERIFY(look({.yaw = -20}).yaw < -12);
    QVERIFY(look({.pitch = 15}).pitch > look({}).pitch + 6);
    QVERIFY(look({.pitch = -15}).pitch < look({}).pitch - 6);
    QVERIFY(look({.roll = 12}).roll > 8);
    QVERIFY(look({.eye_closed = 1}).eye_openness < 0.8F * look({}).eye_openness);
  }

  void referencePhotoOfTheDemoPasses_data() { hints_data(); }
  void referencePhotoOfTheDemoPasses() {
    QFETCH(bool, yunet);
    const std::string models = test::sharedFile("models").toStdString();
    if (yunet && models.empty()) QSKIP("../shared/models is absent: YuNet is not tested");
    auto created = FaceEngine::create(models, yunet ? FaceEngine::Detector::YuNet : FaceEngine::Detector::Hog);
    if (!created) QSKIP("libdlib-data is absent: dlib is not tested");
    auto verdict = [&](const Frame& photo) { return checkReferencePhoto(**created, photo); };
    auto objects = [](const PhotoVerdict& v, const char* reason) {
      return !v.accepted && std::find(v.reasons.begin(), v.reasons.end(), reason) != v.reasons.end();
    };
    for (const int identity : {1, 2}) {
      const auto photo = verdict(*decodeImage(*encodeJpeg(drawFace({.identity = identity}, 480, 640))));
      QVERIFY2(photo.accepted, photo.reasons.empty() ? "" : photo.reasons.front().c_str());
    }
    QVERIFY(objects(verdict(drawFace({.light = 0.2}, 480, 640)), "too_dark"));
    QVERIFY(objects(verdict(drawFace({.yaw = 25}, 480, 640)), "not_frontal"));
    QVERIFY(objects(verdict(drawFace({.roll = 15}, 480, 640)), "tilted"));
    QVERIFY(objects(verdict(drawFace({.distance = 3}, 480, 640)), "too_small"));
    QVERIFY(objects(verdict(drawFace({.sway_y = -0.28}, 480, 640)), "head_cut_off"));
    QVERIFY(objects(verdict(twoPeople()), "several_faces"));
    QVERIFY(objects(verdict(blurred(drawFace({}, 480, 640), 10)), "blurred"));
    QCOMPARE(verdict(Frame{640, 480, Bytes(640 * 480 * 3, 128), milliseconds{0}}).reasons,
             std::vector<std::string>{"no_face"});
  }

  void withoutTheVerifierLookStillWorks() {
    auto created = FaceEngine::create("/nonexistent");
    if (!created) QSKIP("libdlib-data is absent");
    const EngineInfo info = (*created)->info();
    QVERIFY(!info.canVerify());
    QVERIFY(info.why_no_verifier.find("mobilefacenet.onnx") != std::string::npos);
    QVERIFY(std::any_of(info.cautions.begin(), info.cautions.end(),
                        [](const auto& c) { return c.find("300-W") != c.npos; }));
    const Frame frame = drawFace({});
    QVERIFY((*created)->look(frame).usable());
    QCOMPARE((*created)->embed(frame).error().reason, "no_recognition_model");
    QCOMPARE(FaceEngine::create("/nonexistent", FaceEngine::Detector::YuNet).error().reason, "no_face_detector");
  }

  void aTamperedModelIsNotLoaded() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    for (const auto* name : {"face_detection_yunet_2022mar.onnx", "landmarks106.pb", "mobilefacenet.onnx"})
      QVERIFY(QFile::copy(models + "/" + name, folder.filePath(name)));
    QFile file(folder.filePath("mobilefacenet.onnx"));
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(1'000'000) && file.putChar('!'));
    file.close();
    auto created = FaceEngine::create(folder.path().toStdString());
    QVERIFY(created);
    QCOMPARE((*created)->info().detector, "YuNet 2022mar");
    QVERIFY(!(*created)->info().canVerify());
    QVERIFY((*created)->info().why_no_verifier.find("SHA-256") != std::string::npos);
  }
};

QTEST_GUILESS_MAIN(FaceEngineTest)
#include "test_face_engine.moc"
