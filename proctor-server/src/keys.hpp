// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app.hpp"

namespace invigil::server {

/// What to do about a key that the database hangs on and that is gone or is another one.
enum class LostKeys { Refuse, Replace };

/// Opens the CA, the server's certificate, the keys and the trust list in `folder` for an app whose store is open.
///
/// A key is made while nothing in the database hangs on it yet. Later a fresh one would turn pictures, recordings and
/// sealed papers into waste and sign passes that nobody trusts, all without a word: that takes LostKeys::Replace, which
/// also withdraws the sealed papers that nobody can open any more.
/// Errors: Conflict key_missing, key_other (the detail names the file, its use and the way out); Corrupt bad_key, bad_ca;
/// Unavailable.
Status openKeys(App& app, const std::string& folder, LostKeys lost);

}  // namespace invigil::server
