// SPDX-FileCopyrightText: Invigil contributors
// SPDX-License-Identifier: Apache-2.0
// The parts of Element Plus in use, with their styles.
import 'element-plus/theme-chalk/base.css';
import 'element-plus/theme-chalk/el-button.css';
import 'element-plus/theme-chalk/el-checkbox.css';
import 'element-plus/theme-chalk/el-checkbox-group.css';
import 'element-plus/theme-chalk/el-date-picker.css';
import 'element-plus/theme-chalk/el-date-picker-panel.css';
import 'element-plus/theme-chalk/el-icon.css';
import 'element-plus/theme-chalk/el-input.css';
import 'element-plus/theme-chalk/el-input-number.css';
import 'element-plus/theme-chalk/el-option.css';
import 'element-plus/theme-chalk/el-pagination.css';
import 'element-plus/theme-chalk/el-popper.css';
import 'element-plus/theme-chalk/el-scrollbar.css';
import 'element-plus/theme-chalk/el-select.css';
import 'element-plus/theme-chalk/el-select-dropdown.css';
import 'element-plus/theme-chalk/el-switch.css';
import 'element-plus/theme-chalk/el-tag.css';
import 'element-plus/theme-chalk/el-tree.css';
import 'element-plus/theme-chalk/el-tree-select.css';
import {
  ElButton, ElCheckbox, ElCheckboxGroup, ElConfigProvider, ElDatePicker, ElInput, ElInputNumber, ElOption, ElPagination, ElSelect, ElSwitch,
  ElTreeSelect,
} from 'element-plus';
import type { App } from 'vue';

const kParts = [ElButton, ElCheckbox, ElCheckboxGroup, ElConfigProvider, ElDatePicker, ElInput, ElInputNumber, ElOption, ElPagination, ElSelect, ElSwitch, ElTreeSelect];

export function useElements(app: App): void {
  kParts.forEach((part) => app.use(part));
}
