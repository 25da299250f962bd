// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "invigil/bank/bank.hpp"

/// The safe subset of HTML that items are written in: docs/formats/item-markup.md. Thread-safe; no I/O.
namespace invigil::bank {

/// Looks whether Html keeps to the safe subset: known tags, each closed, attributes in double quotes, pictures as
/// media:NAME only. It refuses, it never mends: what an editor sees is what is stored.
/// @return the names of the pictures, in order.
/// Errors: InvalidInput markup_not_allowed (detail: what stands there and where; where: `member`).
Result<std::vector<std::string>> checkMarkup(std::string_view html, const std::string& member);

/// The words of Html or, for Markup::Plain, the text itself: tags gone, entities decoded, white space one blank.
std::string plainText(std::string_view text, bool html);

/// What words are searched in and by: plain, ASCII letters small, full-width forms as ASCII ("１０ＫＶ" as "10kv").
std::string searchable(std::string_view plain);

/// & < > " as entities.
std::string escapeHtml(std::string_view text);

/// Text as Html: entities, and <br> for line breaks.
std::string htmlOfText(std::string_view text);

/// The picture at an address as written in a file; nothing when there is none. Without bytes: who looks it up has them already, and
/// CleanedText::media is not to carry them once more.
using FindPicture = std::function<std::optional<Media>(std::string_view address)>;

struct CleanedText {
  std::string html;      ///< in the safe subset: checkMarkup passes
  std::string plain;     ///< the same as text with line breaks
  bool is_plain = true;  ///< nothing but text and line breaks: Markup::Plain says the same
  std::vector<Media> media;      ///< pictures from data: addresses, and from `find` where it gave their bytes
  std::vector<Wording> left_out; ///< scripts, players, pictures that are not there, formulae without a LaTeX form
  bool loses_content = false;    ///< a picture or a formula is missing: nobody could answer
};

/// Any HTML of any editor as the safe subset. Never fails: what cannot be kept is named in left_out; styles, classes
/// and addresses of links go without a word. MathML and $$…$$ become \( LaTeX \).
CleanedText cleanHtml(std::string_view raw, const FindPicture& find = {});

/// Text that is no HTML; $$…$$ and \(…\) in it are formulae and make it Html.
CleanedText cleanText(std::string_view raw);

}  // namespace invigil::bank
