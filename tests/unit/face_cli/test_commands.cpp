// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

#include "face_program.hpp"
#include "shared_corpora.hpp"

using invigil::test::face, invigil::test::json, invigil::test::put, invigil::test::Run;

/// invigil-face as a site runs it on its own recordings.
class FaceCommandsTest : public QObject {
  Q_OBJECT
 private slots:
  void wrongCommandLines() {
    QCOMPARE(face({}).code, 2);
    QCOMPARE(face({"dance"}).code, 2);
    QCOMPARE(face({"verify"}).code, 2);
    QCOMPARE(face({"verify", "--pairs", "a", "--templates", "b"}).code, 2);
    QCOMPARE(face({"pad", "--frames", "a", "--threshold", "7"}).code, 2);
    QCOMPARE(face({"bench", "--rounds", "x"}).code, 2);
    QCOMPARE(face({"--help"}).code, 0);
  }

  void withoutAVerifierNothingIsMeasured() {
    const Run run = face({"verify", "--pairs", "/nonexistent.csv", "--models", "/nonexistent"});
    QCOMPARE(run.code, 1);
    QVERIFY(run.err.contains("mobilefacenet.onnx") || run.err.contains("face_detection"));
  }

  void verifyOnDrawnFaces() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    for (const int identity : {1, 2})
      for (const int yaw : {0, 4})
        QCOMPARE(QProcess::execute(QStringLiteral(INVIGIL_BIN_DIR "/invigil-simface"),
                                   {"--identity", QString::number(identity), "--yaw", QString::number(yaw), "--out",
                                    folder.filePath(QString("%1_%2.jpg").arg(identity).arg(yaw))}),
                 0);
    put(folder.filePath("broken.jpg"), "no picture");
    put(folder.filePath("pairs.csv"),
        "path_a,path_b,same,group\n1_0.jpg,1_4.jpg,1,drawn_a\n2_0.jpg,2_4.jpg,1,drawn_b\n1_0.jpg,2_0.jpg,0,drawn_a\n"
        "1_4.jpg,2_4.jpg,0,drawn_b\n1_0.jpg,broken.jpg,1,drawn_a\n");
    const Run run = face({"verify", "--pairs", folder.filePath("pairs.csv"), "--root", folder.path(), "--models", models,
                          "--json", folder.filePath("out.json"), "--picture", folder.filePath("out.svg")});
    QVERIFY2(run.code == 0, qPrintable(run.err));
    const QJsonObject report = json(folder.filePath("out.json"));
    QCOMPARE(report["eer"].toDouble(-1), 0.0);
    QCOMPARE(report["frr_at_far_1pct"].toDouble(-1), 0.0);
    QCOMPARE(report["genuine"].toInt(), 2);
    QCOMPARE(report["impostor"].toInt(), 2);
    QCOMPARE(report["failures"].toInt(), 1);
    QCOMPARE(report["failed_pictures"].toArray().first().toString(), "broken.jpg");
    QCOMPARE(report["groups"].toObject().keys(), (QStringList{"drawn_*", "drawn_a", "drawn_b"}));
    QCOMPARE(report["scores"].toArray().size(), 5);
    QVERIFY(!report["engine"].toObject()["models"].toArray().isEmpty());
    QVERIFY(QFile::exists(folder.filePath("out.svg")));
    QVERIFY(run.out.contains("EER"));

