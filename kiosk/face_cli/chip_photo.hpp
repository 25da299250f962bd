// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "invigil/vision/face_engine.hpp"

namespace invigil::face {

/// A portrait as the chip of an ID card holds it: the head as large as GA 461 wants it (0.58 of the width), 102 x 126
/// pixels, squeezed to `bytes`. The chip's own format is closed and surely better: a JPEG of as many bytes, its tables not
/// counted, stands for it.
/// @param look   of this picture, with a face  @param bytes  of the squeezed picture; 0 = not squeezed
vision::Frame asChipPhoto(const vision::Frame& picture, const vision::Look& look, std::size_t bytes);

}  // namespace invigil::face
