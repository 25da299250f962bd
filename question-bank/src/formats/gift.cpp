// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "formats/question.hpp"
#include "formats/texts.hpp"
#include "invigil/bank/formats.hpp"
#include "invigil/base/text.hpp"
#include "item.hpp"

namespace invigil::bank {
namespace {

using formats::Question;

/// First place of `sign` that no backslash escapes; npos = none.
std::size_t bare(std::string_view text, std::string_view sign, std::size_t from = 0) {
  for (std::size_t i = from; i + sign.size() <= text.size(); ++i) {
    if (text[i] == '\\') ++i;
    else if (text.substr(i, sign.size()) == sign) return i;
  }
  return std::string_view::npos;
}

/// The same for the first of several characters.
std::size_t bareOf(std::string_view text, std::string_view signs, std::size_t from) {
  for (std::size_t i = from; i < text.size(); ++i) {
    if (text[i] == '\\') ++i;
    else if (signs.find(text[i]) != std::string_view::npos) return i;
  }
  return std::string_view::npos;
}

std::string withoutEscapes(std::string_view raw) {
  std::string out;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\' || i + 1 == raw.size()) { out += raw[i]; continue; }
    const char next = raw[i + 1];
    if (next == 'n') out += '\n', ++i;
    else if (std::string_view("~=#{}:\\").find(next) != std::string_view::npos) out += next, ++i;
    else out += raw[i];
  }
  return out;
}

/// White space as one blank, then the escapes.
std::string unescaped(std::string_view raw, bool keep_lines) {
  std::string folded;
  for (char c : raw) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || (c == '\n' && !keep_lines);
    if (!space) folded += c;
    else if (!folded.empty() && folded.back() != ' ') folded += ' ';
  }
  return withoutEscapes(trim(folded));
}

/// [plain]: as it is written but for the blanks around the ends of the file's lines.
std::string unescapedPlain(std::string_view raw) {
  constexpr std::string_view kBlanks = " \t\r";
  std::string lines;
  formats::eachLine(raw, [&](std::string_view line, int number) {
    const std::size_t first = std::min(number == 1 ? 0 : line.find_first_not_of(kBlanks), line.size());
    lines += (number == 1 ? "" : "\n") + std::string(line.substr(first, line.find_last_not_of(kBlanks) + 1 - first));
  });
  return withoutEscapes(lines);
}

/// Reads "[html]" and the like off the front.
CleanedText textOf(std::string_view raw, std::string& format) {
  std::string whole = trim(raw);
  for (const char* known : {"html", "markdown", "moodle", "plain"})
    if (const std::string mark = "[" + std::string(known) + "]"; whole.starts_with(mark)) {
      format = known;
      whole = whole.substr(mark.size());
      break;
    }
  if (format == "plain") return formats::literalText(unescapedPlain(whole));
  const std::string text = unescaped(whole, format == "markdown");
  if (format == "html" || (format == "moodle" && formats::looksLikeHtml(text))) return cleanHtml(text);
  return cleanText(text);
}

struct Choice {
  bool equals = false;
  std::optional<double> share;
  std::string text, feedback;  ///< still escaped
};

/// "~%50%text#feedback =text"; nothing where it does not begin with a mark.
std::optional<std::vector<Choice>> choicesOf(std::string_view body) {
  std::vector<Choice> out;
  std::size_t at = 0;
  while (at < body.size()) {
    if (body[at] != '=' && body[at] != '~') return std::nullopt;
    Choice one;
    one.equals = body[at] == '=';
    const std::size_t end = bareOf(body, "=~", at + 1);
    std::string_view piece = body.substr(at + 1, std::min(end, body.size()) - at - 1);
    while (!piece.empty() && (piece[0] == ' ' || piece[0] == '\n' || piece[0] == '\t' || piece[0] == '\r')) piece.remove_prefix(1);
    if (piece.starts_with('%'))
      if (const std::size_t close = piece.find('%', 1); close != std::string_view::npos)
        if (const auto share = decimalNumber(trim(piece.substr(1, close - 1)))) one.share = *share, piece.remove_prefix(close + 1);
    const std::size_t hash = bare(piece, "#");
    one.text = trim(piece.substr(0, hash));
    if (hash != std::string_view::npos) one.feedback = trim(piece.substr(hash + 1));
    out.push_back(std::move(one));
    at = std::min(end, body.size());
  }
  return out;
}

/// T, TRUE, F or FALSE before a #.
std::optional<bool> truthAt(std::string_view body) {
  std::string word = trim(body.substr(0, bare(body, "#")));
  for (char& c : word)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (word == "T" || word == "TRUE") return true;
  return word == "F" || word == "FALSE" ? std::optional(false) : std::nullopt;
}

