// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
import '../phone/vant';
import '../shared/base.css';
import '../phone/phone.css';
import { createApp } from 'vue';
import { language, setLanguage } from '../shared/language';
import App from './App.vue';

setLanguage(language.value);
createApp(App).mount('#app');
