// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "formats/findings.hpp"
#include "formats/native_json.hpp"
#include "invigil/bank/fill_item.hpp"
#include "invigil/bank/importing.hpp"
#include "invigil/bank/item_digest.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank {
namespace {

using formats::findingAt;
using formats::shownAnswer;

/// `row` as it is named in a sentence.
Wording contradiction(const std::string& row, const std::string& theirs, const std::string& ours) {
  return formats::contradiction({"第 " + row + " 行", "row " + row}, "那一行", theirs, ours);
}

/// The row is not taken in: what it says goes along with the finding, for whoever mends it.
Finding notTaken(const Reading::Row& row, const char* code, Wording what) {
  Finding one = findingAt(row.place, code, row.item.stem, std::move(what));
  one.as_read = asRead(row.item);
  return one;
}

bool validId(const std::string& id) {
  return !id.empty() && id.size() <= 64 &&
         id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos;
}

Item withId(Item item) {
  if (!validId(item.id)) item.id = "q";
  return item;
}

/// Why the bank has no place for the item, whatever file it stood in; nothing where it has.
std::optional<Finding> faultOf(const Reading::Row& row) {
  const std::string fault = formats::itemFault(withId(row.item));
  if (fault.empty()) return std::nullopt;
  const auto tooMany = [&](const char* code, std::size_t have, std::size_t most, const std::string& zh, const std::string& en) {
    const std::string count = std::to_string(have), limit = std::to_string(most);
    return notTaken(row, code, {"有 " + count + " " + zh + "，一道题最多 " + limit + " 个；请删去多余的再导入（修改时已只留前 " + limit + " 个）",
                                count + " " + en + ", an item has at most " + limit + ": take the others out and import it again (the form for mending begins with the first " + limit + ")"});
  };
  if (row.item.tags.size() > kItemTagsMax) return tooMany("too_many_tags", row.item.tags.size(), kItemTagsMax, "个标签", "tags");
  if (row.item.enemies.size() > kItemEnemiesMax) return tooMany("too_many_enemies", row.item.enemies.size(), kItemEnemiesMax, "个互斥题", "enemies");
  return notTaken(row, "bad_question", {"题库里放不下这道题：" + fault, "the bank has no place for this item: " + fault});
}

/// As it is named in a sentence about `from`.
std::string placeText(const Place& place, const Place& from) {
  const std::string row = place.sheet.empty() ? std::to_string(place.row) : place.sheet + " " + std::to_string(place.row);
  return place.file == from.file ? row : place.file + " " + row;
}

class Collector {
 public:
  explicit Collector(const Bank& defaults) {
    out_.bank = defaults;
    out_.bank.items.clear(), out_.bank.stimuli.clear(), out_.bank.media.clear();
  }

  void add(Reading& reading, int number) {
    reading_ = number;
    renamed_.clear();
    std::map<std::string, std::string> stimuli;
    for (Stimulus& one : reading.stimuli) stimulus(std::move(one), stimuli);
    repeated_enemies_.clear();
    const std::size_t first = out_.bank.items.size();
    for (Reading::Row& row : reading.items) {
      if (const auto moved = stimuli.find(row.item.stimulus); moved != stimuli.end()) row.item.stimulus = moved->second;
      item(row, reading.own);
    }
    for (std::size_t i = first; i < out_.bank.items.size(); ++i) follow(out_.bank.items[i].enemies);
    for (auto& [kept, enemies] : repeated_enemies_) addEnemies(out_.bank.items[kept], std::move(enemies));
    std::move(reading.refused.begin(), reading.refused.end(), std::back_inserter(out_.refused));
    std::move(reading.notes.begin(), reading.notes.end(), std::back_inserter(out_.notes));
    std::move(reading.media.begin(), reading.media.end(), std::back_inserter(out_.bank.media));
  }

  Collected finish() {
    std::vector<Media>& media = out_.bank.media;
    std::sort(media.begin(), media.end(), [](const Media& a, const Media& b) { return a.name < b.name; });
    media.erase(std::unique(media.begin(), media.end()), media.end());
    markLookAlikes();
    out_.counts.imported = static_cast<int>(out_.bank.items.size());
    out_.counts.duplicates = static_cast<int>(out_.duplicates.size());
    out_.counts.refused = static_cast<int>(out_.refused.size());
    out_.counts.rows = out_.counts.imported + out_.counts.duplicates + out_.counts.refused;
    return std::move(out_);
  }

