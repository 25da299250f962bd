// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>

#include "invigil/base/result.hpp"

namespace invigil::kiosk {

/// Who this kiosk is to the server; lives in the data folder.
struct Identity {
  QByteArray key_pem, certificate_pem, ca_pem;
  int kiosk_port = 0;
};

struct KeyAndRequest {
  QByteArray key_pem;      ///< PKCS#8, P-256
  QByteArray request_pem;  ///< certificate request, CN invigil-kiosk
};
/// Errors: Internal key_failed.
Result<KeyAndRequest> makeKey();

/// Errors: NotFound not_enrolled; Corrupt bad_identity.
Result<Identity> loadIdentity(const QString& data_dir);
/// The key with mode 0600; the port last, so that half an enrolment reads as none. Errors: Unavailable cannot_write.
Status saveIdentity(const QString& data_dir, const Identity& identity);

}  // namespace invigil::kiosk
