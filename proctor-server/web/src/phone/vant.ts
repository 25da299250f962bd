// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// The parts of Vant in use, with their styles but without its icon font: the font is a data: URL, which the server's
// Content-Security-Policy refuses, and names a foreign host as its second choice.
import 'vant/es/style/base.css';
import 'vant/es/button/index.css';
import 'vant/es/cell/index.css';
import 'vant/es/field/index.css';
import 'vant/es/loading/index.css';
import 'vant/es/overlay/index.css';
import 'vant/es/popup/index.css';

export { Button as VanButton } from 'vant/es/button';
export { Field as VanField } from 'vant/es/field';
export { Loading as VanLoading } from 'vant/es/loading';
export { Popup as VanPopup } from 'vant/es/popup';
