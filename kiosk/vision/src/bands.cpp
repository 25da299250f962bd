// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#include "invigil/vision/bands.hpp"

namespace invigil::vision {
std::string_view bandName(Band band) {
  switch (band) {
    case Band::Admit:
      return "admit";
    case Band::Refuse:
      return "refuse";
    case Band::Human:
      break;
  }
  return "human";
}

Band decide(double similarity, const Bands& bands) {
  if (similarity >= bands.admit) return Band::Admit;
  if (similarity < bands.refuse) return Band::Refuse;
  return Band::Human;
}

Band decide(double similarity, double second_distance, const Bands& bands) {
  const Band band = decide(similarity, bands);
  return band == Band::Admit && !(second_distance <= bands.second_max) ? Band::Human : band;
}

}  // namespace invigil::vision