/// Whether nothing of the sentence can be expected behind its answers.
bool isWholeSentence(std::string_view stem) {
  const std::string text = trim(stem);
  for (std::string_view end : {"。", "？", "！", "：", ".", "?", "!", ":", "（）", "（ ）", "（　）", "（  ）", "()", "( )", "(  )"})
    if (text.ends_with(end)) return true;
  return false;
}

/// Where the next question begins that no blank line parts from this one: on a line of its own, behind one that is whole. npos = there
/// is none, or it might as well be a second gap of this one.
std::size_t nextQuestion(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t open = bare(text, "{"), close = open == std::string_view::npos ? open : bareOf(text, "{}", open + 1);
  if (close == std::string_view::npos || text[close] != '}') return std::string_view::npos;
  const std::size_t at = text.find_first_not_of(kBlanks, close + 1);
  if (at == std::string_view::npos || text.substr(close, at - close).find('\n') == std::string_view::npos) return std::string_view::npos;
  if (std::string_view("=~#{}").find(text[at]) != std::string_view::npos || bare(text, "{", at) == std::string_view::npos) return std::string_view::npos;
  return truthAt(text.substr(open + 1, close - open - 1)) || isWholeSentence(text.substr(0, open)) ? at : std::string_view::npos;
}

int percentOf(const Choice& choice) { return static_cast<int>(std::clamp(choice.share.value_or(100), 0.0, 100.0) + 0.5); }

class Block {
 public:
  Block(Reading& reading, Place place, std::string id, const std::vector<std::string>& tags) : reading_(reading) {
    q_.place = std::move(place);
    q_.item.id = std::move(id);
    for (const std::string& tag : tags) formats::addTag(q_, tag);
  }

  /// @param parted  no blank line stands before it
  void read(std::string_view text, bool parted) {
    if (text.starts_with("::"))
      if (const std::size_t close = bare(text, "::", 2); close != std::string_view::npos) {
        q_.item.title = unescaped(text.substr(2, close - 2), false);
        text.remove_prefix(close + 2);
      }
    if (parted)
      q_.repairs.push_back(formats::findingAt(q_.place, "question_parted", unescaped(text, false), {"与上一题之间缺少空行，按两题读入", "the blank line before it was missing; it was read as a question of its own"}));
    const std::size_t open = bareOf(text, "{}", 0);
    if (open == std::string_view::npos) {
      q_.stem = textOf(text, format_);
      return formats::refuse(reading_, q_.place, q_.stem.plain, "no_question", {"只是说明文字，不是试题", "a description, no question"});
    }
    if (text[open] == '}') return bad({"有 } 而没有 {", "a brace is closed that was not opened"}, text);
    const std::size_t close = bareOf(text, "{}", open + 1);
    if (close == std::string_view::npos) return bad({"花括号没有关闭", "a brace is not closed"}, text);
    if (text[close] == '{')
      return bad({"花括号里又有 {：花括号没有关闭，或文字里的 { 没有写成 \\{", "a brace is opened within braces: the first is not closed, or a { of the text lacks its backslash"}, text);
    if (bareOf(text, "{}", close + 1) != std::string_view::npos)
      return bad({"花括号不止一对：两题之间缺少空行，或一题有两个空，或文字里的花括号没有写成 \\{ \\}",
                  "more than one pair of braces: the blank line between two questions is missing, one has two gaps, or braces of the text lack their backslashes"}, text);
    const std::string before = trim(text.substr(0, open)), after = trim(text.substr(close + 1));
    std::string stem = before;
    if (!after.empty()) {
      // A gap in the sentence; what stands before it may be the format alone.
      const bool no_words = before.empty() || (before.starts_with('[') && before.ends_with(']'));
      stem = before + (no_words ? "" : " ") + "_____ " + after;
    }
    q_.stem = textOf(stem, format_);
    answers(trim(text.substr(open + 1, close - open - 1)));
  }

 private:
  /// A text of an answer: written as the question is unless it says otherwise for itself.
  CleanedText inner(std::string_view raw) const {
    std::string format = format_;
    return textOf(raw, format);
  }

  void bad(Wording why, std::string_view text) { formats::refuse(reading_, q_.place, unescaped(text, false), "bad_question", std::move(why)); }

