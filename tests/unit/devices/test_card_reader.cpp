// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <fstream>
#include <functional>

#include "invigil/devices/card_reader.hpp"
#include "invigil/devices/simulated_face.hpp"
#include "invigil/devices/simulated_sam.hpp"

using namespace invigil;
using namespace invigil::devices;

namespace {

constexpr const char* kCard = R"({"number": "11010519491231002X", "name": "王小明", "from": "20200101", "until": "长期", "face": 3})";

/// A reader at the far end of a serial line: whatever `answer` says to the bytes that came.
class Pty {
 public:
  explicit Pty(std::function<Bytes(std::span<const std::uint8_t>)> answer) : answer_(std::move(answer)) {
    master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0) qFatal("no pty");
    path = ::ptsname(master_);
    thread_ = std::thread([this] { serve(); });
  }
  ~Pty() { unplug(); }
  void unplug() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
    if (master_ >= 0) ::close(master_);
    master_ = -1;
  }
  std::string path;

 private:
  void serve() {
    std::uint8_t chunk[64];
    while (!over_) {
      pollfd one{master_, POLLIN, 0};
      if (::poll(&one, 1, 20) <= 0) continue;
      const auto got = ::read(master_, chunk, sizeof chunk);
      if (got <= 0) {  // nobody has the other end open
        std::this_thread::sleep_for(milliseconds{5});
        continue;
      }
      const Bytes out = answer_({chunk, static_cast<std::size_t>(got)});
      for (std::size_t at = 0; at < out.size() && !over_;) {  // in pieces, as a slow line gives them
        const auto sent = ::write(master_, out.data() + at, std::min<std::size_t>(97, out.size() - at));
        if (sent > 0) at += static_cast<std::size_t>(sent);
      }
    }
  }
  std::function<Bytes(std::span<const std::uint8_t>)> answer_;
  int master_ = -1;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

/// A reader and what it said.
struct Desk {
  explicit Desk(const std::string& spec, DecoderCommand decoder = {})
      : reader({*parseCardLine(spec), std::move(decoder), milliseconds{20}, milliseconds{50}}, [this](CardNews news) {
          const std::lock_guard lock(mutex);
          all.push_back(std::move(news));
        }) {}
  std::optional<CardNews> take(CardNews::What what) {
    std::optional<CardNews> out;
    (void)QTest::qWaitFor([&] {
      const std::lock_guard lock(mutex);
      const auto found = std::find_if(all.begin(), all.end(), [&](const CardNews& one) { return one.what == what; });
      if (found == all.end()) return false;
      out = std::move(*found);
      all.erase(found);
      return true;
    }, 30'000);
    return out;
  }
  int count(CardNews::What what) {
    const std::lock_guard lock(mutex);
    return static_cast<int>(std::count_if(all.begin(), all.end(), [&](const CardNews& one) { return one.what == what; }));
  }
  std::mutex mutex;
  std::vector<CardNews> all;
  CardReader reader;
};

using What = CardNews::What;

}  // namespace

class CardReaderTest : public QObject {
  Q_OBJECT
 private slots:
  void init() { dir_ = std::make_unique<QTemporaryDir>(); }

  void aCardLaidOnTheReaderIsReadOnceUntilItIsLifted() {
    SimulatedSam sam(card());
    Pty pty([&](auto bytes) { return sam.answer(bytes); });
    Desk desk(pty.path, {"/bin/true"});
    QCOMPARE(desk.take(What::Line)->reason, std::string());
    lay(kCard);
    QTest::qWait(120);
    QCOMPARE(desk.count(What::Card), 0);  // nobody asked
    desk.reader.seek(true);
    const auto news = desk.take(What::Card);
    QVERIFY(news);
    QCOMPARE(news->card.number, std::string("11010519491231002X"));
    QCOMPARE(news->card.name, std::string("王小明"));
    QCOMPARE(news->photo, simulatedCardPhoto(3));
    QTest::qWait(200);
    QCOMPARE(desk.count(What::Card) + desk.count(What::Trouble), 0);
    lift();
    QTest::qWait(1500);  // nothing tells that the reader has looked
    lay(kCard);
    QVERIFY(desk.take(What::Card));
  }

  void withoutADecoderThePhotoIsNotHandedOver() {
    lay(kCard);
    Desk desk("simulated:" + card());
    desk.reader.seek(true);
    QVERIFY(desk.take(What::Card)->photo.empty());
  }

