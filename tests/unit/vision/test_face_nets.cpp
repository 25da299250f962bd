// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <cmath>

#include "invigil/vision/face_engine.hpp"
#include "shared_corpora.hpp"

using namespace invigil;
using namespace invigil::vision;

/// Each net against values worked out apart from this code: preprocessing, alignment and file are the right ones.
class FaceNetsTest : public QObject {
  Q_OBJECT
 private slots:
  void initTestCase() {
    models_ = test::sharedFile("models");
    faces_ = test::sharedFile("faces/dev");
    if (models_.isEmpty() || faces_.isEmpty()) QSKIP("../shared/models or ../shared/faces is absent");
    auto made = FaceEngine::create(models_.toStdString(), EngineOptions{});
    QVERIFY(made);
    engine_ = std::move(*made);
    engine_->warmUp();
  }

  void everyModelIsNamedWithItsDigest() {
    const EngineInfo info = engine_->info();
    QStringList roles;
    for (const auto& model : info.models) {
      roles << QString::fromStdString(model.role);
      QCOMPARE(model.sha256.size(), 64U);
    }
    QCOMPARE(roles, (QStringList{"detector", "landmarks", "verifier", "pose", "texture", "texture", "second_verifier"}));
    QVERIFY(!info.pose.empty() && !info.texture.empty() && !info.second.empty());
    auto without = FaceEngine::create(models_.toStdString(), EngineOptions{.second = false});
    QVERIFY(without && (*without)->info().second.empty());
    QCOMPARE((*without)->embedSecond(picture("img/ag_obama_00.jpg")).error().reason, "no_second_model");
  }

  void checkValues_data() {
    QTest::addColumn<QString>("other");
    QTest::addColumn<double>("cosine");
    QTest::addColumn<double>("apart");
    auto row = [](const char* a, const char* b, double cosine, double apart) {
      QTest::newRow(a) << QString(b) << cosine << apart;
    };
    row("nuaa_0001_00_live_00_00_01", "nuaa_0001_03_live_00_00_02", 0.693, 0.364);
    row("nuaa_0014_00_live_01_06_03", "nuaa_0001_00_live_00_00_01", -0.047, 0.742);
    row("ag_obama_00", "ag_obama_01", 0.734, 0.364);
    row("ag_biden_00", "ag_biden_01", 0.609, 0.469);
    row("ag_rose_leslie_00", "ag_rose_leslie_01", 0.669, 0.468);
    row("ag_alex_lacamoire_00", "ag_alex_lacamoire_01", 0.513, 0.589);
    row("ag_lin_manuel_00", "ag_alex_lacamoire_00", 0.096, 0.667);
  }

  // The values were made with other alignments (YuNet's five points; 68 points), hence the room around them.
  void checkValues() {
    QFETCH(QString, other);
    QFETCH(double, cosine);
    QFETCH(double, apart);
    const Frame a = picture("img/" + QString(QTest::currentDataTag()) + ".jpg"), b = picture("img/" + other + ".jpg");
    const auto first = engine_->embed(a), first_again = engine_->embedSecond(a);
    const auto second = engine_->embed(b), second_again = engine_->embedSecond(b);
    QVERIFY(first && second && first_again && second_again);
    QVERIFY2(std::abs(similarity(*first, *second) - cosine) < 0.07, qPrintable(QString::number(similarity(*first, *second))));
    QVERIFY2(std::abs(distance(*first_again, *second_again) - apart) < 0.05,
             qPrintable(QString::number(distance(*first_again, *second_again))));
  }

  void textureTellsTheSamplesApart() {
    const auto live = engine_->texture(picture("pad/minivision_image_T1.jpg"));
    const auto print = engine_->texture(picture("pad/minivision_image_F1.jpg"));
    const auto screen = engine_->texture(picture("pad/minivision_image_F2.jpg"));
    QVERIFY(live && print && screen);
    QVERIFY(*live > 0.98);
    QVERIFY(*print < 0.30);
    QVERIFY(*screen < 0.10);
  }

  void poseIsThePublishedOne() {
    const Look frontal = engine_->look(picture("img/nuaa_0001_00_live_00_00_01.jpg"));
    const Look turned = engine_->look(picture("img/ag_obama_01.jpg"));
    QVERIFY(frontal.pose_measured && frontal.pose_valid && frontal.gaze.valid);
    QVERIFY(std::abs(frontal.pitch - 4.0) < 4 && std::abs(frontal.yaw - 2.3) < 3);
    QVERIFY(std::abs(turned.yaw + 14.9) < 5);
    QVERIFY(turned.mouth_opening > 0.25 && frontal.mouth_opening < 0.1);
    QCOMPARE(frontal.landmarks.size(), 106U);
  }

  void withoutAFaceEveryNetSaysSo() {
    const Frame wall{640, 480, Bytes(640 * 480 * 3, 128), milliseconds{0}};
    QCOMPARE(engine_->look(wall).faces, 0);
    QCOMPARE(engine_->embed(wall).error().reason, "no_face");
    QCOMPARE(engine_->embedSecond(wall).error().reason, "no_face");
    QCOMPARE(engine_->texture(wall).error().reason, "no_face");
  }

 private:
  Frame picture(const QString& name) const {
    QFile file(faces_ + "/" + name);
    if (!file.open(QIODevice::ReadOnly)) return {};
    const QByteArray bytes = file.readAll();
    auto frame = decodeImage(
        {reinterpret_cast<const std::uint8_t*>(bytes.constData()), static_cast<std::size_t>(bytes.size())});
    return frame ? std::move(*frame) : Frame{};
  }
  QString models_, faces_;
  std::unique_ptr<FaceEngine> engine_;
};

QTEST_GUILESS_MAIN(FaceNetsTest)
#include "test_face_nets.moc"
