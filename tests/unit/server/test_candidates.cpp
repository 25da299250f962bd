// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "hall.hpp"
#include "registration/csv.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

constexpr const char* kHeader = "name,id_type,id_number,phone,blueprint_id,training_done\r\n";

Json candidate(const std::string& name, const std::string& number, const std::string& blueprint = Hall::kElectrician) {
  return {{"name", name},           {"id_type", "resident_id"},  {"id_number", number},
          {"phone", "13812345678"}, {"blueprint_id", blueprint}, {"training_done", true}};
}

/// Everybody has sat the exam and its make-up, and failed.
void useUp(Hall& hall) {
  if (!hall.write<void>([](Tx& tx) -> Status { tx.exec("update eligibility set attempts_used = attempts_max"); return {}; })) qFatal("store failed");
}

/// A resident number with a right check digit.
std::string residentNumber(int sequence, const char* born = "19900101") {
  char text[20];
  std::snprintf(text, sizeof text, "%06d%s%03d", 440300 + sequence / 1000, born, sequence % 1000);
  static constexpr int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (int i = 0; i < 17; ++i) sum += (text[i] - '0') * weights[i];
  return std::string(text) + "10X98765432"[sum % 11];
}

}  // namespace

class CandidatesTest : public QObject {
  Q_OBJECT

  Result<Reply> import(Hall& hall, const std::string& csv, bool dry_run = false, bool renew = false) {
    Json body{{"csv", csv}, {"dry_run", dry_run}};
    if (renew) body["renew"] = true;
    return hall.post("/admin/candidates/import", body, hall.admin);
  }

 private slots:
  void csvIsReadAsTheStandardSays() {
    const auto rows = parseCsv("\ufeffa,b\r\n\"x, \"\"y\"\"\r\nz\",\r\n\r\nlast,\"q\"");
    QVERIFY(rows.has_value());
    QCOMPARE(rows->size(), std::size_t{3});
    QCOMPARE((*rows)[0].fields[0], std::string("a"));
    QCOMPARE((*rows)[1].fields, (std::vector<std::string>{"x, \"y\"\r\nz", ""}));
    QCOMPARE((*rows)[2].fields, (std::vector<std::string>{"last", "q"}));
    QCOMPARE((*rows)[2].number, 4);
    QCOMPARE(parseCsv("").value().size(), std::size_t{0});
    for (const char* wrong : {"a\n\"b", "a\n\"b\"c"}) {
      QCOMPARE(reason(parseCsv(wrong)), std::string("csv_quotes"));
      QCOMPARE(parseCsv(wrong).error().where, std::string("row 2"));
    }
    QCOMPARE(reason(parseCsv("\xd0\xd5\xc3\xfb,a")), std::string("csv_encoding"));
    QCOMPARE(reason(parseCsv("\ufffd\ufffd,a")), std::string("csv_encoding"));
    QCOMPARE(reason(parseCsv(std::string_view("a\0b\0", 4))), std::string("csv_encoding"));
  }

  void oneDocumentIsOnePerson() {
    Hall hall;
    const auto first = hall.post("/admin/candidates", candidate("王小明", "440308199901101512"), hall.admin);
    QCOMPARE(first->body.at("id_masked"), "440*************12");
    QCOMPARE(first->body.at("phone_masked"), "138****5678");
    QCOMPARE(reason(hall.post("/admin/candidates", candidate("王小明", "440308199901101512"), hall.admin)),
             std::string("already_eligible"));
    QCOMPARE(reason(hall.post("/admin/candidates", candidate("王大明", "440308199901101512", "principal"), hall.admin)),
             std::string("other_name"));
    const auto second =
        hall.post("/admin/candidates", candidate("王小明", "440308199901101512", "principal"), hall.admin);
    QCOMPARE(second->body.at("id"), first->body.at("id"));
    QCOMPARE(second->body.at("eligibilities").size(), std::size_t{2});
    QCOMPARE(reason(hall.post("/admin/candidates", candidate("李红", "11010519491231002X", "astronaut"), hall.admin)),
             std::string("no_such_blueprint"));
    QCOMPARE(hall.count("select count(*) from candidate"), std::int64_t{1});
    QCOMPARE(hall.count("select count(*) from audit where actor = 'admin-1'"), std::int64_t{3});
    QCOMPARE(hall.count("select count(*) from audit where detail like '%4403%' or detail like '%王%'"),
             std::int64_t{0});
  }

