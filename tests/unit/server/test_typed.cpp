// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "grading/regrade.hpp"
#include "item_hall.hpp"
#include "proctoring/proctoring.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {

/// A hall whose exam is two numbers, one word and the items of a case.
struct TypedHall : ItemHall {
  Visit visit;
  Json sitting;

  TypedHall() {
    for (Routes part : {regradeRoutes(), hallBoardRoutes()})
      for (Route& route : part) routes.push_back(std::move(route));
    const auto typed = [](const char* type, const char* stem, Json answers) { return Json{{"type", type}, {"stem", stem}, {"answers", std::move(answers)}}; };
    released(typed("numeric", "功率是多少千瓦？", {{{"match", "range"}, {"text", "1.05"}, {"upper", "1.15"}}, {{"match", "range"}, {"text", "1"}, {"upper", "1"}, {"percent", 50}}}), "power");
    released(typed("numeric", "几根线？", {{{"match", "range"}, {"text", "3"}, {"upper", "3"}}}), "wires");
    released(typed("short_text", "保护线的代号？", {{{"match", "ignore_case"}, {"text", "PE"}}}), "letter");
    must(post("/bank/stimuli", {{"bank_id", "own"}, {"id", "case-1"}, {"version", 0}, {"markup", "plain"}, {"text", "某厂事故"}, {"reason", "新建"}}, editor));
    for (int i = 0; i < 6; ++i) {
      Json content = choice("第 " + std::to_string(i) + " 题");
      if (i % 2 == 0) content["stimulus"] = "case-1";
      released(content, "choice-" + std::to_string(i));
    }
    must(write<void>([&](Tx& tx) -> Status {
      tx.exec("update bank set enabled = 0 where id <> 'own'");
      tx.exec("update blueprint_version set content = :a where blueprint_id = :b",
              std::string(R"({"format": "invigil-blueprint", "version": 1, "id": "special-operations-low-voltage", "title": {"zh": "电工", "en": "Electrician"},
                "role": "special_operations", "category": "1.2", "minutes": 60, "pass_points": 10, "topics": [],
                "parts": [{"type": "single_choice", "count": 6, "points_each": 1}, {"type": "numeric", "count": 2, "points_each": 4},
                          {"type": "short_text", "count": 1, "points_each": 4, "wrong_costs": 0.5}]})"),
              std::string("special-operations-low-voltage"));
      return {};
    }));
    sealPapers(kElectrician, 4);  // those of the samples are withdrawn: their bank is out of use
    visit = come(addPerson("王小明", kFirst));
    sitting = admitted(visit);
  }
  /// 1-based place of the item with this stem.
  int place(const std::string& stem) const {
    for (const Json& item : sitting["items"])
      if (item["stem"] == stem) return item["position"];
    qFatal("not on the paper");
  }
  Result<Reply> say(int position, const Json& response, int revision = 1) {
    Json one{{"position", position}, {"revision", revision}, {"chosen", Json::array()}, {"flagged", false}};
    one.update(response);
    return post("/kiosk/sittings/{id}/responses", {{"responses", {one}}}, visit.kiosk, sitting["id"]);
  }
  std::string uid(const std::string& item_id) { return search({{"q", item_id}})["items"][0]["id"]; }
};

}  // namespace

class TypedTest : public QObject {
  Q_OBJECT

 private slots:
  void whatIsTypedIsKeptGivenBackAndGraded() {
    TypedHall hall;
    const Json& items = hall.sitting["items"];
    QCOMPARE(items.size(), 9u);
    for (const Json& bank : hall.fetch("/admin/banks", hall.editor)["banks"]) {
      if (bank["id"] != "own") continue;
      QCOMPARE(bank["by_type"]["numeric"], 2);
      QCOMPARE(bank["by_type"]["short_text"], 1);
    }
    QCOMPARE(items[6]["type"], "numeric");
    QCOMPARE(items[8]["options"], Json::array());
    QVERIFY(hall.sitting.dump().find("1.05") == std::string::npos && hall.sitting.dump().find("PE") == std::string::npos);
    hall.must(hall.say(hall.place("功率是多少千瓦？"), {{"text", " 1.1 "}}));
    hall.must(hall.say(hall.place("几根线？"), {{"text", "4"}}));
    hall.must(hall.say(hall.place("几根线？"), {{"text", "3.0"}}, 2));
    hall.must(hall.say(hall.place("保护线的代号？"), {{"text", "pe"}, {"flagged", true}}));
    const Json again = hall.sit(hall.visit);
    QCOMPARE(again["responses"].size(), 3u);
    QCOMPARE(again["responses"][2]["text"], "pe");
    QCOMPARE(again["responses"][2]["chosen"], Json::array());
    hall.clock->advance(minutes(40));
    const Json result = hall.must(hall.submit(hall.visit, hall.sitting));
    QCOMPARE(result["points"], 12);
    QCOMPARE(result["passed"], true);
  }

