// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "formats/number_formats.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "invigil/base/text.hpp"

namespace invigil::bank::formats {
namespace {

/// In the zh-CN table of 18.8.30; 5 to 8 and 41 to 44 show the money of the editor's system, and files define them.
const char* builtInCode(unsigned id) {
  static constexpr const char *kMonth = "yyyy\"年\"m\"月\"", *kDay = "m\"月\"d\"日\"", *kHalfHour = "上午/下午h\"时\"mm\"分\"", *kHalfSecond = "上午/下午h\"时\"mm\"分\"ss\"秒\"",
                              *kAccount = "#,##0 ;-#,##0 ", *kAccount2 = "#,##0.00 ;-#,##0.00 ";
  static const std::map<unsigned, const char*> kCodes{
      {0, "General"}, {1, "0"}, {2, "0.00"}, {3, "#,##0"}, {4, "#,##0.00"}, {9, "0%"}, {10, "0.00%"}, {14, "yyyy/m/d"}, {15, "d-mmm-yy"}, {16, "d-mmm"},
      {17, "mmm-yy"}, {18, "h:mm AM/PM"}, {19, "h:mm:ss AM/PM"}, {20, "h:mm"}, {21, "h:mm:ss"}, {22, "yyyy/m/d h:mm"}, {27, kMonth}, {28, kDay}, {29, kDay},
      {30, "m-d-yy"}, {31, "yyyy\"年\"m\"月\"d\"日\""}, {32, "h\"时\"mm\"分\""}, {33, "h\"时\"mm\"分\"ss\"秒\""}, {34, kHalfHour}, {35, kHalfSecond}, {36, kMonth},
      {37, kAccount}, {38, kAccount}, {39, kAccount2}, {40, kAccount2}, {45, "mm:ss"}, {46, "[h]:mm:ss"}, {49, "@"}, {50, kMonth}, {51, kDay}, {52, kMonth}, {53, kDay},
      {54, kDay}, {55, kHalfHour}, {56, kHalfSecond}, {57, kMonth}, {58, kDay}};
  const auto found = kCodes.find(id);
  return found == kCodes.end() ? "" : found->second;
}

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string small(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = small(c);
  return out;
}

/// Of the character that begins with this byte.
std::size_t bytesOf(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// Takes one section of a format apart. What it does not know leaves the section unknown: a number is rather shown raw than wrong.
class SectionReader {
 public:
  explicit SectionReader(std::string_view code) : code_(code) {}

  NumberSection read() {
    NumberSection& out = section_;
    while (known_ && at_ < code_.size()) take();
    if (!known_ || out.parts.empty() || (number_ && date_) || (number_ && general_) || (date_ && (general_ || out.percents > 0)) || out.percents > 2) return {};
    if (number_ && !readDigits()) return {};
    if (general_ && out.percents > 0) return {};
    out.kind = date_ ? NumberSection::Kind::Date : general_ ? NumberSection::Kind::General : NumberSection::Kind::Number;
    if (date_ && !settleDate()) return {};
    return std::move(out);
  }

 private:
  bool next(std::string_view words) {
    if (small(code_.substr(at_, words.size())) != words) return false;
    at_ += words.size();
    return true;
  }

  void literal(std::string_view text) {
    if (section_.parts.empty() || section_.parts.back().what != 'L') section_.parts.push_back({'L', "", 1});
    section_.parts.back().text += text;
  }

  std::string_view character() {
    if (at_ >= code_.size()) return known_ = false, std::string_view();
    const std::string_view one = code_.substr(at_, bytesOf(code_[at_]));
    at_ += one.size();
    return one;
  }

  void take() {
    const char c = code_[at_];
    if (next("general") || next("g/通用格式")) return general_ = true, section_.parts.push_back({'9', "", 1});
    if (next("上午/下午")) return part('p', 1, "上午/下午");
    if (next("am/pm")) return half_ = true, part('p', 1, "AM/PM");
    if (const char kind = small(c); std::string_view("ymdhsa").find(kind) != std::string_view::npos) return letters(kind);
    if (std::string_view("0#?").find(c) != std::string_view::npos || ((c == '.' || c == ',') && digitsAround())) return digits();
    ++at_;
    if (c == '"') return quoted();
    if (c == '\\' || c == '!') return literal(character());
    if (c == '_') return (void)character(), literal(" ");  // as wide as that character
    if (c == '*') return void(known_ = character() == " ");
    if (c == '[') return bracket();
    if (c == '%') return ++section_.percents, literal("%");
    if (static_cast<unsigned char>(c) >= 0x80) return --at_, literal(character());
    if (std::string_view("$-+/():^&'~{}<>= .,").find(c) == std::string_view::npos) return void(known_ = false);
    fraction_ = fraction_ || c == '/';
    literal(std::string_view(&c, 1));
  }

  void quoted() {
    const std::size_t end = code_.find('"', at_);
    if (end == std::string_view::npos) return void(known_ = false);
    literal(code_.substr(at_, end - at_));
    at_ = end + 1;
  }

  void part(char what, int count, std::string text = "") {
    date_ = true;
    section_.parts.push_back({what, std::move(text), count});
  }

  void letters(char kind) {
    int count = 0;
    for (; at_ < code_.size() && small(code_[at_]) == kind; ++at_) ++count;
    if (kind == 'a') return count == 4 ? part('w', 4) : void(known_ = false);  // 三 or 周三: systems differ about aaa
    known_ = count <= (kind == 'y' || kind == 'm' ? 4 : 2);
    named_month_ = named_month_ || (kind == 'm' && count > 2);
    part(kind, count);
  }

  /// Dots and commas belong to a number where a digit stands before or behind them, and the section is no date.
  bool digitsAround() const {
    constexpr std::string_view kDigits = "0#?.,";
    return (at_ + 1 < code_.size() && kDigits.find(code_[at_ + 1]) != std::string_view::npos) ||
           (!section_.parts.empty() && section_.parts.back().what == '9' && !general_);
  }

  void digits() {
    const std::size_t end = std::min(code_.find_first_not_of("0#?.,", at_), code_.size());
    known_ = !number_;  // digits in two places
    number_ = true;
    section_.parts.push_back({'9', std::string(code_.substr(at_, end - at_)), 1});
    at_ = end;
  }

  void bracket() {
    const std::size_t end = code_.find(']', at_);
    if (end == std::string_view::npos) return void(known_ = false);
    const std::string inside = small(code_.substr(at_, end - at_));
    at_ = end + 1;
    static constexpr std::string_view kColours[]{"black", "blue", "cyan", "green", "magenta", "red", "white", "yellow",
                                                 "黑色", "蓝色", "青色", "绿色", "洋红", "红色", "白色", "黄色"};
    if (inside.starts_with('$')) return locale(std::string_view(inside).substr(1));
    if (!inside.empty() && inside.size() <= 2 && inside.front() == inside.back() && std::string_view("hms").find(inside.front()) != std::string_view::npos)
      return part(inside[0] == 'm' ? 'N' : static_cast<char>(inside[0] - 'a' + 'A'), static_cast<int>(inside.size()));
    known_ = std::find(std::begin(kColours), std::end(kColours), inside) != std::end(kColours) ||
             ((inside.starts_with("color") || inside.starts_with("颜色")) && inside.find_first_of("<>=") == std::string::npos);
  }

  void locale(std::string_view inside) {
    const std::size_t dash = inside.find('-');
    const std::string_view id = dash == std::string_view::npos ? std::string_view() : inside.substr(dash + 1);
    if (id == "f800" || id == "x-sysdate") return system("yyyy\"年\"m\"月\"d\"日\"");
    if (id == "f400" || id == "x-systime") return system("h:mm:ss");
    known_ = id.size() <= 4 || id.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos;  // longer ones ask for other digits or calendars
    foreign_ = foreign_ || !(id.empty() || id == "409" || id == "0409" || id == "en-us");
    other_week_ = foreign_ && id != "804" && id != "0804" && id != "zh-cn";
    literal(inside.substr(0, std::min(dash, inside.size())));
    if (section_.parts.back().text.empty()) section_.parts.pop_back();
  }

  /// What follows is what an American system shows.
  void system(std::string_view code) { code_ = code, at_ = 0; }

  bool readDigits() {
    if (fraction_) return false;
    for (const NumberSection::Part& one : section_.parts) {
      if (one.what != '9') continue;
      const std::size_t point = std::min(one.text.find('.'), one.text.size());
      const std::string whole = one.text.substr(0, point), decimals = point < one.text.size() ? one.text.substr(point + 1) : "";
      if (whole.starts_with(',') || whole.ends_with(',')) return false;  // at the end it divides by a thousand
      if (decimals.find_first_of(".,") != std::string::npos || one.text.size() > 40) return false;
      const std::size_t zero = whole.find('0');
      section_.whole_least = 0;
      for (std::size_t i = zero; i < whole.size(); ++i) section_.whole_least += whole[i] != ',';
      section_.decimals_least = static_cast<int>(decimals.find_last_of('0') + 1);
      section_.decimals_most = static_cast<int>(decimals.size());
      section_.grouped = whole.find(',') != std::string::npos;
    }
    return true;
  }

  /// Which m are minutes; what of a date is not said in the same words everywhere.
  bool settleDate() {
    NumberSection::Part* before = nullptr;
    for (NumberSection::Part& one : section_.parts) {
      if (one.what == 'L' || one.what == 'p') continue;
      if (one.what == '9' || (one.what == 'w' && other_week_)) return false;
      if (one.what == 'm' && one.count <= 2 && before != nullptr && (before->what == 'h' || before->what == 'H')) one.what = 'n';
      if ((one.what == 's' || one.what == 'S') && before != nullptr && before->what == 'm' && before->count <= 2) before->what = 'n';
      before = &one;
    }
    return !(foreign_ && (named_month_ || half_));
  }

  std::string_view code_;
  std::size_t at_ = 0;
  NumberSection section_;
  bool known_ = true, number_ = false, date_ = false, general_ = false, fraction_ = false, foreign_ = false, other_week_ = false, named_month_ = false,
       half_ = false;
};

/// The sections for positive numbers, negative ones and zero; one or two where the others follow from them.
std::vector<NumberSection> numberSections(std::string_view code) {
  constexpr std::size_t kLongest = 1'024;  // Excel's own have 255 characters at most
  if (code.empty() || code.size() > kLongest) return {};
  std::vector<std::string_view> texts;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= code.size(); ++at) {
    const char c = at < code.size() ? code[at] : ';';
    const char close = c == '"' ? '"' : c == '[' ? ']' : '\0';
    if (close != '\0') at = std::min(code.find(close, at + 1), code.size());
    else if (c == '\\' || c == '!' || c == '_' || c == '*') ++at;
    if (c != ';' && at < code.size()) continue;
    texts.push_back(code.substr(begin, std::min(at, code.size()) - begin));
    begin = at + 1;
  }
  const auto ofText = [](std::string_view section) { return section.find('@') != std::string_view::npos; };
  if (texts.size() == 1 && texts[0] == "@") texts[0] = "General";
  else if (texts.size() == 4 || ofText(texts.back())) texts.pop_back();
  std::vector<NumberSection> out;
  for (std::string_view text : texts) out.push_back(SectionReader(text).read());
  if (out.size() > 3) out.clear();
  return out;
}

/// The fifteen digits that Excel keeps: 0.d1d2d3… times ten to the power of `point`.
struct Decimal {
  std::string digits;
  int point = 0;
};

Decimal decimalOf(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.14e", value);  // d.dddddddddddddde±xx
  Decimal out;
  out.digits = std::string(1, text[0]) + std::string(text + 2, 14);
  out.point = std::atoi(text + 17) + 1;
  return out;
}

/// Half a unit of the last decimal is rounded up, as people do.
void roundTo(int decimals, Decimal& number) {
  const int kept = number.point + decimals;
  if (kept >= static_cast<int>(number.digits.size())) return;
  const bool up = kept >= 0 && number.digits[static_cast<std::size_t>(kept)] >= '5';
  number.digits.resize(static_cast<std::size_t>(std::max(kept, 0)));
  if (!up) return;
  std::size_t at = number.digits.size();
  while (at > 0 && number.digits[at - 1] == '9') number.digits[--at] = '0';
  if (at > 0) return void(++number.digits[at - 1]);
  number.digits.insert(number.digits.begin(), '1');
  ++number.point;
}

std::string digitsShown(const Decimal& number, const NumberSection& section) {
  const auto digit = [&](int place) {  // counted from the point: -1 is the ones
    const int at = number.point + place;
    return at >= 0 && at < static_cast<int>(number.digits.size()) ? number.digits[static_cast<std::size_t>(at)] : '0';
  };
  std::string out;
  int first = std::max(number.point, 0);
  while (first > 0 && digit(-first) == '0') --first;
  first = std::max(first, section.whole_least);
  for (int place = first; place > 0; --place) {
    out += digit(-place);
    if (section.grouped && place > 1 && place % 3 == 1) out += ',';
  }
  int decimals = section.decimals_most;
  while (decimals > section.decimals_least && digit(decimals - 1) == '0') --decimals;
  if (section.decimals_most > 0) out += '.';  // "5." for 5 as #.##, as there
  for (int place = 0; place < decimals; ++place) out += digit(place);
  return out;
}

std::optional<std::string> numberShown(double value, const NumberSection& section) {
  if (value >= 1e15) return std::nullopt;
  Decimal number = decimalOf(value);
  number.point += 2 * section.percents;
  roundTo(section.decimals_most, number);
  std::string out;
  const std::string digits = section.kind == NumberSection::Kind::General ? numberText(value) : digitsShown(number, section);
  for (const NumberSection::Part& part : section.parts) out += part.what == 'L' ? part.text : digits;
  return out;
}

std::string twoDigits(long long number, int count) { return (count > 1 && number < 10 ? "0" : "") + std::to_string(number); }

std::optional<std::string> dateShown(double value, bool from_1904, const NumberSection& section) {
  constexpr double kDaysMax = 2'958'466;  // the first of 10000
  constexpr long long kDaySeconds = 86'400;
  if (value < 0 || value >= kDaysMax) return std::nullopt;
  auto days = static_cast<long long>(value);
  long long seconds = std::llround((value - static_cast<double>(days)) * static_cast<double>(kDaySeconds));
  if (seconds == kDaySeconds) ++days, seconds = 0;
  const long long elapsed = days * kDaySeconds + seconds;
  const auto has = [&](std::string_view kinds) {
    return std::any_of(section.parts.begin(), section.parts.end(), [&](const NumberSection::Part& part) { return kinds.find(part.what) != std::string_view::npos; });
  };
  const bool dated = has("ymdw"), halves = has("p");
  const long long serial = days + (from_1904 ? 1'462 : 0);
  if (dated && (serial < 61 || serial >= kDaysMax)) return std::nullopt;  // Excel's 1900 has a 29 February
  const std::chrono::sys_days day{std::chrono::days{serial - 25'569}};
  const std::chrono::year_month_day date{day};
  const long long year = static_cast<int>(date.year()), month = static_cast<unsigned>(date.month()), hour = seconds / 3600;
  static constexpr std::array kMonths{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
  static constexpr std::array kWeek{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"};
  std::string out;
  for (const NumberSection::Part& part : section.parts) {
    const std::size_t slash = part.text.find('/');
    switch (part.what) {
      case 'y': out += part.count > 2 ? std::to_string(year) : twoDigits(year % 100, 2); break;
      case 'm': {
        const std::string name = kMonths[static_cast<std::size_t>(month - 1)];
        out += part.count <= 2 ? twoDigits(month, part.count) : part.count == 3 ? name.substr(0, 3) : name;
        break;
      }
      case 'd': out += twoDigits(static_cast<unsigned>(date.day()), part.count); break;
      case 'w': out += kWeek[std::chrono::weekday{day}.c_encoding()]; break;
      case 'h': out += twoDigits(halves ? (hour + 11) % 12 + 1 : hour, part.count); break;
      case 'n': out += twoDigits(seconds / 60 % 60, part.count); break;
      case 's': out += twoDigits(seconds % 60, part.count); break;
      case 'H': out += twoDigits(elapsed / 3600, part.count); break;
      case 'N': out += twoDigits(elapsed / 60, part.count); break;
      case 'S': out += twoDigits(elapsed, part.count); break;
      case 'p': out += hour < 12 ? part.text.substr(0, slash) : part.text.substr(slash + 1); break;
      default: out += part.text;
    }
  }
  return out;
}

std::optional<std::string> numberShown(double value, bool from_1904, const std::vector<NumberSection>& sections) {
  if (sections.empty() || !std::isfinite(value)) return std::nullopt;
  const std::size_t at = value > 0 || sections.size() == 1 ? 0 : value < 0 ? 1 : sections.size() > 2 ? 2 : 0;
  const NumberSection& section = sections[at];
  if (section.kind == NumberSection::Kind::Unknown) return std::nullopt;
  if (section.kind == NumberSection::Kind::Date) return at == 0 ? dateShown(value, from_1904, section) : std::nullopt;
  auto text = numberShown(std::abs(value), section);
  if (!text || trim(*text).empty()) return std::nullopt;
  if (value >= 0 || sections.size() > 1) return text;
  if (text->find_first_of("123456789") == std::string::npos) return std::nullopt;  // less than the decimals show: -0.00 or 0.00
  return "-" + *text;
}

}  // namespace

const std::vector<NumberSection>& NumberFormats::sectionsOf(unsigned id) {
  const auto [read, fresh] = read_.try_emplace(id);
  if (!fresh) return read->second;
  const auto own = codes_.find(id);
  // These three follow the system, whatever stands in the file.
  const bool fixed = id == 14 || id == 22 || id == 0;
  return read->second = numberSections(own == codes_.end() || fixed ? builtInCode(id) : std::string_view(own->second));
}

ShownCell NumberFormats::show(double value, std::size_t style) {
  const std::vector<NumberSection>& sections = sectionsOf(style < styles_.size() ? styles_[style] : 0);
  ShownCell raw{numberText(value), {}, false};
  if (sections.size() == 1 && sections[0].kind == NumberSection::Kind::General && sections[0].parts.size() == 1) return raw;
  if (auto text = numberShown(value, from_1904_, sections)) return {std::move(*text), {}, false};
  raw.doubtful = true;
  return raw;
}

}  // namespace invigil::bank::formats
