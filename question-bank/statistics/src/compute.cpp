// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "classical.hpp"

namespace invigil::bank {
namespace {

std::vector<IrtPerson> personsOf(const ResponseTable& table) {
  std::vector<IrtPerson> persons;
  for (const auto& sitting : table.sittings) {
    IrtPerson person;
    for (const auto& cell : sitting.cells) person.emplace_back(cell.item, cell.mark >= table.items[static_cast<std::size_t>(cell.item)].max - 1e-9);
    persons.push_back(std::move(person));
  }
  return persons;
}

bool hasModel(const IrtOutcome& outcome) { return outcome.model.items > 0; }

}  // namespace

Statistics computeStatistics(const ResponseTable& table, const StatisticsOptions& options) {
  Statistics out;
  const classical::Totals totals = classical::totalsOf(table);
  out.test = classical::testOf(table, totals);
  std::vector<classical::Asked> asked(table.items.size());
  for (std::size_t i = 0; i < table.sittings.size(); ++i)
    for (const auto& cell : table.sittings[i].cells) asked[static_cast<std::size_t>(cell.item)].emplace_back(i, &cell);
  for (std::size_t j = 0; j < table.items.size(); ++j) out.items.push_back(classical::itemOf(table, totals, j, asked[j]));
  classical::addAlpha(table, out);
  classical::addEffectiveWeights(table, totals, asked, out);
  bool go_on = true;
  const auto part = [&](double from, double share) {
    return [&, from, share](double done) { return go_on = !options.progress || options.progress(from + share * done); };
  };
  const auto persons = personsOf(table);
  const int items = static_cast<int>(table.items.size());
  IrtOutcome rasch = estimateIrt(persons, items, true, options.rasch_min, part(0.1, 0.4));
  IrtOutcome two_pl = go_on ? estimateIrt(persons, items, false, options.two_pl_min, part(0.5, 0.5)) : IrtOutcome{};
  if (go_on && hasModel(rasch)) {
    out.test.rasch = rasch.model;
    for (std::size_t j = 0; j < out.items.size(); ++j) out.items[j].rasch = rasch.items[j];
  }
  if (go_on && hasModel(two_pl)) {
    out.test.two_pl = two_pl.model;
    for (std::size_t j = 0; j < out.items.size(); ++j) out.items[j].two_pl = two_pl.items[j];
  }
  for (ItemStatistics& item : out.items) classical::addFlags(item);
  return out;
}

}  // namespace invigil::bank
