// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/findings.hpp"

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

}  // namespace invigil::bank::formats
