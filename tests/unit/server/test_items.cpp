// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "banking/markup.hpp"
#include "http/errors.hpp"
#include "item_hall.hpp"
#include "old_store.hpp"
#include "papers/frozen.hpp"

using namespace invigil;
using namespace invigil::server;

namespace {
using Ids = std::vector<std::string>;

void compare(const Ids& actual, const Ids& expected, int line) {
  QTest::qVerify(actual == expected, Json(actual).dump().c_str(), Json(expected).dump().c_str(), __FILE__, line);
}
std::string dump(const Json& json) { return json.dump(); }
}  // namespace

/// An item as papers are made with it.
Result<PoolItem> inUse(Tx& tx, const std::string& id) {
  INVIGIL_TRY(blueprint, blueprintById(tx, Hall::kElectrician));
  INVIGIL_TRY(pool, poolItems(tx, blueprint));
  for (PoolItem& one : pool)
    if (one.pool_id.starts_with(id + "@")) return std::move(one);
  return fail(ErrorCode::NotFound, "not_in_use");
}

class ItemsTest : public QObject {
  Q_OBJECT

 private slots:
  void anItemIsDrawnOnlyAfterASecondPersonReleasedIt() {
    ItemHall hall;
    const Json made = hall.make(ItemHall::choice("安全电压是（ ）。"), "q1");
    QCOMPARE(made["row"]["state"], "draft");
    QCOMPARE(made["row"]["in_use"], false);
    QCOMPARE(made["row"]["mine"], true);
    QCOMPARE(reason(hall.move(made, "release", hall.second)), std::string("impossible_move"));
    const Json waiting = hall.must(hall.move(made, "submit", hall.editor));
    QCOMPARE(waiting["row"]["state"], "in_review");
    QCOMPARE(reason(hall.move(made, "release", hall.editor)), std::string("released_by_author"));
    QCOMPARE(hall.count("select count(*) from bank_item where bank_id = 'own' and released_version > 0"), 0);
    const Json out = hall.must(hall.move(made, "release", hall.second));
    QCOMPARE(out["row"]["released_version"], 1);
    QCOMPARE(out["newest"]["released"], true);
    QCOMPARE(out["history"][0]["by"], "乙编辑");
    QCOMPARE(out["history"][0]["to"], "released");
  }

  void anEditIsAnotherVersionAndWhatIsDrawnStays() {
    ItemHall hall;
    const Json first = hall.released(ItemHall::choice("第一版"), "q1");
    const Json second = hall.must(hall.edit(first, ItemHall::choice("第二版"), hall.second));
    QCOMPARE(second["row"]["version"], 2);
    QCOMPARE(second["row"]["state"], "draft");
    QCOMPARE(second["row"]["released_version"], 1);
    QCOMPARE(hall.fetch("/bank/items/{id}/version", hall.editor, first["row"]["id"], {{"number", "1"}})["content"]["stem"], "第一版");
    const auto drawn = hall.write<std::string>([](Tx& tx) -> Result<std::string> {
      INVIGIL_TRY(item, inUse(tx, "own/q1"));
      return item.drawn.version.item.stem;
    });
    QCOMPARE(*drawn, std::string("第一版"));
    QCOMPARE(reason(hall.edit(first, ItemHall::choice("第三版"), hall.editor)), std::string("version_is_not_newest"));
    QCOMPARE(reason(hall.edit(second, ItemHall::choice("第二版"), hall.editor)), std::string("nothing_changed"));
    QCOMPARE(hall.count("select count(*) from item_version v join bank_item i on i.uid = v.item_uid where i.item_id = 'q1' and i.bank_id = 'own'"), 2);
  }

  void whoChangedAnythingSinceTheLastReleaseCannotReleaseIt() {
    ItemHall hall;
    Json item = hall.released(ItemHall::choice("第一版"));
    item = hall.must(hall.edit(item, ItemHall::choice("第二版"), hall.editor));
    Json tagged = ItemHall::choice("第二版");
    tagged["tags"] = {"触电"};
    item = hall.must(hall.edit(item, tagged, hall.second));
    item = hall.must(hall.move(item, "submit", hall.second));
    // The newest version is the second editor's, but what it carries was written by the first.
    QCOMPARE(reason(hall.move(item, "release", hall.editor)), std::string("released_by_author"));
    QCOMPARE(reason(hall.move(item, "release", hall.second)), std::string("released_by_author"));
    QCOMPARE(hall.must(hall.move(item, "release", hall.admin))["row"]["released_version"], 3);
  }

