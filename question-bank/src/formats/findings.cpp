// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/findings.hpp"

#include "invigil/bank/markup.hpp"
#include "invigil/base/text.hpp"

namespace invigil::bank::formats {

Finding findingAt(const Place& place, const char* code, const std::string& text, Wording what) {
  Finding one;
  one.place = place;
  one.code = code;
  one.text = firstCharacters(wellFormed(text), 200);
  one.what = {wellFormed(what.zh), wellFormed(what.en)};
  return one;
}

Finding tidied(const Place& place, const std::string& text) {
  return findingAt(place, "tidied", text, {"整理了题号、空格、选项标记或答案的写法", "tidied: item number, white space, option marks or how the answer was written"});
}

Wording twoLanguages(const std::string& sentence) {
  const std::size_t mark = sentence.find(" / ");
  if (mark == std::string::npos) return {sentence, sentence};
  return {sentence.substr(0, mark), sentence.substr(mark + 3)};
}

std::string shownAnswer(const Item& item) {
  std::string out;
  const auto add = [&](const std::string& text) { out += (out.empty() ? "" : "、") + firstCharacters(plainText(text, item.markup == Markup::Html), 40); };
  for (int index : item.key) add(item.options[static_cast<std::size_t>(index)]);
  for (const AcceptedAnswer& one : item.answers) add(one.upper.empty() || one.upper == one.text ? one.text : one.text + ".." + one.upper);
  return out;
}

Wording otherThanStem(bool of_a_case) {
  if (of_a_case) return {"选项或案例不同", "other options or another case"};
  return {"选项不同", "other options"};
}

Wording contradiction(const Wording& other, const std::string& there_zh, const std::string& theirs, const std::string& ours) {
  return {"题干和选项与" + other.zh + "相同而答案不同（" + there_zh + "是“" + theirs + "”，这一行是“" + ours + "”），必有一个错，请核对后改正",
          "the stem and options are those of " + other.en + " with another answer ('" + theirs + "' there, '" + ours + "' here): one of the two is wrong; look it up and mend it"};
}

}  // namespace invigil::bank::formats
