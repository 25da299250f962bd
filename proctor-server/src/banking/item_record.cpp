// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "banking/item_record.hpp"

#include <algorithm>

#include "banking/markup.hpp"

namespace invigil::server {

using bank::Item;

namespace {

bool isHtml(const Item& item) { return item.markup == bank::Markup::Html; }

/// JSON of the answers as stored and as sent.
Json answersJson(const Item& item) {
  Json list = Json::array();
  for (const bank::AcceptedAnswer& answer : item.answers) {
    Json one{{"match", bank::toText(answer.match)}, {"text", answer.text}, {"percent", answer.percent}};
    if (answer.match == bank::AcceptedAnswer::Match::Range) one["upper"] = answer.upper;
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace

std::string levelText(bank::Level level) {
  return level == bank::Level::National ? "national" : level == bank::Level::Provincial ? "provincial" : "unstated";
}

bank::Level levelFromText(const std::string& text) {
  return text == "national" ? bank::Level::National : text == "provincial" ? bank::Level::Provincial : bank::Level::Unstated;
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

Json contentJson(const Item& item, std::int64_t stimulus_version) {
  return {{"type", bank::toText(item.type)}, {"markup", isHtml(item) ? "html" : "plain"}, {"title", item.title},
          {"topic", item.topic}, {"difficulty", item.difficulty}, {"stem", item.stem}, {"stimulus", item.stimulus},
          {"stimulus_version", stimulus_version}, {"options", item.options}, {"option_notes", item.option_notes},
          {"key", item.key}, {"answers", answersJson(item)}, {"explanation", item.explanation}, {"source", item.source},
          {"fixed_order", item.fixed_order}, {"level", levelText(item.level)}, {"tags", item.tags}, {"enemies", item.enemies}};
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

std::vector<ItemVersion> versionsWhere(Tx& tx, const std::string& condition, const std::string& a, std::int64_t b, std::int64_t c,
                                       const std::string& table) {
  std::vector<ItemVersion> list;
  for (auto& [id, type, markup, title, topic, stem, stimulus, options, notes, key, answers, explanation, source, level, tags,
              enemies, author, reason, number, difficulty, stimulus_version, fixed, made, released] :
       tx.all<std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string,
              std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string, std::string,
              std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t>(
           "select item_id, v.type, v.markup, v.title, v.topic, v.stem, v.stimulus, v.options, v.option_notes, v.answer_key, "
           "v.answers, v.explanation, v.source, v.level, v.tags, v.enemies, v.author, v.reason, v.number, v.difficulty, "
           "v.stimulus_version, v.fixed_order, v.made_ms, (select count(*) from item_event e where e.item_uid = i.uid "
           "and e.version = v.number and e.to_state = 'released') from " + table + " where " + condition,
           a, b, c)) {
    ItemVersion version;
    Item& item = version.item;
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
    version.number = number;
    version.stimulus_version = stimulus_version;
    version.made_ms = made;
    version.author = author;
    version.reason = reason;
    version.released = released != 0;
    list.push_back(std::move(version));
  }
  return list;
}

Result<ItemVersion> versionOf(Tx& tx, const ItemRow& row, std::int64_t number) {
  auto list = versionsWhere(tx, "i.uid = :a and v.number between :b and :c", row.uid, number, number);
  if (list.empty()) return fail(ErrorCode::NotFound, "no_such_version", "", "number");
  return std::move(list.front());
}

void storeVersion(Tx& tx, const ItemRow& row, const ItemVersion& version) {
  const Item& item = version.item;
  const std::string type(bank::toText(item.type)), level = levelText(item.level), tags = Json(item.tags).dump();
  tx.exec("insert into bank_item(uid, bank_id, item_id, ord, state, version, released_version, approved_version, type, topic, "
          "difficulty, level, title, excerpt, tags, search_text, search_edition, changed_ms, changed_by) "
          "values (:a, :b, :c, :d, :e, :f, :g, :h, :i, :j, :k, :l, :m, :n, :o, :p, :q, :r, :s) on conflict (uid) do update set "
          "state = excluded.state, version = excluded.version, type = excluded.type, topic = excluded.topic, "
          "difficulty = excluded.difficulty, level = excluded.level, title = excluded.title, excerpt = excluded.excerpt, "
          "tags = excluded.tags, search_text = excluded.search_text, search_edition = excluded.search_edition, "
          "changed_ms = excluded.changed_ms, changed_by = excluded.changed_by",
          row.uid, row.bank_id, row.item_id, row.ord, row.state, row.version, row.released_version, row.approved_version, type,
          item.topic, item.difficulty, level, item.title, excerptOf(item), tags, searchTextOf(item), kSearchEdition,
          version.made_ms, version.author);
  tx.exec("insert into item_version(item_uid, number, type, markup, title, topic, difficulty, stem, stimulus, stimulus_version, "
          "options, option_notes, answer_key, answers, explanation, source, fixed_order, level, tags, enemies, author, made_ms, "
          "reason) values (:a, :b, :c, :d, :e, :f, :g, :h, :i, :j, :k, :l, :m, :n, :o, :p, :q, :r, :s, :t, :u, :v, :w)",
          row.uid, row.version, type, std::string(isHtml(item) ? "html" : "plain"), item.title, item.topic, item.difficulty,
          item.stem, item.stimulus, version.stimulus_version, Json(item.options).dump(), Json(item.option_notes).dump(),
          Json(item.key).dump(), answersJson(item).dump(), item.explanation, item.source, item.fixed_order ? 1 : 0, level, tags,
          Json(item.enemies).dump(), version.author, version.made_ms, version.reason);
  tx.exec("delete from item_tag where item_uid = :a", row.uid);
  for (const std::string& tag : item.tags) tx.exec("insert into item_tag(item_uid, tag) values (:a, :b)", row.uid, tag);
}

void noteEvent(Tx& tx, const std::string& uid, Instant at, const std::string& actor, const std::string& move,
               const std::string& from, const std::string& to, std::int64_t version, const std::string& reason) {
  const auto place = tx.value<std::int64_t>("select coalesce(max(place), 0) + 1 from item_event where item_uid = :a", uid);
  tx.exec("insert into item_event(item_uid, place, at_ms, actor, move, from_state, to_state, version, reason) "
          "values (:a, :b, :c, :d, :e, :f, :g, :h, :i)",
          uid, place.value_or(1), toMillis(at), actor, move, from, to, version, reason);
}

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