  void everyMoveKeepsToTheTable() {
    ItemHall hall;
    const Json table = hall.fetch("/bank/transitions", hall.editor);
    const Ids states{"draft", "in_review", "released", "suspended", "retired"};
    for (const std::string& state : states)
      for (const Json& rule : table["moves"]) {
        const Json item = hall.released(ItemHall::choice(state + dump(rule["move"])));
        hall.must(hall.write<void>([&](Tx& tx) -> Status {
          tx.exec("update bank_item set state = :a where uid = :b", state, item["row"]["id"].get<std::string>());
          return {};
        }));
        const bool allowed = std::find(rule["from"].begin(), rule["from"].end(), state) != rule["from"].end();
        const auto moved = hall.move(item, rule["move"], hall.second, "原因");
        QVERIFY2(moved.has_value() == allowed, qPrintable(QString::fromStdString(state + " " + dump(rule["move"]) + " " + reason(moved))));
        if (allowed) QCOMPARE(moved->body["row"]["state"], rule["to"]);
        else QCOMPARE(reason(moved), std::string("impossible_move"));
      }
  }

  void suspendingTakesAnItemOutOfUseUntilItIsResumed() {
    ItemHall hall;
    const Json item = hall.released(ItemHall::choice("有疑问的题"));
    QCOMPARE(reason(hall.move(item, "suspend", hall.editor)), std::string("reason_needed"));
    const Json out = hall.must(hall.move(item, "suspend", hall.editor, "答案有争议"));
    QCOMPARE(out["row"]["in_use"], false);
    QCOMPARE(reason(hall.move(item, "resume", hall.editor, "已核实")), std::string("released_by_author"));
    QCOMPARE(hall.must(hall.move(item, "resume", hall.second, "已核实"))["row"]["released_version"], 1);
    const Json changed = hall.must(hall.edit(item, ItemHall::choice("改过的题"), hall.editor));
    hall.must(hall.move(changed, "suspend", hall.editor, "先停用"));
    QCOMPARE(reason(hall.move(changed, "resume", hall.second, "恢复")), std::string("newer_version_waits"));
    hall.must(hall.move(changed, "retire", hall.editor, "不再使用"));
    QCOMPARE(reason(hall.edit(changed, ItemHall::choice("再改"), hall.editor)), std::string("item_retired"));
  }

  void aDraftMayBeUnfinishedButNotReleased() {
    ItemHall hall;
    const auto problems = [&](const Json& content) {
      Ids ids;
      const Json made = hall.make(content);
      for (const Json& problem : made["problems"]) {
        QTest::qVerify(!problem["zh"].get<std::string>().empty(), "zh", "", __FILE__, __LINE__);
        ids.push_back(problem["id"]);
      }
      return ids;
    };
    Json nine = ItemHall::choice("九个选项");
    nine["options"] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
    compare(problems(nine), Ids{"too_many_options"}, __LINE__);
    Json none = ItemHall::choice("没有答案");
    none["key"] = Json::array();
    compare(problems(none), Ids{"key_missing"}, __LINE__);
    Json equal = ItemHall::choice("相同选项");
    equal["options"] = {"Ａ", "a", ""};
    compare(problems(equal), (Ids{"options_equal", "option_empty"}), __LINE__);
    compare(problems({{"type", "multiple_choice"}, {"stem", ""}}), (Ids{"stem_empty", "too_few_options", "key_missing"}), __LINE__);
    compare(problems({{"type", "short_text"}, {"stem", "写出"}, {"answers", {{{"match", "exact"}, {"text", "接地"}}}}}), Ids{"answers_not_on_keys"}, __LINE__);
    compare(problems({{"type", "short_text"}, {"stem", "写出"}, {"answers", {{{"match", "exact"}, {"text", "接地"}}, {{"match", "exact"}, {"text", "PE"}}}}}), Ids{}, __LINE__);
    compare(problems({{"type", "numeric"}, {"stem", "多少"}, {"answers", Json::array()}}), Ids{"answers_missing"}, __LINE__);
    const auto range = [](const char* from, const char* to) { return Json{{"type", "numeric"}, {"stem", "多少"}, {"answers", {{{"match", "range"}, {"text", from}, {"upper", to}}}}}; };
    compare(problems(range("5", "3")), Ids{"answer_unusable"}, __LINE__);
    compare(problems(range("abc", "3")), Ids{"answer_unusable"}, __LINE__);
    compare(problems(range(" 3 ", " 5")), Ids{}, __LINE__);
    compare(problems({{"type", "short_text"}, {"stem", "写出"}, {"answers", {{{"match", "exact"}, {"text", "PE"}}, {{"match", "regex"}, {"text", "P(E"}}}}}), Ids{"answer_unusable"}, __LINE__);
    Json dangling = ItemHall::choice("<p>看图<img src=\"media:0123456789abcdef0123456789abcdef.png\"></p>");
    dangling["markup"] = "html";
    dangling["stimulus"] = "nowhere";
    compare(problems(dangling), (Ids{"media_unknown", "stimulus_unknown"}), __LINE__);
    Json formula = ItemHall::choice("<p>\\( U=IR \\)</p>");
    formula["markup"] = "html";
    compare(problems(formula), Ids{}, __LINE__);
    formula["stem"] = "<p>\\( \\frac{1}{2} \\) \\( \\ce{H2O} \\)</p>";
    formula["options"] = {"\\( 1 &lt; x \\)", "\\( <b>x</b> \\)", "\\( x"};
    compare(problems(formula), (Ids{"formula_not_understood", "formula_with_tags", "formula_not_closed"}), __LINE__);
    const Json named = hall.make(formula)["problems"][0];
    QCOMPARE(named["where"], "stem");
    QVERIFY(named["zh"].get<std::string>().find("\\( \\ce{H2O} \\): \\ce  ←  \\ce") != std::string::npos);
    const Json item = hall.make(none);
    QCOMPARE(reason(hall.move(item, "submit", hall.editor)), std::string("not_ready_for_release"));
  }

