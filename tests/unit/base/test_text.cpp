// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <QTemporaryDir>
#include <QtTest>

#include "invigil/base/text.hpp"
#include "properties.hpp"

using namespace invigil;

class TextTest : public QObject {
  Q_OBJECT
 private slots:
  // RFC 4648 section 10.
  void base64OfRfc4648() {
    const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                           {"f", "Zg=="},
                                                           {"fo", "Zm8="},
                                                           {"foo", "Zm9v"},
                                                           {"foob", "Zm9vYg=="},
                                                           {"fooba", "Zm9vYmE="},
                                                           {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, coded] : vectors) {
      const Bytes bytes(plain.begin(), plain.end());
      QCOMPARE(toBase64(bytes), coded);
      QCOMPARE(*fromBase64(coded), bytes);
    }
  }

  void codePointsAreWrittenAndBytesThatAreNoneAreShown() {
    QCOMPARE(utf8Of(0x41) + utf8Of(0xE9) + utf8Of(0x4E00) + utf8Of(0x1F600), std::string("Aé一😀"));
    QCOMPARE(utf8Of(0xD800) + utf8Of(0x110000), std::string("\uFFFD\uFFFD"));
    QCOMPARE(wellFormed("一\xFF" "a\xE4\xB8"), std::string("一\uFFFDa\uFFFD\uFFFD"));
    test::checkProperty("wellFormed is well-formed and leaves text alone", [](const std::string& bytes) {
      RC_ASSERT(isUtf8(wellFormed(bytes)));
      RC_ASSERT(!isUtf8(bytes) || wellFormed(bytes) == bytes);
    });
  }

  void base64RefusesWhatIsNotCanonical() {
    for (const char* bad : {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm-_", "=Zg="})
      QVERIFY2(!fromBase64(bad), bad);
  }

  void hexAndBase64RoundTrip() {
    test::checkProperty("decode(encode(x)) == x", [](const Bytes& bytes) {
      RC_ASSERT(*fromHex(toHex(bytes)) == bytes);
      RC_ASSERT(*fromBase64(toBase64(bytes)) == bytes);
    });
    QVERIFY(!fromHex("abc"));
    QVERIFY(!fromHex("zz"));
    QCOMPARE(*fromHex("00fF"), (Bytes{0, 255}));
  }

  void utf8IsTheWellFormedKind() {
    for (const char* good : {"", "a", "\u00e9", "王小明", "\U0001F600", "\uFFFD", "\U0010FFFF"})
      QVERIFY2(isUtf8(good), good);
    for (const char* bad : {"\x80", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                            "\xF8\x88\x80\x80\x80", "\xE7\x8E", "a\xFF", "\xC3"})
      QVERIFY2(!isUtf8(bad), toHex(Bytes(bad, bad + std::strlen(bad))).c_str());
    QCOMPARE(codePoints("王小明a\U0001F600"), std::size_t{5});
  }

  void trimKnowsTheIdeographicSpace() {
    QCOMPARE(trim("\t \u3000\u00a0王 明\u3000\r\n"), std::string("王 明"));
    QCOMPARE(trim("\ufeff{}"), std::string("{}"));
    QCOMPARE(trim(" \u3000"), std::string());
  }

  void maskedNamesShowOneCharacter() {
    QCOMPARE(maskName("王小明"), std::string("王**"));
    QCOMPARE(maskName("李"), std::string("李*"));
    QCOMPARE(maskName("Ann"), std::string("A**"));
    QVERIFY(!maskName("").empty());
  }

  void filesAreReplacedWhole() {
    QTemporaryDir folder;
    const std::string path = folder.filePath("key").toStdString();
    QVERIFY(writeFileDurably(path, "one", 0600).has_value());
    QVERIFY(writeFileDurably(path, "two", 0600).has_value());
    QCOMPARE(*readFile(path, 10), std::string("two"));
    struct stat info {};
    QCOMPARE(::stat(path.c_str(), &info), 0);
    QCOMPARE(info.st_mode & 0777u, 0600u);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1);
  }

  void fileErrorsSayWhy() {
    QTemporaryDir folder;
    const std::string path = folder.filePath("big").toStdString();
    QVERIFY(writeFileDurably(path, "12345").has_value());
    QCOMPARE(readFile(path, 5)->size(), std::size_t{5});
    QCOMPARE(readFile(path, 4).error().reason, std::string("file_too_large"));
    QCOMPARE(readFile(path + "x", 4).error().reason, std::string("no_such_file"));
    QCOMPARE(writeFileDurably(folder.filePath("no/where").toStdString(), "x").error().reason,
             std::string("cannot_write"));
  }
};

QTEST_APPLESS_MAIN(TextTest)
#include "test_text.moc"