  void whatIsWrongCostsAndWhatIsOpenDoesNot() {
    TypedHall hall;
    hall.must(hall.say(hall.place("功率是多少千瓦？"), {{"text", "1"}}));     // half the points
    hall.must(hall.say(hall.place("保护线的代号？"), {{"text", "N"}}));
    hall.must(hall.say(hall.place("几根线？"), {{"text", "3"}}));
    hall.must(hall.say(hall.place("几根线？"), Json::object(), 2));           // taken back
    int answered = 0;
    const Json board = hall.fetch("/hall/board", hall.reviewer, "", {{"site", hall.site}});
    for (const Json& seat : board["seats"])
      answered += seat["answered"].get<int>();
    QCOMPARE(answered, 2);
    hall.clock->advance(minutes(40));
    QCOMPARE(hall.must(hall.submit(hall.visit, hall.sitting))["points"], 1.5);
  }

  void anAnswerOfTheWrongShapeIsRefused() {
    TypedHall hall;
    QCOMPARE(reason(hall.say(1, {{"text", "1"}})), std::string("no_such_position"));
    QCOMPARE(reason(hall.say(7, {{"chosen", {0}}})), std::string("no_such_position"));
    QCOMPARE(hall.count("select count(*) from response"), 0);
  }

  void itemsOfACaseStandTogetherWithTheirMaterial() {
    TypedHall hall;
    std::string places;
    for (const Json& item : hall.sitting["items"]) places += item.contains("stimulus") ? 'c' : '-';
    QVERIFY2(places.find("ccc") != std::string::npos, places.c_str());
  }

  void aWrongAnswerKeyIsCorrectedWithAnotherOne() {
    TypedHall hall;
    hall.must(hall.say(hall.place("几根线？"), {{"text", "5"}}));
    hall.clock->advance(minutes(40));
    QCOMPARE(hall.must(hall.submit(hall.visit, hall.sitting))["points"], 0);
    const Json answers{{{"match", "range"}, {"text", " 5"}, {"upper", "5 "}}, {{"match", "range"}, {"text", "3"}, {"upper", "3"}, {"percent", 50}}};
    Json request{{"item", hall.uid("wires")}, {"versions", {1}}, {"how", "new_key"}, {"reason", "新标准"}, {"answers", answers}};
    const auto refused = [&](const char* member, const Json& value) {
      Json other = request;
      other[member] = value;
      return reason(hall.post("/regrades", other, hall.editor));
    };
    QCOMPARE(refused("answers", Json::array()), std::string("regrade_key_wrong"));
    QCOMPARE(refused("answers", {{{"match", "exact"}, {"text", "三"}, {"percent", 100}}}), std::string("regrade_key_wrong"));
    QCOMPARE(refused("answers", {{{"match", "range"}, {"text", "5"}, {"upper", "3"}}}), std::string("regrade_key_wrong"));
    QCOMPARE(refused("answers", {{{"match", "range"}, {"text", "5"}, {"upper", "5"}}, {{"match", "range"}, {"text", "abc"}, {"upper", "9"}, {"percent", 50}}}), std::string("regrade_key_wrong"));
    QCOMPARE(refused("key", {0}), std::string("regrade_key_wrong"));
    QCOMPARE(refused("how", "all_right"), std::string("regrade_key_wrong"));
    QCOMPARE(refused("item", hall.uid("choice-1")), std::string("regrade_key_wrong"));
    const Json made = hall.must(hall.post("/regrades", request, hall.editor));
    hall.runJobs();
    const Json ready = hall.fetch("/regrades/{id}", hall.editor, made["id"]);
    QCOMPARE(ready["counts"]["up"], 1);
    QCOMPARE(ready["answers"][0]["text"], "5");
    hall.must(hall.post("/regrades/{id}/apply", {{"changed", 1}}, hall.second, made["id"]));
    hall.runJobs();
    QCOMPARE(hall.must(hall.submit(hall.visit, hall.sitting))["points"], 4);
    const Json item = hall.fetch("/bank/items/{id}", hall.editor, hall.uid("wires"));
    QCOMPARE(item["row"]["version"], 2);
    QCOMPARE(item["row"]["in_use"], true);
    QCOMPARE(item["newest"]["content"]["answers"][0]["text"], "5");
  }
};

QTEST_GUILESS_MAIN(TypedTest)
#include "test_typed.moc"
