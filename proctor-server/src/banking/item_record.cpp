// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "banking/item_record.hpp"

#include <algorithm>

#include "banking/markup.hpp"

namespace invigil::server {

using bank::Item;

namespace {

bool isHtml(const Item& item) { return item.markup == bank::Markup::Html; }

}  // namespace

std::string levelText(bank::Level level) {
  return level == bank::Level::National ? "national" : level == bank::Level::Provincial ? "provincial" : "unstated";
}

bank::Level levelFromText(const std::string& text) {
  return text == "national" ? bank::Level::National : text == "provincial" ? bank::Level::Provincial : bank::Level::Unstated;
}

Json answersJson(const std::vector<bank::AcceptedAnswer>& answers) {
  Json list = Json::array();
  for (const bank::AcceptedAnswer& answer : answers) {
    Json one{{"match", bank::toText(answer.match)}, {"text", answer.text}, {"percent", answer.percent}};
    if (answer.match == bank::AcceptedAnswer::Match::Range) one["upper"] = answer.upper;
    list.push_back(std::move(one));
  }
  return list;
}

std::vector<bank::AcceptedAnswer> answersFromJson(const Json& list) {
  using Match = bank::AcceptedAnswer::Match;
  std::vector<bank::AcceptedAnswer> answers;
  for (const Json& one : list) {
    bank::AcceptedAnswer answer;
    const std::string match = one.at("match");
    for (const Match kind : {Match::Exact, Match::IgnoreCase, Match::Regex, Match::Range})
      if (bank::toText(kind) == match) answer.match = kind;
    answer.text = one.at("text");
    answer.upper = one.value("upper", "");
    answer.percent = one.value("percent", 100);
    answers.push_back(std::move(answer));
  }
  return answers;
}

std::vector<bank::AcceptedAnswer> answersAsWritten(const Json& list) {
  auto answers = answersFromJson(list);
  for (bank::AcceptedAnswer& answer : answers) {
    if (answer.match == bank::AcceptedAnswer::Match::Regex) continue;
    answer.text = trim(answer.text);
    answer.upper = trim(answer.upper);
  }
  return answers;
}

Json contentJson(const Item& item, std::int64_t stimulus_version) {
  return {{"type", bank::toText(item.type)}, {"markup", isHtml(item) ? "html" : "plain"}, {"title", item.title},
          {"topic", item.topic}, {"difficulty", item.difficulty}, {"stem", item.stem}, {"stimulus", item.stimulus},
          {"stimulus_version", stimulus_version}, {"options", item.options}, {"option_notes", item.option_notes},
          {"key", item.key}, {"answers", answersJson(item.answers)}, {"explanation", item.explanation}, {"source", item.source},
          {"fixed_order", item.fixed_order}, {"level", levelText(item.level)}, {"tags", item.tags}, {"enemies", item.enemies}};
}

Status checkLists(const Item& item) {
  if (item.tags.size() > kTagsMax) return fail(ErrorCode::Conflict, "too_many_tags", item.id, "tags");
  if (item.enemies.size() > kEnemiesMax) return fail(ErrorCode::Conflict, "too_many_enemies", item.id, "enemies");
  return {};
}

Result<ItemRow> itemByUid(Tx& tx, const std::string& uid) {
  auto found = tx.one<std::string, std::string, std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t>(
      "select bank_id, item_id, state, ord, version, released_version, approved_version from bank_item where uid = :a", uid);
  if (!found) return fail(ErrorCode::NotFound, "no_such_item", "", "id");
  ItemRow row;
  row.uid = uid;
  std::tie(row.bank_id, row.item_id, row.state, row.ord, row.version, row.released_version, row.approved_version) = *found;
  return row;
}

std::optional<ItemRow> itemById(Tx& tx, const std::string& bank_id, const std::string& item_id) {
  auto uid = tx.value<std::string>("select uid from bank_item where bank_id = :a and item_id = :b", bank_id, item_id);
  if (!uid) return std::nullopt;
  auto row = itemByUid(tx, *uid);
  return row ? std::optional(*row) : std::nullopt;
}

std::vector<ItemContent> contentsOf(Tx& tx, const std::string& number, const std::string& from_where, const std::vector<Tx::Value>& values) {
  std::vector<ItemContent> list;
  for (auto& [id, type, markup, title, topic, stem, stimulus, options, notes, key, answers, explanation, source, level, tags,
              enemies, at, difficulty, stimulus_version, fixed] :
       tx.allBound<std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string,
                   std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::int64_t, std::int64_t,
                   std::int64_t, std::int64_t>(
           "select item_id, v.type, v.markup, v.title, v.topic, v.stem, v.stimulus, v.options, v.option_notes, v.answer_key, v.answers, "
           "v.explanation, v.source, v.level, v.tags, v.enemies, " + number + ", v.difficulty, v.stimulus_version, v.fixed_order from " + from_where,
           values)) {
    ItemContent content;
    Item& item = content.item;
    item.id = id;
    item.type = bank::itemTypeFromText(type).value_or(bank::ItemType::SingleChoice);
    item.markup = markup == "html" ? bank::Markup::Html : bank::Markup::Plain;
    item.title = title;
    item.topic = topic;
    item.difficulty = static_cast<int>(difficulty);
    item.stem = stem;
    item.stimulus = stimulus;
    item.options = Json::parse(options).get<std::vector<std::string>>();
    item.option_notes = Json::parse(notes).get<std::vector<std::string>>();
    item.key = Json::parse(key).get<std::vector<int>>();
    item.answers = answersFromJson(Json::parse(answers));
    item.explanation = explanation;
    item.source = source;
    item.fixed_order = fixed != 0;
    item.level = levelFromText(level);
    item.tags = Json::parse(tags).get<std::vector<std::string>>();
    item.enemies = Json::parse(enemies).get<std::vector<std::string>>();
    content.number = at;
    content.stimulus_version = stimulus_version;
    list.push_back(std::move(content));
  }
  return list;
}

Result<ItemVersion> versionOf(Tx& tx, const ItemRow& row, std::int64_t number) {
  auto list = contentsOf(tx, "v.number", "item_version v join bank_item i on i.uid = v.item_uid where v.item_uid = :a and v.number = :b",
                         {row.uid, number});
  if (list.empty()) return fail(ErrorCode::NotFound, "no_such_version", "", "number");
  ItemVersion version;
  static_cast<ItemContent&>(version) = std::move(list.front());
  auto about = tx.one<std::string, std::string, std::int64_t, std::int64_t>(
      "select author, reason, made_ms, (select count(*) from item_event e where e.item_uid = v.item_uid and e.version = v.number and "
      "e.to_state = 'released') from item_version v where v.item_uid = :a and v.number = :b", row.uid, number);
  std::int64_t released = 0;
  std::tie(version.author, version.reason, version.made_ms, released) = *about;
  version.released = released > 0;
  return version;
}

std::vector<Tx::Value> contentValues(const Item& item, std::int64_t stimulus_version) {
  return {std::string(bank::toText(item.type)), std::string(isHtml(item) ? "html" : "plain"), item.title, item.topic,
          std::int64_t{item.difficulty}, item.stem, item.stimulus, stimulus_version, Json(item.options).dump(),
          Json(item.option_notes).dump(), Json(item.key).dump(), answersJson(item.answers).dump(), item.explanation, item.source,
          std::int64_t{item.fixed_order ? 1 : 0}, levelText(item.level), Json(item.tags).dump(), Json(item.enemies).dump()};
}

std::string insertInto(const std::string& table, const std::string& columns) {
  std::string marks;
  const auto count = static_cast<std::size_t>(std::count(columns.begin(), columns.end(), ',')) + 1;
  for (std::size_t i = 0; i < count; ++i) marks += (i ? ", :" : ":") + Tx::mark(i);
  return "insert into " + table + "(" + columns + ") values (" + marks + ")";
}

void storeVersion(Tx& tx, const ItemRow& row, const ItemVersion& version) {
  const Item& item = version.item;
  static const std::string upsert =
      insertInto("bank_item", "uid, bank_id, item_id, ord, state, version, released_version, approved_version, type, topic, difficulty, "
                              "level, title, excerpt, tags, search_text, search_edition, changed_ms, changed_by") +
      " on conflict (uid) do update set state = excluded.state, version = excluded.version, type = excluded.type, "
      "topic = excluded.topic, difficulty = excluded.difficulty, level = excluded.level, title = excluded.title, "
      "excerpt = excluded.excerpt, tags = excluded.tags, search_text = excluded.search_text, "
      "search_edition = excluded.search_edition, changed_ms = excluded.changed_ms, changed_by = excluded.changed_by";
  tx.exec(upsert, row.uid, row.bank_id, row.item_id, row.ord, row.state, row.version, row.released_version, row.approved_version,
          std::string(bank::toText(item.type)), item.topic, item.difficulty, levelText(item.level), item.title, excerptOf(item),
          Json(item.tags).dump(), searchTextOf(item), kSearchEdition, version.made_ms, version.author);
  static const std::string insert = insertInto("item_version", "item_uid, number, author, made_ms, reason, " + std::string(kContentColumns));
  std::vector<Tx::Value> values{row.uid, row.version, version.author, version.made_ms, version.reason};
  for (Tx::Value& value : contentValues(item, version.stimulus_version)) values.push_back(std::move(value));
  tx.execBound(insert, values);
  tx.exec("delete from item_tag where item_uid = :a", row.uid);
  for (const std::string& tag : item.tags) tx.exec("insert into item_tag(item_uid, tag) values (:a, :b)", row.uid, tag);
}

void noteEvent(Tx& tx, const std::string& uid, Instant at, const std::string& actor, const std::string& move,
               const std::string& from, const std::string& to, std::int64_t version, const std::string& reason) {
  const auto place = tx.value<std::int64_t>("select coalesce(max(place), 0) + 1 from item_event where item_uid = :a", uid);
  tx.exec("insert into item_event(item_uid, place, at_ms, actor, move, from_state, to_state, version, reason) "
          "values (:a, :b, :c, :d, :e, :f, :g, :h, :i)",
          uid, place.value_or(1), toMillis(at), actor, move, from, to, version, reason);
  poolChanged(tx);
}

void poolChanged(Tx& tx) { tx.exec("update pool_edition set value = value + 1"); }

std::string excerptOf(const Item& item) { return firstCharacters(plainText(item.stem, isHtml(item)), 240); }

std::string searchTextOf(const Item& item) {
  std::string all = item.id + " " + item.title + " " + plainText(item.stem, isHtml(item));
  for (const std::string& option : item.options)
    if (item.type != bank::ItemType::TrueFalse) all += " " + plainText(option, isHtml(item));
  all += " " + item.source;
  for (const std::string& tag : item.tags) all += " " + tag;
  return searchable(all);
}

Status refreshSearchTexts(App& app) {
  for (;;) {
    INVIGIL_TRY(done, app.store->writeNow<std::int64_t>([](Tx& tx) -> Result<std::int64_t> {
      std::int64_t count = 0;
      for (auto& [uid] : tx.all<std::string>("select uid from bank_item where search_edition < :a limit 1000", kSearchEdition)) {
        INVIGIL_TRY(row, itemByUid(tx, uid));
        INVIGIL_TRY(version, versionOf(tx, row, row.version));
        tx.exec("update bank_item set search_text = :a, excerpt = :b, search_edition = :c where uid = :d",
                searchTextOf(version.item), excerptOf(version.item), kSearchEdition, uid);
        ++count;
      }
      return count;
    }));
    if (done == 0) return {};
  }
}

std::string personName(Tx& tx, const std::string& account_id) {
  return tx.value<std::string>("select display from account where id = :a", account_id).value_or(account_id);
}

}  // namespace invigil::server