  void aReaderThatFindsALyingCardAgainMakesNoSecondPerson() {
    std::atomic<int> reads = 0;
    SamFrames requests;
    Pty pty([&](std::span<const std::uint8_t> bytes) {
      requests.feed(bytes);
      Bytes out;
      while (auto one = requests.next()) {
        Bytes body{0, 0, 0x90};
        if (**one == Bytes{0x30, 0x01}) {
          ++reads;
          body.insert(body.end(), {1, 0, 0, 0});
          const Bytes text = cardText({CardKind::Resident, "11010519491231002X", "王小明", "", std::chrono::year{2020} / 1 / 1, std::nullopt});
          body.insert(body.end(), text.begin(), text.end());
        }
        const Bytes frame = samFrame(body);
        out.insert(out.end(), frame.begin(), frame.end());
      }
      return out;
    });
    Desk desk(pty.path);
    desk.reader.seek(true);
    QVERIFY(desk.take(What::Card));
    QTRY_VERIFY_WITH_TIMEOUT(reads > 3, 30'000);
    QCOMPARE(desk.count(What::Card), 0);
  }

  void aReaderThatIsUnpluggedAndPluggedInAgainGoesOn() {
    SimulatedSam sam(card());
    const auto answer = [&](auto bytes) { return sam.answer(bytes); };
    auto pty = std::make_unique<Pty>(answer);
    const std::string link = dir_->filePath("reader").toStdString();
    QCOMPARE(::symlink(pty->path.c_str(), link.c_str()), 0);
    Desk desk(link + "@57600");
    desk.reader.seek(true);
    QCOMPARE(desk.take(What::Line)->reason, std::string());
    pty->unplug();
    QCOMPARE(desk.take(What::Line)->reason, std::string("card_reader_unplugged"));
    QCOMPARE(desk.count(What::Line), 0);
    pty = std::make_unique<Pty>(answer);
    ::unlink(link.c_str());
    QCOMPARE(::symlink(pty->path.c_str(), link.c_str()), 0);
    QCOMPARE(desk.take(What::Line)->reason, std::string());
    lay(kCard);
    QVERIFY(desk.take(What::Card));
  }

  void aReaderThatSaysNothingIsSaidToBeSilent() {
    Pty pty([](auto) { return Bytes(); });
    Desk desk(pty.path);
    QCOMPARE(desk.take(What::Line)->reason, std::string("card_reader_silent"));
  }

  void noiseOnTheLineIsLivedWith() {
    SimulatedSam sam(card());
    int answers = 0;
    Pty pty([&](auto bytes) {
      Bytes out = sam.answer(bytes);
      if (!out.empty() && ++answers % 4 == 0) out[out.size() / 2] ^= 0x40;
      out.insert(out.begin(), {0xAA, 0xAA, 0xAA, 0x96, 0x69, 0xFF, 0xFF, 0x00});
      return out;
    });
    lay(kCard);
    Desk desk(pty.path);
    desk.reader.seek(true);
    // Status, find and select are answered well, the card's content is not; the next time it is.
    QVERIFY(desk.take(What::Card));
    QCOMPARE(desk.take(What::Line)->reason, std::string());
    QCOMPARE(desk.count(What::Line), 0);
  }

  void aCardThatCannotBeReadIsToldOnce() {
    lay("no card at all");
    Desk desk("simulated:" + card());
    desk.reader.seek(true);
    QCOMPARE(desk.take(What::Trouble)->reason, std::string("card_moved"));
    QTest::qWait(150);
    QCOMPARE(desk.count(What::Trouble), 0);
    lift();
    QTest::qWait(1500);
    lay(R"({"number": "110105", "name": "短"})");
    QCOMPARE(desk.take(What::Trouble)->reason, std::string("card_unreadable"));
  }

  void whereAReaderIsHasToBeSaidRight() {
    QCOMPARE(parseCardLine("/dev/ttyUSB0")->baud, 115200);
    QCOMPARE(parseCardLine("/dev/ttyS1@9600")->baud, 9600);
    QVERIFY(parseCardLine("simulated:/tmp/card.json")->simulated);
    for (const char* wrong : {"", "ttyUSB0", "/dev/ttyS1@", "/dev/ttyS1@1200", "/dev/ttyS1@fast", "simulated:", "COM3"})
      QCOMPARE(parseCardLine(wrong).error().reason, std::string("bad_card_reader"));
    QCOMPARE(openCardLine({"/dev/no-such-reader"}).error().reason, std::string("card_reader_unplugged"));
    QCOMPARE(openCardLine({"/dev/null"}).error().reason, std::string("card_reader_unplugged"));
  }

  void thePhotoIsDecodedByTheSitesOwnProgram() {
    lay(kCard);
    Desk desk("simulated:" + card(), {INVIGIL_BIN_DIR "/invigil-simface", "--decode-card-photo"});
    desk.reader.seek(true);
    auto news = desk.take(What::Card);
    QVERIFY(news);
    desk.reader.decode(news->photo);
    const auto picture = desk.take(What::Photo);
    QCOMPARE(picture->reason, std::string());
    const auto frame = vision::decodeImage(picture->photo);
    QVERIFY(frame.has_value());
    QCOMPARE(frame->width, 102);
    QCOMPARE(frame->height, 126);
    desk.reader.decode(Bytes(kCardPhotoBytes));
    const auto none = desk.take(What::Photo);
    QCOMPARE(none->reason, std::string("card_decoder_failed"));
    QVERIFY(none->photo.empty());
  }

  void aDecoderIsBoundedInTimeAndSizeAndTouchesNothing() {
    const Bytes photo = simulatedCardPhoto(1);
    const SystemClock clock;
    const auto reasonOf = [&](const char* script, milliseconds limit = milliseconds{20'000}) {
      const milliseconds start = clock.monotonic();
      auto frame = decodeCardPhoto({"/bin/sh", "-c", script}, photo, limit);
      if (clock.monotonic() - start > limit + milliseconds{15'000}) return std::string("late");
      return frame ? std::string() : frame.error().reason;
    };
    QCOMPARE(decodeCardPhoto({}, photo).error().reason, std::string("card_decoder_missing"));
    QCOMPARE(decodeCardPhoto({"/no/such/decoder"}, photo).error().reason, std::string("card_decoder_missing"));
    QCOMPARE(reasonOf("exit 3"), std::string("card_decoder_failed"));
    QCOMPARE(reasonOf("sleep 60", milliseconds{300}), std::string("card_decoder_failed"));
    QCOMPARE(reasonOf("sleep 60 & exit 0", milliseconds{300}), std::string("card_decoder_failed"));  // it holds stdout open
    QCOMPARE(reasonOf("cat /dev/zero"), std::string("card_decoder_failed"));
    QCOMPARE(reasonOf("true"), std::string("bad_image"));
    QCOMPARE(reasonOf("cat"), std::string("bad_image"));
    // It gets all bytes and then the end, and an environment without anything of ours.
    qputenv("INVIGIL_SECRET", "x");
    QCOMPARE(reasonOf("[ $(wc -c) = 1024 ] && [ -z \"$INVIGIL_SECRET\" ] || exit 9"), std::string("bad_image"));
  }

  void onlyAPlainPictureIsTaken() {
    const auto face = drawFace({.identity = 2}, 102, 126);
    const auto png = encodePng(face);
    QVERIFY(png.has_value());
    QCOMPARE(readCardPicture(*png)->bgr, face.bgr);
    QCOMPARE(readCardPicture(*vision::encodeJpeg(face))->width, 102);
    const Bytes bmp = bitmap(face);
    QCOMPARE(bmp.size(), 38862U);
    QCOMPARE(readCardPicture(bmp)->bgr, face.bgr);
    for (std::size_t size = 0; size < bmp.size(); size += size < 100 ? 1 : 977) QVERIFY(!readCardPicture(std::span(bmp).first(size)));
    for (const auto& [at, value] : {std::pair{18, 0xFF}, {19, 0xFF}, {21, 0x80}, {22, 0x00}, {25, 0x7F}, {28, 8}, {30, 1}, {13, 0x7F}, {10, 0}}) {
      Bytes broken = bmp;
      broken[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>(value);
      QVERIFY2(!readCardPicture(broken), qPrintable(QString::number(at)));
    }
    QVERIFY(!readCardPicture(*encodePng(drawFace({.identity = 2}, 1200, 900))));
  }

 private:
  std::string card() const { return dir_->filePath("card.json").toStdString(); }
  void lay(const char* content) const { QVERIFY(writeFileDurably(card(), content)); }
  void lift() const { ::unlink(card().c_str()); }
  /// As the known decoders write it: bottom up, rows padded to four bytes.
  static Bytes bitmap(const vision::Frame& frame) {
    Bytes out(54);
    const auto put = [&](std::size_t at, std::uint32_t value, int bytes) {
      for (int i = 0; i < bytes; ++i) out[at + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(value >> (8 * i));
    };
    out[0] = 'B', out[1] = 'M';
    put(10, 54, 4), put(14, 40, 4), put(18, static_cast<std::uint32_t>(frame.width), 4), put(22, static_cast<std::uint32_t>(frame.height), 4);
    put(26, 1, 2), put(28, 24, 2);
    for (int y = frame.height - 1; y >= 0; --y) {
      const auto row = frame.bgr.begin() + static_cast<std::ptrdiff_t>(y) * frame.width * 3;
      out.insert(out.end(), row, row + frame.width * 3);
      while ((out.size() - 54) % 4 != 0) out.push_back(0);
    }
    return out;
  }
  std::unique_ptr<QTemporaryDir> dir_;
};

QTEST_GUILESS_MAIN(CardReaderTest)
#include "test_card_reader.moc"