  void whatCannotBeMeantIsRefusedAtOnce() {
    ItemHall hall;
    const auto refused = [&](Json content, const char* member, const Json& value) {
      content[member] = value;
      return reason(hall.post("/bank/items", {{"bank_id", "own"}, {"content", content}}, hall.editor));
    };
    const Json good = ItemHall::choice("题");
    QCOMPARE(refused(good, "key", {3}), std::string("bad_item"));
    QCOMPARE(refused(good, "key", {1, 1}), std::string("bad_item"));
    QCOMPARE(refused(good, "topic", "不是 编号"), std::string("bad_item"));
    QCOMPARE(refused(good, "option_notes", {"只有一条"}), std::string("bad_item"));
    QCOMPARE(refused(good, "answers", {{{"match", "exact"}, {"text", "x"}}}), std::string("bad_item"));
    QCOMPARE(refused(good, "stem", std::string(3000, 'x')), std::string("bad_item"));
    QCOMPARE(reason(hall.post("/bank/items", {{"bank_id", "none"}, {"content", good}}, hall.editor)), std::string("no_such_bank"));
    hall.make(good, "taken");
    QCOMPARE(reason(hall.post("/bank/items", {{"bank_id", "own"}, {"item_id", "taken"}, {"content", good}}, hall.editor)), std::string("item_id_taken"));
  }

  void markupKeepsToTheSafeSubset() {
    for (const char* good : {"<p>电压 <b>220</b>&nbsp;V &lt; 1&#160;kV</p>", "x<sub>1</sub><br>", "<table><tr><td colspan=\"2\">a</td></tr></table>",
                             "<img src=\"media:0123456789abcdef0123456789abcdef.png\" alt=\"图\"/>", "\\( U = IR \\)"})
      QVERIFY2(checkMarkup(good, "stem").has_value(), good);
    for (const char* bad : {"<script>1</script>", "<p onclick=\"x\">a</p>", "<p>a", "a</p>", "<b><i>x</b></i>", "a < b", "AT&T", "&unknown;",
                            "<img src=\"http://x/y.png\">", "<img src=\"media:../etc\">", "<img alt=\"x\">", "<a href=\"javascript:1\">x</a>",
                            "<p style=\"x\">a</p>", "<P>a</P>", "<td colspan=\"999\">x</td>", "<p", "<!-- x -->"})
      QCOMPARE(reason(checkMarkup(bad, "stem")), std::string("markup_not_allowed"));
    QCOMPARE(plainText("<p>额定 <b>电</b>压<br>220&nbsp;V</p>", true), std::string("额定 电压 220 V"));
    QCOMPARE(searchable("１０ＫＶ　以上 ABC"), std::string("10kv 以上 abc"));
  }

  void enemiesNameEachOther() {
    ItemHall hall;
    const Json one = hall.released(ItemHall::choice("第一题"), "one");
    Json content = ItemHall::choice("第二题");
    content["enemies"] = {"one", "ghost", "two"};
    const Json two = hall.make(content, "two");
    Ids problems;
    for (const Json& problem : two["problems"]) problems.push_back(problem["id"]);
    compare(problems, (Ids{"enemy_unknown", "enemy_of_itself"}), __LINE__);
    const Json other = hall.item(one, hall.editor);
    QCOMPARE(other["row"]["version"], 2);
    QCOMPARE(other["newest"]["content"]["enemies"], Json{"two"});
    QCOMPARE(other["row"]["released_version"], 1);
    content["enemies"] = Json::array();
    hall.must(hall.edit(two, content, hall.editor));
    QCOMPARE(hall.item(one, hall.editor)["newest"]["content"]["enemies"], Json::array());
  }