  void answers(std::string body) {
    if (const std::size_t general = bare(body, "####"); general != std::string::npos) {
      q_.explanation = inner(std::string_view(body).substr(general + 4));
      body = trim(body.substr(0, general));
    }
    if (body.empty()) return formats::refuseType(reading_, q_.place, q_.stem.plain, "essay");
    if (body[0] == '#') return numeric(trim(body.substr(1)));
    if (truth(body)) return;
    auto choices = choicesOf(body);
    if (!choices && bare(body, "=") == std::string::npos && bare(body, "~") == std::string::npos) choices = choicesOf("=" + body);  // {One}: a word to type
    if (!choices) return bad({"答案应以 = 或 ~ 开头", "answers begin with = or ~"}, q_.stem.plain);
    const bool all_equals = std::all_of(choices->begin(), choices->end(), [](const Choice& c) { return c.equals; });
    if (all_equals && std::any_of(choices->begin(), choices->end(), [](const Choice& c) { return bare(c.text, "->") != std::string::npos; }))
      return formats::refuseType(reading_, q_.place, q_.stem.plain, "matching");
    if (all_equals) return words(*choices);
    choose(*choices);
  }

  bool truth(const std::string& body) {
    const auto yes = truthAt(body);
    if (!yes) return false;
    formats::makeTrueFalse(q_, *yes);
    if (const std::size_t hash = bare(body, "#"); hash != std::string::npos) {
      const std::string rest = body.substr(hash + 1);
      const std::size_t second = bare(rest, "#");
      q_.notes.push_back(inner(std::string_view(rest).substr(0, second)));
      q_.notes.push_back(second == std::string::npos ? CleanedText{} : inner(std::string_view(rest).substr(second + 1)));
    }
    formats::take(reading_, std::move(q_));
    return true;
  }

  std::optional<AcceptedAnswer> number(const std::string& raw, int percent) {
    const std::string text = unescaped(raw, false);
    if (const std::size_t dots = text.find(".."); dots != std::string::npos) return formats::rangeBetween(text.substr(0, dots), text.substr(dots + 2), percent);
    const std::size_t colon = text.find(':');
    return formats::rangeOf(text.substr(0, colon), colon == std::string::npos ? "0" : text.substr(colon + 1), percent);
  }

  /// Whether a typed answer is none: "~" catches every other number. What is said to it has no place.
  bool isWrong(const Choice& choice) {
    if (choice.equals && percentOf(choice) > 0) return false;
    if (!told_ && !choice.feedback.empty()) reading_.notes.push_back(formats::wrongAnswersFeedback(q_.place, q_.stem.plain)), told_ = true;
    return true;
  }

  void numeric(const std::string& body) {
    q_.item.type = ItemType::Numeric;
    std::vector<Choice> choices;
    if (!body.empty() && (body[0] == '=' || body[0] == '~')) choices = choicesOf(body).value_or(std::vector<Choice>{});
    else {
      const std::size_t hash = bare(body, "#");
      choices.push_back({true, std::nullopt, trim(body.substr(0, hash)), hash == std::string::npos ? "" : body.substr(hash + 1)});
    }
    for (const Choice& choice : choices) {
      if (isWrong(choice)) continue;
      auto answer = number(choice.text, percentOf(choice));
      if (!answer) return bad({"“" + choice.text + "”不是数", "'" + choice.text + "' is not a number"}, q_.stem.plain);
      q_.item.answers.push_back(std::move(*answer));
      formats::explain(q_, unescaped(choice.text, false), inner(choice.feedback));
    }
    formats::take(reading_, std::move(q_));
  }

  void words(const std::vector<Choice>& choices) {
    q_.item.type = ItemType::ShortText;
    for (const Choice& choice : choices) {
      if (isWrong(choice)) continue;
      const std::string text = inner(choice.text).plain;
      q_.item.answers.push_back(formats::shortAnswer(text, false, percentOf(choice)));
      formats::explain(q_, text, inner(choice.feedback));
    }
    formats::take(reading_, std::move(q_));
  }

  void choose(const std::vector<Choice>& choices) {
    std::vector<double> shares;
    const auto whole = std::count_if(choices.begin(), choices.end(), [](const Choice& c) { return c.share.value_or(0) >= 99.99; });
    const bool single = whole == 1 || std::any_of(choices.begin(), choices.end(), [](const Choice& c) { return c.equals; });
    for (const Choice& choice : choices) {
      q_.options.push_back(inner(choice.text));
      q_.notes.push_back(inner(choice.feedback));
      shares.push_back(choice.equals ? choice.share.value_or(100) : choice.share.value_or(0));
    }
    formats::takeByShares(reading_, std::move(q_), shares, single ? formats::Choosing::OneUnlessSeveral : formats::Choosing::Several);
  }

