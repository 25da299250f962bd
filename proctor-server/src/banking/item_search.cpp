// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "banking/item_search.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "banking/items.hpp"
#include "banking/markup.hpp"
#include "banking/taxonomy.hpp"
#include "store/like.hpp"

namespace invigil::server {
namespace {

constexpr std::size_t kWordsMax = 8;  // a statement has 26 marks

std::vector<std::string> wordsOf(const std::string& q) {
  std::vector<std::string> words;
  std::string word;
  for (char c : searchable(q) + " ") {
    if (c != ' ') word += c;
    else if (!word.empty()) words.push_back(std::exchange(word, {}));
  }
  return words;
}

const std::map<std::string, std::vector<std::string>>& allowed() {
  static const std::map<std::string, std::vector<std::string>> map = {
      {"type", {"true_false", "single_choice", "multiple_choice", "numeric", "short_text"}},
      {"state", {"draft", "in_review", "released", "suspended", "retired"}},
      {"level", {"unstated", "national", "provincial"}},
      {"difficulty", {"0", "1", "2", "3", "4", "5"}},
      {"in_use", {"0", "1"}},
      {"mine", {"0", "1"}}};
  return map;
}

struct Facet {
  const char* name;
  std::string ItemFilter::*wanted;
};
constexpr Facet kFacets[] = {{"type", &ItemFilter::type}, {"topic", &ItemFilter::topic}, {"state", &ItemFilter::state},
                             {"level", &ItemFilter::level}, {"difficulty", &ItemFilter::difficulty}};

/// A topic with everything under it in the tree is written with a / at its end.
bool isSubtree(const std::string& topic) { return topic.ends_with('/'); }

bool fits(const Facet& facet, const std::string& wanted, const std::string& value) {
  if (wanted.empty() || wanted == value) return true;
  return facet.wanted == &ItemFilter::topic && isSubtree(wanted) && topicIsUnder(value, wanted.substr(0, wanted.size() - 1));
}

Json countList(const std::vector<std::pair<std::string, std::int64_t>>& counts) {
  Json list = Json::array();
  for (const auto& [value, items] : counts) list.push_back({{"value", value}, {"items", items}});
  return list;
}
constexpr std::size_t kTagsShown = 200;

/// How many items of the filter carry each tag or flag. Begins at the tags (cross join keeps SQLite to that): few items carry
/// one, and only those are then searched for words.
Json carriedJson(Tx& tx, const ItemFilter& filter, const std::string& name) {
  const Condition condition = conditionOf(filter, name);
  std::vector<std::pair<std::string, std::int64_t>> counts;
  for (auto& [value, items] : tx.allBound<std::string, std::int64_t>(
           "select t." + name + ", count(*) from item_" + name + " t cross join bank_item i where i.uid = t.item_uid and " + condition.sql +
               " group by t." + name + " order by 2 desc, 1 limit " + std::to_string(kTagsShown),
           condition.values))
    counts.emplace_back(std::move(value), items);
  return countList(counts);
}

std::vector<std::string_view> split(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  for (std::size_t end = text.find(mark); end != text.npos; end = text.find(mark)) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

struct Counted {
  std::int64_t total = 0;  // that fit the filter
  Json counts;             // ItemCounts of openapi.yaml
};

/// How many items there are of each combination of facets and tags, in one pass. Every item says its own in one long text that
/// is counted here: SQLite would sort all of them by six columns to group them, which takes as long as finding them.
std::unordered_map<std::string, std::int64_t> combinations(Tx& tx, const ItemFilter& filter) {
  const Condition rest = conditionOf(filter, "facets");
  const auto said = tx.allBound<std::string>("select group_concat(i.type || char(31) || i.topic || char(31) || i.state || char(31) || i.level || char(31) || "
                                             "i.difficulty || char(31) || i.tags, char(30)) from bank_item i where " + rest.sql, rest.values);
  std::unordered_map<std::string_view, std::int64_t> counted;
  if (const std::string& all = std::get<0>(said.front()); !all.empty())
    for (const std::string_view one : split(all, '\x1e')) ++counted[one];
  return {counted.begin(), counted.end()};
}

/// Whether something of an item waits that the caller made or had a hand in; the caller stands at two marks.
std::string waitsOf(const std::string& mark, const std::string& again) {
  return "(exists (select 1 from item_version w where w.item_uid = i.uid and w.number > i.approved_version and w.author = " + mark +
         ") or exists (select 1 from version_hand h where h.item_uid = i.uid and h.number > i.approved_version and h.account_id = " + again + "))";
}

/// Each facet leaves its own wish out.
Counted countItems(Tx& tx, const ItemFilter& filter) {
  Counted counted;
  std::map<std::string, std::int64_t> counts[5], tags;
  for (const auto& [combination, items] : combinations(tx, filter)) {
    const auto parts = split(combination, '\x1f');
    if (parts.size() != 6) continue;
    std::size_t misses = 0, missed = 0;
    std::string values[5];
    for (std::size_t one = 0; one < 5; ++one) {
      values[one] = one == 1 && parts[one].empty() ? "-" : std::string(parts[one]);
      if (!fits(kFacets[one], filter.*kFacets[one].wanted, values[one])) ++misses, missed = one;
    }
    if (misses == 0) counted.total += items;
    for (std::size_t own = 0; own < 5; ++own)
      if (misses == 0 || (misses == 1 && missed == own)) counts[own][values[own]] += items;
    if (misses == 0 && parts[5] != "[]")
      for (const Json& tag : Json::parse(parts[5])) tags[tag.get<std::string>()] += items;
  }
  for (std::size_t i = 0; i < 5; ++i) counted.counts[kFacets[i].name] = countList({counts[i].begin(), counts[i].end()});
  std::vector<std::pair<std::string, std::int64_t>> most(tags.begin(), tags.end());
  std::stable_sort(most.begin(), most.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  most.resize(std::min(most.size(), kTagsShown));
  counted.counts["tag"] = filter.tag.empty() ? countList(most) : carriedJson(tx, filter, "tag");
  counted.counts["flag"] = carriedJson(tx, filter, "flag");
  return counted;
}

/// Bank order, or the column that `sort` names; a - before it turns it round.
Result<std::string> orderOf(std::string sort) {
  if (sort.empty()) return std::string(" order by i.bank_id, i.ord");
  const std::string down = sort.starts_with('-') ? " desc" : "";
  if (!down.empty()) sort.erase(0, 1);
  static const std::map<std::string, std::string> columns = {
      {"changed", "i.changed_ms"}, {"difficulty", "i.difficulty"}, {"item_id", "i.item_id"}, {"state", "i.state"}, {"type", "i.type"}};
  const auto column = columns.find(sort);
  if (column == columns.end()) return fail(ErrorCode::InvalidInput, "bad_filter", "", "sort");
  return " order by " + column->second + down + ", i.bank_id, i.ord";
}

Result<Reply> searchItems(App&, Tx& tx, const Call& call) {
  INVIGIL_TRY(filter, filterOf([&](const char* name) { return call.q(name); }, call.caller.account_id));
  Condition condition = conditionOf(filter);
  Counted counted;
  if (call.q("counts") == "1") counted = countItems(tx, filter);
  else counted.total = std::get<0>(tx.allBound<std::int64_t>("select count(*) from bank_item i where " + condition.sql, condition.values).front());
  INVIGIL_TRY(sorted, orderOf(call.q("sort")));
  const bool bank_order = call.q("sort").empty();
  if (const std::string after = call.q("after"); !after.empty()) {
    if (!bank_order) return fail(ErrorCode::InvalidInput, "bad_filter", "", "after");
    INVIGIL_TRY(last, itemByUid(tx, after));
    condition.add("(i.bank_id > ? or (i.bank_id = ? and i.ord > ?))", {last.bank_id, last.bank_id, last.ord});
  }
  const std::int64_t limit = call.number("limit", 50, 1, 500);
  const std::string page = sorted + " limit " + std::to_string(limit + 1) + " offset " + std::to_string(call.number("offset", 0, 0, 999999));
  // Another order than the index gives sorts every item: only their ids then, not the whole rows.
  if (!bank_order) condition.sql = "i.uid in (select i.uid from bank_item i where " + condition.sql + page + ")";
  // Where nothing fits, looking for a first row would read every item once more.
  Json items = counted.total == 0 ? Json::array() : itemRowsJson(tx, condition, bank_order ? page : sorted, call.caller.account_id);
  std::string next;
  if (items.size() > static_cast<std::size_t>(limit)) {
    items.erase(items.size() - 1);
    if (bank_order) next = items.back()["id"];
  }
  return Reply{{{"items", items}, {"total", counted.total}, {"next", next}, {"counts", counted.counts}}};
}

}  // namespace

void Condition::add(std::string_view sql_with_marks, std::vector<Tx::Value> more) {
  sql += " and ";
  auto value = more.begin();
  for (char c : sql_with_marks) {
    if (c != '?') {
      sql += c;
      continue;
    }
    sql += mark();
    values.push_back(*value++);
  }
}

Result<ItemFilter> filterOf(const std::function<std::string(const char*)>& member, const std::string& caller) {
  ItemFilter filter{member("bank"), member("type"), member("topic"), member("state"), member("level"), member("tag"),
                    member("difficulty"), member("flag"), member("in_use"), member("mine"), member("stimulus"), member("q"), caller};
  for (const auto& [name, values] : allowed()) {
    const std::string value = member(name.c_str());
    if (!value.empty() && std::find(values.begin(), values.end(), value) == values.end())
      return fail(ErrorCode::InvalidInput, "bad_filter", "", name);
  }
  if (wordsOf(filter.q).size() > kWordsMax) return fail(ErrorCode::InvalidInput, "too_many_words", "", "q");
  return filter;
}

Condition conditionOf(const ItemFilter& filter, const std::string& without) {
  Condition condition;
  const bool facets = without != "facets";
  if (!filter.bank.empty()) condition.add("i.bank_id = ?", {filter.bank});
  if (facets && !filter.type.empty()) condition.add("i.type = ?", {filter.type});
  if (facets && isSubtree(filter.topic)) condition.add("i.topic in " + topicsUnderSql(filter.topic.substr(0, filter.topic.size() - 1)));
  else if (facets && !filter.topic.empty()) condition.add("i.topic = ?", {filter.topic == "-" ? std::string() : filter.topic});
  if (facets && !filter.state.empty()) condition.add("i.state = ?", {filter.state});
  if (facets && !filter.level.empty()) condition.add("i.level = ?", {filter.level});
  if (facets && !filter.difficulty.empty()) condition.add("i.difficulty = ?", {std::int64_t{filter.difficulty[0] - '0'}});
  if (filter.in_use == "1") condition.add("i.released_version > 0");
  if (filter.in_use == "0") condition.add("i.released_version = 0");
  if (without != "tag" && !filter.tag.empty())
    condition.add("exists (select 1 from item_tag g where g.item_uid = i.uid and g.tag = ?)", {filter.tag});
  if (without != "flag" && !filter.flag.empty())
    condition.add("exists (select 1 from item_flag f where f.item_uid = i.uid and f.flag = ?)", {filter.flag});
  if (!filter.mine.empty()) condition.add(std::string(filter.mine == "1" ? "" : "not ") + waitsOf("?", "?"), {filter.caller, filter.caller});
  if (!filter.stimulus.empty())
    condition.add("exists (select 1 from item_version s where s.item_uid = i.uid and s.number = i.version and s.stimulus = ?)", {filter.stimulus});
  for (const std::string& word : wordsOf(filter.q)) condition.add("i.search_text like ? escape '\\'", {store::containing(word)});
  return condition;
}

Json itemRowsJson(Tx& tx, const Condition& condition, const std::string& order_and_limit, const std::string& caller) {
  Condition with_caller = condition;
  const std::string mark = with_caller.mark();
  with_caller.values.emplace_back(caller);
  const std::string again = with_caller.mark();
  with_caller.values.emplace_back(caller);
  Json rows = Json::array();
  for (auto& [uid, bank_id, item_id, state, version, released, type, topic, difficulty, level, tags, title, excerpt, changed, by, mine] :
       tx.allBound<std::string, std::string, std::string, std::string, std::int64_t, std::int64_t, std::string, std::string, std::int64_t,
                   std::string, std::string, std::string, std::string, std::int64_t, std::string, std::int64_t>(
           "select i.uid, i.bank_id, i.item_id, i.state, i.version, i.released_version, i.type, i.topic, i.difficulty, i.level, i.tags, "
           "i.title, i.excerpt, i.changed_ms, coalesce(a.display, i.changed_by), " +
               waitsOf(mark, again) + " from bank_item i left join account a on a.id = i.changed_by where " + condition.sql + order_and_limit,
           with_caller.values)) {
    Json flags = Json::array();
    for (auto& [flag] : tx.all<std::string>("select flag from item_flag where item_uid = :a order by flag", uid)) flags.push_back(flag);
    rows.push_back({{"id", uid}, {"bank_id", bank_id}, {"item_id", item_id}, {"state", state}, {"version", version},
                    {"released_version", released}, {"in_use", released > 0}, {"type", type}, {"topic", topic}, {"difficulty", difficulty},
                    {"level", level}, {"tags", Json::parse(tags)}, {"title", title}, {"stem", excerpt}, {"flags", flags},
                    {"changed_ms", changed}, {"changed_by", by}, {"mine", mine > 0}});
  }
  return rows;
}

Json itemRowJson(Tx& tx, const std::string& uid, const std::string& caller) {
  Condition one;
  one.add("i.uid = ?", {uid});
  return itemRowsJson(tx, one, "", caller).at(0);
}

Routes itemSearchRoutes() { return {readRoute(Verb::Get, "/api/v1/bank/items", Scope::Editor, searchItems)}; }

}  // namespace invigil::server
