// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>

#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <opencv2/videoio.hpp>

#include "invigil/recording/recorder.hpp"

using namespace invigil;
using namespace invigil::recording;

namespace {

constexpr std::int64_t kStart = 1'795'000'000'000;
Instant at(std::int64_t ms) { return fromMillis(kStart + ms); }

/// Grey, with a bright bar that says which picture it is.
vision::Frame picture(int n, int width = 640, int height = 480) {
  vision::Frame frame{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width * height * 3), 90), milliseconds{0}};
  const int bar = n * 8 % width;
  for (int y = 0; y < height; ++y)
    for (int x = bar; x < std::min(width, bar + 40); ++x)
      for (int c = 0; c < 3; ++c) frame.bgr[static_cast<std::size_t>((y * width + x) * 3 + c)] = 220;
  return frame;
}

RecordRules rules(const char* sitting = "s1") {
  RecordRules out;
  out.sitting_id = sitting;
  out.key.fill(9);
  return out;
}

struct Shown {
  int frames = 0, width = 0, height = 0;
  std::vector<double> at_ms;
  int brightest_column = 0;  ///< of the last picture
};

/// Plays a WebM file as any player would.
Shown play(const std::string& webm, const QString& file) {
  std::ofstream(file.toStdString(), std::ios::binary) << webm;
  cv::VideoCapture player(file.toStdString(), cv::CAP_FFMPEG);
  Shown shown;
  cv::Mat frame;
  while (player.read(frame)) {
    ++shown.frames;
    shown.at_ms.push_back(player.get(cv::CAP_PROP_POS_MSEC));
    shown.width = frame.cols;
    shown.height = frame.rows;
    int best = -1;
    for (int x = 0; x < frame.cols; ++x)
      if (const int value = frame.at<cv::Vec3b>(frame.rows / 2, x)[1]; value > best + 20) best = value, shown.brightest_column = x;
  }
  return shown;
}

struct Desk {
  QTemporaryDir dir;
  std::int64_t free = std::int64_t{100} << 30;
  DiskRules disk;
  std::vector<News> news;

  SegmentFolder folder() {
    return *SegmentFolder::open(dir.filePath("recording").toStdString(), disk, [this](const std::string&) { return free; });
  }
  SegmentMaker maker(const RecordRules& given = rules()) {
    return SegmentMaker(given, folder(), [this](const News& one) { news.push_back(one); });
  }
  std::vector<std::string> told() const {
    std::vector<std::string> words;
    for (const News& one : news) words.push_back(std::string(newsName(one.what)) + (one.why.empty() ? "" : " " + one.why));
    return words;
  }
  std::vector<segment::Head> heads() {
    std::vector<segment::Head> out;
    for (const Waiting& one : folder().waiting()) out.push_back(*segment::readHead(*folder().load(one)));
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    return out;
  }
  void film(SegmentMaker& maker, int from_ms, int to_ms) {
    for (int t = from_ms; t < to_ms; t += static_cast<int>(maker.interval().count())) maker.take(picture(t / 200), at(t));
  }
};

}  // namespace

class RecorderTest : public QObject {
  Q_OBJECT

