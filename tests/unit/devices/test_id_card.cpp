// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "invigil/devices/id_card.hpp"
#include "invigil/devices/sam.hpp"
#include "invigil/devices/simulated_sam.hpp"
#include "properties.hpp"

using namespace invigil;
using namespace invigil::devices;
using namespace std::chrono;

namespace {

IdCard resident() { return {CardKind::Resident, "11010519491231002X", "王小明", "", 2020y / 1 / 1, std::nullopt}; }

Bytes readReply(const IdCard& card) {
  Bytes body{0, 0, 0x90, 1, 0, 4, 0};
  const Bytes text = cardText(card), photo = simulatedCardPhoto(3);
  body.insert(body.end(), text.begin(), text.end());
  body.insert(body.end(), photo.begin(), photo.end());
  return samFrame(body);
}

/// The bodies in `bytes`, and how many errors lay between them.
std::pair<std::vector<Bytes>, int> bodiesIn(std::span<const std::uint8_t> bytes, std::size_t chunk = 1'000'000) {
  SamFrames frames;
  std::pair<std::vector<Bytes>, int> out;
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(chunk, bytes.size()));
    bytes = bytes.subspan(part.size());
    frames.feed(part);
    while (auto one = frames.next()) {
      if (*one) out.first.push_back(**one);
      else ++out.second;
    }
  }
  return out;
}

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

class IdCardTest : public QObject {
  Q_OBJECT
 private slots:
  void requestsAreThoseOfTheStandard() {
    const std::pair<SamCommand, const char*> wanted[] = {{SamCommand::Reset, "aaaaaa9669000310ffec"},
                                                         {SamCommand::Status, "aaaaaa9669000311ffed"},
                                                         {SamCommand::FindCard, "aaaaaa96690003200122"},
                                                         {SamCommand::SelectCard, "aaaaaa96690003200221"},
                                                         {SamCommand::ReadTextAndPhoto, "aaaaaa96690003300132"}};
    for (const auto& [command, hex] : wanted) QCOMPARE(toHex(samRequest(command)), std::string(hex));
  }

  void answersAreUnderstood() {
    const auto found = bodiesIn(*fromHex("aaaaaa9669000800009f0000000097"));
    QCOMPARE(found.first.size(), 1U);
    QCOMPARE(samReply(found.first[0])->code, 0x9F);
    QCOMPARE(samReply(bodiesIn(*fromHex("aaaaaa9669000c00009000000000000000009c")).first.at(0))->data.size(), 8U);
    const Bytes whole = readReply(resident());
    QCOMPARE(whole.size(), 1295U);
    QCOMPARE(toHex(std::span(whole).first(14)), std::string("aaaaaa9669050800009001000400"));
    QCOMPARE(samReply(Bytes{0, 0}).error().reason, std::string("card_line_garbled"));
  }

  void everyCodeHasItsReason() {
    const std::pair<int, const char*> wanted[] = {
        {0x10, "card_line_garbled"}, {0x11, "card_line_garbled"}, {0x21, "card_reader_unsupported"}, {0x24, "card_reader_unsupported"},
        {0x31, "card_refused"},      {0x32, "card_refused"},      {0x33, "card_refused"},            {0x40, "card_refused"},
        {0x41, "card_moved"},        {0x47, "card_moved"},        {0x60, "card_reader_broken"},      {0x66, "card_reader_not_authorised"},
        {0x80, "no_card"},           {0x81, "card_moved"},        {0x91, "card_item_empty"},         {0x77, "card_reader_fault"}};
    for (const auto& [code, reason] : wanted) QCOMPARE(samStatus(static_cast<std::uint8_t>(code)).error().reason, std::string(reason));
    QVERIFY(samStatus(0x90) && samStatus(0x9F));
  }