  void caseMaterialHasVersionsOfItsOwn() {
    ItemHall hall;
    const Json body{{"bank_id", "own"}, {"id", "case-1"}, {"version", 0}, {"markup", "plain"}, {"text", "某厂发生触电事故。"}, {"reason", "新建"}};
    QCOMPARE(hall.must(hall.post("/bank/stimuli", body, hall.editor))["version"], 1);
    Json content = ItemHall::choice("事故的直接原因是（ ）。");
    content["stimulus"] = "case-1";
    const Json item = hall.released(content, "q");
    Json again = body;
    again["version"] = 1;
    again["text"] = "某厂检修时发生触电事故。";
    QCOMPARE(hall.must(hall.post("/bank/stimuli", again, hall.editor))["items"], 1);
    QCOMPARE(reason(hall.post("/bank/stimuli", again, hall.editor)), std::string("version_is_not_newest"));
    const Json now = hall.item(item, hall.editor);
    QCOMPARE(now["row"]["version"], 2);
    QCOMPARE(now["newest"]["stimulus"]["text"], "某厂检修时发生触电事故。");
    const auto drawn = hall.write<std::string>([](Tx& tx) -> Result<std::string> {
      INVIGIL_TRY(one, inUse(tx, "own/q"));
      return one.drawn.stimulus_text;
    });
    QCOMPARE(*drawn, std::string("某厂发生触电事故。"));
    QCOMPARE(hall.fetch("/bank/stimuli", hall.editor, "", {{"bank", "own"}, {"q", "检修"}})["stimuli"].size(), std::size_t{1});
  }

  void aDiffNamesTheFieldsThatDiffer() {
    ItemHall hall;
    Json content = ItemHall::choice("旧题干");
    const Json made = hall.make(content);
    content["stem"] = "新题干";
    content["options"] = {"甲", "丁", "丙", "戊"};
    content["key"] = {3};
    hall.must(hall.edit(made, content, hall.editor));
    const Json diff = hall.fetch("/bank/items/{id}/diff", hall.editor, made["row"]["id"], {{"from", "1"}, {"to", "2"}});
    const Json expected{{{"field", "stem"}, {"before", "旧题干"}, {"after", "新题干"}},
                        {{"field", "options[1]"}, {"before", "乙"}, {"after", "丁"}},
                        {{"field", "options[3]"}, {"before", ""}, {"after", "戊"}},
                        {{"field", "key"}, {"before", "[1]"}, {"after", "[3]"}}};
    QVERIFY2(diff["fields"] == expected, diff.dump().c_str());
    QCOMPARE(reason(hall.tryFetch("/bank/items/{id}/diff", hall.editor, made["row"]["id"], {{"from", "1"}, {"to", "9"}})), std::string("no_such_version"));
  }

  void searchFindsChineseWordsAndFiltersTogether() {
    ItemHall hall;
    Json a = ItemHall::choice("低压电工的安全距离不小于（ ）米");
    a["tags"] = {"距离", "2024 更新"};
    a["difficulty"] = 3;
    a["topic"] = "law";
    hall.make(a, "a");
    Json b = ItemHall::choice("１０ＫＶ线路的安全距离");
    b["level"] = "provincial";
    hall.make(b, "b");
    hall.released(ItemHall::choice("100%_接地"), "c");
    compare(hall.found({{"bank", "own"}, {"q", "安全距离"}}), (Ids{"a", "b"}), __LINE__);
    compare(hall.found({{"bank", "own"}, {"q", "距离 10kv"}}), Ids{"b"}, __LINE__);
    compare(hall.found({{"bank", "own"}, {"q", "%_"}}), Ids{"c"}, __LINE__);
    compare(hall.found({{"bank", "own"}, {"tag", "距离"}}), Ids{"a"}, __LINE__);
    compare(hall.found({{"bank", "own"}, {"topic", "-"}}), (Ids{"b", "c"}), __LINE__);
    compare(hall.found({{"bank", "own"}, {"level", "provincial"}}), Ids{"b"}, __LINE__);
    compare(hall.found({{"bank", "own"}, {"difficulty", "3"}}), Ids{"a"}, __LINE__);
    compare(hall.found({{"bank", "own"}, {"in_use", "1"}}), Ids{"c"}, __LINE__);
    compare(hall.found({{"bank", "own"}, {"mine", "1"}}), (Ids{"a", "b"}), __LINE__);
    compare(hall.found({{"bank", "own"}, {"state", "released"}, {"q", "距离"}}), Ids{}, __LINE__);
    QCOMPARE(reason(hall.tryFetch("/bank/items", hall.editor, "", {{"state", "lost"}})), std::string("bad_filter"));
    QCOMPARE(reason(hall.tryFetch("/bank/items", hall.editor, "", {{"q", "1 2 3 4 5 6 7 8 9"}})), std::string("too_many_words"));
    const Json counts = hall.search({{"bank", "own"}, {"state", "draft"}, {"counts", "1"}})["counts"];
    QCOMPARE(dump(counts["state"]), std::string(R"([{"items":2,"value":"draft"},{"items":1,"value":"released"}])"));
    QCOMPARE(dump(counts["level"]), std::string(R"([{"items":1,"value":"provincial"},{"items":1,"value":"unstated"}])"));
    QCOMPARE(dump(counts["topic"]), std::string(R"([{"items":1,"value":"-"},{"items":1,"value":"law"}])"));
    QCOMPARE(dump(counts["tag"]), std::string(R"([{"items":1,"value":"2024 更新"},{"items":1,"value":"距离"}])"));
    // A filter of its own leaves a list as it is, those of others narrow it; the total is that of the whole filter.
    for (const auto& [tag, state, total, tags] : {std::tuple{"距离", "draft", 1, 2}, std::tuple{"", "released", 1, 0}, std::tuple{"距离", "released", 0, 0}}) {
      const Json page = hall.search({{"bank", "own"}, {"tag", tag}, {"state", state}, {"counts", "1"}});
      QCOMPARE(page["total"], hall.search({{"bank", "own"}, {"tag", tag}, {"state", state}})["total"]);
      QCOMPARE(page["total"], total);
      QCOMPARE(page["counts"]["tag"].size(), static_cast<std::size_t>(tags));
    }
    const Json none = hall.search({{"bank", "own"}, {"q", "没有这样的词"}, {"counts", "1"}});
    QCOMPARE(none["total"], 0);
    QCOMPARE(dump(none["counts"]["type"]), std::string("[]"));
  }

