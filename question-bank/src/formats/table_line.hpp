// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/loose_row.hpp"
#include "formats/table_cells.hpp"
#include "invigil/bank/importing.hpp"

/// One row of a table, by the help of what only a look at all of them tells.
namespace invigil::bank::formats {

struct Habits {
  bool own = false;                  ///< our export: texts stand there as they are, without numbers and marks
  bool numbered_stems = false;       ///< nine stems of ten begin with a number: it counts the items and is no part of what is asked
  bool numbered_truths = false;      ///< rows without options answer with 1 (right) and 2 (wrong)
  bool numbered_options = false;     ///< the headings are 选项1, 选项2: a key may be such a number
  bool letters_need_options = false; ///< some row without options answers with C to H, with several letters, or asks for an option: so A is an option, not "right"
  bool names_single = false;         ///< some row's type is single choice: so "Multiple Choice" means several answers
};

/// What stands above a row: "二、单选题" as the type of rows that name none, else the name of the sheet.
struct Above {
  std::string section;
  std::optional<ItemType> sheet;
};

struct LineRead {
  LooseItem item;
  std::vector<Media> media;       ///< of HTML in the cells
  std::vector<Wording> left_out;  ///< of that
  bool html = false;              ///< some cell held HTML
  bool lettered_truth = false;    ///< A or B was taken as right or wrong
};

/// Errors: InvalidInput bad_row, content_missing; detail "中文 / English"; where: "difficulty", "beyond" or "".
Result<LineRead> readLine(Cells cells, const Above& above, const Habits& habits);

/// Bytes of "12." "12、" "12．" at the start; 0 = none.
std::size_t numberBytes(std::string_view text);
/// "1", "2": the number of a type in some system's own list. What it stands for is seen from options and answer.
bool isCode(const std::string& text);
bool hasNoOptions(const Cells& cells);
/// The stem names options ("A.甲 B.乙") or has a bracket for the letter of one.
bool asksForOption(const std::string& stem);
/// "A.甲" alone: an option of the row above.
bool isOptionOnly(const Cells& cells);

}  // namespace invigil::bank::formats