    // The first of each pair as the chip of an ID card holds it: other scores, and squeezed to few bytes less alike ones.
    const auto scoresAtChip = [&](const QString& bytes) {
      const Run chip = face({"verify", "--pairs", folder.filePath("pairs.csv"), "--root", folder.path(), "--models", models, "--chip-photo", bytes,
                             "--json", folder.filePath("chip.json")});
      return chip.code == 0 ? json(folder.filePath("chip.json"))["scores"].toArray() : QJsonArray();
    };
    const auto genuine = [](const QJsonArray& scores) { return scores[0].toObject()["score"].toDouble() + scores[1].toObject()["score"].toDouble(); };
    const QJsonArray whole = report["scores"].toArray(), small = scoresAtChip("0"), squeezed = scoresAtChip("700");
    QCOMPARE(small.size(), 5);
    QCOMPARE(squeezed.size(), 5);
    QVERIFY2(genuine(whole) != genuine(small) && genuine(squeezed) < std::min(genuine(small), genuine(whole)),
             qPrintable(QString("%1 %2 %3").arg(genuine(whole)).arg(genuine(small)).arg(genuine(squeezed))));
    QCOMPARE(face({"verify", "--pairs", folder.filePath("pairs.csv"), "--root", folder.path(), "--models", models, "--chip-photo", "-1"}).code, 2);

    put(folder.filePath("templates.csv"),
        "path,role,subject,sequence\n1_0.jpg,live,a,1\n1_4.jpg,live,a,1\n2_0.jpg,live,b,1\n2_4.jpg,live,b,1\n"
        "1_0.jpg,live,a,2\n1_0.jpg,reference,a,\n2_0.jpg,reference,b,\n");
    const Run templates = face({"verify", "--templates", folder.filePath("templates.csv"), "--frames", "2", "--root",
                                folder.path(), "--models", models, "--json", folder.filePath("out.json")});
    QVERIFY2(templates.code == 0, qPrintable(templates.err));
    // The single frame that is left of sequence 2 makes no template.
    QCOMPARE(json(folder.filePath("out.json"))["genuine"].toInt(), 2);
    QCOMPARE(json(folder.filePath("out.json"))["impostor"].toInt(), 2);
  }

  void padCountsBySpecies() {
    SHARED_FILE_OR_SKIP(models, "models");
    SHARED_FILE_OR_SKIP(faces, "faces/dev");
    QTemporaryDir folder;
    put(folder.filePath("pad.csv"),
        "path,label,attack_type,subject,sequence\npad/minivision_image_T1.jpg,live,,a,1\n"
        "pad/minivision_image_F1.jpg,attack,print,a,2\npad/minivision_image_F2.jpg,attack,screen,a,3\n");
    const Run run = face({"pad", "--frames", folder.filePath("pad.csv"), "--root", faces, "--models", models, "--json",
                          folder.filePath("out.json")});
    QVERIFY2(run.code == 0, qPrintable(run.err));
    const QJsonObject report = json(folder.filePath("out.json"));
    QCOMPARE(report["apcer"].toObject().keys(), (QStringList{"print", "screen"}));
    QCOMPARE(report["apcer"].toObject()["print"].toDouble(-1), 0.0);
    QCOMPARE(report["bpcer"].toDouble(-1), 0.0);
    QCOMPARE(report["threshold"].toDouble(), 0.5);
    QVERIFY(report["layers"].toObject().contains("texture_sequence"));
    // With a threshold that nothing reaches the person is refused, not the attack accepted.
    const Run strict = face({"pad", "--frames", folder.filePath("pad.csv"), "--root", faces, "--models", models,
                             "--threshold", "0.99999", "--json", folder.filePath("out.json")});
    QCOMPARE(strict.code, 0);
    QCOMPARE(json(folder.filePath("out.json"))["bpcer"].toDouble(), 1.0);
  }

  void benchComparesWithAPlainLoop() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    const Run run = face({"bench", "--rounds", "5", "--models", models, "--json", folder.filePath("out.json")});
    QVERIFY2(run.code == 0, qPrintable(run.err));
    const QJsonObject report = json(folder.filePath("out.json"));
    for (const char* stage : {"look", "identity", "texture", "second verifier", "admission frame", "monitoring frame",
                              "decision after the last frame", "plain OpenCV, admission"})
      QVERIFY2(report["stages"].toObject().contains(stage), stage);
    QVERIFY(report["admission_over_plain"].toDouble() > 0);
    QVERIFY(report["memory_mib"].toDouble() > 10);
  }
};

QTEST_GUILESS_MAIN(FaceCommandsTest)
#include "test_commands.moc"