  void aNewGrantFollowsAUsedUpOneWhereSomebodySaysSo() {
    Hall hall;
    Json typed = candidate("王小明", "440308199901101512");
    QVERIFY(hall.post("/admin/candidates", typed, hall.admin).has_value());
    useUp(hall);
    hall.clock->advance(minutes{1});
    QCOMPARE(reason(hall.post("/admin/candidates", typed, hall.admin)), std::string("grant_used_up"));
    QCOMPARE(hall.count("select count(*) from eligibility"), std::int64_t{1});
    typed["renew"] = true;
    const auto again = hall.post("/admin/candidates", typed, hall.admin);
    QCOMPARE(again->body.at("eligibilities").size(), std::size_t{2});
    QCOMPARE(again->body.at("eligibilities")[1].at("state"), "open");
    QCOMPARE(reason(hall.post("/admin/candidates", typed, hall.admin)), std::string("already_eligible"));
    QCOMPARE(hall.count("select count(*) from audit where action = 'eligibility.renew'"), std::int64_t{1});
  }

  void theSameListOnceMoreGivesNobodyNewAttempts() {
    Hall hall;
    const std::string list = std::string(kHeader) + "王小明,resident_id,440308199901101512,13812345678,special-operations-low-voltage,yes\n" +
                             "Anna Schmidt,passport,C01X00T47,13812345678,manager,no\n";
    QCOMPARE(import(hall, list)->body.at("imported").get<int>(), 2);
    useUp(hall);
    hall.clock->advance(minutes{1});
    const char* kGranted = "select count(*) * 100 + sum(attempts_max - attempts_used) from eligibility";
    for (const bool dry_run : {true, false}) {
      const Json told = import(hall, list, dry_run)->body;
      QCOMPARE(told.at("imported").get<int>(), 0);
      QCOMPARE(told.at("refused").size(), std::size_t{2});
      for (const Json& row : told.at("refused")) QVERIFY(row.at("reason").get<std::string>().find("重新授予资格") != std::string::npos);
      QCOMPARE(hall.count(kGranted), std::int64_t{200});
    }
    // By its date it is over as well, and that is said.
    QVERIFY(hall.write<void>([](Tx& tx) -> Status { tx.exec("update eligibility set attempts_used = 1, expires_ms = 1 where blueprint_id = 'manager'"); return {}; }));
    const Json told = import(hall, list)->body;
    QVERIFY(told.at("refused")[1].at("reason").get<std::string>().find("已到期") != std::string::npos);
    // Meant so: once each, however often the list is sent.
    QCOMPARE(import(hall, list, true, true)->body.at("imported").get<int>(), 2);
    QCOMPARE(import(hall, list, false, true)->body.at("imported").get<int>(), 2);
    QCOMPARE(import(hall, list, false, true)->body.at("imported").get<int>(), 0);
    QCOMPARE(hall.count("select count(*) from eligibility"), std::int64_t{4});
    QCOMPARE(hall.count("select count(*) from eligibility where attempts_used = 0 and training_done = 1"), std::int64_t{1});
  }

  void onItsLastDayAGrantIsStillInForce() {
    Hall hall;
    const std::string row = std::string(kHeader) + "王小明,resident_id,440308199901101512,13812345678,special-operations-low-voltage,yes\n";
    QCOMPARE(import(hall, row)->body.at("imported").get<int>(), 1);
    const auto why = [&] { return import(hall, row)->body.at("refused")[0].at("reason").get<std::string>(); };
    // Stored with a minute of the day, as before the whole day counted: that minute is past.
    if (!hall.write<void>([](Tx& tx) -> Status { tx.exec("update eligibility set expires_ms = :a", toMillis(shanghai(3, 2, 0, 1))); return {}; })) qFatal("store failed");
    QVERIFY(why().find("已有") != std::string::npos);
    hall.clock->set(shanghai(3, 3, 0));
    QVERIFY(why().find("已到期") != std::string::npos);
  }

