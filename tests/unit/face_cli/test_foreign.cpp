// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <QDir>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/videoio.hpp>

#include "face_program.hpp"
#include "invigil/devices/simulated_face.hpp"
#include "shared_corpora.hpp"

using invigil::test::face, invigil::test::json, invigil::test::put, invigil::test::Run;
using namespace invigil;

namespace {

cv::Mat drawn(int identity, double yaw = 0) {
  const vision::Frame frame = devices::drawFace({.identity = identity, .yaw = yaw});
  return cv::Mat(frame.height, frame.width, CV_8UC3, const_cast<std::uint8_t*>(frame.bgr.data())).clone();
}

/// The same person a moment later: no two frames of a camera are alike. A drawing of its own for each would take minutes.
cv::Mat later(const cv::Mat& picture, int moment) {
  cv::Mat noise(picture.size(), CV_16SC3), sum;
  cv::RNG(static_cast<std::uint64_t>(moment) + 1).fill(noise, cv::RNG::NORMAL, 0, 3);
  picture.convertTo(sum, CV_16SC3);
  sum += noise;
  sum.convertTo(noise, CV_8UC3);
  return noise;
}

void write(const QString& path, const cv::Mat& picture) { QVERIFY(cv::imwrite(path.toStdString(), picture)); }

/// A BMP whose header says 60000 x 60000 pixels, with nothing behind it.
QByteArray bomb() {
  QByteArray bytes(54, '\0');
  bytes.replace(0, 2, "BM");
  for (const auto& [at, value] : {std::pair{2, 54}, {10, 54}, {14, 40}, {18, 60000}, {22, 60000}})
    for (int i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i) & 0xFF);
  bytes[26] = 1, bytes[28] = 24;
  return bytes;
}

QStringList strings(const QJsonValue& array) {
  QStringList all;
  for (const auto& one : array.toArray()) all << one.toString();
  return all;
}

QByteArray bytesOf(const QString& path) { return QByteArray::fromStdString(invigil::test::readAll(path)); }

QStringList kinds(const QJsonObject& report) {
  QStringList all;
  for (const auto& one : report["events"].toArray()) all << one.toObject()["kind"].toString();
  return all;
}

}  // namespace

/// invigil-face on pictures, lists and films that others made: it measures what can be measured and says what cannot.
class FaceForeignTest : public QObject {
  Q_OBJECT
 private slots:
  void padCountsWhatCannotBeRead() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    write(folder.filePath("a.jpg"), drawn(1));
    put(folder.filePath("broken.jpg"), "no picture");
    put(folder.filePath("bomb.bmp"), bomb());
    put(folder.filePath("list.csv"), "\xEF\xBB\xBFLabel; Path\nbona_fide; a.jpg\nspoof;broken.jpg\nprint;bomb.bmp\nreal;gone.jpg\n");
    // No --root: the pictures are beside the list.
    const Run run = face({"pad", "--frames", folder.filePath("list.csv"), "--models", models, "--json", folder.filePath("out.json")}, QDir::rootPath());
    QVERIFY2(run.code == 0, qPrintable(run.err));
    const QJsonObject report = json(folder.filePath("out.json"));
    QCOMPARE(report["unreadable"].toInt(), 3);
    QCOMPARE(strings(report["unreadable_pictures"]), (QStringList{"broken.jpg", "bomb.bmp", "gone.jpg"}));
    QVERIFY(strings(report["failed_pictures"]).contains("broken.jpg"));
    QVERIFY2(run.err.contains(folder.filePath("broken.jpg")) && run.err.contains(folder.filePath("gone.jpg")), qPrintable(run.err));
    QCOMPARE(report["apcer"].toObject().keys(), (QStringList{"attack", "print"}));
    QVERIFY(report["apcer"].toObject()["print"].isNull());  // what cannot be read was not presented
    QCOMPARE(report["bpcer_counts"].toObject()["of"].toInt(), 1);
    QVERIFY(report["layers"].toObject()["texture_sequence"].toObject().contains("skipped"));
    QVERIFY(report["highest_attack"].isNull());