  void aTopicWithASlashMeansEverythingUnderIt() {
    ItemHall hall;
    const std::pair<const char*, const char*> topics[] = {{"so-1.2", "a"}, {"so-1", "b"}, {"so-10.1", "c"}, {"", "d"}, {"own-topic", "e"}};
    for (auto [topic, id] : topics) {
      Json content = ItemHall::choice(std::string("题") + id);
      content["topic"] = topic;
      hall.make(content, id);
    }
    compare(hall.found({{"bank", "own"}, {"topic", "so-1/"}}), (Ids{"a", "b"}), __LINE__);
    compare(hall.found({{"bank", "own"}, {"topic", "special_operations/"}}), (Ids{"a", "b", "c"}), __LINE__);
    compare(hall.found({{"bank", "own"}, {"topic", "so-1"}}), Ids{"b"}, __LINE__);
    compare(hall.found({{"bank", "own"}, {"topic", "own-topic/"}}), Ids{}, __LINE__);
    compare(hall.found({{"bank", "own"}, {"topic", "x') or ('1' = '1/"}}), Ids{}, __LINE__);
    const Json counts = hall.search({{"bank", "own"}, {"topic", "so-1/"}, {"counts", "1"}})["counts"];
    QCOMPARE(dump(counts["type"]), std::string(R"([{"items":2,"value":"single_choice"}])"));
    QCOMPARE(counts["topic"].size(), std::size_t{5});
  }

  void aListIsSortedAndPagedByOffset() {
    ItemHall hall;
    for (int i = 0; i < 5; ++i) {
      Json content = ItemHall::choice("题" + std::to_string(i));
      content["difficulty"] = (i * 2) % 5;
      hall.make(content, "p" + std::to_string(i));
    }
    compare(hall.found({{"bank", "own"}, {"sort", "difficulty"}}), (Ids{"p0", "p3", "p1", "p4", "p2"}), __LINE__);
    compare(hall.found({{"bank", "own"}, {"sort", "-item_id"}}), (Ids{"p4", "p3", "p2", "p1", "p0"}), __LINE__);
    const Json page = hall.search({{"bank", "own"}, {"sort", "-difficulty"}, {"limit", "2"}, {"offset", "2"}});
    QCOMPARE(page["items"][0]["item_id"], "p1");
    QCOMPARE(page["items"].size(), std::size_t{2});
    QCOMPARE(page["next"], "");
    QCOMPARE(page["total"], 5);
    QCOMPARE(reason(hall.tryFetch("/bank/items", hall.editor, "", {{"sort", "stem; drop table"}})), std::string("bad_filter"));
    QCOMPARE(reason(hall.tryFetch("/bank/items", hall.editor, "", {{"sort", "changed"}, {"after", "m1"}})), std::string("bad_filter"));
  }

  void pagesStayWhileItemsChange() {
    ItemHall hall;
    for (int i = 0; i < 7; ++i) hall.make(ItemHall::choice("题" + std::to_string(i)), "p" + std::to_string(i));
    Json page = hall.search({{"bank", "own"}, {"limit", "3"}});
    QCOMPARE(page["total"], 7);
    QCOMPARE(page["items"].size(), std::size_t{3});
    hall.make(ItemHall::choice("后来的"), "late");
    const std::string gone = page["items"][2]["id"];
    hall.must(hall.write<void>([&](Tx& tx) -> Status { tx.exec("update bank_item set topic = 'x' where uid = :a", gone); return {}; }));
    Ids rest;
    for (std::string next = page["next"]; !next.empty();) {
      page = hall.search({{"bank", "own"}, {"limit", "3"}, {"after", next}});
      for (const Json& row : page["items"]) rest.push_back(row["item_id"]);
      next = page["next"];
    }
    compare(rest, (Ids{"p3", "p4", "p5", "p6", "late"}), __LINE__);
  }