  void aRefusedRowLeavesTheTelephoneNumberAsItIs() {
    Hall hall;
    QCOMPARE(import(hall, std::string(kHeader) + "王小明,resident_id,440308199901101512,13812345678,special-operations-low-voltage,yes\n")->body.at("imported").get<int>(), 1);
    useUp(hall);
    hall.clock->advance(minutes{1});
    const Json told = import(hall, std::string(kHeader) + "王小明,resident_id,440308199901101512,13900000001,special-operations-low-voltage,yes\n" +
                                       "王大明,resident_id,440308199901101512,13900000001,manager,yes\n")->body;
    QCOMPARE(told.at("refused").size(), std::size_t{2});
    QCOMPARE(told.at("warnings").size(), std::size_t{0});
    QCOMPARE(hall.count("select count(*) from candidate where phone = '13812345678'"), std::int64_t{1});
    QCOMPARE(hall.count("select count(*) from audit where action = 'candidate.phone'"), std::int64_t{0});
  }

  /// There is no other way to correct it, so it is news by itself, as the training is.
  void aLaterListMayCorrectTheTelephoneNumberAndTheTrySaysSo() {
    Hall hall;
    const auto row = [](const char* phone) { return std::string(kHeader) + "Anna Schmidt,passport,C01X00T47," + phone + ",manager,yes\n"; };
    QCOMPARE(import(hall, row("13812345678"))->body.at("imported").get<int>(), 1);
    const auto dry = import(hall, row("13900004321"), true);
    QCOMPARE(dry->body.at("imported").get<int>(), 1);
    QCOMPARE(dry->body.at("warnings").size(), std::size_t{1});
    const std::string warning = dry->body.at("warnings")[0];
    QVERIFY2(warning.find("手机号改为 139****4321") != std::string::npos && warning.find("becomes 139****4321") != std::string::npos, warning.c_str());
    QVERIFY(warning.find("C01X00T47") == std::string::npos);
    QCOMPARE(hall.count("select count(*) from candidate where phone = '13812345678'"), std::int64_t{1});
    Json done = import(hall, row("13900004321"))->body;
    done["dry_run"] = true;
    QCOMPARE(done, dry->body);
    QCOMPARE(hall.count("select count(*) from candidate where phone = '13900004321'"), std::int64_t{1});
    const Json again = import(hall, row("13900004321"))->body;
    QCOMPARE(again.at("imported").get<int>(), 0);
    QCOMPARE(again.at("warnings").size(), std::size_t{0});
    QCOMPARE(hall.count("select count(*) from audit where action = 'candidate.phone'"), std::int64_t{1});
    QCOMPARE(hall.count("select count(*) from eligibility"), std::int64_t{1});

    Json typed = candidate("Anna Schmidt", "C01X00T47", "manager");
    typed["id_type"] = "passport";
    const Json changed = hall.post("/admin/candidates", typed, hall.admin)->body;
    QCOMPARE(changed.at("phone_masked"), "138****5678");
    QCOMPARE(changed.at("phone_changed"), true);
    typed["blueprint_id"] = "principal";
    QVERIFY(!hall.post("/admin/candidates", typed, hall.admin)->body.contains("phone_changed"));
    QCOMPARE(reason(hall.post("/admin/candidates", typed, hall.admin)), std::string("already_eligible"));
  }

