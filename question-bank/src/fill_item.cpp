// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/bank/fill_item.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "invigil/bank/markup.hpp"

namespace invigil::bank {
namespace {

/// What `repeat` notes to its options, in the order in which `kept` has them.
std::vector<std::string> notesFor(const Item& kept, const Item& repeat) {
  std::vector<std::string> out;
  if (repeat.option_notes.size() != repeat.options.size()) return out;
  for (const std::string& option : kept.options) {
    const auto same = std::find(repeat.options.begin(), repeat.options.end(), option);
    out.push_back(same == repeat.options.end() ? "" : repeat.option_notes[static_cast<std::size_t>(same - repeat.options.begin())]);
  }
  return out;
}

}  // namespace

Filled fillFrom(Item& kept, const Item& repeat) {
  Filled out;
  const auto fill = [&](auto& mine, auto theirs, const Wording& name) {
    const std::decay_t<decltype(theirs)> none{};
    if (theirs == none || theirs == mine) return;
    (mine == none ? out.taken : out.differing).push_back(name);
    if (mine == none) mine = std::move(theirs);
  };
  fill(kept.title, repeat.title, {"名称", "title"});
  fill(kept.topic, repeat.topic, {"知识点", "topic"});
  fill(kept.difficulty, repeat.difficulty, {"难度", "difficulty"});
  fill(kept.level, repeat.level, {"题库级别", "level"});
  fill(kept.source, repeat.source, {"来源", "source"});
  fill(kept.tags, repeat.tags, {"标签", "tags"});
  std::string explanation = repeat.explanation;
  std::vector<std::string> notes = notesFor(kept, repeat);
  if (kept.markup == Markup::Html && repeat.markup == Markup::Plain) {
    explanation = htmlOfText(explanation);
    for (std::string& note : notes) note = htmlOfText(note);
  }
  if (kept.markup == Markup::Html || repeat.markup == Markup::Plain) {
    fill(kept.explanation, std::move(explanation), {"解析", "explanation"});
    fill(kept.option_notes, std::move(notes), {"选项说明", "notes of the options"});
  } else if (explanation != kept.explanation && !explanation.empty()) {
    out.differing.push_back({"解析", "explanation"});  // tags have no place in plain text
  }
  if (repeat.fixed_order && !kept.fixed_order) {
    kept.fixed_order = true;
    out.taken.push_back({"选项固定顺序", "fixed order"});
  }
  return out;
}

Wording listed(const std::vector<Wording>& names) {
  Wording out;
  for (const Wording& one : names) {
    out.zh += (out.zh.empty() ? "" : "、") + one.zh;
    out.en += (out.en.empty() ? "" : ", ") + one.en;
  }
  return out;
}

}  // namespace invigil::bank
