// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cells.hpp"

// docs/formats/paper-batch.md states this step by step, tests/assembly-js is the same in JavaScript: a change here is a
// new algorithm name.
namespace invigil::assembly {
namespace {

using Index = std::size_t;
Index at(int value) { return static_cast<Index>(value); }

/// A paper's places of one cell: they lie side by side.
struct Run {
  Index paper, from, to;
};

}  // namespace

/// Papers in random order take items from one permutation of the cell after another.
std::vector<std::vector<int>> dealItems(const Cells& cells, const std::vector<std::vector<int>>& shapes, SeededRandom& random) {
  std::vector<std::vector<int>> papers;
  std::vector<std::vector<Run>> runs(cells.items.size());
  for (Index i = 0; i < shapes.size(); ++i) {
    papers.emplace_back(shapes[i].size(), -1);
    for (Index from = 0, to = 0; from < shapes[i].size(); from = to) {
      while (to < shapes[i].size() && shapes[i][to] == shapes[i][from]) ++to;
      runs[at(shapes[i][from])].push_back({i, from, to});
    }
  }
  for (Index c = 0; c < runs.size(); ++c) {
    shuffle(runs[c], random);
    std::vector<int> block = cells.items[c];
    Index next = block.size();
    for (const Run& run : runs[c]) {
      std::vector<int>& paper = papers[run.paper];
      const auto first = paper.begin() + static_cast<std::ptrdiff_t>(run.from);
      for (Index k = run.from; k < run.to; ++k) {
        if (next == block.size()) {
          shuffle(block, random);
          next = 0;
        }
        // An item that the paper got from the last block waits for another paper.
        Index choice = next;
        const auto end = paper.begin() + static_cast<std::ptrdiff_t>(k);
        while (std::find(first, end, block[choice]) != end) ++choice;
        std::swap(block[next], block[choice]);
        paper[k] = block[next++];
      }
    }
  }
  return papers;
}

}  // namespace invigil::assembly