  void twoNumbersOfOnePersonAreToldAndNeverChangeInTurn() {
    Hall hall;
    const std::string list = std::string(kHeader) + "王小明,resident_id,440308199901101512,13812345678,special-operations-low-voltage,yes\n" +
                             "王小明,resident_id,440308199901101512,13900000001,manager,yes\n";
    const auto phones = [&] { return hall.count("select count(*) from candidate where phone = '13812345678'"); };
    const Json dry = import(hall, list, true)->body;
    Json done = import(hall, list)->body;
    done["dry_run"] = true;
    QCOMPARE(done, dry);
    QCOMPARE(done.at("imported").get<int>(), 2);  // both exams
    for (int i = 0; i < 3; ++i) {
      QCOMPARE(phones(), std::int64_t{1});
      QCOMPARE(done.at("warnings").size(), std::size_t{1});
      const std::string warning = done.at("warnings")[0];
      QVERIFY2(warning.find("第 3 行") != std::string::npos && warning.find("第 2 行") != std::string::npos, warning.c_str());
      QVERIFY2(warning.find("Row 3") != std::string::npos && warning.find("row 2") != std::string::npos, warning.c_str());
      QVERIFY(warning.find("13900000001") == std::string::npos);
      done = import(hall, list)->body;
      QCOMPARE(done.at("refused").size(), std::size_t{2});
    }
    QCOMPARE(hall.count("select count(*) from audit where action = 'candidate.phone'"), std::int64_t{0});
  }

  void aRowThatIsRefusedSilencesNoLaterOne() {
    Hall hall;
    QCOMPARE(import(hall, std::string(kHeader) + "王小明,resident_id,440308199901101512,13812345678,special-operations-low-voltage,yes\n")->body.at("imported").get<int>(), 1);
    const std::string list = std::string(kHeader) + "王小明,resident_id,440308199901101512,13800000009,astronaut,yes\n" +
                             "王小明,resident_id,440308199901101512,13900004321,manager,yes\n";
    const Json dry = import(hall, list, true)->body;
    Json done = import(hall, list)->body;
    done["dry_run"] = true;
    QCOMPARE(done, dry);
    QCOMPARE(done.at("refused").size(), std::size_t{1});
    QCOMPARE(done.at("warnings").size(), std::size_t{1});
    QVERIFY(done.at("warnings")[0].get<std::string>().find("手机号改为 139****4321") != std::string::npos);
    QCOMPARE(hall.count("select count(*) from candidate where phone = '13900004321'"), std::int64_t{1});
  }

  void nothingIsGrantedAnewWhileTheLastAttemptRuns() {
    Hall hall;
    const auto person = hall.addPerson("王小明", "440308199901101512");
    const std::string site = hall.addSite("Asia/Shanghai", everyDay(0, 1440));
    hall.addSeat(site, "A01");
    QVERIFY(hall.reserve(person, site, shanghai(3, 2, 10)).has_value());
    useUp(hall);
    Json typed = candidate("王小明", "440308199901101512");
    typed["renew"] = true;
    const auto reservation = [&](const char* state) {
      if (!hall.write<void>([&](Tx& tx) -> Status { tx.exec("update reservation set state = :a", std::string(state)); return {}; })) qFatal("store failed");
    };
    for (const char* state : {"booked", "admitted", "sitting"}) {
      reservation(state);
      QCOMPARE(reason(hall.post("/admin/candidates", typed, hall.admin)), std::string("already_eligible"));
    }
    reservation("finished");
    hall.clock->advance(minutes{1});
    QVERIFY(hall.post("/admin/candidates", typed, hall.admin).has_value());
    QCOMPARE(hall.count("select count(*) from eligibility"), std::int64_t{2});
  }

  void specialOperationsNeedEighteenYears() {
    Hall hall;  // the day is 2 March 2026
    QCOMPARE(reason(hall.post("/admin/candidates", candidate("王小明", residentNumber(1, "20080303")), hall.admin)),
             std::string("under_age"));
    QVERIFY(hall.post("/admin/candidates", candidate("李红", residentNumber(2, "20080302")), hall.admin).has_value());
    QVERIFY(hall.post("/admin/candidates", candidate("王小明", residentNumber(1, "20080303"), "principal"), hall.admin)
                .has_value());
  }

