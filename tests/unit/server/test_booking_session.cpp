// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "hall.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

constexpr const char* kListed = "440308199901101512";
constexpr const char* kUnlisted = "11010519491231002X";

Json asking(const std::string& number = kListed, const std::string& name = "王小明",
            const std::string& phone = "13812345678") {
  return {{"id_type", "resident_id"}, {"id_number", number}, {"name", name}, {"phone", phone}};
}

std::string codeIn(const std::string& message) {
  for (std::size_t at = 0; at + 6 <= message.size(); ++at)
    if (message.find_first_not_of("0123456789", at) == at + 6) return message.substr(at, 6);
  return {};
}

std::string otherThan(std::string code) {
  code[0] = code[0] == '9' ? '0' : static_cast<char>(code[0] + 1);
  return code;
}

std::set<std::string> members(const Json& object) {
  std::set<std::string> names;
  for (const auto& [name, value] : object.items()) names.insert(name);
  return names;
}

}  // namespace

class BookingSessionTest : public QObject {
  Q_OBJECT
 private slots:
  void theRightCodeOpensASession() {
    Hall hall;
    hall.addPerson("王小明", kListed);
    const auto sent =
        hall.post("/booking/codes", asking("４４０３０８１９９９０１１０１５１２", " 王小明 ", "+86 138 1234 5678"));
    QVERIFY(sent.has_value());
    QVERIFY(!sent->body.contains("demo_code"));
    QCOMPARE(sent->body.at("expires_ms").get<std::int64_t>(), toMillis(hall.clock->now() + minutes{5}));
    QCOMPARE(hall.phone->sent.size(), std::size_t{1});
    QCOMPARE(hall.phone->sent[0].first, std::string("13812345678"));
    const std::string code = codeIn(hall.phone->sent[0].second);
    QCOMPARE(code.size(), std::size_t{6});
    QCOMPARE(hall.count("select count(*) from phone_challenge where code_hash like '%" + code + "%'"), std::int64_t{0});
    const auto opened =
        hall.post("/booking/session", {{"challenge_id", sent->body.at("challenge_id")}, {"code", code}});
    QVERIFY(opened.has_value());
    QCOMPARE(opened->body.at("name_masked"), "王**");
    QCOMPARE(opened->body.at("eligibilities").size(), std::size_t{1});
    const std::string cookie = opened->cookie.value_or("");
    QVERIFY(cookie.starts_with("iv_booking="));
    QVERIFY(cookie.ends_with("; Path=/; Max-Age=1800; HttpOnly; Secure; SameSite=Strict"));
    const std::string token = cookie.substr(11, cookie.find(';') - 11);
    QCOMPARE(token.size(), std::size_t{64});
    QCOMPARE(hall.count("select count(*) from booking_session where token_hash = '" + sha256Hex(token) + "'"),
             std::int64_t{1});
    // A code serves once.
    QCOMPARE(reason(hall.post("/booking/session", {{"challenge_id", sent->body.at("challenge_id")}, {"code", code}})),
             std::string("code_wrong"));
    Caller caller;
    caller.token_hash = sha256Hex(token);
    const auto closed = hall.post("/booking/logout", {}, caller);
    QVERIFY(closed->cookie->find("Max-Age=0") != std::string::npos);
    QCOMPARE(hall.count("select count(*) from booking_session"), std::int64_t{0});
  }