  Reading& reading_;
  Question q_;
  std::string format_ = "moodle";
  bool told_ = false;
};

/// Collects the lines of a question: a blank line outside braces ends it.
class Lines {
 public:
  explicit Lines(Reading& reading, const std::string& file) : reading_(reading), file_(file) {}

  void line(std::string_view text, int number) {
    const std::string bare_line = trim(text);
    if (bare_line.starts_with("//")) return comment(bare_line);
    if (bare_line.empty() && depth_ == 0) return end();
    if ((depth_ > 0 || closed_) && (bare_line.starts_with("::") || bare_line.starts_with("$CATEGORY"))) end();
    if (depth_ > 0 && bare(text, "{") != std::string_view::npos) leaveOpenBrace(bare_line);
    if (bare_line.starts_with("$CATEGORY:")) {
      end();
      const std::string path = trim(bare_line.substr(10));
      category_ = formats::lastPart(path);
      formats::tellCategory(reading_, {file_, "", number, 0}, path);
      return;
    }
    if (!numbers_.empty()) block_ += '\n';
    const std::size_t begin = block_.size();
    block_ += text;
    numbers_.push_back(number);
    if (bare_line.empty()) blank_ = {begin, block_.size(), numbers_.size()};
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\\') ++i;
      else if (text[i] == '{') ++depth_;
      else if (text[i] == '}' && depth_ > 0) closed_ = --depth_ == 0;
    }
  }

  void end() {
    std::string_view rest = block_;
    std::size_t row = 0;
    while (!trim(rest).empty()) {
      const std::size_t next = nextQuestion(rest);
      const std::string_view text = rest.substr(0, next);
      std::vector<std::string> tags = std::exchange(tags_, {});  // of the comment before the first
      if (category_ != "top") tags.push_back(category_);
      Block(reading_, {file_, "", numbers_[row], 0}, std::exchange(id_, {}), tags).read(trim(text), row > 0);
      if (next == std::string_view::npos) break;
      row += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
      rest.remove_prefix(next);
    }
    block_.clear(), numbers_.clear(), blank_ = {}, depth_ = 0, closed_ = false;
  }

 private:
  struct Blank {
    std::size_t begin = 0, end = 0;  ///< in block_
    std::size_t lines = 0;           ///< up to and with it; 0 = there is none
  };

  /// A further { behind a blank line: there a question begins, and the braces of the one before it were not closed.
  void leaveOpenBrace(std::string_view line) {
    if (blank_.lines == 0) return;
    const std::size_t first = block_.find_first_not_of(" \t\r\n", blank_.end);
    const char begins = first == std::string::npos ? line.front() : block_[first];
    if (std::string_view("=~#{}").find(begins) != std::string_view::npos) return;  // an answer with a brace in it
    const std::string rest = blank_.end == block_.size() ? "" : block_.substr(blank_.end + 1);
    const std::vector<int> numbers(numbers_.begin() + static_cast<std::ptrdiff_t>(blank_.lines), numbers_.end());
    block_.resize(blank_.begin);
    end();
    block_ = rest, numbers_ = numbers;
  }

  /// "// [id:12] [tag:name]" speaks of the question that follows.
  void comment(const std::string& text) {
    const bool behind_blank = blank_.lines > 0 && blank_.end == block_.size();
    if ((depth_ == 0 ? closed_ : behind_blank) && (text.find("[id:") != std::string::npos || text.find("[tag:") != std::string::npos)) end();
    for (const auto& [mark, take_id] : {std::pair<const char*, bool>{"[id:", true}, {"[tag:", false}})
      for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
        const std::size_t from = at + std::string_view(mark).size(), close = text.find(']', from);
        if (close == std::string::npos) break;
        const std::string value = trim(std::string_view(text).substr(from, close - from));
        if (take_id) id_ = value;
        else tags_.push_back(value);
      }
  }

  Reading& reading_;
  const std::string& file_;
  std::string block_, category_, id_;
  std::vector<std::string> tags_;
  std::vector<int> numbers_;  ///< of the lines of block_
  Blank blank_;               ///< the last one
  int depth_ = 0;
  bool closed_ = false;
};

}  // namespace

Result<Reading> readGift(std::string_view bytes, const std::string& file) {
  INVIGIL_TRY(text, formats::utf8Text(bytes, "GIFT 文件", "A GIFT file"));
  Reading reading;
  Lines lines(reading, file);
  formats::eachLine(text, [&](std::string_view line, int number) { lines.line(line, number); });
  lines.end();
  return reading;
}

}  // namespace invigil::bank
