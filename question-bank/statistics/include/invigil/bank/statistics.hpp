// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "invigil/bank/irt.hpp"
#include "invigil/base/result.hpp"

/// What sittings say about items. Every convention is named in docs/statistics.md. Thread-safe; no I/O; deterministic.
namespace invigil::bank {

/// Marks of sittings. A sitting has cells only for the items that stood on its paper: what was not asked is missing, not
/// wrong; what was asked and left open is a cell of mark 0.
struct ResponseTable {
  struct Column {
    std::string id;
    double max = 1;            ///< marks that can be reached, > 0
    int options = 0;           ///< how many there are; 0 = which were chosen is not known
    std::uint32_t key = 0;     ///< bit i = option i is right
  };
  struct Cell {
    int item = 0;              ///< index into items; each at most once in a sitting
    double mark = 0;           ///< may be negative
    std::uint32_t chosen = 0;  ///< bit i = option i was chosen; 0 = left open
    double seconds = -1;       ///< time spent; < 0 = not known
  };
  struct Sitting {
    std::string id;
    std::string month;         ///< "2026-11"; empty = not known
    std::vector<Cell> cells;
  };
  std::vector<Column> items;
  std::vector<Sitting> sittings;
};

/// One list of marks beside another. Moments over n-1.
struct Association {
  int n = 0;
  double mean = 0, variance = 0, other_variance = 0, covariance = 0;
  double covariance_max = 0;              ///< of both lists sorted: the largest there can be
  std::optional<double> correlation;      ///< absent where a list is constant or n < 2
  std::optional<double> efficiency;       ///< covariance / covariance_max
};
Association associate(const std::vector<double>& marks, const std::vector<double>& others);

struct OptionStatistics {
  int option = 0;  ///< 0 = A
  bool right = false;
  int count = 0;
  double share = 0;                       ///< of the sittings that were asked
  std::optional<double> point_biserial;   ///< chosen or not, against the rest score
  std::optional<double> mean_rest;        ///< mean rest score of who chose it; absent where nobody did
  std::vector<double> curve;              ///< share in each score group, weakest first; empty below 25 sittings
};

struct ItemStatistics {
  std::string id;
  int n = 0;                              ///< sittings that were asked
  double max = 1;
  double facility = 0;                    ///< mean mark / max
  double sd = 0;                          ///< of the mark, over n-1
  std::optional<double> point_biserial;   ///< mark against the whole score
  std::optional<double> item_rest;        ///< mark against the score without it (corrected)
  std::optional<double> discrimination_index;       ///< 100 x item_rest
  std::optional<double> discrimination_efficiency;  ///< percent of what the marks allow
  std::optional<double> upper_lower;      ///< facility of the best 27 % minus that of the weakest 27 %
  std::optional<double> effective_weight; ///< percent; only where all sat the same paper
  std::optional<double> alpha_if_deleted;
  std::vector<OptionStatistics> options;
  int left_open = 0;
  std::optional<double> lower_seconds, median_seconds, upper_seconds;  ///< quartiles of the times that are known
  struct Month { std::string month; int n = 0; double facility = 0; };
  std::vector<Month> drift;               ///< by month, oldest first
  std::optional<IrtItem> rasch, two_pl;
  std::vector<std::string> flags;         ///< of flagNames()
};

struct TestStatistics {
  int sittings = 0, items = 0;
  bool same_paper = false;                ///< every sitting was asked every item
  double scale = 100;                     ///< scores run from 0 to this: marks of the paper, or 100 where papers differ
  double mean = 0, median = 0, sd = 0, smallest = 0, largest = 0;
  std::optional<double> skewness, kurtosis;  ///< of the population; kurtosis of a normal distribution is 0
  std::optional<double> alpha;            ///< Cronbach's; of marks 0 and 1 it is KR-20
  std::optional<double> kr21;             ///< only of marks 0 and 1 and one paper
  std::optional<double> sem;              ///< sd sqrt(1 - alpha)
  std::vector<int> histogram;             ///< 20 equal parts of 0..scale
  std::optional<IrtModel> rasch, two_pl;
};

struct Statistics {
  TestStatistics test;
  std::vector<ItemStatistics> items;      ///< in the order of the table
};

struct StatisticsOptions {
  int rasch_min = 100, two_pl_min = 500;  ///< answers an item needs before its parameters are estimated
  std::function<bool(double)> progress;   ///< 0..1; false = stop, the outcome is then without IRT
};

/// "too_easy", "too_hard", "negative_discrimination", "low_discrimination", "key_probably_wrong", "dead_distractor".
std::vector<std::string> flagNames();

/// Any table, also one without sittings or items.
Statistics computeStatistics(const ResponseTable& table, const StatisticsOptions& options = {});

/// The table as docs/formats/responses-csv.md, one row a response; read again it gives the same table.
std::string writeResponses(const ResponseTable& table);

/// Reads docs/formats/responses-csv.md: one row a sitting, or one row a response.
/// Errors: InvalidInput bad_responses (where: "row 12, column 3"); TooLarge table_too_large.
Result<ResponseTable> parseResponses(std::string_view csv);

}  // namespace invigil::bank