  void aBirthdayBeginsAtMidnightInChina() {
    Hall hall;
    hall.clock->set(shanghai(3, 2, 0, 30));  // still the first of March in UTC
    QVERIFY(hall.post("/admin/candidates", candidate("李红", residentNumber(2, "20080302")), hall.admin).has_value());
  }

  void aRowWithWordsForANumberStillGetsItsReport() {
    Hall hall;
    const auto done = import(hall, "姓名,证件类型,证件号码,手机号,考试,培训完成\n王小明,,没带证件,13812345678,principal,是\n");
    QVERIFY(done.has_value());
    QCOMPARE(done->body.at("refused").size(), std::size_t{1});
    QVERIFY(!done->body.dump().empty());  // dump() throws at half a character
  }

  void theListIsSearchedByNameAndByTheEndOfTheNumber() {
    Hall hall;
    hall.addPerson("王小明", residentNumber(1));
    hall.addPerson("李_红", residentNumber(2));
    const auto total = [&](const std::string& q) { return hall.post("/admin/candidates/search", {{"q", q}}, hall.admin)->body.at("total").get<int>(); };
    QCOMPARE(total(""), 2);
    QCOMPARE(total("小"), 1);
    QCOMPARE(total("_"), 1);
    const std::string number = residentNumber(1);
    for (const std::size_t end : {4u, 6u}) QCOMPARE(total(" " + number.substr(number.size() - end)), 1);
    QCOMPARE(total(number.substr(number.size() - 3)), 0);  // would find one in a thousand
    QCOMPARE(total(number.substr(0, 6)), 0);
    QCOMPARE(hall.post("/admin/candidates/search", {{"q", ""}, {"limit", 1}}, hall.admin)->body.at("candidates").size(), std::size_t{1});
    // A name in a URL would stand in every log on the way.
    for (const Route& route : hall.routes) QVERIFY(route.path != "/api/v1/admin/candidates" || route.verb == Verb::Post);
  }

  void theEndOfANumberMayBeALetterOfEitherCase() {
    Hall hall;
    hall.addPerson("王小明", "11010519491231002X");
    for (const char* q : {"002X", "002x"}) QCOMPARE(hall.post("/admin/candidates/search", {{"q", q}}, hall.admin)->body.at("total").get<int>(), 1);
  }

  void aListWithMistakesImportsTheRestAndNamesTheRows() {
    Hall hall;
    const std::string csv = std::string("\ufeff姓名,证件类型,证件号码,手机号,考试,培训完成\r\n") +
                            "王小明,居民身份证,440308199901101512,13812345678,special-operations-low-voltage,是\r\n" +
                            "李红,,11010519491231002x,138 1234 5679,低压电工作业,否\r\n" +
                            "赵一,居民身份证,440308199901101513,13812345678,special-operations-low-voltage,是\r\n" +
                            "\r\n" + "钱二,护照,E12345678,1381,special-operations-low-voltage,是\r\n" +
                            "孙三,护照,E12345679,13812345678,潜水,是\r\n" +
                            "周四,军官证,1234567,13812345678,principal,是\r\n" +
                            "吴五,护照,E12345670,13812345678,principal,也许\r\n" +
                            "王小明,居民身份证,440308199901101512,13812345678,special-operations-low-voltage,是\r\n" +
                            "\"郑, 六\",passport,E99999999,+852 9123 4567,manager,1\r\n" + ",护照\r\n";
    const char* kTraces = "select (select count(*) from candidate) + (select count(*) from audit)";
    const auto before = hall.count(kTraces);  // setting up leaves its own
    const auto dry = import(hall, csv, true);
    QVERIFY(dry.has_value());
    QVERIFY(dry->body.at("dry_run").get<bool>());
    QCOMPARE(hall.count(kTraces), before);
    const auto done = import(hall, csv);
    QVERIFY(done.has_value());
    Json told = done->body;
    told["dry_run"] = true;
    QCOMPARE(told, dry->body);
    QCOMPARE(told.at("rows").get<int>(), 10);
    QCOMPARE(told.at("imported").get<int>(), 3);
    QCOMPARE(told.at("repaired").get<int>(), 2);
    const std::vector<std::pair<int, std::string>> expected = {{4, "输错了一位"}, {6, "手机号码"}, {7, "考试类别"},
                                                               {8, "证件类型"},   {9, "培训完成"}, {10, "已有"},
                                                               {12, "姓名"}};
    QCOMPARE(told.at("refused").size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      QCOMPARE(told.at("refused")[i].at("row").get<int>(), expected[i].first);
      QVERIFY2(told.at("refused")[i].at("reason").get<std::string>().find(expected[i].second) != std::string::npos,
               told.at("refused")[i].dump().c_str());
    }
    QVERIFY(told.dump().find("440308199901101513") == std::string::npos);
    QVERIFY(told.dump().find("E12345678") == std::string::npos);
    QCOMPARE(hall.count("select count(*) from candidate"), std::int64_t{3});
    QCOMPARE(hall.count("select count(*) from candidate where name = '郑, 六' and phone = '+85291234567'"),
             std::int64_t{1});
    QCOMPARE(hall.count("select count(*) from eligibility where training_done = 1"), std::int64_t{2});
  }