  void nobodyLearnsWhoIsOnTheList() {
    Hall hall;
    hall.app.config.demo = true;
    hall.addPerson("王小明", kListed);
    const Json wrong[] = {asking(kUnlisted), asking(kListed, "王大明"), asking(kListed, "王小明", "13900000000")};
    const auto right = hall.post("/booking/codes", asking());
    QVERIFY(right.has_value());
    for (const Json& question : wrong) {
      const auto sent = hall.post("/booking/codes", question);
      QVERIFY(sent.has_value());
      QVERIFY(members(sent->body) == members(right->body));
      QCOMPARE(sent->body.at("challenge_id").get<std::string>().size(),
               right->body.at("challenge_id").get<std::string>().size());
      QCOMPARE(sent->body.at("expires_ms"), right->body.at("expires_ms"));
      QCOMPARE(sent->body.at("demo_code").get<std::string>().size(), std::size_t{6});
      const auto answer = hall.post(
          "/booking/session", {{"challenge_id", sent->body.at("challenge_id")}, {"code", sent->body.at("demo_code")}});
      const auto missed = hall.post("/booking/session", {{"challenge_id", right->body.at("challenge_id")},
                                                         {"code", otherThan(right->body.at("demo_code"))}});
      QCOMPARE(reason(answer), std::string("code_wrong"));
      QVERIFY(answer.error().code == missed.error().code && answer.error().reason == missed.error().reason &&
              answer.error().detail == missed.error().detail && answer.error().where == missed.error().where);
    }
    QCOMPARE(hall.phone->sent.size(), std::size_t{1});
    QCOMPARE(hall.count("select count(*) from phone_challenge"), std::int64_t{4});
  }

  void fiveTriesAndFiveMinutes() {
    Hall hall;
    hall.app.config.demo = true;
    hall.addPerson("王小明", kListed);
    const Json first = hall.post("/booking/codes", asking())->body;
    const auto answer = [&](const Json& challenge, const std::string& code) {
      return reason(hall.post("/booking/session", {{"challenge_id", challenge.at("challenge_id")}, {"code", code}}));
    };
    for (int i = 0; i < 5; ++i) QCOMPARE(answer(first, otherThan(first.at("demo_code"))), std::string("code_wrong"));
    QCOMPARE(answer(first, first.at("demo_code")), std::string("code_wrong"));
    const Json second = hall.post("/booking/codes", asking())->body;
    hall.clock->advance(minutes{5});
    QCOMPARE(answer(second, second.at("demo_code")), std::string("code_wrong"));
    const Json third = hall.post("/booking/codes", asking())->body;
    for (int i = 0; i < 4; ++i) QCOMPARE(answer(third, otherThan(third.at("demo_code"))), std::string("code_wrong"));
    hall.clock->advance(minutes{5} - milliseconds{1});
    QCOMPARE(answer(third, third.at("demo_code")), std::string());
    QCOMPARE(answer(Json{{"challenge_id", "unknown"}}, "123456"), std::string("code_wrong"));
  }

  void askingIsLimitedByDocumentPhoneAndAddress() {
    Hall hall;
    hall.addPerson("王小明", kListed);
    const auto ask = [&](const Json& body, const std::string& remote) {
      Call call;
      call.body = body;
      call.remote = remote;
      return reason(hall.send("post", "/api/v1/booking/codes", call));
    };
    // By document, whoever asks from wherever and whether listed or not.
    for (const char* number : {kListed, kUnlisted}) {
      for (int i = 0; i < 5; ++i)
        QCOMPARE(ask(asking(number, "王小明", "1390000000" + std::to_string(i)), "192.0.2." + std::to_string(10 + i)),
                 std::string());
      QCOMPARE(ask(asking(number, "王小明", "13900000009"), "192.0.2.99"), std::string("too_many_tries"));
      hall.clock->advance(minutes{11});
    }
    const auto passport = [](int i) {
      Json body = asking("E1234567" + std::to_string(i), "王小明", "13911111111");
      body["id_type"] = "passport";
      return body;
    };
    for (int i = 0; i < 5; ++i) QCOMPARE(ask(passport(i), "192.0.2.1"), std::string());
    QCOMPARE(ask(passport(7), "192.0.2.1"), std::string("too_many_tries"));
    hall.clock->advance(minutes{11});
    for (int i = 0; i < 30; ++i) {
      Json body = passport(100 + i);
      body["phone"] = "139222222" + std::to_string(10 + i);
      QCOMPARE(ask(body, "198.51.100.1"), std::string());
    }
    Json body = passport(99);
    body["phone"] = "13933333333";
    QCOMPARE(ask(body, "198.51.100.1"), std::string("too_many_tries"));
    QCOMPARE(ask(body, "198.51.100.2"), std::string());
  }