    put(folder.filePath("attacks.csv"), "path,label,attack_type,subject,sequence\na.jpg,attack,paper,1,1\n");
    QCOMPARE(face({"pad", "--frames", folder.filePath("attacks.csv"), "--models", models, "--json", folder.filePath("out.json")}).code, 0);
    const QJsonObject attacks = json(folder.filePath("out.json"));
    QVERIFY(attacks.contains("bpcer") && attacks["bpcer"].isNull() && attacks["lowest_live"].isNull() && attacks["highest_attack"].isDouble());
    QVERIFY(attacks["layers"].toObject()["texture_sequence"].toObject()["apcer"].toObject().contains("paper"));

    put(folder.filePath("list.csv"), "path,label\na.jpg,perhaps\n");
    const Run wrong = face({"pad", "--frames", folder.filePath("list.csv"), "--models", models});
    QVERIFY(wrong.code == 1 && wrong.err.contains("'perhaps'") && wrong.err.contains("list.csv line 2"));
  }

  void cutOffPicturesAreDamaged() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    write(folder.filePath("whole.jpg"), drawn(1));
    write(folder.filePath("whole.png"), drawn(1));
    const QByteArray jpeg = bytesOf(folder.filePath("whole.jpg")), png = bytesOf(folder.filePath("whole.png"));
    put(folder.filePath("cut.jpg"), jpeg.left(jpeg.size() * 6 / 10));
    put(folder.filePath("cut.png"), png.left(png.size() * 6 / 10));
    put(folder.filePath("padded.jpg"), jpeg + QByteArray(9000, '\0'));
    // A small whole picture in the header, as cameras put it there, and then half of the large one.
    const QByteArray preview("\xFF\xE1\x00\x06\xFF\xD8\xFF\xD9", 8);
    put(folder.filePath("preview.jpg"), jpeg.left(2) + preview + jpeg.mid(2, jpeg.size() / 2));
    put(folder.filePath("list.csv"), "path,label\nwhole.jpg,live\nwhole.png,bona-fide\npadded.jpg,live\ncut.jpg,live\ncut.png,live\npreview.jpg,live\n");
    const Run run = face({"pad", "--frames", folder.filePath("list.csv"), "--models", models, "--json", folder.filePath("out.json")});
    QVERIFY2(run.code == 0, qPrintable(run.err));
    QCOMPARE(strings(json(folder.filePath("out.json"))["unreadable_pictures"]), (QStringList{"cut.jpg", "cut.png", "preview.jpg"}));
    QVERIFY2(run.err.contains("cut.jpg: the picture is cut off"), qPrintable(run.err));
  }

  void listsOfAChineseExcelAreReadAndOthersRefusedAtOnce() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    write(folder.filePath(QString::fromUtf8("王.jpg")), drawn(1));
    write(folder.filePath("a.jpg"), drawn(1, 4));
    const QString list = folder.filePath("pairs.csv"), out = folder.filePath("out.json");
    const QStringList words{"verify", "--pairs", list, "--models", models, "--json", out};
    put(list, "path_a,path_b,same,group\r\n\xCD\xF5.jpg,a.jpg,1,\xB5\xE7\xB9\xA4\r\n");
    const Run chinese = face(words);
    QVERIFY2(chinese.code == 0 && chinese.err.contains("GB 18030"), qPrintable(chinese.err));
    QCOMPARE(json(out)["genuine"].toInt(), 1);
    QCOMPARE(json(out)["groups"].toObject().keys(), QStringList{QString::fromUtf8("电工")});
    QVERIFY(QFile::remove(out));
    put(list, "path_a,path_b,same,group\na.jpg,a.jpg,1,caf\xE9\n");
    const Run western = face(words);
    QVERIFY2(western.code == 1 && western.err.contains("line 2 is not UTF-8: save"), qPrintable(western.err));
    QVERIFY(!QFile::exists(out));
  }

  /// Needs no models.
  void namesThatAreNoUtf8CostNoReport() {
    QTemporaryDir folder;
    const std::string frames = folder.path().toStdString() + "/b\xE9";
    QCOMPARE(::mkdir(frames.c_str(), 0700), 0);
    for (const char* name : {"/1.jpg", "/2.jpg"}) QVERIFY(cv::imwrite(frames + name, later(cv::Mat(48, 64, CV_8UC3, cv::Scalar(90, 120, 150)), name[1])));
    const QString out = folder.filePath("out.json");
    // Through a shell, since QProcess would write the name in UTF-8.
    QCOMPARE(QProcess::execute("/bin/sh", {"-c", "\"$0\" film --source \"$1/$(printf 'b\\351')\" --seconds 1 --json \"$2\"", QStringLiteral(INVIGIL_BIN_DIR "/invigil-face"), folder.path(), out}), 0);
    std::filesystem::remove_all(frames);  // Qt does not find its name again
    QVERIFY(json(out)["source"].toString().endsWith(QChar(QChar::ReplacementCharacter)));
  }

  void oneFileIsOnePictureWhateverItIsCalled() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath("img"));
    write(folder.filePath("img/a.jpg"), drawn(1));
    write(folder.filePath("img/b.jpg"), drawn(1, 4));
    put(folder.filePath("pairs.csv"), "path_a,path_b,same,group\nimg/a.jpg,./img/b.jpg,1.0,x\nimg\\a.jpg,img//b.jpg,T,x\n");
    const Run run = face({"verify", "--pairs", folder.filePath("pairs.csv"), "--models", models, "--json", folder.filePath("out.json")}, QDir::rootPath());
    QVERIFY2(run.code == 0, qPrintable(run.err));
    const QJsonObject report = json(folder.filePath("out.json"));
    QVERIFY(report["pictures"].toInt() == 2 && report["unreadable"].toInt(-1) == 0 && report["genuine"].toInt() == 2);
    QCOMPARE(report["groups"].toObject()["x"].toObject()["pictures"].toInt(), 2);
  }

  void errorsNameWhatWasTyped() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    const Run spec = face({"admit", "--camera", "simulated:1,attack=nonsense", "--attempts", "2", "--models", models});
    QVERIFY2(spec.code == 2 && spec.err.contains("simulated:1,attack=nonsense wants"), qPrintable(spec.err));
    write(folder.filePath("wall.png"), cv::Mat(480, 640, CV_8UC3, cv::Scalar(120, 130, 140)));
    const Run wall = face({"admit", "--camera", "simulated:1", "--reference", folder.filePath("wall.png"), "--models", models});
    QVERIFY2(wall.code == 1 && wall.err.contains("No face can be taken from " + folder.filePath("wall.png")), qPrintable(wall.err));
  }

  /// Needs no models: `film` meets the same end as `monitor`.
  void aFilmThatIsCutOffIsSaidToBe() {
    QTemporaryDir folder;
    const QString whole = folder.filePath("whole.avi"), cut = folder.filePath("cut.avi"), out = folder.filePath("out.json");
    {
      cv::VideoWriter writer(whole.toStdString(), cv::CAP_FFMPEG, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 24, {160, 120});
      if (!writer.isOpened()) QSKIP("this OpenCV writes no MJPG");
      const cv::Mat grey(120, 160, CV_8UC3, cv::Scalar(90, 120, 150));
      for (int i = 0; i < 96; ++i) writer.write(later(grey, i));
    }
    const QByteArray bytes = bytesOf(whole);
    put(cut, bytes.left(bytes.size() / 2));
    const Run good = face({"film", "--source", whole, "--seconds", "5", "--json", out});  // four seconds and once more from the beginning
    QVERIFY2(good.code == 0 && json(out)["ended_early"].isNull() && json(out)["pictures"].toInt() == 25, qPrintable(good.err));
    const Run half = face({"film", "--source", cut, "--seconds", "5", "--json", out});
    QVERIFY2(half.code == 1 && half.err.contains("cut.avi is cut off"), qPrintable(half.err));
    QVERIFY(json(out)["ended_early"].toString().contains("96 frames"));
    QVERIFY(json(out)["pictures"].toInt() > 5 && json(out)["pictures"].toInt() < 15);

    SHARED_FILE_OR_SKIP(models, "models");
    SHARED_FILE_OR_SKIP(film, "faces/dev/video/pis_real_headturn.mov");
    put(folder.filePath("cut.mov"), bytesOf(film).left(250'000));
    const Run watched = face({"monitor", "--video", folder.filePath("cut.mov"), "--models", models, "--json", out});
    QVERIFY2(watched.code == 1 && watched.err.contains("cut.mov is cut off"), qPrintable(watched.out + watched.err));
    QVERIFY(!json(out)["ended_early"].toString().isEmpty() && json(out)["frames"].toInt() > 5);
    const Run all = face({"monitor", "--video", film, "--models", models, "--rate", "15", "--json", out});
    QVERIFY2(all.code == 0 && json(out)["ended_early"].isNull(), qPrintable(all.out + all.err));
    QCOMPARE(json(out)["frames"].toInt(), 199);
  }

  void atTheFilmsOwnRateEveryFrameIsLookedAt() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    const QString out = folder.filePath("out.json");
    QVERIFY(QDir(folder.path()).mkpath("frames"));
    const cv::Mat person = drawn(1);
    for (int i = 0; i < 30; ++i) write(folder.filePath(QString("frames/%1.jpg").arg(i)), later(person, i));
    QCOMPARE(face({"monitor", "--video", folder.filePath("frames"), "--rate", "15", "--models", models, "--json", out}).code, 0);
    QCOMPARE(json(out)["frames"].toInt(), 30);
  }

  void aWrongRootIsNoFailureToEnrol() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    write(folder.filePath("a.jpg"), drawn(1));
    write(folder.filePath("b.jpg"), drawn(1, 4));
    const QString list = folder.filePath("pairs.csv"), out = folder.filePath("out.json");
    put(list, "same,path_b,path_a,group\ngenuine,b.jpg,a.jpg,x\n");
    const QStringList words{"verify", "--pairs", list, "--models", models, "--json", out};
    const Run wrong = face(words + QStringList{"--root", "/nonexistent"});
    QCOMPARE(wrong.code, 1);
    QVERIFY2(wrong.err.contains("--root") && wrong.err.contains("/nonexistent/a.jpg"), qPrintable(wrong.err));
    QJsonObject report = json(out);
    QVERIFY(report["unreadable"].toInt() == 2 && report["no_face"].toInt() == 0 && report["pictures"].toInt() == 2);
    for (const QJsonObject& one : {report, report["groups"].toObject()["x"].toObject()})
      for (const char* key : {"eer", "frr_at_far_1pct", "frr_at_far_01pct", "threshold_at_far_1pct"}) QVERIFY2(one.contains(key) && one[key].isNull(), key);

    // Beside the list; from the working folder; by absolute paths, whatever --root says.
    QCOMPARE(face(words, QDir::rootPath()).code, 0);
    QCOMPARE(json(out)["genuine"].toInt(), 1);
    QTemporaryDir elsewhere;
    put(elsewhere.filePath("pairs.csv"), "path_a,path_b,same\na.jpg,b.jpg,TRUE\n");
    QCOMPARE(face({"verify", "--pairs", elsewhere.filePath("pairs.csv"), "--models", models, "--json", out}, folder.path()).code, 0);
    QCOMPARE(json(out)["genuine"].toInt(), 1);
    put(list, QString("path_a,path_b,same\n%1,%2,1\n").arg(folder.filePath("a.jpg"), folder.filePath("b.jpg")).toUtf8());
    QCOMPARE(face(words + QStringList{"--root", "/nonexistent"}).code, 0);
    QCOMPARE(json(out)["failures"].toInt(-1), 0);
  }

  void everyGroupIsThereWithItsFailures() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    write(folder.filePath("a.jpg"), drawn(1));
    // Larger than an upload may be, and a BMP that says it is a JPEG: both are measured.
    cv::Mat large;
    cv::resize(drawn(1, 4), large, {5200, 3900}, 0, 0, cv::INTER_LINEAR);
    write(folder.filePath("large.jpg"), large);
    write(folder.filePath("other.bmp"), drawn(2));
    QVERIFY(QFile::rename(folder.filePath("other.bmp"), folder.filePath("other.jpg")));
    write(folder.filePath("wall.jpg"), cv::Mat(480, 640, CV_8UC3, cv::Scalar(120, 130, 140)));
    put(folder.filePath("bomb.bmp"), bomb());
    put(folder.filePath("pairs.csv"), "path_a,path_b,same,group\na.jpg,large.jpg,1,fine\na.jpg,other.jpg,0,fine\nwall.jpg,bomb.bmp,0,lost\n");
    const Run run = face({"verify", "--pairs", folder.filePath("pairs.csv"), "--models", models, "--json", folder.filePath("out.json")});
    QVERIFY2(run.code == 0, qPrintable(run.err));
    const QJsonObject report = json(folder.filePath("out.json")), groups = report["groups"].toObject();
    QCOMPARE(groups.keys(), (QStringList{"fine", "lost"}));
    QCOMPARE(groups["fine"].toObject()["failures"].toInt(-1), 0);
    QCOMPARE(groups["fine"].toObject()["eer"].toDouble(-1), 0.0);
    const QJsonObject lost = groups["lost"].toObject();
    QVERIFY(lost["failures"].toInt() == 2 && lost["no_face"].toInt() == 1 && lost["unreadable"].toInt() == 1 && lost["not_compared"].toInt() == 1 && lost["eer"].isNull());
    QCOMPARE(report["failures"].toInt(), 2);
  }

  void aFilmIsWatchedToItsEnd() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    const QString film = folder.filePath("fast.avi"), out = folder.filePath("out.json");
    {
      cv::VideoWriter writer(film.toStdString(), cv::CAP_FFMPEG, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 120, {640, 480});
      if (!writer.isOpened()) QSKIP("this OpenCV writes no MJPG");
      const cv::Mat person = drawn(1);
      for (int i = 0; i < 360; ++i) writer.write(later(person, i));
    }
    for (const QString& source : {film, "file:" + film}) {
      const Run run = face({"monitor", "--video", source, "--models", models, "--json", out});
      QVERIFY2(run.code == 0, qPrintable(run.err));
      QVERIFY2(std::abs(json(out)["seconds"].toDouble() - 3) < 0.1, qPrintable(run.out));
      QCOMPARE(json(out)["goes_round"].toBool(true), false);
    }
    const Run cost = face({"film", "--source", film, "--seconds", "2", "--json", out});
    QVERIFY2(cost.code == 0, qPrintable(cost.err));
    QCOMPARE(json(out)["pictures"].toInt(), 10);
    const Run gone = face({"monitor", "--video", folder.filePath("gone.avi"), "--models", models});
    QVERIFY(gone.code == 1 && gone.err.contains("gone.avi is not there"));
  }

  void aFolderIsWatchedToItsEnd() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    const QString frames = folder.filePath("frames"), out = folder.filePath("out.json"), reference = folder.filePath("me.jpg");
    QVERIFY(QDir().mkpath(frames));
    const cv::Mat person = drawn(1);
    for (int i = 0; i < 180; ++i) write(frames + QString("/%1.jpg").arg(i, 4, 10, QChar('0')), later(person, i));
    put(frames + "/0060.jpg", "broken");
    write(folder.filePath("me.bmp"), drawn(1));
    QVERIFY(QFile::rename(folder.filePath("me.bmp"), reference));
    const Run run = face({"monitor", "--video", frames, "--reference", reference, "--models", models, "--json", out});
    QVERIFY2(run.code == 0, qPrintable(run.err));
    QJsonObject report = json(out);
    QCOMPARE(report["seconds"].toDouble(), 12.0);
    QCOMPARE(report["frames_unreadable"].toInt(), 1);
    QCOMPARE(report["reference_faces"].toInt(), 1);
    QVERIFY(run.err.contains("0060.jpg"));
    QVERIFY2(report["events"].toArray().isEmpty(), qPrintable(kinds(report).join(' ')));
    // Going round is no frozen camera.
    QCOMPARE(face({"monitor", "--video", frames, "--seconds", "30", "--models", models, "--json", out}).code, 0);
    report = json(out);
    QVERIFY(report["goes_round"].toBool() && report["seconds"].toDouble() == 30 && !kinds(report).contains("camera_frozen"));

    const QByteArray same = QByteArray::fromStdString(invigil::test::readAll(frames + "/0000.jpg"));
    for (int i = 0; i < 230; ++i) put(frames + QString("/%1.jpg").arg(i, 4, 10, QChar('0')), same);
    QCOMPARE(face({"monitor", "--video", frames, "--models", models, "--json", out}).code, 0);
    QVERIFY(kinds(json(out)).contains("camera_frozen"));
    // One picture is looked at for a while and is no frozen camera either.
    QCOMPARE(face({"monitor", "--video", frames + "/0000.jpg", "--models", models, "--json", out}).code, 0);
    QVERIFY(json(out)["seconds"].toDouble() == 10 && kinds(json(out)).isEmpty());

    for (const QString& name : QDir(frames).entryList(QDir::Files)) put(frames + "/" + name, "broken");
    const Run broken = face({"monitor", "--video", frames, "--models", models, "--json", out});
    QCOMPARE(broken.code, 1);
    QVERIFY(!json(out)["ended_early"].toString().isEmpty());
  }

  void aTryWithoutAUsableFrameSaysWhatWasInTheWay() {
    SHARED_FILE_OR_SKIP(models, "models");
    SHARED_FILE_OR_SKIP(faces, "faces/dev");
    QTemporaryDir folder;
    const QString frames = folder.filePath("frames"), out = folder.filePath("out.json"), clip = faces + "/video/nuaa_seq_0004";
    QVERIFY(QDir().mkpath(frames));
    for (const QString& name : QDir(clip).entryList({"*.jpg"}, QDir::Files, QDir::Name)) {
      cv::Mat picture = cv::imread((clip + "/" + name).toStdString());
      picture.convertTo(picture, -1, 1.2, 50);
      write(frames + "/" + name, picture);
    }
    const Run run = face({"admit", "--camera", frames, "--actions", "none", "--as-camera", "--reference", faces + "/img/nuaa_0004_09_refphoto.jpg", "--tries", "1",
                          "--models", models, "--json", out});
    QVERIFY2(run.code == 0, qPrintable(run.err));
    const QJsonObject report = json(out), one = report["people"].toArray()[0].toObject()["tries"].toArray()[0].toObject(), unused = one["unused"].toObject();
    QCOMPARE(one["why"].toString(), QString("not_settled"));
    QCOMPARE(unused["hint"].toString(), QString("less_light"));
    QVERIFY(unused["hint_frames"].toInt() > 50 && unused["frames"].toInt() >= unused["hint_frames"].toInt() && unused["of"].toInt() >= unused["frames"].toInt());
    QVERIFY2(run.out.contains("less_light (too bright)") && !run.out.contains("median"), qPrintable(run.out));
    QVERIFY(report.contains("seconds_median") && report["seconds_median"].isNull());
  }

  void anAbsurdReferenceEndsWithASentence() {
    SHARED_FILE_OR_SKIP(models, "models");
    QTemporaryDir folder;
    put(folder.filePath("bomb.jpg"), bomb());
    for (const QStringList& words : {QStringList{"monitor", "--video"}, {"admit", "--camera"}}) {
      const Run run = face(words + QStringList{"simulated:1", "--reference", folder.filePath("bomb.jpg"), "--models", models});
      QCOMPARE(run.code, 1);
      QVERIFY2(run.err.contains("bomb.jpg: the picture has more than 100 megapixels"), qPrintable(run.err));
    }
  }
};

QTEST_GUILESS_MAIN(FaceForeignTest)
#include "test_foreign.moc"