  void aLaterListMayRecordTheTraining() {
    Hall hall;
    const std::string head = kHeader, row = "Anna Schmidt,passport,C01X00T47,13812345678,manager,";
    QCOMPARE(import(hall, head + row + "no\n")->body.at("imported").get<int>(), 1);
    QCOMPARE(import(hall, head + row + "no\n")->body.at("imported").get<int>(), 0);
    QCOMPARE(import(hall, head + row + "yes\n", true)->body.at("imported").get<int>(), 1);
    QCOMPARE(import(hall, head + row + "yes\n")->body.at("imported").get<int>(), 1);
    QCOMPARE(hall.count("select count(*) from eligibility where training_done = 1"), std::int64_t{1});
    // The same person twice in one list, first without the training: a dry run says what the import will do.
    const std::string twice =
        head + "Bo Li,passport,C01X00T48,13812345678,manager,no\nBo Li,passport,C01X00T48,13812345678,manager,yes\n";
    QCOMPARE(import(hall, twice, true)->body.at("imported").get<int>(), 2);
    QCOMPARE(import(hall, twice)->body.at("imported").get<int>(), 2);
    QCOMPARE(hall.count("select count(*) from eligibility"), std::int64_t{2});
  }

  void aFileThatIsNoListChangesNothing() {
    Hall hall;
    QCOMPARE(reason(import(hall, "")), std::string("csv_empty"));
    QCOMPARE(reason(import(hall, kHeader)), std::string("csv_empty"));
    const auto missing = import(hall, "姓名,手机号\r\n王小明,13812345678\r\n");
    QCOMPARE(reason(missing), std::string("csv_header"));
    QVERIFY(missing.error().detail.find("id_number") != std::string::npos);
    QVERIFY(missing.error().detail.find("phone") == std::string::npos);
    QCOMPARE(reason(import(hall, "name,姓名,id_type\nx,y,z\n")), std::string("csv_header"));
    QCOMPARE(reason(import(hall, std::string(kHeader) + "\"王小明")), std::string("csv_quotes"));
    QCOMPARE(hall.count("select count(*) from candidate"), std::int64_t{0});
  }

  void tenThousandPeopleAtOnce() {
    Hall hall;
    std::string csv = kHeader;
    for (int i = 0; i < 10000; ++i)
      csv += "考生,resident_id," + residentNumber(i) + ",13812345678,special-operations-low-voltage,true\r\n";
    QElapsedTimer timer;
    timer.start();
    const auto done = import(hall, csv);
    qInfo("10,000 rows imported in %lld ms", static_cast<long long>(timer.elapsed()));
    QCOMPARE(done->body.at("imported").get<int>(), 10000);
    QCOMPARE(import(hall, csv, true)->body.at("refused").size(), std::size_t{10000});
    QCOMPARE(hall.count("select count(*) from eligibility"), std::int64_t{10000});
  }
};

QTEST_GUILESS_MAIN(CandidatesTest)
#include "test_candidates.moc"
