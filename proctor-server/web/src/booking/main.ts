// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import '../phone/vant';
import '../shared/base.css';
import '../phone/phone.css';
import { createApp } from 'vue';
import { whenSignedOut } from '../shared/api';
import { language, setLanguage } from '../shared/language';
import App from './App.vue';
import { sessionEnded, start } from './flow';

setLanguage(language.value);
whenSignedOut(sessionEnded);
createApp(App).mount('#app');
void start();