 private:
  struct First {
    int reading;
    Place place;
    std::string answer;
    std::string shown;  ///< the same for people
    std::string id;
    std::size_t at;  ///< in the bank's items
  };

  void item(Reading::Row& row, bool own) {
    const std::string answer = answerText(row.item);
    const auto [first, fresh] = asked_.try_emplace(questionDigest(row.item, materialOf(row.item)), First{reading_, row.place, answer, shownAnswer(row.item), "", 0});
    const bool same = first->second.answer == answer;
    // Within a file of ours both have their own ids, which blueprints, enemies and papers may name: both stay.
    const bool stays = fresh || (own && first->second.reading == reading_);
    if (!stays) return again(row, first->second, same);
    if (auto fault = faultOf(row)) {
      out_.refused.push_back(std::move(*fault));
      if (fresh) asked_.erase(first);
      return;
    }
    if (!fresh) tellRepeat(row, first->second, same);
    giveId(row);
    if (fresh) first->second.id = row.item.id, first->second.at = out_.bank.items.size();
    out_.counts.repaired += !row.repairs.empty();
    out_.repaired.insert(out_.repaired.end(), row.repairs.begin(), row.repairs.end());
    out_.places.push_back(std::move(row.place));
    out_.bank.items.push_back(std::move(row.item));
  }

  std::string_view materialOf(const Item& item) const {
    const auto known = stimuli_.find(item.stimulus);
    return known == stimuli_.end() ? std::string_view() : known->second.text;
  }

  void again(const Reading::Row& row, const First& first, bool same) {
    const std::string there = placeText(first.place, row.place);
    if (!same) return out_.refused.push_back(notTaken(row, "other_answer", contradiction(there, first.shown, shownAnswer(row.item))));
    Wording what{"与第 " + there + " 行完全相同，只收一次", "the same as row " + there + "; it is taken once"};
    fill(first.at, row.item, what);
    out_.duplicates.push_back(notTaken(row, "duplicate", std::move(what)));
    if (!row.item.id.empty() && row.item.id != first.id) renamed_.emplace(row.item.id, first.id);
  }

  /// What a repeated row alone says is not lost.
  void fill(std::size_t at, const Item& repeat, Wording& what) {
    Item& kept = out_.bank.items[at];
    Item full = kept;
    Filled filled = fillFrom(full, repeat);
    if (!filled.taken.empty() && !formats::itemFault(full).empty()) {  // the repeat was not looked over
      filled.differing.insert(filled.differing.end(), filled.taken.begin(), filled.taken.end());
      filled.taken.clear();
    } else {
      kept = std::move(full);
    }
    if (repeat.enemies != kept.enemies && !repeat.enemies.empty()) {
      repeated_enemies_.emplace_back(at, repeat.enemies);
      filled.taken.push_back({"互斥题", "enemies"});
    }
    if (!filled.taken.empty()) {
      const Wording names = listed(filled.taken);
      what.zh += "；那一行没有的已补上：" + names.zh, what.en += "; what that row lacked was added to it: " + names.en;
    }
    if (!filled.differing.empty()) {
      const Wording names = listed(filled.differing);
      what.zh += "；两行写得不同、保留那一行的：" + names.zh, what.en += "; kept as that row has it, where this one says something else: " + names.en;
    }
  }

  static void eachOnce(std::vector<std::string>& ids) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  }

  void addEnemies(Item& item, std::vector<std::string> more) const {
    follow(more);
    for (const std::string& enemy : more)
      if (enemy != item.id && item.enemies.size() < kItemEnemiesMax) item.enemies.push_back(enemy);
    eachOnce(item.enemies);
  }

  void tellRepeat(const Reading::Row& row, const First& first, bool same) {
    const std::string there = placeText(first.place, row.place);
    repeats_.emplace_back(out_.bank.items.size(), same ? findingAt(row.place, "duplicate", row.item.stem, {"与第 " + there + " 行完全相同，编号不同，两道都保留", "the same as row " + there + " under another id; both stay"})
                                                       : findingAt(row.place, "other_answer", row.item.stem, contradiction(there, first.shown, shownAnswer(row.item))));
    repeated_.insert(out_.bank.items.size());
  }