  void aFrameIsFoundByteForByteAndInEveryPrefixNotYet() {
    const Bytes whole = readReply(resident());
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto [bodies, errors] = bodiesIn(std::span(whole).first(size));
      QVERIFY(bodies.empty() && errors == 0);
    }
    QCOMPARE(bodiesIn(whole, 1).first.size(), 1U);
    QCOMPARE(bodiesIn(whole, 7).first.size(), 1U);
  }

  void whatLiesBetweenFramesIsSkipped() {
    const Bytes one = samRequest(SamCommand::FindCard), two = readReply(resident());
    QCOMPARE(bodiesIn(one + two).first.size(), 2U);
    // Also when it looks like the beginning of one, or like one that is much too long.
    for (const char* hex : {"00", "aa", "aaaa", "aaaaaa", "aaaaaa96", "aaaaaa966a", "aaaaaa9669ffff", "aaaaaa96690000", "aaaaaa9669000220"})
      QCOMPARE(bodiesIn(*fromHex(hex) + one + *fromHex(hex) + two, 3).first.size(), 2U);
    Bytes longer = one;
    longer[6] = 40;  // swallows the next ones until its checksum is seen to be wrong
    const auto [bodies, errors] = bodiesIn(longer + one + one + one + one + one);
    QCOMPARE(bodies.size(), 5U);
    QVERIFY(errors >= 1);
  }

  void oneWrongBitIsNeverAFrame() {
    const Bytes whole = readReply(resident());
    for (std::size_t bit = 0; bit < whole.size() * 8; bit += 5) {
      Bytes broken = whole;
      broken[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
      QVERIFY(bodiesIn(broken).first.empty());
    }
  }

  void anyBytesAreTakenAndAFrameBehindThemIsFound() {
    test::checkProperty("random bytes neither crash nor hold a frame back for longer than one frame", [](const Bytes& garbage, std::size_t chunk) {
      // Whatever length the garbage claims, a frame's worth of further bytes ends it.
      Bytes all = garbage;
      const Bytes one = samRequest(SamCommand::FindCard);
      for (std::size_t size = 0; size < kSamBodyMax + 40; size += one.size()) all = all + one;
      const auto [bodies, errors] = bodiesIn(all, chunk % 64 + 1);
      RC_ASSERT(!bodies.empty());
      RC_ASSERT(bodies.back() == (Bytes{0x20, 0x01}));
    });
    test::checkProperty("a text block of random bytes is read or refused", [](Bytes text, bool whole) {
      if (whole) text.resize(kCardTextBytes, 0x20);
      const auto card = readCardText(text);
      if (card) RC_ASSERT(isUtf8(card->name) && isUtf8(card->name_latin));
      else RC_ASSERT(card.error().reason == "card_unreadable" || card.error().reason == "card_unknown");
      const auto split = splitCard(text);
      RC_ASSERT(split || split.error().reason == "card_unreadable");
    });
    test::checkProperty("a card with a random field is read or refused", [](const Bytes& noise, std::uint8_t at) {
      Bytes text = cardText(resident());
      for (std::size_t i = 0; i < noise.size() && at + i < text.size(); ++i) text[at + i] = noise[i];
      const auto card = readCardText(text);
      RC_ASSERT(!card || card->number.size() == 18 || card->number.size() == 15);
    });
  }

  void theTypeLetterSaysWhereTheFieldsAre() {
    const IdCard cards[] = {
        resident(),
        {CardKind::HmtResidence, "810000199408230021", "陈大文", "", 2021y / 5 / 6, 2031y / 5 / 6},
        {CardKind::Foreigner2017, "USA110000000001", "史密斯", "SMITH, JOHN ALBERT", 2018y / 2 / 3, 2028y / 2 / 3},
        {CardKind::Foreigner2023, "911840199001010006", "", "VAN DER BERG MARIA ELISABETH JOHANNA WILHELMINA", 2024y / 1 / 2, 2034y / 1 / 2}};
    const char* types[] = {"resident_id", "hmt_residence", "permanent_resident", "permanent_resident"};
    for (std::size_t i = 0; i < std::size(cards); ++i) {
      const auto read = readCardText(cardText(cards[i]));
      QVERIFY(read.has_value());
      QCOMPARE(read->kind, cards[i].kind);
      QCOMPARE(idTypeOf(read->kind), std::string_view(types[i]));
      QCOMPARE(read->number, cards[i].number);
      QCOMPARE(read->name, cards[i].name);
      QCOMPARE(read->name_latin, cards[i].kind == CardKind::Foreigner2023 ? cards[i].name_latin.substr(0, 46) : cards[i].name_latin);
      QVERIFY(read->valid_from == cards[i].valid_from && read->valid_until == cards[i].valid_until);
    }
    Bytes unknown = cardText(resident());
    unknown[248] = 'Q';
    QCOMPARE(readCardText(unknown).error().reason, std::string("card_unknown"));
  }

  void aNameKeepsItsSpacesAndItsRareCharacters() {
    IdCard card = resident();
    card.name = "𠮷 𡿨娜 古丽";
    QCOMPARE(readCardText(cardText(card))->name, card.name);
    // The 35th character of a long Latin name is a space: the block is cut there, the name is not.
    card = {CardKind::Foreigner2023, "911840199001010006", "", std::string(34, 'A') + " B", 2024y / 1 / 2, 2034y / 1 / 2};
    QCOMPARE(readCardText(cardText(card))->name_latin, card.name_latin);
    Bytes half = cardText(resident());
    half[2] = 0x00, half[3] = 0xD8;  // a high surrogate that nothing follows
    QCOMPARE(readCardText(half)->name, std::string("王\uFFFD明"));
    half[2] = 0x00, half[3] = 0xDC;
    QCOMPARE(readCardText(half)->name, std::string("王\uFFFD明"));
  }

  void aSmallXIsAnXAndAWrongNumberIsNone() {
    IdCard card = resident();
    card.number = "11010519491231002x";
    QCOMPARE(readCardText(cardText(card))->number, resident().number);
    for (const char* wrong : {"", "1101051949123100", "1101051949123 002X", "11010519491231002一"}) {
      card.number = wrong;
      QCOMPARE(readCardText(cardText(card)).error().reason, std::string("card_unreadable"));
    }
  }

  void datesAreRealOnes() {
    for (const char* wrong : {"20230229", "2023022", "2023 228", "        ", "长  期"}) {
      Bytes text = cardText(resident());
      for (std::size_t i = 0; i < 8; ++i) text[204 + 2 * i] = static_cast<std::uint8_t>(i < std::strlen(wrong) ? wrong[i] : ' '), text[205 + 2 * i] = 0;
      QCOMPARE(readCardText(text).error().reason, std::string("card_unreadable"));
    }
  }

  void aCardIsValidToItsLastDay() {
    IdCard card = resident();
    QVERIFY(validity(card, 2199y / 1 / 1) == CardValidity::Valid);
    card.valid_until = 2026y / 11 / 26;
    QVERIFY(validity(card, 2026y / 11 / 26) == CardValidity::Valid);
    QVERIFY(validity(card, 2026y / 11 / 27) == CardValidity::Expired);
    QVERIFY(validity(card, 2019y / 12 / 31) == CardValidity::NotYet);
  }

  void lengthsOfTextAndPhotoHaveToFit() {
    Bytes data{1, 0, 4, 0};
    data.resize(4 + 256 + 1024);
    QCOMPARE(splitCard(data)->photo.size(), 1024U);
    for (std::size_t size = 0; size < data.size(); ++size) QVERIFY(!splitCard(std::span(data).first(size)));
    QVERIFY(!splitCard(data + Bytes{0}));
    Bytes alone{1, 0, 0, 0};
    alone.resize(4 + 256);
    QVERIFY(splitCard(alone)->photo.empty());
  }
};

QTEST_GUILESS_MAIN(IdCardTest)
#include "test_id_card.moc"
