// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <QtTest>

#include <nlohmann/json.hpp>

#include "invigil/assembly/batch.hpp"
#include "invigil/assembly/paper.hpp"

using namespace invigil;
using namespace invigil::assembly;

namespace {

Files sealed(int papers, std::uint8_t first = 1) {
  Problem problem{"small", {}, {{"length", 4, 4, false, -1, {}}}};
  for (int i = 0; i < 20; ++i) {
    problem.items.push_back({"q" + std::to_string(i), std::string(64, 'a'), 0, 4, 0, 0});
    problem.rules[0].items.push_back(i);
  }
  Seed seed{};
  seed[0] = first;
  return assembleBatch(problem, "b" + std::to_string(papers), papers, seed, "").value();
}

std::string line(const Files& files, int slot) {
  std::string text = files.at("papers.jsonl");
  for (int i = 0; i < slot; ++i) text = text.substr(text.find('\n') + 1);
  return text.substr(0, text.find('\n'));
}

}  // namespace

class SealedPaperTest : public QObject {
  Q_OBJECT
 private slots:
  void everyPaperOfEverySizeOfBatchProvesItself() {
    for (int papers : {1, 2, 3, 7, 8, 13, 33}) {
      const Files files = sealed(papers);
      const auto read = parsePapers(files.at("papers.jsonl")).value();
      QCOMPARE(read.size(), static_cast<std::size_t>(papers));
      for (int slot = 0; slot < papers; ++slot) {
        QCOMPARE(writePaper(read[static_cast<std::size_t>(slot)]), line(files, slot));
        const auto proof = paperProof(files.at("seal.json"), line(files, slot));
        QVERIFY2(proof.has_value(), proof ? "" : proof.error().detail.c_str());
        const auto checked = checkPaperProof(*proof, files.at("seal.json"));
        QVERIFY(checked);
        QVERIFY(checked->paper == read[static_cast<std::size_t>(slot)]);
        QCOMPARE(checked->papers, papers);
      }
    }
  }

  void aChangedPaperPathSlotOrRootIsNotSealed() {
    const Files files = sealed(13);
    const auto good = nlohmann::json::parse(paperProof(files.at("seal.json"), line(files, 5)).value());
    const auto reasonOf = [](const nlohmann::json& proof) {
      const auto checked = checkPaperProof(proof.dump(), "");
      return QString::fromStdString(checked ? "sealed" : checked.error().reason);
    };
    QCOMPARE(reasonOf(good), QStringLiteral("sealed"));
    auto changed = good;
    changed["paper"]["slot"] = 6;
    QCOMPARE(reasonOf(changed), QStringLiteral("paper_not_sealed"));
    changed = good;
    std::string items = changed["paper"]["items"];
    const auto space = items.find(' ');
    changed["paper"]["items"] = items.substr(space + 1) + " " + items.substr(0, space);
    QCOMPARE(reasonOf(changed), QStringLiteral("paper_not_sealed"));
    changed = good;
    changed["path"].erase(0);
    QCOMPARE(reasonOf(changed), QStringLiteral("paper_not_sealed"));
    changed = good;
    changed["path"].push_back(std::string(64, '0'));
    QCOMPARE(reasonOf(changed), QStringLiteral("paper_not_sealed"));
    changed = good;
    changed["papers_root"] = std::string(64, '0');
    QCOMPARE(reasonOf(changed), QStringLiteral("paper_not_sealed"));
    changed = good;
    changed.erase("path");
    QCOMPARE(reasonOf(changed), QStringLiteral("bad_proof"));
  }

  void aProofOfAnotherSealIsNamed() {
    const Files one = sealed(8, 1), two = sealed(8, 2);
    const std::string proof = paperProof(one.at("seal.json"), line(one, 3)).value();
    QCOMPARE(QString::fromStdString(checkPaperProof(proof, two.at("seal.json")).error().reason), QStringLiteral("other_seal"));
    QCOMPARE(QString::fromStdString(paperProof(two.at("seal.json"), line(one, 3)).error().reason), QStringLiteral("paper_not_sealed"));
  }

  void rubbishIsNoPaper() {
    for (const char* text : {"", "{}", "[]", R"({"slot":0,"salt":"x","items":"a","options":""})",
                             R"({"slot":0,"salt":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","items":"a a","options":";"})",
                             R"({"slot":0,"salt":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","items":"a","options":"0,0"})"})
      QCOMPARE(QString::fromStdString(parsePaper(text).error().reason), QStringLiteral("bad_paper"));
  }

  void aMakeUpTakesThePaperThatSharesLeast() {
    QCOMPARE(leastShared({{"a", "b", "c"}, {"a", "x", "y"}, {"z", "b", "w"}, {"b", "a", "c"}}, {"a", "b", "c", "y"}), std::size_t{2});
    QCOMPARE(leastShared({{"a"}, {"b"}}, {}), std::size_t{0});
    QCOMPARE(leastShared({}, {"a"}), std::size_t{0});
  }
};

QTEST_APPLESS_MAIN(SealedPaperTest)
#include "test_sealed_paper.moc"