 private slots:
  void everySegmentPlaysAloneWithItsPicturesAndTimes() {
    Desk desk;
    auto maker = desk.maker();
    desk.film(maker, 0, 65'000);
    maker.end(at(65'000));
    const auto heads = desk.heads();
    QCOMPARE(heads.size(), std::size_t{3});
    for (std::size_t i = 0; i < heads.size(); ++i) {
      QCOMPARE(heads[i].number, static_cast<std::uint32_t>(i + 1));
      QCOMPARE(heads[i].began_ms, kStart + static_cast<std::int64_t>(i) * 30'000);
      QCOMPARE(heads[i].ended_ms, i < 2 ? heads[i].began_ms + 30'000 : kStart + 65'000);
    }
    for (const Waiting& one : desk.folder().waiting()) {
      const auto head = segment::readHead(*desk.folder().load(one));
      const auto webm = segment::open(rules().key, *desk.folder().load(one));
      QVERIFY(webm.has_value());
      const Shown shown = play(*webm, desk.dir.filePath("play.webm"));
      QCOMPARE(shown.frames, static_cast<int>(head->frames));
      QCOMPARE(shown.frames, head->number < 3 ? 150 : 25);
      QCOMPARE(shown.width, 640);
      for (int n = 0; n < shown.frames; ++n) QVERIFY(std::abs(shown.at_ms[static_cast<std::size_t>(n)] - n * 200.0) < 1.5);
      // The last picture is the one that was last offered.
      const int last = static_cast<int>((head->ended_ms - kStart) / 200) - 1;
      QVERIFY2(std::abs(shown.brightest_column - last * 8 % 640) < 12, qPrintable(QString::number(shown.brightest_column)));
    }
    QCOMPARE(desk.told(), (std::vector<std::string>{"began", "ended"}));
    QCOMPARE(desk.news.back().segments, 3U);
  }

  void aSegmentLeavesNoMemoryBehind() {
    Film film;
    const auto films = [&](int count) {
      for (int n = 0; n < count; ++n) {
        QVERIFY(film.add(picture(n), at(0)).has_value());
        QVERIFY(film.finish(milliseconds{200}).has_value());
      }
    };
    const auto in_use = [] {
      const struct mallinfo2 heap = mallinfo2();
      return static_cast<std::int64_t>(heap.uordblks + heap.hblkhd);
    };
    films(5);  // what the libraries take once
    const std::int64_t before = in_use();
    films(30);
    QVERIFY2(in_use() - before < 3'000'000, qPrintable(QString("%1 bytes more").arg(in_use() - before)));  // a picture each: 14 million
  }

  void nothingReadableLiesOnTheDisk() {
    Desk desk;
    auto maker = desk.maker();
    desk.film(maker, 0, 31'000);
    maker.end(at(31'000));
    for (const auto& entry : std::filesystem::recursive_directory_iterator(desk.dir.path().toStdString())) {
      if (!entry.is_regular_file()) continue;
      const std::string content = *readFile(entry.path().string(), 1 << 24);
      QVERIFY(content.find("webm") == std::string::npos && content.find("V_VP8") == std::string::npos);
      QCOMPARE(static_cast<int>(entry.status().permissions()), 0600);
    }
  }

  void aHoleInThePicturesIsAHoleInTheTimes() {
    Desk desk;
    auto maker = desk.maker();
    desk.film(maker, 0, 4000);
    desk.film(maker, 20'000, 24'000);
    maker.end(at(24'000));
    const auto heads = desk.heads();
    QCOMPARE(heads.size(), std::size_t{2});
    QCOMPARE(heads[0].ended_ms, kStart + 4000);
    QCOMPARE(heads[1].began_ms, kStart + 20'000);
  }

  void anotherSizeOfPictureBeginsASegmentAndLargeOnesAreScaled() {
    Desk desk;
    auto maker = desk.maker();
    maker.take(picture(1), at(0));
    maker.take(picture(2, 1280, 720), at(200));
    maker.take(vision::Frame{}, at(400));
    maker.take(picture(4, 1280, 720), at(600));
    maker.take(picture(4, 1280, 720), at(600));  // no newer than the one before
    maker.end(at(800));
    const auto waiting = desk.folder().waiting();
    QCOMPARE(desk.heads().size(), std::size_t{3});  // the empty picture closed one, too
    const Shown shown = play(*segment::open(rules().key, *desk.folder().load(waiting.back())), desk.dir.filePath("play.webm"));
    QCOMPARE(shown.width, 640);
    QCOMPARE(shown.height, 360);
    QCOMPARE(shown.frames, 1);
  }

  void aShortDiskFirstTakesFewerPicturesThenStopsAndSaysSo() {
    Desk desk;
    desk.disk.free_min = 1000;
    auto maker = desk.maker();
    desk.free = 10'000;
    desk.film(maker, 0, 30'000);
    desk.free = 1500;
    desk.film(maker, 30'000, 60'000);
    QCOMPARE(maker.interval(), milliseconds{1000});
    desk.free = 900;
    desk.film(maker, 60'000, 90'000);
    desk.free = 1050;  // hardly better: not yet
    desk.film(maker, 90'000, 105'000);
    desk.free = 10'000;
    desk.film(maker, 105'000, 120'000);
    maker.end(at(120'000));
    QCOMPARE(desk.told(), (std::vector<std::string>{"began", "slower disk_short", "stopped disk_full", "normal", "ended"}));
    const auto heads = desk.heads();
    QCOMPARE(heads.size(), std::size_t{3});
    QCOMPARE(heads[0].frames, 150U);
    QVERIFY2(heads[1].frames >= 29 && heads[1].frames <= 31, qPrintable(QString::number(heads[1].frames)));
    QVERIFY(heads[2].began_ms >= kStart + 105'000);
  }

  void theBudgetCountsWhatWaitsAndFreesWithTheUpload() {
    const DiskRules disk{1000, 10};
    QVERIFY(roomOf(0, 1'000'000, disk, Room::Plenty) == Room::Plenty);
    QVERIFY(roomOf(750, 1'000'000, disk, Room::Plenty) == Room::Short);
    QVERIFY(roomOf(1000, 1'000'000, disk, Room::Plenty) == Room::None);
    QVERIFY(roomOf(950, 1'000'000, disk, Room::None) == Room::None);   // a tenth below the edge
    QVERIFY(roomOf(890, 1'000'000, disk, Room::None) == Room::Short);
    QVERIFY(roomOf(700, 1'000'000, disk, Room::Short) == Room::Short);
    QVERIFY(roomOf(600, 1'000'000, disk, Room::Short) == Room::Plenty);
    Desk desk;
    desk.disk.bytes_max = 1;
    desk.disk.free_min = 0;
    auto maker = desk.maker();
    desk.film(maker, 0, 61'000);
    QCOMPARE(desk.told(), (std::vector<std::string>{"began", "stopped disk_full"}));
    for (const Waiting& one : desk.folder().waiting()) desk.folder().remove(one);
    desk.film(maker, 61'000, 80'000);
    QCOMPARE(desk.told().back(), std::string("normal"));
  }

  void whatIsPutAsideStaysAndCountsButDoesNotWait() {
    Desk desk;
    std::vector<std::string> aside;
    for (int same = 0; same < 2; ++same) {  // the second one of this number takes the first one's place nowhere
      QVERIFY(desk.folder().add({"s1", 7, kStart, kStart + 1, 1}, std::string(600, static_cast<char>('a' + same))).has_value());
      const auto path = desk.folder().putAside(desk.folder().waiting().front());
      QVERIFY(path.has_value());
      aside.push_back(*path);
      QVERIFY(desk.folder().waiting().empty());
    }
    QCOMPARE(*readFile(aside[0], 1000), std::string(600, 'a'));
    QCOMPARE(*readFile(aside[1], 1000), std::string(600, 'b'));
    desk.disk.bytes_max = 1200;
    desk.disk.free_min = 0;
    QVERIFY(desk.folder().room(Room::Plenty) == Room::None);
    QVERIFY(!desk.folder().putAside({"/nowhere/s1-000008.segment", "s1", 8, 1}).has_value());
  }

  void aFolderThatCannotBeWrittenStopsTheRecordingAndNothingElse() {
    Desk desk;
    auto maker = desk.maker();
    desk.film(maker, 0, 10'000);
    std::filesystem::remove_all(desk.dir.filePath("recording").toStdString());
    std::ofstream(desk.dir.filePath("recording").toStdString()) << "in the way";
    desk.film(maker, 10'000, 31'000);
    QCOMPARE(desk.told(), (std::vector<std::string>{"began", "stopped disk_failed"}));
    std::filesystem::remove(desk.dir.filePath("recording").toStdString());
    std::filesystem::create_directory(desk.dir.filePath("recording").toStdString());
    desk.film(maker, 31'000, 50'000);
    maker.end(at(50'000));
    QCOMPARE(desk.told(), (std::vector<std::string>{"began", "stopped disk_failed", "normal", "ended"}));
    QCOMPARE(desk.heads().front().number, 1U);  // the lost one has no number, only a hole in the times
  }

  void afterARestartTheNumbersGoOnAndHalfFilesAreGone() {
    Desk desk;
    {
      auto maker = desk.maker();
      desk.film(maker, 0, 61'000);
    }  // power cut: the third segment was still running
    std::ofstream(desk.dir.filePath("recording/s1-000003.segment.new").toStdString()) << "half";
    QCOMPARE(desk.folder().waiting().size(), std::size_t{2});
    QVERIFY(!std::filesystem::exists(desk.dir.filePath("recording/s1-000003.segment.new").toStdString()));
    auto given = rules();
    given.first_number = 2;  // what the server knows
    auto maker = desk.maker(given);
    desk.film(maker, 100'000, 101'000);
    maker.end(at(101'000));
    QCOMPARE(desk.heads().back().number, 3U);
    given.first_number = 10;
    auto later = desk.maker(given);
    desk.film(later, 200'000, 201'000);
    later.end(at(201'000));
    QCOMPARE(desk.heads().back().number, 10U);
  }

  void sittingsShareTheFolderWithoutMixing() {
    Desk desk;
    auto first = desk.maker(rules("aa")), second = desk.maker(rules("aa-1"));
    for (int t = 0; t < 2000; t += 200) first.take(picture(t), at(t)), second.take(picture(t), at(t));
    first.end(at(2000));
    second.end(at(2000));
    QCOMPARE(desk.folder().waiting().size(), std::size_t{2});
    QCOMPARE(desk.folder().nextNumber("aa"), 2U);
    QCOMPARE(desk.folder().nextNumber("aa-1"), 2U);
    QCOMPARE(desk.folder().nextNumber("bb"), 1U);
  }

  void theThreadTakesWhatIsDueAndLosesNothingAtTheEnd() {
    Desk desk;
    std::vector<News> news;
    {
      Recorder recorder(rules(), desk.folder(), [&](const News& one) { news.push_back(one); });
      // 15 pictures a second for two seconds; the queue holds them all.
      for (int n = 0; n < 30; ++n) recorder.offer(picture(n), at(n * 1000 / 15));
    }
    QCOMPARE(news.size(), std::size_t{2});
    const auto heads = desk.heads();
    QCOMPARE(heads.size(), std::size_t{1});
    QCOMPARE(heads[0].frames, 10U);
    QCOMPARE(heads[0].began_ms, kStart);
  }

  void whoOffersTooMuchLosesTheOldestPictures() {
    Desk desk;
    {
      Recorder recorder(rules(), desk.folder(), [](const News&) {});
      for (int n = 0; n < 2000; ++n) recorder.offer(picture(0, 64, 48), at(n * 200));
    }
    std::uint32_t frames = 0;
    for (const auto& head : desk.heads()) frames += head.frames;
    QVERIFY(frames >= 1 && frames <= 2000);
    QCOMPARE(desk.heads().back().ended_ms, kStart + 2000 * 200);  // the newest is always there
  }
};

QTEST_APPLESS_MAIN(RecorderTest)
#include "test_recorder.moc"