  void oneChangeForManyIsAVersionOfEach() {
    ItemHall hall;
    for (int i = 0; i < 5; ++i) {
      Json content = ItemHall::choice("题" + std::to_string(i));
      content["tags"] = {"旧", i < 2 ? "批次1" : "批次2"};
      content["difficulty"] = i == 0 ? 4 : 1;
      hall.released(content, "m" + std::to_string(i));
    }
    const Json change{{"difficulty", 4}, {"add_tags", {"2026"}}, {"remove_tags", {"旧"}}};
    const Json dry = hall.bulk({{"filter", {{"bank", "own"}, {"tag", "批次1"}}}, {"change", change}, {"reason", "整理"}, {"dry_run", true}}, hall.editor);
    QCOMPARE(dry["result"]["changed"], 2);
    QCOMPARE(hall.count("select max(version) from bank_item where bank_id = 'own'"), 1);
    const Json done = hall.bulk({{"filter", {{"bank", "own"}, {"tag", "批次1"}}}, {"change", change}, {"reason", "整理"}}, hall.editor);
    QCOMPARE(done["state"], "done");
    QCOMPARE(done["result"]["changed"], 2);
    compare(hall.found({{"bank", "own"}, {"tag", "2026"}}), Ids{"m0", "m1"}, __LINE__);
    compare(hall.found({{"bank", "own"}, {"tag", "旧"}}), Ids{"m2", "m3", "m4"}, __LINE__);
    compare(hall.found({{"bank", "own"}, {"q", "2026"}, {"difficulty", "4"}}), Ids{"m0", "m1"}, __LINE__);
    compare(hall.found({{"bank", "own"}, {"state", "draft"}, {"in_use", "1"}, {"mine", "1"}}), Ids{"m0", "m1"}, __LINE__);
    const Json page = hall.search({{"bank", "own"}});
    const Json first = hall.fetch("/bank/items/{id}", hall.editor, page["items"][0]["id"]);
    QCOMPARE(first["history"][0]["move"], "bulk");
    QCOMPARE(first["newest"]["reason"], "整理");
    QCOMPARE(first["newest"]["content"]["stem"], "题0");
    const Json again = hall.bulk({{"filter", {{"bank", "own"}, {"tag", "2026"}}}, {"change", change}, {"reason", "整理"}}, hall.editor);
    QCOMPARE(again["result"]["unchanged"], 2);
    QCOMPARE(hall.count("select count(*) from bulk_row") + hall.count("select count(*) from bulk_tag"), 0);
  }

  void movingManyKeepsToTheTableForEach() {
    ItemHall hall;
    Ids uids;
    for (int i = 0; i < 4; ++i) {
      Json content = ItemHall::choice("题" + std::to_string(i));
      if (i == 3) content["key"] = Json::array();
      uids.push_back(hall.make(content)["row"]["id"]);
    }
    uids.push_back("nosuchitem");
    const Json submitted = hall.bulk({{"ids", uids}, {"change", {{"move", "submit"}}}, {"reason", "送审"}}, hall.editor)["result"];
    QCOMPARE(submitted["changed"], 3);
    QCOMPARE(submitted["refused"], 2);
    QCOMPARE(submitted["refusals"][0]["why"]["id"], "not_ready_for_release");
    QCOMPARE(submitted["refusals"][1]["why"]["id"], "no_such_item");
    const Json body{{"filter", {{"bank", "own"}, {"state", "in_review"}}}, {"change", {{"move", "release"}}}, {"reason", "通过"}};
    QCOMPARE(hall.bulk(body, hall.editor)["result"]["refused"], 3);
    QCOMPARE(hall.bulk(body, hall.second)["result"]["changed"], 3);
    QCOMPARE(hall.count("select count(*) from bank_item where bank_id = 'own' and released_version = 1 and approved_version = 1"), 3);
    QCOMPARE(hall.bulk({{"filter", {{"bank", "own"}}}, {"change", {{"move", "retire"}}}, {"reason", "停用"}}, hall.editor)["result"]["changed"], 4);
    QCOMPARE(hall.count("select count(*) from bank_item where bank_id = 'own' and released_version > 0"), 0);
    for (const Json& wrong : {Json{{"ids", uids}, {"change", {{"move", "retire"}, {"topic", "x"}}}, {"reason", "r"}}, Json{{"ids", uids}, {"change", Json::object()}, {"reason", "r"}}})
      QCOMPARE(reason(hall.post("/bank/bulk", wrong, hall.editor)), std::string("bulk_change_wrong"));
    QCOMPARE(reason(hall.post("/bank/bulk", {{"change", {{"move", "retire"}}}, {"reason", "r"}}, hall.editor)), std::string("bulk_choice_wrong"));
  }