  void aMistypedNumberIsToldBeforeAnythingHappens() {
    Hall hall;
    for (int i = 0; i < 40; ++i)
      QCOMPARE(reason(hall.post("/booking/codes", asking("440308199901101513"))), std::string("id_wrong_check_digit"));
    QCOMPARE(hall.count("select count(*) from phone_challenge"), std::int64_t{0});
    QVERIFY(hall.post("/booking/codes", asking()).has_value());
  }

  void eligibilityStates() {
    Hall hall;
    const std::string site = hall.addSite("Asia/Shanghai", everyDay(0, 1440));
    hall.addSeat(site, "1");
    const auto person = hall.addPerson("王小明", kListed);
    const auto change = [&](const std::string& sql) {
      QVERIFY(hall.write<void>([&](Tx& tx) -> Status {
        tx.exec("update eligibility set " + sql);
        return {};
      }));
    };
    const auto mine = [&] {
      Call call;
      call.caller = person.caller;
      return hall.send("get", "/api/v1/booking/me", call)->body.at("eligibilities")[0];
    };
    const auto book = [&] { return reason(hall.reserve(person, site, shanghai(3, 3, 14))); };
    QCOMPARE(mine().at("state"), "open");
    QCOMPARE(mine().at("minutes").get<int>(), 120);
    QCOMPARE(mine().at("attempts_left").get<int>(), 2);
    QCOMPARE(mine().at("expires_ms").get<std::int64_t>(), toMillis(zone("Asia/Shanghai").toInstant(2027, 3, 2, 23, 59) + seconds(59)));
    change("training_done = 0");
    QCOMPARE(book(), std::string("not_eligible_training"));
    change("training_done = 1, attempts_used = 1");
    QVERIFY(mine().at("is_makeup").get<bool>());
    QCOMPARE(mine().at("attempts_left").get<int>(), 1);
    change("attempts_used = 2");
    QCOMPARE(mine().at("state"), "used_up");
    QCOMPARE(book(), std::string("not_eligible_used_up"));
    change("attempts_used = 1, passed = 1");
    QCOMPARE(mine().at("state"), "passed");
    QCOMPARE(mine().at("attempts_left").get<int>(), 0);
    QCOMPARE(book(), std::string("not_eligible_passed"));
    // Good today, but no longer on the day of the exam.
    change("passed = 0, attempts_used = 0, expires_ms = " + std::to_string(toMillis(shanghai(3, 2, 23, 59))));
    QCOMPARE(mine().at("state"), "open");
    QCOMPARE(book(), std::string("not_eligible_expired"));
    // From before the last day counted whole: it ends at a minute before the exam, and people read the date.
    change("expires_ms = " + std::to_string(toMillis(shanghai(3, 3, 0, 1))));
    QCOMPARE(book(), std::string());
    QCOMPARE(mine().at("state"), "booked");
    QCOMPARE(mine().at("reservation_start_ms").get<std::int64_t>(), toMillis(shanghai(3, 3, 14)));
  }

  void anEligibilityCountsThroughTheWholeDayThatItNames() {
    Hall hall;
    const auto person = hall.addPerson("王小明", kListed);
    const auto state = [&] {
      Call call;
      call.caller = person.caller;
      return hall.send("get", "/api/v1/booking/me", call)->body.at("eligibilities")[0].at("state").get<std::string>();
    };
    const Instant midnight = zone("Asia/Shanghai").toInstant(2027, 3, 3, 0, 0);  // granted at nine on 2 March of the year before
    hall.clock->set(midnight - milliseconds(1));
    QCOMPARE(state(), std::string("open"));
    hall.clock->set(midnight);
    QCOMPARE(state(), std::string("expired"));
  }
};

QTEST_GUILESS_MAIN(BookingSessionTest)
#include "test_booking_session.moc"
