// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

#include "face_program.hpp"
#include "shared_corpora.hpp"

using invigil::test::face, invigil::test::json, invigil::test::put, invigil::test::Run;

namespace {

/// A folder with all models but the verifier.
void linkModelsWithoutVerifier(const QString& models, const QString& folder) {
  for (const QString& name : QDir(models).entryList(QDir::Files))
    if (name != "mobilefacenet.onnx") QVERIFY(QFile::link(models + "/" + name, folder + "/" + name));
}

bool isReport(const QString& text) { return QJsonDocument::fromJson(text.toUtf8()).object().contains("vp8"); }

}  // namespace

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
    QTemporaryDir empty;
    const Run run = face({"verify", "--pairs", "/nonexistent.csv", "--models", empty.path()});
    QCOMPARE(run.code, 1);
    QVERIFY(run.err.contains("mobilefacenet.onnx") || run.err.contains("face_detection"));
  }

  void aMissingFolderOfModelsIsAWrongCommandLine() {
    QTemporaryDir folder;
    put(folder.filePath("list.csv"), "path,label\na.jpg,live\n");
    for (const QStringList& words : {QStringList{"verify", "--pairs", "a.csv"}, {"pad", "--frames", folder.filePath("list.csv")}, {"monitor", "--video", "simulated:1"},
                                     {"admit", "--camera", "simulated:1"}, {"bench"}, {"collect", "--camera", "simulated:1", "--out", folder.filePath("data"), "--subject", "1"}}) {
      const Run run = face(words + QStringList{"--models", "/nonexistent"});
      QVERIFY2(run.code == 2, qPrintable(words.first()));
      QVERIFY2(run.err.contains("no folder '/nonexistent'") && run.out.isEmpty(), qPrintable(words.first() + ": " + run.out + run.err));
    }
    QVERIFY(!QFile::exists(folder.filePath("data")));
  }

  /// Needs no models. What stands for a device here is a link in a folder of the test, so that a mistake costs no device.
  void reportsGoWhereTheyAreWantedAndAreNotLost() {
    QTemporaryDir folder;
    const QString printed = folder.filePath("printed"), full = folder.filePath("full");
    const QStringList film{"film", "--source", "simulated:1,fps=0", "--seconds", "1", "--json"};
    QVERIFY(QFile::link("/proc/self/fd/1", printed));
    for (const QString& out : {QString("-"), printed}) {
      const Run run = face(film + QStringList{out});
      QVERIFY2(run.code == 0 && isReport(run.out) && run.err.contains("vp8:"), qPrintable(out + ": " + run.out + run.err));
    }
    QVERIFY(QFileInfo(printed).isSymLink());
    if (QFile::exists("/dev/full")) {
      QVERIFY(QFile::link("/dev/full", full));
      const Run run = face(film + QStringList{full});
      QVERIFY2(run.code == 1 && isReport(run.out), qPrintable(run.out + run.err));
      QVERIFY(QFileInfo(full).isSymLink());
    }
    // Said before anything is filmed, compared or watched.
    for (const QString& wrong : {folder.path(), folder.filePath("none/out.json"), QString()}) {
      const Run run = face(film + QStringList{wrong});
      QVERIFY2(run.code == 2 && run.out.isEmpty(), qPrintable(wrong + ": " + run.out + run.err));
    }
    QCOMPARE(face({"film", "--source", "simulated:1,fps=0", "--seconds", "1", "--webm", "-"}).code, 2);
    QCOMPARE(face({"verify", "--pairs", "a.csv", "--json", "-", "--picture", "-"}).code, 2);
    for (const QStringList& words : {QStringList{"verify", "--pairs", "a.csv"}, {"pad", "--frames", "a.csv"}, {"monitor", "--video", "simulated:1"}, {"admit", "--camera", "simulated:1"}, {"bench"}}) {
      const Run run = face(words + QStringList{"--json", folder.filePath("none/out.json")});
      QVERIFY2(run.code == 2 && run.err.contains("there is no folder"), qPrintable(words.first() + ": " + run.err));
    }
    QCOMPARE(face({"verify", "--pairs", "a.csv", "--picture", folder.filePath("none/a.svg")}).code, 2);
  }

  void monitoringSaysWhetherAnybodyWasCompared() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder, without;
    linkModelsWithoutVerifier(models, without.path());
    const QString out = folder.filePath("out.json"), photo = folder.filePath("1.jpg");
    QStringList words{"monitor", "--video", "simulated:1,fps=0", "--seconds", "3", "--json", out};
    const Run unable = face(words + QStringList{"--models", without.path()});
    QVERIFY2(unable.code == 0, qPrintable(unable.err));
    QVERIFY2(unable.out.contains("was not checked") && unable.out.contains("mobilefacenet.onnx"), qPrintable(unable.out));
    QVERIFY(json(out).contains("identity_checked") && !json(out)["identity_checked"].toBool(true));
    QCOMPARE(QProcess::execute(QStringLiteral(INVIGIL_BIN_DIR "/invigil-simface"), {"--identity", "1", "--out", photo}), 0);
    const Run able = face(words + QStringList{"--models", models, "--reference", photo});
    QVERIFY2(able.code == 0 && !able.out.contains("was not checked"), qPrintable(able.out + able.err));
    QVERIFY(json(out)["identity_checked"].toBool() && json(out)["frames_compared"].toInt() > 0);
  }

  void anOverexposedWebCameraAdmitsAllTheSame() {
    SHARED_FILE_OR_SKIP(models, "models");
    SHARED_FILE_OR_SKIP(faces, "faces/dev");
    QTemporaryDir folder;
    const Run run = face({"admit", "--camera", faces + "/video/nuaa_seq_0004", "--actions", "none", "--as-camera", "--reference", faces + "/img/nuaa_0004_09_refphoto.jpg",
                          "--tries", "1", "--models", models, "--json", folder.filePath("out.json")});
    QVERIFY2(run.code == 0, qPrintable(run.err));
    QCOMPARE(json(folder.filePath("out.json"))["people"].toArray()[0].toObject()["admitted"], QJsonValue(true));
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
    QVERIFY(report["not_measured"].toArray().isEmpty());

    QTemporaryDir without;
    linkModelsWithoutVerifier(models, without.path());
    const Run unable = face({"bench", "--rounds", "5", "--models", without.path(), "--json", folder.filePath("out.json")});
    QVERIFY2(unable.code == 0, qPrintable(unable.err));
    QVERIFY(!json(folder.filePath("out.json"))["stages"].toObject().contains("identity"));
    QCOMPARE(json(folder.filePath("out.json"))["not_measured"].toArray(), QJsonArray{"identity"});
    QVERIFY2(unable.out.contains("not measured") && !unable.out.contains("processor    0.0 ms"), qPrintable(unable.out));
  }
};

QTEST_GUILESS_MAIN(FaceCommandsTest)
#include "test_commands.moc"