  void listsThatNoPageCouldShowAreRefused() {
    ItemHall hall;
    Json content = ItemHall::choice("标签很多");
    for (int i = 0; i < 50; ++i) content["tags"].push_back("标签" + std::to_string(100 + i));
    hall.make(content, "full");
    hall.make(ItemHall::choice("没有标签"), "free");
    const Json result = hall.bulk({{"filter", {{"bank", "own"}}}, {"change", {{"add_tags", {"再加一个"}}}}, {"reason", "整理"}}, hall.editor)["result"];
    QCOMPARE(result["changed"], 1);
    QCOMPARE(result["refused"], 1);
    QCOMPARE(result["refusals"][0]["item_id"], "full");
    QCOMPARE(result["refusals"][0]["why"]["id"], "too_many_tags");

    // The other side of enemies is kept for the editor, as long as there is room.
    Json popular = ItemHall::choice("互斥题很多");
    for (int i = 0; i < 200; ++i) popular["enemies"].push_back("e" + std::to_string(100 + i));
    hall.make(popular, "popular");
    Json one_more = ItemHall::choice("再多一道");
    one_more["enemies"] = {"popular"};
    const auto refused = hall.post("/bank/items", {{"bank_id", "own"}, {"item_id", "late"}, {"content", one_more}}, hall.editor);
    QCOMPARE(reason(refused), std::string("too_many_enemies"));
    QVERIFY(errorJson(refused.error())["error"]["zh"].get<std::string>().find("（popular）") != std::string::npos);
    QCOMPARE(hall.found({{"bank", "own"}, {"q", "late"}}).size(), std::size_t{0});

    Json noted = ItemHall::choice("说明很长");
    noted["option_notes"] = {std::string(8000, 'x'), "", ""};
    hall.make(noted, "noted");  // as long as in a file
  }

  /// Stored when there was no limit: the pages show it whole, and whoever writes anew keeps to the limit.
  void anItemFromBeforeTheLimitsIsShownAndShortened() {
    ItemHall hall;
    const Json made = hall.make(ItemHall::choice("标签和互斥题都很多"), "old");
    const std::string uid = made["row"]["id"];
    Json tags = Json::array(), enemies = Json::array();
    for (int i = 0; i < 60; ++i) tags.push_back("标签" + std::to_string(100 + i));
    for (int i = 0; i < 700; ++i) enemies.push_back("e" + std::to_string(1000 + i) + std::string(56, 'x'));
    hall.must(hall.write<void>([&](Tx& tx) -> Status {
      tx.exec("update item_version set tags = :a, enemies = :b where item_uid = :c", tags.dump(), enemies.dump(), uid);
      tx.exec("update bank_item set tags = :a where uid = :b", tags.dump(), uid);
      for (const Json& tag : tags) tx.exec("insert into item_tag(item_uid, tag) values (:a, :b)", uid, tag.get<std::string>());
      return {};
    }));
    const Json shown = hall.item(made, hall.editor);  // send() holds every reply against the contract
    QCOMPARE(shown["newest"]["content"]["tags"], tags);
    QCOMPARE(shown["newest"]["content"]["enemies"], enemies);
    QCOMPARE(hall.found({{"bank", "own"}}), std::vector<std::string>{"old"});

    Json content = shown["newest"]["content"];
    content.erase("stimulus_version");
    QCOMPARE(reason(hall.edit(shown, content, hall.editor)), std::string("too_many_tags"));
    content["tags"].erase(content["tags"].begin() + 50, content["tags"].end());
    QCOMPARE(reason(hall.edit(shown, content, hall.editor)), std::string("too_many_enemies"));
    content["enemies"].erase(content["enemies"].begin() + 200, content["enemies"].end());
    const Json shorter = hall.must(hall.edit(shown, content, hall.editor));
    QCOMPARE(shorter["newest"]["content"]["tags"].size(), std::size_t{50});
    const Json changed = hall.fetch("/bank/items/{id}/diff", hall.editor, uid, {{"from", "1"}, {"to", "2"}});
    QCOMPARE(changed["fields"].size(), std::size_t{2});

    const auto refused = hall.post("/bank/items", {{"bank_id", "own"}, {"content", shown["newest"]["content"]}}, hall.editor);
    QCOMPARE(reason(refused), std::string("too_many_tags"));
  }

