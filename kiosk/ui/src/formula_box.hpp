// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QPainterPath>

#include "invigil/formula/formula.hpp"

namespace invigil::kiosk {

/// A formula as outlines: the baseline is y = 0, x begins at 0. To be filled with the colour of the text.
struct FormulaBox {
  qreal width = 0, ascent = 0, descent = 0;
  QPainterPath path;
};

/// Lays a formula out as a line of text shows it: fractions at nearly full size, because people read from a metre away.
/// @param pixels  size of the type around it
FormulaBox layOut(const formula::Node& node, qreal pixels, bool strong);

}  // namespace invigil::kiosk