  void giveId(Reading::Row& row) {
    const std::string old = row.item.id;
    if (validId(old) && ids_.insert(old).second) return;
    const std::string digest = digestId(row.item);
    std::string id = digest;
    for (int n = 2; !ids_.insert(id).second; ++n) id = digest + "-" + std::to_string(n);
    row.item.id = id;
    if (old.empty()) return;
    renamed_.emplace(old, id);
    const std::string shown = firstCharacters(wellFormed(old), 64);
    out_.notes.push_back(findingAt(row.place, "id_changed", row.item.stem,
                                   validId(old) ? Wording{"编号 " + shown + " 已被另一道题使用，这道题改为 " + id, "the id " + shown + " belongs to another item; this one got " + id}
                                                : Wording{"编号 " + shown + " 里有编号不能用的字符或太长，这道题改为 " + id, "the id " + shown + " is too long or has other characters than ids take; this item got " + id}));
  }

  /// Material under an id that another file uses for other material gets an id of its own.
  void stimulus(Stimulus one, std::map<std::string, std::string>& moved) {
    const std::string old = one.id;
    for (int n = 2;; ++n) {
      const auto [known, fresh] = stimuli_.try_emplace(one.id, one);
      if (fresh) {
        out_.bank.stimuli.push_back(one);
        break;
      }
      if (known->second == one) break;
      const std::string mark = "-" + std::to_string(n);
      one.id = old.substr(0, 64 - mark.size()) + mark;
    }
    if (one.id != old) moved.emplace(old, one.id);
  }

  /// The enemies that an item names by ids of its own file.
  void follow(std::vector<std::string>& enemies) const {
    if (renamed_.empty() || enemies.empty()) return;
    for (std::string& enemy : enemies)
      if (const auto moved = renamed_.find(enemy); moved != renamed_.end()) enemy = moved->second;
    eachOnce(enemies);
  }

  /// One finding at each item whose stem another has too, and those of the same question.
  void markLookAlikes() {
    std::map<std::string_view, std::vector<std::size_t>> by_stem;
    for (std::size_t i = 0; i < out_.bank.items.size(); ++i)
      if (!repeated_.contains(i)) by_stem[out_.bank.items[i].stem].push_back(i);
    for (const auto& [stem, same] : by_stem) {
      if (same.size() < 2) continue;
      constexpr std::size_t kNamed = 20;  // of thousands each would name thousands
      std::string rows;
      for (std::size_t k = 0; k < std::min(kNamed, same.size()); ++k) rows += (rows.empty() ? "" : ", ") + placeText(out_.places[same[k]], out_.places[same[0]]);
      if (same.size() > kNamed) rows += " …";
      const Wording other = formats::otherThanStem(std::any_of(same.begin(), same.end(), [&](std::size_t i) { return !out_.bank.items[i].stimulus.empty(); }));
      for (std::size_t i : same)
        repeats_.emplace_back(i, findingAt(out_.places[i], "same_stem", std::string(stem), {"第 " + rows + " 行题干相同，" + other.zh, "rows " + rows + " have the same stem with " + other.en}));
    }
    std::stable_sort(repeats_.begin(), repeats_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [place, one] : repeats_) out_.look_alikes.push_back(std::move(one));
  }

  Collected out_;
  int reading_ = 0;
  std::map<std::string, First> asked_;  ///< by questionDigest()
  std::set<std::string> ids_;
  std::map<std::string, Stimulus> stimuli_;
  std::map<std::string, std::string> renamed_;  ///< ids of the reading at hand
  std::vector<std::pair<std::size_t, Finding>> repeats_;  ///< by the place of the item
  std::set<std::size_t> repeated_;
  std::vector<std::pair<std::size_t, std::vector<std::string>>> repeated_enemies_;  ///< of repeats in the reading at hand, by the item that is kept
};

}  // namespace

Collected collect(std::vector<Reading> readings, const Bank& defaults) {
  Collector collector(defaults);
  int number = 0;
  for (Reading& reading : readings) collector.add(reading, number++);
  return collector.finish();
}

}  // namespace invigil::bank