  void moreThanThePreviewShowedIsNotChanged() {
    ItemHall hall;
    for (const char* id : {"a", "b"}) hall.make(ItemHall::choice(std::string("题") + id), id);
    Json body{{"filter", {{"bank", "own"}, {"state", "draft"}}}, {"change", {{"move", "retire"}}}, {"reason", "整理"}, {"dry_run", true}};
    const Json preview = hall.bulk(body, hall.editor)["result"];
    QCOMPARE(preview["changed"], 2);
    hall.make(ItemHall::choice("同事刚写的题"), "c");
    body["dry_run"] = false;
    body["expected"] = preview["changed"];
    const Json stopped = hall.bulk(body, hall.editor);
    QCOMPARE(stopped["state"], "failed");
    QCOMPARE(stopped["error"]["id"], "bulk_is_stale");
    QCOMPARE(hall.count("select count(*) from bank_item where bank_id = 'own' and state = 'draft'"), 3);
    QCOMPARE(hall.count("select count(*) from bulk_row"), 0);
    body["expected"] = 3;
    QCOMPARE(hall.bulk(body, hall.editor)["result"]["changed"], 3);
    body["expected"] = 0;
    QCOMPARE(hall.bulk(body, hall.editor)["state"], "done");
  }

  void whatSomebodyChangedMeanwhileIsLeftAlone() {
    ItemHall hall;
    const Json item = hall.make(ItemHall::choice("题"), "m");
    const Json job = hall.must(hall.post("/bank/bulk", {{"filter", {{"bank", "own"}}}, {"change", {{"difficulty", 5}}}, {"reason", "整理"}}, hall.editor));
    bool edited = false;
    const auto ran = runNextJob(hall.app, [&] {
      if (!edited && hall.count("select count(*) from bulk_row") > 0) {
        edited = true;
        hall.must(hall.edit(item, ItemHall::choice("同事刚改的"), hall.second));
      }
      return false;
    });
    QVERIFY(ran && *ran && edited);
    const Json result = hall.fetch("/jobs/{id}", hall.editor, job["id"])["result"];
    QCOMPARE(result["changed"], 0);
    QCOMPARE(result["refusals"][0]["why"]["id"], "version_is_not_newest");
    QCOMPARE(hall.item(item, hall.editor)["row"]["version"], 2);
  }

  void itemsOfAnOlderStoreBecomeReleasedVersions() {
    QTemporaryDir folder;
    const std::string path = folder.filePath("old.db").toStdString();
    {
      soci::session old("sqlite3", "dbname=" + path);
      migrateTo(old, 2);
      old << "insert into bank values ('b', '题库', 'Bank', '[\"principal\"]', '', 'zh-CN', 1, 1, 1000)";
      for (int i = 0; i < 3; ++i)
        old << "insert into item values ('b', 'i" << i << "', " << i << ", 'single_choice', 'law', 2, '安全Ａ" << i
            << "', '[\"x\",\"y\"]', '[1]', '因为', '法', 0)";
    }
    App app;
    app.store = std::move(*store::Store::open(path));
    QVERIFY(refreshSearchTexts(app).has_value());
    const auto row = *app.store->readNow<ItemRow>([](Tx& tx) -> Result<ItemRow> { return *itemById(tx, "b", "i1"); });
    QCOMPARE(row.state, std::string("released"));
    QCOMPARE(row.released_version, std::int64_t{1});
    const auto version = *app.store->readNow<ItemVersion>([&](Tx& tx) { return versionOf(tx, row, 1); });
    QCOMPARE(version.author, std::string("import"));
    QVERIFY(version.released);
    QCOMPARE(version.item.explanation, std::string("因为"));
    QCOMPARE(version.item.key, std::vector<int>{1});
    const auto hits = *app.store->readNow<std::int64_t>([](Tx& tx) -> Result<std::int64_t> {
      return *tx.value<std::int64_t>("select count(*) from bank_item where search_text like '%安全a1%'");
    });
    QCOMPARE(hits, std::int64_t{1});
  }

  void importingTheSameBankAgainRetiresWhatIsGone() {
    ItemHall hall;
    const auto text = readFile(std::string(INVIGIL_SOURCE_DIR "/question-bank/samples/low-voltage-electrician-choice.json"), 1 << 24);
    auto bank = *bank::parseNative(*text);
    const auto total = static_cast<std::int64_t>(bank.items.size());
    const std::string bank_id = bank.id, gone = bank.items.back().id;
    bank.items.pop_back();
    bank.items.front().stem += "（改）";
    hall.must(hall.write<void>([&](Tx& tx) { return saveBank(tx, bank, hall.clock->now(), "t"); }));
    const std::string of = " from bank_item where bank_id = '" + bank_id + "'";
    QCOMPARE(hall.count("select count(*)" + of), total);
    QCOMPARE(hall.count("select count(*)" + of + " and version = 2"), 1);
    QCOMPARE(hall.count("select count(*)" + of + " and state = 'retired' and released_version = 0 and item_id = '" + gone + "'"), 1);
  }
};

QTEST_GUILESS_MAIN(ItemsTest)
#include "test_items.moc"
